"""Channels by which Google tells of changes. They end and nobody renews them: the next one is opened a day before.

A notice carries no signature, only the token that we gave: its digest is kept, and it is compared in constant time. A
notice merely hints: the pull that follows reads what changed, and the periodic pull stays behind it.
"""
import hashlib
import hmac
import logging
import secrets
import uuid
from datetime import UTC, datetime, timedelta

from django.conf import settings

from agenda.calendars import google, health
from agenda.models import Calendar, CalendarChannel
from clinics import tenancy
from dentalogic.lib import clock, http
from dentalogic.lib.refusals import ProviderError

log = logging.getLogger(__name__)
RENEWED_BEFORE = timedelta(days=1)
OPENING = timedelta(minutes=10)  # after which one that was never answered is forgotten


def address(calendar) -> str:
    """Where Google is to call: it takes https only. "" where it could not reach us."""
    if not (settings.PUBLIC_URL.startswith("https://") or http.is_loopback(settings.GOOGLE_API_BASE)):
        return ""
    return f"{settings.PUBLIC_URL.rstrip('/')}/webhooks/google/{calendar.public_id}"


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def proves(channel: CalendarChannel, token: str) -> bool:
    return hmac.compare_digest(channel.token_digest, digest(token))


@tenancy.atomic
def due() -> list[int]:
    """The calendars that nothing will watch a day from now."""
    now = clock.now()
    lasting = CalendarChannel.objects.filter(expires_at__gt=now + RENEWED_BEFORE).values("calendar")
    opening = CalendarChannel.objects.filter(resource_id="", expires_at__gt=now).values("calendar")
    rows = Calendar.objects.active().awake(now).exclude(pk__in=lasting).exclude(pk__in=opening)
    return [one.pk for one in rows if address(one)]


def renew(*, calendar_id) -> None:
    """Open the next channel, then close those before it. Run by a task, in no transaction."""
    token = secrets.token_urlsafe(32)
    calendar, grant, channel = _begun(calendar_id, token)
    if channel is None:
        return
    client = google.Client(grant)
    try:
        said = client.watch(
            calendar.google_id, channel=channel.channel_id, address=address(calendar), token=token,
            until=clock.now() + google.WATCH_FOR)
    except ProviderError as fault:
        log.warning("calendar %s is not watched: %s", calendar_id, fault.code)
        _forget(channel)
        return
    for old in _opened(channel, said):
        stop(client, old)


@tenancy.atomic
def _begun(calendar_id, token):
    """The row first: a notice may come before the answer does."""
    now = clock.now()
    calendar = Calendar.objects.active().select_for_update().filter(pk=calendar_id).first()
    grant = calendar and health.grant_of(calendar)
    rows = CalendarChannel.objects.filter(calendar=calendar_id)
    if not grant or rows.filter(expires_at__gt=now + RENEWED_BEFORE).exists():
        return calendar, None, None
    if rows.filter(resource_id="", expires_at__gt=now).exists():
        return calendar, None, None
    return calendar, grant, CalendarChannel.objects.create(
        calendar=calendar, channel_id=uuid.uuid4().hex, token_digest=digest(token), expires_at=now + OPENING)


@tenancy.atomic
def _opened(channel, said) -> list[CalendarChannel]:
    """Note how long it lasts; the channels that it replaces."""
    ends = datetime.fromtimestamp(int(said["expiration"]) / 1000, UTC) if said.get("expiration") else (
        clock.now() + google.WATCH_FOR)
    CalendarChannel.objects.filter(pk=channel.pk).update(resource_id=said.get("resourceId", "")[:200], expires_at=ends)
    return list(CalendarChannel.objects.filter(calendar=channel.calendar_id).exclude(pk=channel.pk))


def stop(client, channel) -> None:
    """Google is asked to be silent; whether it heard, the row goes, and its notices are no more let in."""
    if channel.resource_id:
        try:
            client.stop(channel=channel.channel_id, resource=channel.resource_id)
        except ProviderError as fault:
            log.info("a channel was not closed: %s", fault.code)
    _forget(channel)


@tenancy.atomic
def _forget(channel):
    CalendarChannel.objects.filter(pk=channel.pk).delete()


@tenancy.atomic
def forget_expired() -> None:
    CalendarChannel.objects.filter(expires_at__lte=clock.now()).delete()
