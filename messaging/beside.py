"""What stands beside a thread: whose it is, their visits, what she has offered. Reads only."""
from datetime import datetime, timedelta

from agenda.models import AHEAD, Appointment, Status
from agenda.rights import named
from clinics import access
from clinics.models import Professional
from messaging.models import Offer
from messaging.receptionist import triage_told

RECENT = timedelta(hours=12)


def of(conversation, actor, now) -> dict:
    """The patient's panel: the next visits, the last ones, what she has offered."""
    patient = conversation.patient
    offers = list(Offer.objects.live(conversation=conversation, now=now).select_related("treatment")[:1])
    visits = _visits(patient, actor) if patient and access.can(actor, "agenda.see") else []
    ahead = [one for one in visits if one.status != Status.COMPLETED and one.end_at > now - RECENT][::-1]
    return {
        "patient": patient, "alerts": patient.alerts if patient and access.can(actor, "alerts.see") else [],
        "upcoming": ahead[:3], "past": [one for one in visits if one.status == Status.COMPLETED][:3],
        "offered": _options(offers[0]) if offers else [], "signs": triage_told.told(conversation.triage_reasons),
    }


def _visits(patient, actor):
    shown = (*AHEAD, Status.ARRIVED, Status.SEATED, Status.COMPLETED)
    rows = named(actor, Appointment.objects.filter(patient=patient, status__in=shown))
    return list(rows.with_names().order_by("-start_at")[:12])


def _options(offer):
    wanted = {option["professional"] for option in offer.options}
    names = {one.pk: f"{one.title} {one.last_name}".strip() for one in Professional.objects.filter(pk__in=wanted)}
    return [{
        "start_at": datetime.fromisoformat(option["start_at"]), "name": names.get(option["professional"], ""),
    } for option in offer.options]
