"""What the calendars are told of our appointments: a row first, written with the appointment; Google after the commit.

A row says what should be there; telling it twice does no harm, for the event's id is ours and the same for ever. So
what nobody knows the end of is told again.
"""
import random
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q

from agenda.calendars import events, google, health
from agenda.models import Appointment, Calendar, CalendarPush
from agenda.models.calendar import CLAIM_SECONDS, PRESENT
from clinics import live, tenancy
from clinics.audit import log_security_event
from dentalogic.lib import clock
from dentalogic.lib.refusals import ProviderError

PENDING, SYNCED, FAILED = "pending", "synced", "failed"
FIRST_WAIT, LONGEST_WAIT = 5, 900  # seconds
SWEPT = 200


@dataclass(frozen=True)
class Work:
    push: CalendarPush
    appointment: Appointment
    body: dict
    grant: google.Grant


def follow(appointment: Appointment) -> None:
    """The calendars are to say what this row says. Every verb that changes an appointment ends with it; what forgets
    to is found by `reconcile`. Costs nothing where there is no calendar."""
    concerned = appointment.google_calendar_event_id or appointment.professional.google_calendar_id
    if concerned and not appointment.is_hold:
        _follow(appointment)


@tenancy.atomic
def _follow(appointment):
    calendar = Calendar.objects.active().filter(professional=appointment.professional_id).first()
    stands = appointment.status in PRESENT
    told = {row.calendar_id: row for row in CalendarPush.objects.filter(appointment=appointment.pk)}
    if calendar and stands and calendar.pk not in told:
        told[calendar.pk] = CalendarPush(
            calendar=calendar, appointment=appointment,
            event_id=events.event_id(appointment.tenant_id, appointment.pk))
    for row in told.values():
        here = stands and calendar is not None and row.calendar_id == calendar.pk
        if here or row.present:
            row.present, row.next_try_at, row.attempts, row.fault = here, clock.now(), 0, ""
            row.save()
            _later(row.calendar_id)
    if told:
        _note(appointment, PENDING, event_id=events.event_id(appointment.tenant_id, appointment.pk))


@tenancy.atomic
def reconcile() -> None:
    """Appointments ahead that a calendar was never told of, or was told otherwise."""
    now = clock.now()
    ahead = Appointment.objects.filter(end_at__gt=now).select_related("professional")
    mine = CalendarPush.objects.filter(appointment=OuterRef("pk"))
    at_home = mine.filter(calendar__professional=OuterRef("professional"), present=True)
    settled = at_home.filter(Q(version=OuterRef("version")) | Q(next_try_at__isnull=False) | ~Q(fault=""))
    theirs = Calendar.objects.active().filter(writes=True).values("professional")
    untold = ahead.filter(status__in=PRESENT, professional__in=theirs).exclude(Exists(settled))
    left = ahead.filter(Exists(mine.filter(present=True, next_try_at=None, fault=""))).filter(
        ~Q(status__in=PRESENT) | Exists(mine.filter(present=True).exclude(
            calendar__professional=OuterRef("professional"))))
    for row in [*untold[:SWEPT], *left[:SWEPT]]:
        follow(row)


@tenancy.atomic
def due() -> list[int]:
    """The calendars that have something to be told: its task was lost, or its time came."""
    rows = CalendarPush.objects.filter(next_try_at__lte=clock.now()).filter(calendar__state=Calendar.State.ACTIVE)
    return sorted(set(rows.values_list("calendar_id", flat=True)[:SWEPT]))


def push(*, calendar_id) -> None:
    """Tell a calendar what is due, one after the other. Run by a task, in no transaction."""
    while work := _claimed(calendar_id):
        try:
            _tell(work)
        except ProviderError as fault:
            if not _failed(work, fault):
                return
        else:
            _done(work)


