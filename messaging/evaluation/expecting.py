"""What became of a dialogue against what its file expects."""
import re

from agenda.models import Appointment
from messaging.models import Offer

ALWAYS_NEVER = (  # whatever a dialogue is about, no message says these
    r"check_availability|book_appointment|hand_off|reschedule_appointment|cancel_appointment|list_\w+_?\w*\(",
    r"\[(?:sin|interno|tool|system)", r"</?\w+>|\{\w*\}", r"\bNone\b|\bnull\b|%\(\w+\)s",
)


def snapshot() -> dict:
    """The visits that there are, by id: what the dialogue changes differs from it."""
    return {row.pk: (row.start_at, row.status, row.professional_id) for row in _visits()}


def faults(dialogue, *, conversation, before, zone, said) -> list[str]:
    expect, found = dialogue.expect, []
    if expect.appointments is not None:
        found += _visits_differ(expect.appointments, before, zone)
    if expect.patient is not None:
        found += _person_differs(expect.patient, conversation.patient)
    if expect.handoff is not None:
        reason = conversation.handoff_reason if conversation.with_staff else ""
        if reason != expect.handoff if isinstance(expect.handoff, str) else bool(reason) != expect.handoff:
            found.append(f"handoff: wanted {expect.handoff!r}, got {reason!r}")
    counted = {
        "triage": conversation.triage_level or "none", "messages": len(said),
        "offers": Offer.objects.filter(conversation=conversation).count(),
        "held": Appointment.objects.filter(status="held", held_for=f"conversation:{conversation.pk}").count()}
    for name, value in counted.items():
        wanted = getattr(expect, name)
        if wanted is not None and wanted != value:
            found.append(f"{name}: wanted {wanted!r}, got {value!r}")
    return found + _words_differ(expect, dialogue.never, said)


def _visits():
    return Appointment.objects.exclude(status="held").with_names().order_by("start_at", "pk")


def _visits_differ(wanted, before, zone) -> list[str]:
    touched = [row for row in _visits() if before.get(row.pk) != (row.start_at, row.status, row.professional_id)]
    got = [{
        "treatment": row.treatment.name, "professional": row.professional.last_name,
        "start": row.start_at.astimezone(zone).strftime("%Y-%m-%d %H:%M"), "status": row.status,
        "patient": f"{row.patient.first_name} {row.patient.last_name}"} for row in touched]
    told = [{name: value for name, value in one.model_dump().items() if value} for one in wanted]
    same = len(told) == len(got) and all(
        all(have[name] == value for name, value in want.items()) for want, have in zip(told, got, strict=True))
    return [] if same else [f"appointments: wanted {told}, got {got}"]


def _person_differs(wanted, patient) -> list[str]:
    if patient is None:
        return ["patient: the conversation has none"]
    got = {name: "" if (value := getattr(patient, name)) is None else str(value) for name in wanted}
    told = {name: value or "" for name, value in wanted.items()}
    return [] if got == told else [f"patient: wanted {told}, got {got}"]


def _words_differ(expect, never, said) -> list[str]:
    found = [f"nobody said {one!r}" for one in expect.says if not any(re.search(one, text) for text in said)]
    if expect.last and not (said and re.search(expect.last, said[-1])):
        found.append(f"last: wanted {expect.last!r}, got {said[-1] if said else ''!r}")
    for one in (*never, *ALWAYS_NEVER):
        found += [f"never {one!r}: {text!r}" for text in said if re.search(one, text)]
    return found
