"""The doors that providers call: verify, parse, keep, 200. Everything else happens later."""
import hashlib
import json
import logging
import time
from dataclasses import dataclass, replace

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from clinics import limits, routes, tenancy, vault
from clinics.access import SIGNED, page
from dentalogic.lib import clock, phones
from dentalogic.lib.faults import where
from dentalogic.lib.sql import sqlstate_of
from messaging import inbox, providers
from messaging.models import Channel
from messaging.providers.base import Unknown
from messaging.providers.reading import clean

log = logging.getLogger(__name__)
KNOWN_SECONDS = 30  # how long a process trusts what it read of a channel: each read of a secret is written down
# and how long that the channel is on and the address still leads to it: a number that was turned off, or is another
# clinic's now, is heard for this much longer, so that a busy one is not asked about at each delivery
STANDS_SECONDS = 2
FRESH_SECONDS = 2  # a secret read so lately is not read again because a signature was wrong


@dataclass(frozen=True)
class Address:
    tenant_id: int
    channel: Channel
    secrets: tuple  # the one that counts, and for a while the one before it
    read_at: float
    stood_at: float


_known: dict = {}


@page(SIGNED)
@csrf_exempt
@require_POST
def ycloud_webhook(request, public_id):
    return of_a_channel(request, "ycloud", public_id)


def of_a_channel(request, kind, public_id):
    """A delivery to the address of one channel, signed by that channel's secret."""
    body = body_of(request)
    if isinstance(body, HttpResponse):
        return body
    try:
        address = address_of(kind, public_id)
        if address is None:
            return HttpResponse(status=404)
        if not (_signed(address, request, body)
                or _signed(address_of(kind, public_id, max_age=FRESH_SECONDS), request, body)):
            return stranger(request)
    except (OperationalError, InterfaceError):
        return unavailable()
    # counted once it is the provider's: a stranger who learned the address does not use a clinic's up
    if refused := _later(limits.over("webhook", address.channel.pk)):
        return refused
    with tenancy.tenant_context(address.tenant_id):
        try:
            for event in events(providers.of(address.channel), body):
                keep(address.channel, event)
        except (OperationalError, InterfaceError):
            return unavailable()
    return HttpResponse(status=200)


# What both doors do


def body_of(request) -> bytes | HttpResponse:
    """The raw bytes, of a bearable size; else the answer."""
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) <= settings.WEBHOOK_MAX_BYTES:
            return request.body
    except (ValueError, RequestDataTooBig):
        pass
    return HttpResponse(status=413)


def events(provider, body) -> list:
    try:
        return provider.parse(json.loads(body, parse_constant=lambda name: None))
    except (ValueError, RecursionError):
        text = clean(body[:20_000].decode("utf-8", "replace"))
        return [Unknown(
            event_id=hashlib.sha256(body).hexdigest(), kind="unreadable", raw={"body": text}, alarming=True)]


def keep(channel, event) -> None:
    """Each change stands alone: one that cannot be acted upon is set aside, and the others go on."""
    try:
        whose = channel if is_line(channel, event.line) else _other_line(channel, event.line)
        if whose is None:  # of a number of the same account that is no channel here: what it says is not ours
            inbox.set_aside(channel=channel, event=replace(event, raw={}), error="another_line")
        else:
            inbox.receive(channel=whose, event=event)
    except (OperationalError, InterfaceError):
        raise
    except Exception as fault:  # noqa: BLE001
        log.error("channel %s: event not handled: %s %s", channel.pk, sqlstate_of(fault), where(fault))
        inbox.set_aside(channel=channel, event=event, error=type(fault).__name__)


def is_line(channel, line) -> bool:
    """Whether `line`, a number or Meta's name of one, is the channel; what names none is of them all."""
    if not line or line in (channel.number, channel.phone_number_id):
        return True
    return line.startswith("+") and phones.e164(line) == phones.e164(channel.number)


@tenancy.atomic
def _other_line(channel, line):
    """An account tells each of its endpoints of all its numbers: the clinic's channel that has this one."""
    others = Channel.objects.select_related("tenant").filter(provider=channel.provider, active=True).order_by("pk")
    return next((other for other in others if is_line(other, line)), None)


def stranger(request):
    return _later(limits.over("webhook-unsigned", limits.address(request))) or HttpResponse(status=401)


def unavailable():
    """Not accepted: the provider keeps it and comes again."""
    return HttpResponse(status=503, headers={"Retry-After": "10"})


def _later(seconds):
    return HttpResponse(status=429, headers={"Retry-After": str(seconds)}) if seconds else None


def _signed(address, request, body) -> bool:
    """Under one of the channel's secrets, and not so long ago that it may be a replay."""
    if address is None:
        return False
    provider = providers.of(address.channel)
    header = request.headers.get(provider.SIGNATURE)
    signed = next(filter(None, (
        provider.verify(secret=secret, header=header, body=body) for secret in address.secrets)), None)
    if not signed or not signed.at:
        return bool(signed)
    # in development the simulator moves our clock and not the provider's
    age = abs((clock.now() - signed.at).total_seconds())
    return settings.DEVELOPMENT or age <= settings.WEBHOOK_MAX_AGE


def address_of(kind, public, *, max_age=None) -> Address | None:
    """The channel that an address leads to, and its secrets; read anew when this process read it longer ago."""
    known, now = _known.get((kind, public)), time.monotonic()
    if known and now - known.read_at <= (KNOWN_SECONDS if max_age is None else max_age):
        if now - known.stood_at <= STANDS_SECONDS:
            return known
        if _stands(kind, public, known):
            _known[kind, public] = known = replace(known, stood_at=now)
            return known
    _known.pop((kind, public), None)
    found = routes.find(kind, public)
    if found is None:
        return None
    tenant_id, channel_id = found
    with tenancy.tenant_context(tenant_id), tenancy.atomic():
        channel = Channel.objects.select_related("tenant").filter(pk=channel_id, active=True).first()
        if channel is None:
            return None
        address = Address(tenant_id, channel, _secrets(channel), now, now)
    _known[kind, public] = address
    return address


def _stands(kind, public, known) -> bool:
    if routes.find(kind, public) != (known.tenant_id, known.channel.pk):
        return False
    with tenancy.tenant_context(known.tenant_id), tenancy.atomic():
        return Channel.objects.filter(pk=known.channel.pk, active=True).exists()


def _secrets(channel) -> tuple:
    names = [channel.secret_name]
    if channel.former_secret_until and channel.former_secret_until > clock.now():
        names.append(channel.former_secret_name)
    return tuple(filter(None, (vault.get(name, purpose="webhook") for name in names)))
