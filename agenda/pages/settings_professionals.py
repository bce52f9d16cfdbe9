"""Ajustes > Profesionales: who attends, when, in which chair and what they do, in one form and one transaction."""
from django.shortcuts import get_object_or_404, redirect, render

from agenda import catalogue, chairs
from agenda.models import Appointment, UsualChair
from agenda.settings_forms import OWN, ProfessionalForm
from clinics import professionals, tenancy
from clinics.access import page
from clinics.audit import audit_access
from clinics.models import Professional
from clinics.week import Week
from dentalogic.lib import clock
from dentalogic.lib.refusals import Refusal

SHOWN = 20  # visits ahead of somebody who stops attending


@audit_access("clinic.configure")
@page("clinic.configure")
def listed(request):
    rows = list(Professional.objects.in_order().select_related("membership__user"))
    usual = dict(UsualChair.objects.values_list("professional", "chair__name"))
    for one in rows:
        one.chair = usual.get(one.pk, "")
    return render(request, "agenda/settings_professionals.html", {
        "rows": sorted(rows, key=lambda one: not one.active)})


@audit_access("clinic.configure")
@page("clinic.configure")
def new(request):
    return _form(request, None)


@audit_access("clinic.configure")
@page("clinic.configure")
def edit(request, pk):
    return _form(request, get_object_or_404(Professional.objects.select_related("membership"), pk=pk))


def _form(request, row):
    posted = request.method == "POST"
    does = catalogue.done_by(row) if row else catalogue.done_by_a_new_one()
    form = ProfessionalForm(request.POST if posted else None, professional=row, does=does)
    own = posted and request.POST.get("hours") == OWN
    week = Week.typed(request.POST) if own else Week.of(
        row.working_hours if row and row.working_hours is not None else tenancy.here().working_hours)
    ahead = []
    if posted and all([form.is_valid(), week.is_valid() or not own]):
        ahead = _visits_ahead(row, form)
        if not ahead:
            try:
                _saved(row, form, week.value() if own else None, request.actor)
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                return redirect("/settings/professionals/?saved")
    return render(request, "agenda/settings_professional.html", {
        "one": row, "form": form, "week": week, "visits": ahead[:SHOWN], "count": len(ahead),
    }, status=422 if form.errors or week.faults else 409 if ahead else 200)


@tenancy.atomic
def _saved(row, form, week, actor):
    """Everything that the form says, or nothing of it."""
    if row is None:
        row = professionals.add(by=actor, working_hours=week, **form.facts())
    else:
        row = professionals.change(professional=row, by=actor, working_hours=week, **form.facts())
    chairs.seat(professional=row, chair=form.chair_row, by=actor)
    if row.active:
        catalogue.assign(professional=row, treatments=form.treatment_rows, by=actor)


def _visits_ahead(row, form):
    """Of somebody who is about to stop attending: told once, before it is done."""
    stops = row is not None and row.active and not form.cleaned_data["active"]
    if not stops or form.data.get("despite_visits"):
        return []
    return list(Appointment.objects.of(row).upcoming(clock.now()).with_names())
