"""The clinic's numbers: the row, its secrets in the vault, the public address that finds it, a message to try it."""
import logging
import re
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from clinics import live, routes, tenancy, vault
from clinics.audit import log_security_event
from clinics.clinic import admit, check
from dentalogic.lib import clock, phones
from dentalogic.lib.refusals import ProviderError, Refusal
from messaging import health, outbox, stops
from messaging.models import Channel, ChatMessage, Conversation
from messaging.providers import ycloud

log = logging.getLogger(__name__)
_SECRET = re.compile(r"[!-~]{8,1000}")  # what a provider gives: no spaces, nothing that is not a key
_NUMERAL = re.compile(r"\d{5,30}")
FORMER_COUNTS = timedelta(hours=24)  # longer than any retry that was signed before
META = Channel.Provider.META


class NumberTaken(Refusal):
    code = "number_taken"
    status = 409
    detail = gettext_lazy("Ese número ya está conectado.")


class NeverWrote(Refusal):
    code = "never_wrote"
    status = 409
    detail = gettext_lazy(
        "Desde ese teléfono no nos escribieron en las últimas 24 h, y WhatsApp no deja escribirle. Mandá un mensaje "
        "desde ahí al número de la clínica y probá de nuevo.")


class NotAtMeta(Refusal):
    code = "not_at_meta"
    status = 409
    detail = gettext_lazy("Ese número no está conectado por Meta.")


class CannotRotate(Refusal):
    code = "cannot_rotate"
    status = 409
    detail = gettext_lazy(
        "Todavía no encontramos el webhook en YCloud. Revisá que esté creado con la dirección de este número y probá "
        "de nuevo.")


@tenancy.atomic
def connect(
    *, number, name, by, provider=Channel.Provider.YCLOUD, secret="", api_key="", phone_number_id="", waba_id="",
    sandbox=False,
) -> Channel:
    """A number (E.164) at a provider. Its webhook's secret may come later: it is given for the address that this
    makes; one of Meta without a secret hears through the installation's app. Raises Invalid, NumberTaken."""
    admit(by, "integrations.manage")
    number = phones.e164(number, tenancy.here().country) or number
    ids = {"phone_number_id": phone_number_id.strip(), "waba_id": waba_id.strip()} if provider == META else {}
    check(_faults(name, number) | _unfit(secret=secret, api_key=api_key) | _no_ids(ids))
    _refuse_taken(number, ids.get("phone_number_id"))
    channel = Channel.objects.create(
        provider=provider, number=number, name=" ".join(name.split()), sandbox=sandbox, **ids)
    _keep(channel, by, secret=secret, api_key=api_key)
    routes.add(kind=channel.provider, address=channel.public_id, row_id=channel.pk)
    log_security_event("channel.connected", by=by, severity="warning", channel=channel.pk)
    live.say("CLINIC_UPDATED")
    _look(channel)
    return channel


@tenancy.atomic
def rotate(*, channel, by, secret="", api_key="") -> None:
    """Another signing secret or API key from now on; a blank one stays as it is. What was signed with the one before
    is taken for a day more. Raises Invalid."""
    admit(by, "credentials.manage")
    check(_unfit(secret=secret, api_key=api_key) if secret or api_key else {
        "api_key": _("Pegá la clave nueva, el secreto nuevo o los dos.")})
    row = Channel.objects.select_for_update().get(pk=channel.pk)
    if secret:
        _keep_former(row)
    _keep(row, by, secret=secret, api_key=api_key)
    log_security_event("channel.rotated", by=by, severity="warning", channel=row.pk)
    if api_key:
        stops.release(channel=row)
    _look(row)


@tenancy.atomic
def ask_new_secret(*, channel, by) -> None:
    """YCloud is to sign with another secret; a job asks for it. Raises CannotRotate."""
    admit(by, "credentials.manage")
    if channel.provider != Channel.Provider.YCLOUD or not channel.webhook_id:
        raise CannotRotate
    from messaging import line_jobs  # noqa: PLC0415  (which runs the verbs of this module)

    log_security_event("channel.rotated", by=by, severity="warning", channel=channel.pk)
    line_jobs.change_secret.later(channel_id=channel.pk)


def change_secret(*, channel_id) -> None:
    """Run by a task, in no transaction. From the provider's answer on it signs with the new secret; what it sends
    until that is kept here is refused, and comes again."""
    with tenancy.atomic():
        channel = Channel.objects.filter(pk=channel_id, active=True).exclude(webhook_id="").first()
        if channel is None:
            return
        how = {"channel": channel, "key": vault.get(channel.api_key_name, purpose="rotate"),
               "webhook_id": channel.webhook_id}
    try:
        secret = ycloud.new_secret(**how)
    except ProviderError as fault:
        if not fault.unknown:
            raise
        secret = ycloud.secret(**how)  # it may have changed it all the same
    if not _SECRET.fullmatch(secret):
        raise ProviderError("the answer has no secret", permanent=True, code="no_secret")
    with tenancy.atomic():
        row = Channel.objects.select_for_update().get(pk=channel_id)
        if vault.get(row.secret_name, purpose="rotate") != secret:
            _keep_former(row)
            vault.put(row.secret_name, secret)
        live.say("CLINIC_UPDATED")


