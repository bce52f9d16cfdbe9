"""Meta's doors. One app of the installation tells of many clinics in one delivery: each change finds its clinic by the
number that it is for. A clinic's own app has an address and a secret of its own."""
import logging

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from clinics import tenancy
from clinics.access import SIGNED, page
from clinics.tasks import each_tenant
from messaging import webhooks
from messaging.models import Channel
from messaging.providers import meta

log = logging.getLogger(__name__)
LINE = "meta_line"  # the kind of route by which a phone_number_id finds its clinic
CHALLENGE = 300


@page(SIGNED)
@csrf_exempt
@require_http_methods(["GET", "POST"])
def shared(request):
    """The installation's app."""
    if request.method == "GET":
        return challenged(request, settings.META_VERIFY_TOKEN)
    body = webhooks.body_of(request)
    if isinstance(body, HttpResponse):
        return body
    if not meta.verify(secret=settings.META_APP_SECRET, header=request.headers.get(meta.SIGNATURE), body=body):
        return webhooks.stranger(request)
    well = [_kept(event) for event in webhooks.events(meta, body)]
    return HttpResponse(status=200) if all(well) else webhooks.unavailable()


@page(SIGNED)
@csrf_exempt
@require_http_methods(["GET", "POST"])
def own(request, public_id):
    """A clinic's own app."""
    if request.method == "POST":
        return webhooks.of_a_channel(request, "meta", public_id)
    try:
        known = webhooks.address_of("meta", public_id)
    except (OperationalError, InterfaceError):
        return webhooks.unavailable()
    return challenged(request, verify_token(known.channel)) if known else HttpResponse(status=404)


def verify_token(channel) -> str:
    """What Meta is to say when it tries the address of this channel: ours to give, so that nobody has to keep it."""
    return salted_hmac("messaging.meta.verify", str(channel.public_id), algorithm="sha256").hexdigest()[:40]


def challenged(request, token):
    said = request.GET.get("hub.verify_token", "")
    challenge = request.GET.get("hub.challenge", "")
    if not token or request.GET.get("hub.mode") != "subscribe" or not constant_time_compare(said, token):
        return HttpResponse(status=403)
    return HttpResponse(challenge[:CHALLENGE], content_type="text/plain; charset=utf-8")


def _kept(event) -> bool:
    """In the scope of the clinic whose number it is; False when it should come again."""
    try:
        if not event.line or event.line.startswith("+"):  # of the account, or by the number as people read it
            return _kept_of_account(event)
        address = webhooks.address_of(LINE, event.line)
        if address is None:
            log.warning("meta: an event for a number that no clinic has")
            return True
        with tenancy.tenant_context(address.tenant_id):
            webhooks.keep(address.channel, event)
    except (OperationalError, InterfaceError):
        return False
    return True


def _kept_of_account(event):
    """What is told of a business account names no number: every clinic is asked whether it has one of it. Rare."""
    if not event.account:
        log.warning("meta: a delivery that names no number and no account")
        return True
    for _tenant in each_tenant():
        with tenancy.atomic():
            found = list(Channel.objects.filter(
                provider=Channel.Provider.META, waba_id=event.account, active=True, proven_at__isnull=False))
        for channel in found:
            if webhooks.is_line(channel, event.line):
                webhooks.keep(channel, event)
    return True
