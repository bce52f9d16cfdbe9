"""How the clinic's numbers are, as their providers say: kept on the channel, told to the ceo when it turns worse."""
import logging
from datetime import timedelta

from django.utils.translation import gettext as _

from clinics import access, audit, live, routes, tenancy, vault
from dentalogic.lib import clock
from dentalogic.lib.refusals import ProviderError
from messaging import providers
from messaging.models import Channel

log = logging.getLogger(__name__)
EVERY = timedelta(minutes=10)
LINE = "meta_line"  # the kind of route by which Meta's name of a number finds its clinic
LEVELS = ["", "ok", "warning", "out"]
# what looking finds, and takes back by itself when it looks better; all else is the provider's own word
FOUND = {
    "webhook_missing", "webhook_pending", "webhook_disabled", "number_missing", "number_differs", "number_taken",
    "key",
}


def told(*, channel, event, now) -> None:
    """The provider spoke of the number or its account. Good news takes back what it told before, not what was found.
    In the webhook's transaction."""
    row = Channel.objects.select_for_update().get(pk=channel.pk)
    if event.code in ("GREEN", "YELLOW", "RED", "UNKNOWN"):
        Channel.objects.filter(pk=row.pk).update(quality=event.code)
    if event.level == "ok":
        if row.health_code and row.health_code not in FOUND:
            _set(row, "ok", "", "", now)
        return
    _set(row, event.level, event.code, event.text, now)


def look(*, channel_id) -> Channel | None:
    """Ask the provider how a number is. Run in no transaction, by a task or a person's button."""
    with tenancy.atomic():
        channel = Channel.objects.filter(pk=channel_id, active=True).first()
        key = channel and vault.get(channel.api_key_name, purpose="look")
    if channel is None:
        return None
    try:
        seen = providers.of(channel).look(channel=channel, key=key)
    except ProviderError as fault:
        return _not_seen(channel, fault)
    return _seen(channel, seen)


@tenancy.atomic
def due() -> list[int]:
    """Numbers that nobody looked after for a while; those that are not well sooner."""
    since = clock.now() - EVERY
    rows = Channel.objects.filter(active=True, sandbox=False).exclude(looked_at__gt=since)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def words(channel) -> str:
    """What is wrong with it and what to do, for a person; "" when it is well."""
    if channel.health in ("", Channel.Health.OK):
        return ""
    known = {
        "webhook_missing": _("El proveedor no tiene la dirección de este número: nada llega. Cargala allá."),
        "webhook_pending": _("El proveedor dejó de avisar porque muchos avisos fallaron. Activá el endpoint allá."),
        "webhook_disabled": _("El endpoint está apagado en el proveedor: nada llega. Activalo allá."),
        "number_missing": _("La clave no ve este número: revisá que sea de la misma cuenta."),
        "number_differs": _("El identificador es de otro número: revisá cuál copiaste."),
        "number_taken": _("Ese identificador ya está conectado en otra clínica."),
        "key": _("El proveedor no acepta la clave. Cargá una nueva."),
        "RED": _("WhatsApp bajó la calidad del número: demasiadas personas lo bloquearon o lo denunciaron."),
        "FLAGGED": _("WhatsApp marcó el número por mala calidad. Mandá menos promociones por unos días."),
        "DOWNGRADE": _("WhatsApp bajó la cantidad de personas a las que podés escribir primero por día."),
    }
    if text := known.get(channel.health_code):
        return text
    if channel.health == Channel.Health.OUT:
        return _("WhatsApp bloqueó o desconectó el número (%(code)s). Entrá a la cuenta para ver qué pide.") % {
            "code": channel.health_code}
    return _("WhatsApp avisó algo de este número (%(code)s). Entrá a la cuenta para ver qué es.") % {
        "code": channel.health_code}


def alarms(actor) -> list[Channel]:
    """The numbers with something wrong, for who can mend it: each with its `words`."""
    if not access.can(actor, "integrations.manage"):
        return []
    found = list(Channel.objects.filter(
        active=True, health__in=[Channel.Health.OUT, Channel.Health.WARNING]).order_by("health", "pk"))
    for one in found:
        one.words = words(one)
    return found


@tenancy.atomic
def _seen(channel, seen):
    now, row = clock.now(), Channel.objects.select_for_update().get(pk=channel.pk)
    changes = {"looked_at": now, "quality": seen.quality or row.quality, "webhook_id": seen.webhook_id}
    if seen.names_us and row.proven_at is None:
        changes["proven_at"] = now
    Channel.objects.filter(pk=row.pk).update(**changes)
    code = seen.code
    if seen.names_us and not code and row.provider == Channel.Provider.META and not _leads_here(row):
        code = "number_taken"
    if code:
        _set(row, "warning" if code == "webhook_pending" else "out", code, seen.text, now)
    elif row.health == "" or row.health_code in FOUND:
        _set(row, "ok", "", "", now)
    live.say("CLINIC_UPDATED")
    row.refresh_from_db()
    return row


@tenancy.atomic
def _not_seen(channel, fault):
    """A key that is not taken is the channel's trouble; a provider that does not answer is its own."""
    now, row = clock.now(), Channel.objects.select_for_update().get(pk=channel.pk)
    Channel.objects.filter(pk=row.pk).update(looked_at=now)
    if providers.of(row).meaning(fault.code) == "out":
        _set(row, "out", "key", "", now)
    else:
        log.warning("channel %s could not be looked at: %s", row.pk, fault.code)
    row.refresh_from_db()
    return row


def _leads_here(row) -> bool:
    """What Meta's shared app tells of a number leads to the clinic whose key reads it, and to the first of them."""
    found = routes.find(LINE, row.phone_number_id)
    if found is None:
        routes.add(kind=LINE, address=row.phone_number_id, row_id=row.pk)
    return found in (None, (row.tenant_id, row.pk))


def _set(row, level, code, text, now):
    """On a locked row. Worse than it was is an alert."""
    if (row.health, row.health_code) == (level, code):
        return
    Channel.objects.filter(pk=row.pk).update(
        health=level, health_code=code[:60], health_text=text[:300], health_at=now)
    live.say("CLINIC_UPDATED")
    if level in ("warning", "out"):
        log.error("channel %s is not well: %s", row.pk, level)
        severity = "critical" if level == "out" else "warning"
        audit.log_security_event("channel.unwell", severity=severity, channel=row.pk, code=code[:60])
    elif row.health in ("warning", "out"):
        audit.log_security_event("channel.well", channel=row.pk)