@tenancy.atomic
def change(*, channel, by, name=None, active=None) -> Channel:
    """Another name, or on and off. Off, what comes is not taken and nothing is sent."""
    admit(by, "integrations.manage")
    row = Channel.objects.select_for_update().get(pk=channel.pk)
    row.name = row.name if name is None else " ".join(name.split())
    row.active = row.active if active is None else active
    check({"name": "" if row.name or name is None else _("Falta este dato.")})
    row.save(update_fields=["name", "active"])
    log_security_event("channel.changed", by=by, severity="warning", channel=row.pk, on=row.active)
    live.say("CLINIC_UPDATED")
    if active is False:
        routes.end(kind=health.LINE, row_id=row.pk)  # another clinic may have it now
    elif active:
        stops.release(channel=row)
        _look(row)
    return row


@tenancy.atomic
def look(*, channel, by) -> None:
    """Somebody wants to know how it is now: what its provider said before is past, a job asks."""
    admit(by, "integrations.manage")
    Channel.objects.filter(pk=channel.pk).update(health="", health_code="", health_text="", health_at=None)
    _look(channel)


@tenancy.atomic
def name_at_meta(*, channel, phone_number_id, waba_id, by) -> Channel:
    """Which number of which account it is there. Raises Invalid, NumberTaken, NotAtMeta."""
    admit(by, "integrations.manage")
    ids = {"phone_number_id": phone_number_id.strip(), "waba_id": waba_id.strip()}
    check(_no_ids(ids))
    row = Channel.objects.select_for_update().get(pk=channel.pk)
    if row.provider != META:
        raise NotAtMeta
    if row.phone_number_id != ids["phone_number_id"]:
        _refuse_taken("", ids["phone_number_id"])
        routes.end(kind=health.LINE, row_id=row.pk)
    Channel.objects.filter(pk=row.pk).update(**ids, proven_at=None)
    log_security_event("channel.changed", by=by, severity="warning", channel=row.pk, on=row.active)
    _look(row)
    return row


@tenancy.atomic
def send_test(*, channel, phone, by) -> ChatMessage:
    """A message to a phone that wrote to this number within 24 hours, by the way every message goes.

    Raises Invalid for what is no phone, NeverWrote.
    """
    admit(by, "integrations.manage")
    number = phones.e164(phone, tenancy.here().country)
    check({"phone": "" if number else _("Ese teléfono no se entiende. Escribilo con el código de área: 341 555-0139")})
    rows = Conversation.objects.filter(channel=channel, phone__in=phones.both_ways(number))
    conversation = next((row for row in rows if row.window_open(clock.now())), None)
    if conversation is None:
        raise NeverWrote(fields={"phone": [str(NeverWrote.detail)]})
    with override(settings.LANGUAGE_CODE):
        text = _("Mensaje de prueba de %(clinic)s: si lo ves, los envíos funcionan.") % {
            "clinic": tenancy.here().name}
    log_security_event("channel.tested", by=by, channel=channel.pk)
    return outbox.say(conversation=conversation, text=text, author=ChatMessage.Author.SYSTEM, by=by)


def _refuse_taken(number, phone_number_id):
    if number and Channel.objects.filter(number=number).exists():
        raise NumberTaken(fields={"number": [str(NumberTaken.detail)]})
    if phone_number_id and Channel.objects.filter(phone_number_id=phone_number_id).exists():
        raise NumberTaken(fields={"phone_number_id": [str(NumberTaken.detail)]})


def _look(channel):
    from messaging import line_jobs  # noqa: PLC0415  (which runs the verbs of this module)

    if not channel.sandbox:
        line_jobs.look.later(channel_id=channel.pk)


def _keep_former(row):
    """On a locked row, before the new secret is kept."""
    if former := vault.get(row.secret_name, purpose="rotate"):
        vault.put(row.former_secret_name, former)
        Channel.objects.filter(pk=row.pk).update(former_secret_until=clock.now() + FORMER_COUNTS)


def _keep(channel, by, *, secret, api_key):
    for name, value in ((channel.secret_name, secret), (channel.api_key_name, api_key)):
        if value:
            vault.put(name, value.strip(), by=by)


def _faults(name, number) -> dict:
    return {
        "name": "" if name.strip() else _("Falta este dato."),
        "number": "" if phones.e164(number) == number else _(
            "Escribí el número completo, con el código del país: +54 9 341 555-0100"),
    }


def _unfit(**secrets) -> dict:
    text = _("Pegala entera, sin espacios: tiene letras y números.")
    return {name: text for name, value in secrets.items() if value and not _SECRET.fullmatch(value.strip())}


def _no_ids(ids) -> dict:
    text = _("Es un número largo: copialo de la cuenta de Meta, sin espacios.")
    return {name: "" if _NUMERAL.fullmatch(value) else text for name, value in ids.items()}
