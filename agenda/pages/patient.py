"""What the patient's page shows of their visits, asked by its address."""
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from agenda import rights
from agenda.models import AHEAD, Appointment, Status
from clinics import access, tenancy
from clinics.access import page
from clinics.patients.models import Patient
from dentalogic.lib import clock

BRIEF = 4  # visits on the summary
MOST = 200
TODAYS = (Status.SCHEDULED, Status.CONFIRMED, Status.ARRIVED, Status.SEATED, Status.COMPLETED)


def _visits(request, pk):
    patient = get_object_or_404(access.visible(request.actor, "patients.see", Patient.objects.all()), pk=pk)
    rows = Appointment.objects.with_names().filter(patient=patient).exclude(status=Status.HELD)
    return rights.named(request.actor, rows)


@page("agenda.see")
@require_GET
def visits(request, pk):
    """All the patient's visits, newest first; `?brief` is the card of the summary."""
    rows = list(_visits(request, pk).select_related("chair").order_by("-start_at")[:MOST])
    ahead = [row for row in reversed(rows) if row.status in AHEAD and row.start_at > clock.now()]
    past = [row for row in rows if row not in ahead]
    context = {"patient": pk, "missed": sum(row.status == Status.NO_SHOW for row in rows), "total": len(rows)}
    if "brief" in request.GET:
        some = (ahead[:BRIEF - 1] + past)[:BRIEF]
        return render(request, "agenda/_of_patient_brief.html", context | {"rows": some})
    return render(request, "agenda/_of_patient.html", context | {"ahead": ahead, "past": past})


@page("agenda.see")
@require_GET
def today(request, pk):
    """Today's visit in one tag: where the patient is now."""
    zone, now = tenancy.here().zone, clock.now()
    rows = _visits(request, pk).filter(status__in=TODAYS).order_by("start_at")
    today = [row for row in rows if row.start_at.astimezone(zone).date() == now.astimezone(zone).date()]
    row = next((row for row in today if row.status != Status.COMPLETED), today[-1] if today else None)
    return render(request, "agenda/_of_patient_today.html", {"one": row})
