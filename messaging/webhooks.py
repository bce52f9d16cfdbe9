"""The doors that providers call: verify, parse, keep, 200. Everything else happens later."""
import hashlib
import json
import logging
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from clinics import limits, routes, tenancy, vault
from clinics.access import SIGNED, page
from dentalogic.lib import clock
from dentalogic.lib.faults import where
from dentalogic.lib.sql import sqlstate_of
from messaging import inbox
from messaging.models import Channel
from messaging.providers import ycloud
from messaging.providers.base import Unknown
from messaging.providers.reading import clean

log = logging.getLogger(__name__)
KNOWN_SECONDS = 30  # how long a process trusts what it read of a channel
FRESH_SECONDS = 2  # a secret read so lately is not read again because a signature was wrong


@dataclass(frozen=True)
class Address:
    tenant_id: int
    channel: Channel
    secret: str | None
    read_at: float


_known: dict = {}


@page(SIGNED)
@csrf_exempt
@require_POST
def ycloud_webhook(request, public_id):
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.WEBHOOK_MAX_BYTES:
        return HttpResponse(status=413)
    try:
        address, body = _address(public_id), request.body
    except RequestDataTooBig:
        return HttpResponse(status=413)
    except (OperationalError, InterfaceError):
        return _unavailable()
    if address is None:
        return HttpResponse(status=404)
    if not (_signed(address, request, body) or _signed(_address(public_id, max_age=FRESH_SECONDS), request, body)):
        return _later(limits.over("webhook-unsigned", limits.address(request))) or HttpResponse(status=401)
    # counted once it is the provider's: a stranger who learned the address does not use a clinic's up
    if refused := _later(limits.over("webhook", address.channel.pk)):
        return refused
    with tenancy.tenant_context(address.tenant_id):
        return _keep(address.channel, body)


def _keep(channel, body):
    try:
        for event in _events(body):
            _keep_one(channel, event)
    except (OperationalError, InterfaceError):
        return _unavailable()
    return HttpResponse(status=200)


def _keep_one(channel, event):
    """Each change stands alone: one that cannot be acted upon is set aside, and the others go on."""
    try:
        inbox.receive(channel=channel, event=event)
    except (OperationalError, InterfaceError):
        raise
    except Exception as fault:  # noqa: BLE001
        log.error("channel %s: event not handled: %s %s", channel.pk, sqlstate_of(fault), where(fault))
        inbox.set_aside(channel=channel, event=event, error=type(fault).__name__)


def _unavailable():
    """Not accepted: the provider keeps it and comes again."""
    return HttpResponse(status=503, headers={"Retry-After": "10"})


def _later(seconds):
    return HttpResponse(status=429, headers={"Retry-After": str(seconds)}) if seconds else None


def _events(body):
    try:
        return ycloud.parse(json.loads(body, parse_constant=lambda name: None))
    except (ValueError, RecursionError):
        text = clean(body[:20_000].decode("utf-8", "replace"))
        return [Unknown(
            event_id=hashlib.sha256(body).hexdigest(), kind="unreadable", raw={"body": text}, alarming=True)]


def _signed(address, request, body) -> bool:
    signed = address and ycloud.verify(
        secret=address.secret, header=request.headers.get(ycloud.SIGNATURE), body=body)
    if not signed:
        return False
    # in development the simulator moves our clock and not the provider's
    age = abs((clock.now() - signed.at).total_seconds())
    return settings.DEVELOPMENT or age <= settings.WEBHOOK_MAX_AGE


def _address(public_id, *, max_age=KNOWN_SECONDS) -> Address | None:
    """The channel that the address leads to, and its secret; read anew when this process read it longer ago."""
    known = _known.get(public_id)
    if known and time.monotonic() - known.read_at <= max_age:
        return known
    _known.pop(public_id, None)
    found = routes.find("ycloud", public_id)
    if found is None:
        return None
    tenant_id, channel_id = found
    with tenancy.tenant_context(tenant_id), tenancy.atomic():
        channel = Channel.objects.select_related("tenant").filter(pk=channel_id, active=True).first()
        if channel is None:
            return None
        address = Address(tenant_id, channel, vault.get(channel.secret_name, purpose="webhook"), time.monotonic())
    _known[public_id] = address
    return address
