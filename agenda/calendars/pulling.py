"""From Google to the mirror: what changed since the last token, or all of it. Items and token in one transaction, one
puller a calendar; a token that is too old (410) means to list anew and swap, never to clear first."""
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from agenda.calendars import events, google, health, mirror
from agenda.models import Calendar, CalendarChannel, CalendarPush
from agenda.models.calendar import CLAIM_SECONDS, PRESENT
from clinics import live, tenancy
from dentalogic.lib import clock
from dentalogic.lib.refusals import ProviderError

log = logging.getLogger(__name__)

BEFORE, BEYOND, RENEWED_BELOW = timedelta(days=1), timedelta(days=60), timedelta(days=7)
WATCHED = timedelta(minutes=15)  # between pulls of a calendar that tells us of its changes: notices get lost


@dataclass(frozen=True)
class Claim:
    calendar: Calendar
    grant: google.Grant
    at: datetime
    since: datetime
    until: datetime


def pull(*, calendar_id) -> None:
    """Bring the mirror of a calendar up to date. Run by a task, in no transaction."""
    claim = _claimed(calendar_id)
    if claim is None:
        return
    try:
        listing, whole = _asked(claim)
    except ProviderError as fault:
        health.ill(claim.calendar, fault)
        _give_up(claim)
    else:
        _stored(claim, listing, whole)


@tenancy.atomic
def wanted(calendar) -> None:
    """Something changed there: pull it now, and once more if somebody is at it."""
    from agenda.calendars import tasks  # tasks names these verbs

    Calendar.objects.filter(pk=calendar.pk).update(pull_at=clock.now())
    tasks.pull.later(calendar_id=calendar.pk)


@tenancy.atomic
def due() -> list[int]:
    now = clock.now()
    rows = Calendar.objects.active().awake(now).filter(pull_at__lte=now).filter(_unclaimed(now))
    return list(rows.values_list("pk", flat=True))


def _unclaimed(now):
    return Q(pulling_since=None) | Q(pulling_since__lt=now - timedelta(seconds=CLAIM_SECONDS))


@tenancy.atomic
def _claimed(calendar_id) -> Claim | None:
    now = clock.now()
    calendar = Calendar.objects.active().awake(now).filter(pk=calendar_id).first()
    grant = calendar and health.grant_of(calendar)
    if grant is None or not Calendar.objects.filter(_unclaimed(now), pk=calendar.pk).update(pulling_since=now):
        return None
    horizon = now + timedelta(days=tenancy.here().horizon_days)
    if not calendar.window_until or calendar.window_until < horizon + RENEWED_BELOW:
        calendar.sync_token = ""  # what it tells of ends too soon
    return Claim(calendar, grant, now, now - BEFORE, horizon + BEYOND)


def _asked(claim) -> tuple[google.Listing, bool]:
    client, calendar = google.Client(claim.grant), claim.calendar
    if calendar.sync_token:
        try:
            return client.since(calendar.google_id, calendar.sync_token), False
        except ProviderError as fault:
            if fault.code not in (google.GONE, google.REFUSED):  # too old, or no token of Google's any more
                raise
    return client.between(calendar.google_id, claim.since, claim.until), True


@tenancy.atomic
def _stored(claim, listing, whole):
    mirror.lock(claim.calendar)
    row = Calendar.objects.select_for_update().filter(pk=claim.calendar.pk, pulling_since=claim.at).first()
    if row is None or not row.is_active:
        return  # another took it over, or it was disconnected
    row.zone = listing.zone or row.zone
    found = read(listing, row)
    write = mirror.replace if whole else mirror.apply
    changed = write(row, found, asked_at=claim.at)
    _tell_again(row, found, whole, claim.at)
    row.sync_token, row.pulling_since, row.synced_at = listing.token, None, claim.at
    row.window_until = claim.until if whole else row.window_until
    if not (row.pull_at and row.pull_at > claim.at):  # else a notice came meanwhile
        row.pull_at = clock.now() + _rest(row)
    row.save(update_fields=["zone", "sync_token", "pulling_since", "synced_at", "window_until", "pull_at"])
    health.well(claim.calendar)
    if changed:
        live.say("CLINIC_UPDATED", professional=row.professional_id)


def read(listing, calendar) -> list:
    found = [events.read(item, zone=listing.zone or calendar.zone, tenant_id=calendar.tenant_id)
             for item in listing.items]
    if None in found:
        log.warning("calendar %s: %d events could not be read", calendar.pk, found.count(None))
    return [one for one in found if one is not None]


def _tell_again(calendar, found, whole, asked_at) -> None:
    """The agenda decides about its own appointments: one that was moved or deleted in Google is put back."""
    by_id = {one.event_id: one for one in found}
    rows = CalendarPush.objects.filter(
        calendar=calendar, present=True, next_try_at=None, fault="", pushed_at__lt=asked_at,
        appointment__status__in=PRESENT, appointment__end_at__gt=clock.now()).select_related("appointment")
    for row in rows if whole else rows.filter(event_id__in=by_id):
        there, wanted_there = by_id.get(row.event_id), row.appointment
        if row.version == wanted_there.version and not (
                there and (there.start_at, there.end_at) == (wanted_there.start_at, wanted_there.end_at)):
            CalendarPush.objects.filter(pk=row.pk).update(next_try_at=clock.now(), attempts=0)


def _rest(calendar) -> timedelta:
    watched = CalendarChannel.objects.filter(calendar=calendar, expires_at__gt=clock.now()).exclude(resource_id="")
    return WATCHED if watched.exists() else timedelta(seconds=settings.GOOGLE_PULL_SECONDS)


@tenancy.atomic
def _give_up(claim):
    Calendar.objects.filter(pk=claim.calendar.pk, pulling_since=claim.at).update(pulling_since=None)
    Calendar.objects.active().filter(pk=claim.calendar.pk, pull_at__lte=claim.at).update(
        pull_at=clock.now() + timedelta(seconds=settings.GOOGLE_PULL_SECONDS))
