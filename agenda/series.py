"""A treatment of several sessions: the next ones booked at its gap, moved and cancelled together.

Every session is a visit of `booking`; the series only says which belong together and how far apart they are.
"""
from datetime import datetime, timedelta
from functools import partial

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from agenda import availability, booking
from agenda.contention import claim, retried
from agenda.models import AHEAD, Appointment, Series, Status
from clinics import tenancy
from clinics.audit import log_security_event
from clinics.patients import insurance
from dentalogic.lib import clock, sql
from dentalogic.lib.refusals import Refusal

LOOKED = 14  # days after the one that the gap says, in which a session may still be
GONE = (Status.CANCELLED, Status.NO_SHOW)


class NotOfSeveral(Refusal):
    code = "not_of_several"
    status = 409
    detail = _("Ese tratamiento es de una sola sesión.")


class NothingLeft(Refusal):
    code = "nothing_left"
    status = 409
    detail = _("Ya están dadas todas las sesiones.")


class NoRoom(Refusal):
    code = "no_room"
    status = 409
    detail = _("No hay lugar para todas las sesiones: no se dio ninguna.")


def visits(series):
    """Its visits that stand, by number."""
    return Appointment.objects.with_names().filter(series=series).exclude(status__in=GONE).order_by("session", "pk")


@tenancy.atomic
def book_rest(*, appointment, by) -> list[Appointment]:
    """Book the sessions that are missing after this visit, each at the gap of the one before or as soon after it as
    there is room, at the hour nearest to this one's, with its professional. All of them, or none: NoRoom.
    """
    now = clock.now()
    claim(appointment.professional_id)
    first = Appointment.objects.locked(appointment.pk)
    if first.status in (Status.HELD, *GONE):
        raise booking.WrongState
    series = first.series or _begun(first, by, now)
    known = {row.session: row for row in visits(series)}
    made, before = [], known.get(min(known, default=1), first)
    for number in range(1, series.sessions + 1):
        row = known.get(number)
        if row is None and number > first.session:
            row = _booked(series, number, before, first, by, now)
            made.append(row)
        before = row or before
    if not made:
        raise NothingLeft
    log_security_event("series.booked", by=by, appointment=first.pk, sessions=len(made))
    return made


@tenancy.atomic
def move_rest(*, appointment, start_at, by, professional=None, version=None) -> list[Appointment]:
    """Move a session, to another `professional` where one is named, and those after it that are still ahead by as many
    days, each to the free hour nearest to its own on that day or soon after, with its own. All of them, or none."""
    now, zone = clock.now(), tenancy.here().zone
    rest = later(appointment)
    whose = {one.professional_id for one in [appointment, *rest]}
    claim(*whose, *([professional.pk] if professional else ()))
    days = start_at.astimezone(zone).date() - appointment.start_at.astimezone(zone).date()
    order = reversed(rest) if days > timedelta() else rest  # away from each other's time
    moved, first = {}, partial(
        booking.move, appointment=appointment, start_at=start_at, professional=professional, by=by, version=version)
    if days <= timedelta():
        moved[appointment.pk] = first()
    for row in order if days else ():
        wanted = _later(row.start_at, days, zone)
        opening = _nearest(
            row.as_long_as_it_is, row.professional, wanted, row.urgency, now, exclude=row.pk, had=row.start_at,
            insurer=insurance.payer(row.patient))
        moved[row.pk] = booking.move(appointment=row, start_at=opening.start_at, by=by)
    if days > timedelta():
        moved[appointment.pk] = first()
    return sorted(moved.values(), key=lambda row: row.session)


@retried
def cancel_rest(*, appointment, by, reason="") -> list[Appointment]:
    """Cancel a session and those after it that are still ahead."""
    rest = later(appointment)
    sql.lock("professional", *{one.professional_id for one in [appointment, *rest]})
    return [booking.cancel(appointment=row, by=by, reason=reason) for row in [appointment, *rest]]


def _begun(first, by, now):
    treatment = first.treatment
    if treatment.sessions < 2:
        raise NotOfSeveral
    series = Series.objects.create(
        patient=first.patient, treatment=treatment, sessions=treatment.sessions, gap_days=treatment.gap_days,
        created_by_id=by.user_id, created_at=now)
    first.series, first.session = series, 1
    Appointment.objects.filter(pk=first.pk).update(series=series, session=1)
    return series


def _booked(series, number, before, first, by, now):
    zone = tenancy.here().zone
    day = _later(before.start_at, timedelta(days=max(series.gap_days, 1)), zone).date()
    wanted = datetime.combine(day, first.start_at.astimezone(zone).time(), zone)
    opening = _nearest(
        series.treatment, before.professional, wanted, "", now, patient=series.patient,
        insurer=insurance.payer(series.patient))
    row = booking.book(
        patient=series.patient, professional=before.professional, treatment=series.treatment,
        start_at=opening.start_at, by=by)
    try:
        with tenancy.atomic():
            Appointment.objects.filter(pk=row.pk).update(series=series, session=number)
    except IntegrityError as error:  # another desk has just given this one
        if sql.constraint_of(error) != "appointments_session_key":
            raise
        raise NothingLeft from error
    row.series, row.session = series, number
    return row


def _nearest(treatment, professional, wanted, urgency, now, *, patient=None, **asked):
    """The opening of the first day with room, from the wanted one on, that is nearest to the wanted hour."""
    zone = tenancy.here().zone
    first = wanted.date()
    found = availability.find(
        treatment=treatment, professionals=[professional], first=first, last=first + timedelta(days=LOOKED),
        urgency=urgency, now=now, **asked)
    busy = [] if patient is None else list(Appointment.objects.taking_time(now).filter(
        patient=patient, end_at__gt=now).values_list("start_at", "end_at"))
    free = [one for one in found if not any(one.start_at < end and one.end_at > start for start, end in busy)]
    if not free:
        raise NoRoom
    day = free[0].start_at.astimezone(zone).date()
    of_day = [one for one in free if one.start_at.astimezone(zone).date() == day]
    hour = wanted.replace(tzinfo=None).time()
    target = datetime.combine(day, hour, zone)
    return min(of_day, key=lambda one: abs(one.start_at - target))


def _later(instant, days, zone):
    """The same hour of the clinic's clock, so many days later."""
    return instant.astimezone(zone) + days


def later(appointment) -> list[Appointment]:
    """The sessions after this one that are still ahead."""
    if appointment.series_id is None:
        return []
    return list(visits(appointment.series_id).filter(session__gt=appointment.session, status__in=AHEAD))
