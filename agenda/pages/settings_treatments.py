"""Ajustes > Tratamientos."""
from django.shortcuts import get_object_or_404, redirect, render

from agenda import catalogue
from agenda.models import TreatmentProfessional, TreatmentType
from agenda.settings_forms import TreatmentForm
from clinics.access import page
from clinics.audit import audit_access
from dentalogic.lib.refusals import Refusal


@audit_access("clinic.configure")
@page("clinic.configure")
def listed(request):
    rows, who = list(TreatmentType.objects.order_by("-active", "folded", "pk")), {}
    for treatment, name in TreatmentProfessional.objects.order_by("professional__folded").values_list(
            "treatment", "professional__last_name"):
        who.setdefault(treatment, []).append(name)
    for one in rows:
        one.who = ", ".join(who.get(one.pk, ()))
    return render(request, "agenda/settings_treatments.html", {"rows": rows})


@audit_access("clinic.configure")
@page("clinic.configure")
def new(request):
    return _form(request, None)


@audit_access("clinic.configure")
@page("clinic.configure")
def edit(request, pk):
    return _form(request, get_object_or_404(TreatmentType, pk=pk))


def _form(request, row):
    listed = TreatmentProfessional.objects.filter(treatment=row).values_list("professional", flat=True) if row else ()
    form = TreatmentForm(request.POST if request.method == "POST" else None, treatment=row, doers=list(listed))
    if request.method == "POST" and form.is_valid():
        try:
            if row is None:
                catalogue.add(by=request.actor, **form.facts())
            else:
                catalogue.change(treatment=row, by=request.actor, **form.facts())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("/settings/treatments/?saved")
    return render(request, "agenda/settings_treatment.html", {"one": row, "form": form},
                  status=422 if form.errors else 200)
