"""What happens to an appointment. Every verb is one transaction, takes `by=` (the actor) and returns the row.

Whatever takes or frees time first locks the professional, so that rivals wait instead of deadlocking; then the one
engine (`availability`) is asked about exactly that start; then the exclusion constraints decide. Who may call what is
asked at the edges, from `clinics.access`.
"""

import hashlib
import json
from copy import copy
from datetime import timedelta

from django.utils.translation import gettext as _

from agenda import availability, signals
from agenda.availability import Wanted
from agenda.calendars import pushes
from agenda.contention import Lost, claim, contended, save
from agenda.models import AHEAD, Appointment, Status
from agenda.models.appointment import LONGEST, SHORTEST
from agenda.overbooking import settle, stands_alone
from agenda.refusals import (
    BeyondHorizon,
    HoldExpired,
    KeyReused,
    NotBookable,
    NotToday,
    OutsideHours,
    SlotTaken,
    StaleVersion,
    TooShort,
    TooSoon,
    WrongState,
)
from agenda.visits import arrive, cancel, check_unchanged, complete, confirm, miss, seat, step_back
from clinics import live, tenancy
from clinics.audit import log_security_event
from clinics.patients import insurance
from clinics.patients.models import Insurer
from dentalogic.lib import clock

__all__ = [
    "BeyondHorizon", "HoldExpired", "KeyReused", "NotBookable", "NotToday", "OutsideHours", "SlotTaken",
    "StaleVersion", "TooShort", "TooSoon", "WrongState", "arrive", "book", "cancel", "complete", "confirm", "edit",
    "hold", "miss", "move", "release", "resize", "seat", "step_back",
]
CHANGEABLE = (*AHEAD, Status.ARRIVED, Status.SEATED)  # while a visit is not over
DETAILS = ("reason", "note", "urgency")
THEIRS = "theirs"  # the insurer that the patient's own row names


@contended
def hold(
    *, professional, treatment, start_at, holder, by, urgency="", source="whatsapp", until=None, insurer=None,
) -> Appointment:
    """Keep a time for `holder`, who alone may book it, `until` then, else for the clinic's `hold_minutes`. A holder
    holds one time: an earlier hold is let go, a hold of the same time begins anew. Nothing sooner than the delay of
    `insurer` (its id) is held."""
    now = clock.now()
    wanted = Wanted(treatment, professional, start_at, now, urgency=urgency, holder=holder, insurer=insurer)
    claim(professional.pk)
    place = _admitted(wanted, by)
    if not place.free:
        raise Lost(wanted)
    row = _own_hold(wanted, place) or Appointment(created_by_id=by.user_id, created_at=now)
    _take(row, wanted, place)
    row.status, row.source, row.held_for = Status.HELD, source, holder
    row.held_until = until or now + timedelta(minutes=tenancy.here().hold_minutes)
    save(row, wanted)
    _announce(row)
    return row


@contended
def book(
    *, patient, professional, treatment, start_at, by, source="desk", urgency="", reason="", holder="",
    overbook_reason="", key=None, insurer=THEIRS,
) -> Appointment:
    """Book `treatment` for `patient`. What `holder` held becomes the booking: the same row. Who pays is what the
    patient's row says, or `insurer` (an id, None for nobody) where they have said otherwise: its delay counts.

    The same `key` returns the appointment it made; with other data it is refused. With `overbook_reason` a taken time
    is no obstacle; hours, closures, notice and horizon still are. Raises `SlotTaken`, `OutsideHours`, `TooSoon`,
    `BeyondHorizon`, `NotBookable`, `KeyReused`.
    """
    now = clock.now()
    wanted = Wanted(
        treatment, professional, start_at, now, urgency=urgency, holder=holder, insurer=_payer(patient, insurer))
    claim(professional.pk)
    asked = _digest(patient, wanted, reason, overbook_reason) if key else ""
    if key and (made := Appointment.objects.with_names().filter(idempotency_key=key).first()):
        if made.idempotency_digest not in ("", asked):
            raise KeyReused
        return made
    _check_patient(patient)
    place = _admitted(wanted, by)
    overbooked = bool(overbook_reason) and not (place.free and _is_free(patient, wanted, place))
    if not (place.free or overbooked):
        raise Lost(wanted)
    row = _own_hold(wanted, place) or Appointment(created_by_id=by.user_id, created_at=now)
    _take(row, wanted, place)
    row.patient, row.reason, row.source = patient, reason, source
    row.idempotency_key, row.idempotency_digest = key or None, asked
    row.status, row.held_until, row.held_for = Status.SCHEDULED, None, ""
    row.overbooked, row.overbook_reason = overbooked, overbook_reason if overbooked else ""
    save(row, wanted)
    if overbooked:
        log_security_event("agenda.overbooked", by=by, appointment=row.pk)  # why: the row says it
    signals.booked.send(sender=Appointment, appointment=row, by=by)
    live.say("NEW_APPOINTMENT", appointment=row.pk, professional=row.professional_id)
    return row


