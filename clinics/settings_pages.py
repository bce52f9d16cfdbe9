"""Ajustes, the kernel's own page: the clinic's facts and rules."""
from django.shortcuts import redirect, render

from clinics import clinic, tenancy
from clinics.access import page
from clinics.audit import audit_access
from clinics.settings_forms import ClinicForm
from clinics.week import Week
from dentalogic.lib.refusals import Refusal


@audit_access("clinic.configure")
@page("clinic.configure")
def facts(request):
    row, posted = tenancy.here(), request.method == "POST"
    form = ClinicForm(request.POST if posted else None, clinic=row)
    week = Week.typed(request.POST) if posted else Week.of(row.working_hours)
    if posted and all([form.is_valid(), week.is_valid()]):
        try:
            clinic.configure(by=request.actor, working_hours=week.value(), **form.facts())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("/settings/?saved")
    return render(request, "clinics/settings_clinic.html", {"form": form, "week": week},
                  status=422 if form.errors or week.faults else 200)
