"""The door at which Google says that something changed in a calendar. Headers only, no signature: a token."""
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from agenda.calendars import busy, pulling, watch
from agenda.models import CalendarChannel
from clinics import limits, routes, tenancy
from clinics.access import SIGNED, page
from dentalogic.lib import clock

KIND = "google"


@page(SIGNED)
@csrf_exempt
@require_POST
def notice(request, public_id):
    """200 for a notice of a channel of ours; what it hints at is pulled by a job."""
    try:
        found = routes.find(KIND, public_id)
        if found is None:
            return HttpResponse(status=404)
        tenant_id, calendar_id = found
        with tenancy.tenant_context(tenant_id):
            return _heard(request, calendar_id)
    except (OperationalError, InterfaceError):
        return HttpResponse(status=503, headers={"Retry-After": "10"})


def _heard(request, calendar_id):
    channel = _channel(request, calendar_id)
    if channel is None:
        return _later(limits.over("webhook-unsigned", limits.address(request))) or HttpResponse(status=401)
    if refused := _later(limits.over("webhook", f"calendar:{calendar_id}")):
        return refused
    if request.headers.get("X-Goog-Resource-State", "") != "sync":  # the first one says that the channel is open
        _hinted(channel)
    return HttpResponse(status=200)


@tenancy.atomic
def _channel(request, calendar_id) -> CalendarChannel | None:
    """The channel that the notice names, where it proves to come by it."""
    channel = CalendarChannel.objects.filter(
        calendar=calendar_id, channel_id=request.headers.get("X-Goog-Channel-ID", "")[:64],
        expires_at__gt=clock.now()).select_related("calendar").first()
    token = request.headers.get("X-Goog-Channel-Token", "")
    return channel if channel is not None and watch.proves(channel, token) else None


@tenancy.atomic
def _hinted(channel):
    CalendarChannel.objects.filter(pk=channel.pk).update(heard_at=clock.now())
    busy.forget(channel.calendar)
    if channel.calendar.is_active:
        pulling.wanted(channel.calendar)


def _later(seconds):
    return HttpResponse(status=429, headers={"Retry-After": str(seconds)}) if seconds else None