@contended
def move(*, appointment, start_at, professional=None, by, version=None, insurer=THEIRS) -> Appointment:
    """Give the same row another time, and another professional where one is named; refused for all that `book` is.
    A length that the desk gave it goes with it; what its insurer delays it has waited for, up to the day it had.

    With `version`, the row must still be the one that was looked at. Who had confirmed has to confirm the new time;
    to the time that it has, nothing changes.
    """
    now = clock.now()
    claim(appointment.professional_id, getattr(professional, "pk", appointment.professional_id))
    row = Appointment.objects.locked(appointment.pk)
    check_unchanged(row, appointment.professional_id, version)
    if row.status not in AHEAD:
        raise WrongState
    target = professional or row.professional
    if (target.pk, start_at) == (row.professional_id, row.start_at):
        return row
    wanted = _changed(row, target, start_at, now, insurer)
    place = _admitted(wanted, by)
    if not place.free:
        raise Lost(wanted)
    before = copy(row)
    _take(row, wanted, place)
    row.status, row.confirmed_at = Status.SCHEDULED, None
    row.overbooked, row.overbook_reason = False, ""
    row.version += 1
    save(row, wanted)
    settle(before, now=now)
    signals.moved.send(sender=Appointment, appointment=row, by=by)
    _announce(row)
    return row


@contended
def resize(*, appointment, end_at, by, version=None) -> Appointment:
    """Let the same row end sooner or later. What is added must be inside the hours and free, as for `book`; what is
    given back can be booked. Refused once the visit is over."""
    now = clock.now()
    claim(appointment.professional_id)
    row = Appointment.objects.locked(appointment.pk)
    check_unchanged(row, appointment.professional_id, version)
    if row.status not in CHANGEABLE:
        raise WrongState
    before, end_at = copy(row), end_at.astimezone(row.end_at.tzinfo)
    if not SHORTEST <= end_at - row.start_at <= LONGEST:
        raise TooShort
    if end_at == row.end_at:
        return row
    row.end_at = end_at
    wanted = _changed(row, row.professional, row.start_at, now)
    if row.end_at > before.end_at:
        _check_longer(row, wanted)
    elif row.overbooked and stands_alone(row, now):
        row.overbooked = False
    row.version += 1
    save(row, wanted)
    if row.end_at < before.end_at:
        before.start_at = row.end_at
        settle(before, now=now)
    signals.changed.send(sender=Appointment, appointment=row, by=by)
    _announce(row)
    return row


def _check_longer(row, wanted):
    """An overbooked visit is in nobody's way by right; hours and closures hold for it too."""
    place = availability.place(wanted)
    if not place.open:
        raise OutsideHours
    if not (place.free or row.overbooked):
        raise Lost(wanted)
    if place.expired:
        expired = Appointment.objects.expired(wanted.now).overlapping(row.start_at, row.end_at)
        expired.sharing(row.professional_id, row.chair_id).exclude(pk=row.pk).discard()


@tenancy.atomic
def edit(*, appointment, by, version, **details) -> Appointment:
    """Change what is written about a visit: `reason`, `note`, `urgency`. The row must still be the one that was looked
    at (`version`): else `StaleVersion`, and whoever asks shows what somebody else wrote. A new urgency changes no
    time."""
    if unknown := set(details) - set(DETAILS):
        raise TypeError(f"edit() takes no {', '.join(unknown)}")
    row = Appointment.objects.locked(appointment.pk)
    if row.is_hold or row.status == Status.CANCELLED:
        raise WrongState
    check_unchanged(row, row.professional_id, version)
    changed = [name for name, value in details.items() if getattr(row, name) != value]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, details[name])
    row.version += 1
    row.save()
    pushes.follow(row)
    log_security_event("agenda.edited", by=by, appointment=row.pk, changed=changed)
    signals.changed.send(sender=Appointment, appointment=row, by=by)
    _announce(row)
    return row