@tenancy.atomic
def _claimed(calendar_id) -> Work | None:
    now = clock.now()
    calendar = Calendar.objects.active().awake(now).filter(pk=calendar_id, writes=True).first()
    grant = calendar and health.grant_of(calendar)
    if grant is None:
        return None
    free = CalendarPush.objects.filter(calendar=calendar, next_try_at__lte=now).filter(
        Q(claimed_at=None) | Q(claimed_at__lt=now - timedelta(seconds=CLAIM_SECONDS)))
    row = free.order_by("next_try_at", "pk").first()
    if row is None or not free.filter(pk=row.pk).update(claimed_at=now, attempts=F("attempts") + 1):
        return None
    row.calendar, row.claimed_at, row.attempts = calendar, now, row.attempts + 1
    appointment = Appointment.objects.with_names().get(pk=row.appointment_id)
    told = events.body(appointment, tenant_id=row.tenant_id, zone=tenancy.here().timezone)
    return Work(row, appointment, told, grant)


def _tell(work):
    client, at, event = google.Client(work.grant), work.push.calendar.google_id, work.push.event_id
    try:
        if not work.push.present:
            return client.delete(at, event)
        if work.push.version:
            return client.patch(at, event, work.body)
    except ProviderError as fault:
        if fault.code not in (google.MISSING, google.GONE):
            raise
    return _put(client, at, event, work) if work.push.present else None


def _put(client, at, event, work):
    try:
        client.insert(at, event, work.body)
    except ProviderError as fault:
        if fault.code != google.DUPLICATE:
            raise
        there = client.get(at, event)
        said = events.read(there, zone=work.push.calendar.zone, tenant_id=work.push.tenant_id)
        if said is not None and not said.cancelled and said.appointment != work.appointment.pk:
            raise  # somebody else's event under our id: never written over
        client.patch(at, event, work.body)


@tenancy.atomic
def _done(work):
    row = CalendarPush.objects.select_for_update().filter(pk=work.push.pk).first()
    if row is None or row.claimed_at != work.push.claimed_at:
        return
    same = row.next_try_at == work.push.next_try_at  # nobody asked for something else meanwhile
    row.version = work.appointment.version if work.push.present else 0
    row.claimed_at, row.fault, row.pushed_at = None, "", clock.now()
    if same:
        row.next_try_at, row.attempts = None, 0
        _note(work.appointment, SYNCED)
    row.save()
    health.well(work.push.calendar)


@tenancy.atomic
def _failed(work, fault) -> bool:
    """Whether the next row may be tried now."""
    row = CalendarPush.objects.select_for_update().filter(pk=work.push.pk).first()
    if row is None or row.claimed_at != work.push.claimed_at:
        return True
    row.claimed_at, row.fault = None, fault.code[:40]
    if fault.code == google.FORBIDDEN:
        _stop_writing(work.push.calendar)
    if fault.code in (google.REFUSED, google.DUPLICATE):  # this event is wrong; the others may go
        row.next_try_at = None
        _note(work.appointment, FAILED)
    else:
        row.fault = "" if not fault.permanent else row.fault
        row.next_try_at = clock.now() + timedelta(seconds=_wait(row.attempts, fault.retry_after))
    row.save()
    if row.next_try_at is None:
        return True
    if fault.code != google.FORBIDDEN:
        health.ill(work.push.calendar, fault)
    return False


def _stop_writing(calendar):
    """It may be read and not written: our appointments stay out of it until it is connected anew."""
    if Calendar.objects.filter(pk=calendar.pk, writes=True).update(writes=False):
        log_security_event(
            "calendar.stopped", severity="warning", professional=calendar.professional_id, code=google.FORBIDDEN)
        live.say("CLINIC_UPDATED", professional=calendar.professional_id)


def _note(appointment, status, **more):
    """Beside the row's version: what Google knows of it is no change of the appointment."""
    changes = {"google_calendar_sync_status": status} | (
        {"google_calendar_event_id": more["event_id"]} if more else {})
    Appointment.objects.filter(pk=appointment.pk).update(**changes)
    for name, value in changes.items():
        setattr(appointment, name, value)


def _later(calendar_id):
    from agenda.calendars import tasks  # tasks names these verbs

    tasks.push.later(calendar_id=calendar_id)


def _wait(attempts, retry_after):
    wait = min(FIRST_WAIT * 2 ** min(attempts - 1, 10), LONGEST_WAIT)
    return max(retry_after or 0, wait) * random.uniform(1, 1.5)  # noqa: S311  (spreads load, guards nothing)
