"""The day of a visit: confirm, arrive, seat, complete, miss, cancel. Part of `booking`, which names them."""

from copy import copy
from dataclasses import dataclass

from agenda import availability, signals
from agenda.availability import Wanted
from agenda.calendars import pushes
from agenda.contention import Lost, claim, contended, retried, save
from agenda.models import AHEAD, Appointment, Status
from agenda.overbooking import settle
from agenda.refusals import HoldExpired, NotToday, StaleVersion, WrongState
from clinics import live, tenancy
from clinics.audit import log_security_event
from dentalogic.lib import clock, sql


@dataclass(frozen=True, slots=True)
class Step:
    comes_from: tuple
    goes_to: str
    stamp: str
    signal: object = None
    on_its_day: bool = False  # not before the clinic's day of the visit


CONFIRM = Step((Status.SCHEDULED,), Status.CONFIRMED, "confirmed_at", signals.confirmed)
ARRIVE = Step(AHEAD, Status.ARRIVED, "arrived_at", on_its_day=True)
SEAT = Step((*AHEAD, Status.ARRIVED), Status.SEATED, "seated_at", on_its_day=True)
COMPLETE = Step((Status.ARRIVED, Status.SEATED), Status.COMPLETED, "completed_at", signals.completed)
CANCEL = Step((*AHEAD, Status.ARRIVED), Status.CANCELLED, "cancelled_at", signals.cancelled)
MISS = Step(AHEAD, Status.NO_SHOW, "no_show_at", signals.missed, on_its_day=True)
STAMPS = {step.goes_to: step.stamp for step in (CONFIRM, ARRIVE, SEAT, COMPLETE, MISS)}


@retried
def confirm(*, appointment, by) -> Appointment:
    return _take(CONFIRM, appointment, by)


@retried
def arrive(*, appointment, by) -> Appointment:
    return _take(ARRIVE, appointment, by)


@retried
def seat(*, appointment, by) -> Appointment:
    return _take(SEAT, appointment, by)


@retried
def complete(*, appointment, by) -> Appointment:
    """The visit is over. One that ends early gives the rest of its time back."""
    sql.lock("professional", appointment.professional_id)
    return _take(COMPLETE, appointment, by)


@retried
def miss(*, appointment, by) -> Appointment:
    """The patient did not come: the time can be booked again."""
    sql.lock("professional", appointment.professional_id)
    return _take(MISS, appointment, by)


@retried
def cancel(*, appointment, by, reason="") -> Appointment:
    """The visit will not be: the time can be booked again."""
    sql.lock("professional", appointment.professional_id)
    return _take(CANCEL, appointment, by, cancel_reason=reason)


@contended
def step_back(*, appointment, by, version=None) -> Appointment:
    """Undo the last step, which was taken by mistake: its stamp goes, and who did so is noted.

    Who was marked absent takes the time again, if nobody else has it: else `SlotTaken`. What is cancelled stays so.
    A completed visit's charge is reversed (the floor above hears of it); the time that it gave back does not return.
    """
    now = clock.now()
    claim(appointment.professional_id)
    row = Appointment.objects.locked(appointment.pk)
    check_unchanged(row, appointment.professional_id, version)
    undone = row.status
    if undone not in STAMPS:
        raise WrongState
    setattr(row, STAMPS[undone], None)
    row.status = _before(row)
    row.version += 1
    wanted = Wanted(
        row.as_long_as_it_is, row.professional, row.start_at, now, urgency=row.urgency, exclude=row.pk)
    if undone == Status.NO_SHOW:
        _take_again(row, wanted)
    save(row, wanted)
    log_security_event("agenda.stepped_back", by=by, appointment=row.pk, undone=undone)
    signals.stepped_back.send(sender=Appointment, appointment=row, undone=undone, by=by)
    live.say("APPOINTMENT_UPDATED", appointment=row.pk, professional=row.professional_id)
    return row


def _take_again(row, wanted):
    """Its time, with the buffer that no constraint knows of. Whether anybody still attends then was judged when it was
    given; an expired hold is no obstacle, as everywhere."""
    place = availability.place(wanted)
    if place.open and not (place.free or row.overbooked):
        raise Lost(wanted)
    expired = Appointment.objects.expired(wanted.now).overlapping(row.start_at, row.end_at)
    expired.sharing(row.professional_id, row.chair_id).discard()


def _before(row):
    """The furthest step that is still stamped."""
    for status in (Status.SEATED, Status.ARRIVED, Status.CONFIRMED):
        if getattr(row, STAMPS[status]):
            return status
    return Status.SCHEDULED


def check_unchanged(row, professional_id, version):
    """Refused where the row is no longer the one that was looked at."""
    if row.professional_id != professional_id or (version is not None and row.version != version):
        raise StaleVersion


def _take(step, appointment, by, **changes):
    now = clock.now()
    row = Appointment.objects.locked(appointment.pk)
    if row.has_expired(now):
        raise HoldExpired
    if row.status not in step.comes_from:
        raise WrongState
    if step.on_its_day and _day(row.start_at) > _day(now):
        raise NotToday.of(_day(row.start_at))
    before = copy(row)
    if step is COMPLETE and row.start_at < now < row.end_at:
        row.end_at = now
    changes |= {"status": step.goes_to, step.stamp: now, "version": row.version + 1}
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    pushes.follow(row)
    if step in (COMPLETE, CANCEL, MISS):
        settle(before, now=now)
    if step.signal:
        step.signal.send(sender=Appointment, appointment=row, by=by)
    live.say("APPOINTMENT_UPDATED", appointment=row.pk, professional=row.professional_id)
    return row


def _day(instant):
    return instant.astimezone(tenancy.here().zone).date()