@tenancy.atomic
def release(*, holder) -> int:
    """Let go of what `holder` holds; how many times that was."""
    rows = list(Appointment.objects.held_by(holder))
    Appointment.objects.held_by(holder).discard()
    for row in rows:
        _announce(row)
    return len(rows)


def _admitted(wanted, by):
    """What the engine says of the wanted start, or the refusal that fits; only whether it is free is left open."""
    if by.kind == "receptionist" and not wanted.treatment.bookable:
        raise NotBookable(_("Ese tratamiento se coordina con la clínica."))
    if not wanted.treatment.active:
        raise NotBookable
    place = availability.place(wanted)
    if not place.offered:
        raise NotBookable
    if place.too_soon:
        raise _too_soon(wanted)
    if place.too_far:
        raise BeyondHorizon
    if not place.open:
        raise OutsideHours
    return place


def _changed(row, professional, start_at, now, insurer=THEIRS):
    return Wanted(
        row.as_long_as_it_is, professional, start_at, now, urgency=row.urgency, exclude=row.pk,
        insurer=_payer(row.patient, insurer), had=row.start_at)


def _payer(patient, insurer):
    return insurance.payer(patient) if insurer == THEIRS else insurer


def _too_soon(wanted):
    """In the clinic's notice; or beyond it and before the day that the insurer delays it to, which is named."""
    tenant = tenancy.here()
    if wanted.start_at < availability.limits(tenant, wanted.urgency, wanted.now)[0]:
        return TooSoon()
    terms = insurance.terms(Insurer.objects.get(pk=wanted.insurer), wanted.treatment.code)
    first = availability.limits(tenant, wanted.urgency, wanted.now, terms.delay_days, wanted.had)[0]
    return TooSoon(_("Con %(insurer)s, ese tratamiento se da desde el %(day)s.") % {
        "insurer": terms.name, "day": f"{first.astimezone(tenant.zone):%d/%m}"})


def _digest(patient, wanted, reason, overbook_reason) -> str:
    """What was asked for under a key, so that the same key for another thing is known. Not kept in clear: a reason is
    clinical, and the row has it where it can be changed."""
    asked = [patient.pk, wanted.professional.pk, wanted.treatment.pk, wanted.start_at.isoformat(), wanted.urgency,
             reason, overbook_reason]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def _check_patient(patient):
    if patient.status == patient.Status.ARCHIVED:
        raise NotBookable(_("La ficha del paciente está archivada."))


def _is_free(patient, wanted, place):
    taken = Appointment.objects.taking_time(wanted.now).overlapping(wanted.start_at, place.end_at)
    return not taken.filter(patient=patient).exists()


def _own_hold(wanted, place):
    """The holder's hold of this very time, expired or not; the holder's other holds are let go."""
    if not place.own_holds:
        return None
    held = list(Appointment.objects.held_by(wanted.holder))
    same = [row for row in held if (row.professional_id, row.start_at) == (wanted.professional.pk, wanted.start_at)]
    if len(held) > len(same):
        Appointment.objects.held_by(wanted.holder).exclude(pk__in=[row.pk for row in same]).discard()
    return same[0] if same else None


def _take(row, wanted, place):
    """Put the row at its time, out of which expired holds are removed."""
    row.professional, row.treatment, row.urgency = wanted.professional, wanted.treatment, wanted.urgency
    row.start_at, row.end_at, row.chair_id = wanted.start_at, place.end_at, place.chair_id
    if place.expired:
        expired = Appointment.objects.expired(wanted.now).overlapping(row.start_at, row.end_at)
        expired.sharing(row.professional_id, row.chair_id).exclude(pk=row.pk).discard()


def _announce(row):
    live.say("APPOINTMENT_UPDATED", appointment=row.pk, professional=row.professional_id)
