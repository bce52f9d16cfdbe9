"""The clinic's numbers: the row, its secrets in the vault, the public address that finds it, a message to try it."""
import re

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from clinics import live, routes, tenancy, vault
from clinics.audit import log_security_event
from clinics.clinic import admit, check
from dentalogic.lib import clock, phones
from dentalogic.lib.refusals import Refusal
from messaging import outbox
from messaging.models import Channel, ChatMessage, Conversation

_SECRET = re.compile(r"[!-~]{8,500}")  # what a provider gives: no spaces, nothing that is not a key


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


@tenancy.atomic
def connect(*, number, name, by, secret="", api_key="", sandbox=False) -> Channel:
    """A YCloud number (E.164). Its endpoint's signing secret may come later: YCloud gives it for the address that this
    makes. Raises Invalid, NumberTaken."""
    admit(by, "integrations.manage")
    number = phones.e164(number, tenancy.here().country) or number
    check(_faults(name, number) | _unfit(secret=secret, api_key=api_key))
    if Channel.objects.filter(number=number).exists():
        raise NumberTaken(fields={"number": [str(NumberTaken.detail)]})
    channel = Channel.objects.create(number=number, name=" ".join(name.split()), sandbox=sandbox)
    _keep(channel, by, secret=secret, api_key=api_key)
    routes.add(kind=channel.provider, address=channel.public_id, row_id=channel.pk)
    log_security_event("channel.connected", by=by, severity="warning", channel=channel.pk)
    live.say("CLINIC_UPDATED")
    return channel


@tenancy.atomic
def rotate(*, channel, by, secret="", api_key="") -> None:
    """Another signing secret or API key from now on; a blank one stays as it is. Raises Invalid."""
    admit(by, "credentials.manage")
    check(_unfit(secret=secret, api_key=api_key) if secret or api_key else {
        "api_key": _("Pegá la clave nueva, el secreto nuevo o los dos.")})
    _keep(channel, by, secret=secret, api_key=api_key)
    log_security_event("channel.rotated", by=by, severity="warning", channel=channel.pk)


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
