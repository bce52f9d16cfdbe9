"""Ajustes > Sillones."""
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agenda import chairs
from agenda.models import Chair, UsualChair
from agenda.settings_forms import ChairForm
from clinics.access import page
from clinics.audit import audit_access
from dentalogic.lib.refusals import Refusal


@audit_access("clinic.configure")
@page("clinic.configure")
def listed(request):
    return _shown(request, ChairForm(request.POST or None), lambda data: chairs.add(by=request.actor, **data))


@audit_access("clinic.configure")
@page("clinic.configure")
def edit(request, pk):
    row = get_object_or_404(Chair, pk=pk)
    form = ChairForm(request.POST or None, initial={"name": row.name})
    return _shown(request, form, lambda data: chairs.change(chair=row, by=request.actor, **data), row)


@audit_access("clinic.configure")
@page("clinic.configure")
@require_POST
def switch(request, pk):
    """In use, or out of use."""
    row = get_object_or_404(Chair, pk=pk)
    chairs.change(chair=row, by=request.actor, active=not row.active)
    return redirect("/settings/chairs/?saved")


def _shown(request, form, verb, row=None):
    if request.method == "POST" and form.is_valid():
        try:
            verb(form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("/settings/chairs/?saved")
    who = {}
    for chair, professional in UsualChair.objects.select_related("professional").values_list(
            "chair", "professional__last_name").order_by("professional__folded"):
        who.setdefault(chair, []).append(professional)
    rows = list(Chair.objects.order_by("-active", "name"))
    for one in rows:
        one.who = ", ".join(who.get(one.pk, ()))
    return render(request, "agenda/settings_chairs.html", {"rows": rows, "one": row, "form": form},
                  status=422 if form.errors else 200)
