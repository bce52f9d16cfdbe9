"""The day of a visit: confirm, arrive, seat, complete, miss, cancel. Part of `booking`, which names them."""

from copy import copy
from dataclasses import dataclass

from agenda import signals
from agenda.models import AHEAD, Appointment, Status
from agenda.overbooking import settle
from agenda.refusals import HoldExpired, WrongState
from clinics import live, tenancy
from dentalogic.lib import clock, sql


@dataclass(frozen=True, slots=True)
class Step:
    comes_from: tuple
    goes_to: str
    stamp: str
    signal: object = None


CONFIRM = Step((Status.SCHEDULED,), Status.CONFIRMED, "confirmed_at", signals.confirmed)
ARRIVE = Step(AHEAD, Status.ARRIVED, "arrived_at")
SEAT = Step((*AHEAD, Status.ARRIVED), Status.SEATED, "seated_at")
COMPLETE = Step((Status.ARRIVED, Status.SEATED), Status.COMPLETED, "completed_at", signals.completed)
CANCEL = Step((*AHEAD, Status.ARRIVED), Status.CANCELLED, "cancelled_at", signals.cancelled)
MISS = Step(AHEAD, Status.NO_SHOW, "no_show_at", signals.missed)


@tenancy.atomic
def confirm(*, appointment, by) -> Appointment:
    return _take(CONFIRM, appointment, by)


@tenancy.atomic
def arrive(*, appointment, by) -> Appointment:
    return _take(ARRIVE, appointment, by)


@tenancy.atomic
def seat(*, appointment, by) -> Appointment:
    return _take(SEAT, appointment, by)


@tenancy.atomic
def complete(*, appointment, by) -> Appointment:
    """The visit is over. One that ends early gives the rest of its time back."""
    sql.lock("professional", appointment.professional_id)
    return _take(COMPLETE, appointment, by)


@tenancy.atomic
def miss(*, appointment, by) -> Appointment:
    """The patient did not come: the time can be booked again."""
    sql.lock("professional", appointment.professional_id)
    return _take(MISS, appointment, by)


@tenancy.atomic
def cancel(*, appointment, by, reason="") -> Appointment:
    """The visit will not be: the time can be booked again."""
    sql.lock("professional", appointment.professional_id)
    return _take(CANCEL, appointment, by, cancel_reason=reason)


def _take(step, appointment, by, **changes):
    now = clock.now()
    row = Appointment.objects.locked(appointment.pk)
    if row.has_expired(now):
        raise HoldExpired
    if row.status not in step.comes_from:
        raise WrongState
    before = copy(row)
    if step is COMPLETE and row.start_at < now < row.end_at:
        row.end_at = now
    changes |= {"status": step.goes_to, step.stamp: now, "version": row.version + 1}
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    if step in (COMPLETE, CANCEL, MISS):
        settle(before, now=now)
    if step.signal:
        step.signal.send(sender=Appointment, appointment=row, by=by)
    live.say("APPOINTMENT_UPDATED", appointment=row.pk, professional=row.professional_id)
    return row
