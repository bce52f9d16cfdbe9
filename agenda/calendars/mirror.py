"""The copy of the calendars that the engine reads. Three ways to write it, in the caller's transaction, under the
calendar's lock: all of it, a window of it, or what changed. An older answer never undoes a newer one."""
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from agenda.calendars.events import Event
from agenda.models import Appointment, Calendar, CalendarEvent, CalendarPush
from agenda.models.calendar import PRESENT
from dentalogic.lib import clock, sql

VALUES = ("start_at", "end_at", "all_day", "busy", "appointment_id", "etag")


def lock(calendar: Calendar) -> None:
    sql.lock("calendar", calendar.pk)


def replace(calendar, found: Iterable[Event], *, asked_at, since=None, until=None) -> bool:
    """The calendar holds these events and no others: in all, or between two instants. Whether anything changed."""
    there = CalendarEvent.objects.filter(calendar=calendar)
    found = [one for one in found if not one.cancelled]
    if since is not None:
        inside = Q(end_at__gt=since, start_at__lt=until)
        there = there.filter(inside | Q(event_id__in=[one.event_id for one in found]))
    return _settle(calendar, list(there), found, asked_at)


def apply(calendar, found: Iterable[Event], *, asked_at) -> bool:
    """These events changed; of a cancelled one, every instance under its id goes."""
    found = list(found)
    there = CalendarEvent.objects.filter(calendar=calendar, event_id__in=[one.event_id for one in found])
    return _settle(calendar, list(there), [one for one in found if not one.cancelled], asked_at)


def _settle(calendar, there, found, asked_at) -> bool:
    ours = _ours(calendar, found)
    wanted = {(one.event_id, one.instance_at): _row(calendar, one, ours.get(one.event_id), asked_at) for one in found}
    known = {(row.event_id, row.instance_at): row for row in there}
    newer = {key for key, row in known.items() if row.seen_at > asked_at}
    gone = [row.pk for key, row in known.items() if key not in wanted and key not in newer]
    put = [row for key, row in wanted.items() if key not in newer and not _same(row, known.get(key))]
    if gone:
        CalendarEvent.objects.filter(pk__in=gone).delete()
    if put:
        CalendarEvent.objects.bulk_create(
            put, update_conflicts=True, unique_fields=["tenant", "calendar", "event_id", "instance_at"],
            update_fields=["start_at", "end_at", "all_day", "busy", "appointment", "etag", "seen_at"])
    return bool(gone or put)


def _row(calendar, one: Event, appointment_id, asked_at) -> CalendarEvent:
    return CalendarEvent(
        calendar=calendar, professional_id=calendar.professional_id, event_id=one.event_id,
        instance_at=one.instance_at, start_at=one.start_at, end_at=one.end_at, all_day=one.all_day, busy=one.busy,
        appointment_id=appointment_id, etag=one.etag, seen_at=asked_at)


def _same(row, known) -> bool:
    return known is not None and all(getattr(row, name) == getattr(known, name) for name in VALUES)


def _ours(calendar, found) -> dict[str, int]:
    """By event id, the appointments that this calendar was told of: by calendar and id, never by the id alone.

    An event that we wrote and know nothing of any more (the calendar was disconnected meanwhile) is taken up again.
    """
    pushes = CalendarPush.objects.filter(calendar=calendar, event_id__in=[one.event_id for one in found])
    ours = dict(pushes.values_list("event_id", "appointment_id"))
    lost = {one.appointment: one for one in found if one.appointment and one.event_id not in ours}
    if lost:
        for row in Appointment.objects.filter(pk__in=lost):
            stands = row.status in PRESENT and row.professional_id == calendar.professional_id
            CalendarPush.objects.create(
                calendar=calendar, appointment=row, event_id=lost[row.pk].event_id, present=stands,
                next_try_at=clock.now())
            ours[lost[row.pk].event_id] = row.pk
    return ours


def spans(calendars: Iterable[Calendar], since, until) -> dict[int, list[tuple[datetime, datetime]]]:
    """By professional, what the mirror says is busy between two instants."""
    rows = CalendarEvent.objects.filter(
        calendar__in=list(calendars), busy=True, appointment=None, end_at__gt=since, start_at__lt=until)
    found: dict[int, list] = {}
    for row in rows.order_by("start_at"):
        found.setdefault(row.professional_id, []).append((row.start_at, row.end_at))
    return found
