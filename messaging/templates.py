"""The templates that WhatsApp approved for each number: brought from the provider, checked, sent.

Nothing leaves that WhatsApp would refuse: one that is not approved, in a language that is not its own, with a value
missing or too many. What was sent is in the thread with the words that the patient reads.
"""
import logging

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics import live, tenancy, vault
from clinics.audit import log_security_event
from clinics.clinic import admit
from dentalogic.lib import clock
from dentalogic.lib.refusals import ProviderError, Refusal
from messaging import outbox, providers, template_shape
from messaging.models import Channel, ChatMessage, Template

log = logging.getLogger(__name__)


class NotUsable(Refusal):
    """`detail` says why, in words."""

    code = "template_not_usable"
    status = 409
    detail = gettext_lazy("WhatsApp no deja usar esa plantilla.")


class WrongValues(Refusal):
    """As many values as the template has variables, none of them empty."""

    code = "template_values"
    detail = gettext_lazy("Faltan datos para completar la plantilla.")


def approved(channel):
    """Those of a number that may be sent, by name."""
    return Template.objects.of(channel).approved().by_name()


def shape(template) -> template_shape.Shape:
    return template_shape.read(template.components)


def codes(template, buttons) -> list[str]:
    """Of each of its quick replies, from `[{"id", "title"}]`, by what is written on it."""
    return template_shape.by_title(shape(template), buttons)


def why_not(template) -> str:
    """Why it cannot be sent, in words; "" where it can."""
    said = {
        Template.Status.PENDING: _("WhatsApp la está revisando."),
        Template.Status.IN_APPEAL: _("Pediste que la revisen de nuevo: falta la respuesta."),
        Template.Status.REJECTED: _("WhatsApp la rechazó."),
        Template.Status.PAUSED: _("WhatsApp la pausó porque a la gente le molestó."),
        Template.Status.DISABLED: _("WhatsApp la desactivó."),
        Template.Status.ARCHIVED: _("Está archivada."),
        Template.Status.DELETED: _("Ya no está en WhatsApp."),
    }
    if template.status != Template.Status.APPROVED:
        return said.get(template.status) or _("WhatsApp todavía no la aprobó.")
    if template.category == Template.Category.AUTHENTICATION:
        return _("Es para mandar códigos de acceso.")
    return template_shape.why_not(shape(template))


def check(template, values) -> None:
    """Raises NotUsable, WrongValues."""
    if why := why_not(template):
        raise NotUsable(why)
    wanted = shape(template).count
    if len(values) != wanted:
        raise WrongValues(_("La plantilla lleva %(wanted)s datos y hay %(given)s.") % {
            "wanted": wanted, "given": len(values)})
    if any(not template_shape.tidy(one) for one in values):
        raise WrongValues
    if not template_shape.fits(shape(template), values):
        raise WrongValues(_("Con esos datos el mensaje pasa el largo que acepta WhatsApp."))


def preview(template, values) -> dict:
    """`{"text", "buttons": [title], "why_not"}`: what the patient would read; a missing value shows as `{{n}}`."""
    known = shape(template)
    return {
        "text": template_shape.render(known, values), "buttons": [one.text for one in known.buttons],
        "why_not": why_not(template)}


@tenancy.atomic
def send(
    *, conversation, template, values, by, author=ChatMessage.Author.TEMPLATE, key=None, payloads=(), before=None,
    between=None,
) -> ChatMessage:
    """Write a template into a conversation and send it after the commit; `values` in the order of its variables, the
    header's first, `payloads` the codes of its quick replies, `before` when it is of no use any more.

    Raises NotUsable, WrongValues, and what `outbox.say_template` does (OptedOut for marketing)."""
    row = Template.objects.get(pk=template.pk)
    if row.channel_id != conversation.channel_id:
        raise NotUsable(_("Esa plantilla es de otro número."))
    check(row, values)
    known = shape(row)
    return outbox.say_template(
        conversation=conversation, name=row.name, language=row.language,
        components=template_shape.parameters(known, values, payloads), text=template_shape.render(known, values),
        author=author, by=by, key=key, marketing=row.is_marketing, before=before, between=between)


# From the provider


def sync(*, channel) -> int:
    """Bring the number's templates as they are now; how many there are. Speaks to the provider: in no transaction.
    Where it cannot be asked the rows stay as they were, the number says so, and ProviderError is raised."""
    with tenancy.atomic():
        key = vault.get(channel.api_key_name, purpose="templates")
    try:
        found = providers.of(channel).templates(channel=channel, key=key)
    except ProviderError as fault:
        log.warning("channel %s: its templates were not brought: %s", channel.pk, fault.code)
        with tenancy.atomic():
            _asked(channel, clock.now(), fault=(fault.code or "fault")[:60])
        raise
    with tenancy.atomic():
        _keep(channel, found, clock.now())
    return len(found)


@tenancy.atomic
def refresh(*, by) -> None:
    """The button: every active number's are asked for, by jobs."""
    admit(by, "automations.manage")
    log_security_event("templates.refreshed", by=by)
    for channel in Channel.objects.filter(active=True).order_by("pk"):
        ask_again(channel)


def ask_again(channel) -> None:
    """After the commit: somebody wants them, or the provider refused one as we know it."""
    from messaging.automations import tasks  # noqa: PLC0415  (whose job ends here)

    tasks.sync_templates.later(channel_id=channel.pk)


@tenancy.atomic
def changed(*, channel, state) -> Template | None:
    """The provider told that a template's state, category or quality changed; what it says nothing of stays. One that
    we do not know, a state that is none of ours (flagged, reinstated) and a change that does not say what it changed,
    as that of its parts, make us ask for all. In the webhook's transaction."""
    rows = Template.objects.of(channel).filter(name=state.name)
    rows = rows.filter(language=state.language) if state.language else rows
    told = {"status": state.status, "category": state.category, "quality": state.quality}
    changes = {name: _lower(value) for name, value in told.items() if value}
    if changes.get("status", Template.Status.PENDING) not in Template.Status.values:
        del changes["status"]
    if "status" in changes:
        changes["reason"] = state.reason[:200]
    row = rows.first()
    if row is None or not changes:
        ask_again(channel)
    if row is None or not changes:
        return row
    rows.update(**changes)
    if changes.get("status", Template.Status.APPROVED) != Template.Status.APPROVED:
        log_security_event("template.unusable", severity="warning", channel=channel.pk, row=row.pk)
    live.say("CLINIC_UPDATED")
    return row


def _keep(channel, found, now):
    """In one statement for what came, in another for what is gone."""
    rows = [Template(
        channel=channel, name=one.name[:512], language=one.language[:20], category=_lower(one.category),
        status=_lower(one.status), components=one.components or [], quality=_lower(one.quality), synced_at=now,
        reason=one.reason[:200]) for one in {
            (one.name, one.language): one for one in found}.values()]
    Template.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["tenant", "channel", "name", "language"],
        update_fields=["category", "status", "components", "quality", "synced_at", "reason"])
    gone = Template.objects.of(channel).exclude(synced_at=now).exclude(status=Template.Status.DELETED)
    gone.update(status=Template.Status.DELETED)
    _asked(channel, now)


def _asked(channel, now, *, fault=""):
    Channel.objects.filter(pk=channel.pk).update(templates_synced_at=now, templates_fault=fault)
    live.say("CLINIC_UPDATED")


def _lower(value) -> str:
    return str(value or "").lower()[:20]
