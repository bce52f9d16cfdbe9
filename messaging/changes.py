"""What a provider tells of messages and people that are there already: a rule for each kind of event.

A change may overtake its message (a webhook that failed comes again later): it is kept, and the message, when it comes
late itself, finds it under its own name.
"""
from datetime import datetime

from django.conf import settings
from django.db.models.functions import Length
from django.utils.translation import gettext as _
from django.utils.translation import override

from clinics import live
from clinics.access import SYSTEM
from dentalogic.lib import phones
from messaging import health, marketing, media, people, words
from messaging.models import ChatMessage, Conversation, InboundMessage
from messaging.preview import preview
from messaging.providers.base import (
    ChannelHealth,
    Edited,
    NumberChanged,
    Preference,
    Reaction,
    Revoked,
    TemplateChanged,
)

NO_MESSAGE, NOBODY, OLD = "no_message", "nobody", "old"
SEPARATOR = ">"


def apply(*, channel, event, now) -> tuple[ChatMessage | None, str]:
    """Do what an event means: the message that it touched, and why nothing was done, if nothing was. In the caller's
    transaction."""
    rule = _RULES.get(type(event))
    return rule(channel, event, now) if rule else (None, "")


def name_of(event) -> str:
    """How a change of a message is kept, so that the message finds it: begins with the message's own id."""
    return f"{event.target}{SEPARATOR}{event.kind}{SEPARATOR}{event.provider_id or event.event_id}"[:200]


def overtook(channel, message, now) -> None:
    """Changes that came before the message itself."""
    start = f"{message.provider_id}{SEPARATOR}"
    waiting = InboundMessage.objects.filter(
        channel=channel, error=NO_MESSAGE, provider_id__gte=start, provider_id__lt=start + "\U0010ffff")
    for row in list(waiting.order_by("pk")):
        change = row.payload.get("dentalogic", {})  # empty once it was forgotten
        if rule := _CHANGES.get(change.get("rule")):
            rule(message, change, now)
        InboundMessage.objects.filter(pk=row.pk).update(error="", message=message)


def kept(event) -> dict:
    """What is stored of it: as it came, and for a change of a message what it says, read once."""
    rule = _NAMES.get(type(event))
    if rule is None:
        return event.raw
    said = {"rule": rule, "by": "staff" if event.by_staff else "patient"}
    said |= {"emoji": event.emoji} if rule == "reaction" else {"text": event.text} if rule == "edited" else {}
    said["at"] = event.sent_at.isoformat() if event.sent_at else ""
    return event.raw | {"dentalogic": said}


# Of messages


def _of_a_message(channel, event, now):
    message = _message(channel, event)
    if message is None:
        return None, NO_MESSAGE
    _CHANGES[_NAMES[type(event)]](message, kept(event)["dentalogic"], now)
    return message, ""


def _message(channel, event):
    """Locked. A patient edits and deletes what they wrote, the clinic what it did; anybody reacts to anything."""
    found = ChatMessage.objects.filter(conversation__channel=channel)
    pk = found.outbound().filter(provider_id=event.target).values_list("pk", flat=True).first()
    if pk is None:
        pk = InboundMessage.objects.filter(
            channel=channel, provider_id=event.target).values_list("message_id", flat=True).first()
    message = pk and ChatMessage.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if not message or isinstance(event, Reaction):
        return message or None
    return message if message.is_inbound != event.by_staff else None


def _reacted(message, said, now):
    """One of each side; the latest of theirs counts, and none takes it back."""
    before = message.reactions.get(said["by"], {})
    if said["at"] and before.get("at", "") > said["at"]:
        return
    message.reactions = message.reactions | {said["by"]: {"emoji": said["emoji"], "at": said["at"]}}
    _save(message, reactions=message.reactions)


def _edited(message, said, now):
    """The text is what it says now; what it said is kept. Answered already, it is for a person to see."""
    if message.kind == "revoked" or not said["text"] or message.edited_at and said["at"] and (
            message.edited_at > datetime.fromisoformat(said["at"])):
        return
    words.forget(conversation_id=message.conversation_id)
    former = message.former_text or message.text
    _save(message, text=said["text"], former_text=former, edited_at=min(
        datetime.fromisoformat(said["at"]) if said["at"] else now, now))
    _in_the_list(message)
    if message.is_inbound:
        answered = Conversation.objects.filter(pk=message.conversation_id, answered_upto__gte=message.pk)
        answered.filter(unread=0).update(unread=1)


def _revoked(message, said, now):
    """Whoever deleted it does not want it read: its words go, and nobody answers them."""
    words.forget(conversation_id=message.conversation_id)
    if message.media:
        media.revoke(message)
    _save(message, kind="revoked", text="", former_text="", media={}, buttons=[])
    _in_the_list(message)


def _save(message, **changes):
    ChatMessage.objects.filter(pk=message.pk).update(**changes)
    for name, value in changes.items():
        setattr(message, name, value)
    live.say("MESSAGE_SENT", conversation=message.conversation_id, message=message.pk)


def _in_the_list(message):
    last = ChatMessage.objects.filter(conversation=message.conversation_id).order_by("-pk").first()
    if last.pk == message.pk:
        Conversation.objects.filter(pk=message.conversation_id).update(last_message_text=preview(message))
        live.say("CHAT_UPDATED", conversation=message.conversation_id)


# Of people


def _renumbered(channel, event, now):
    """The conversation follows the person to the new number, with a line that says so."""
    row = _conversation(channel, event)
    if row is None:
        return None, NOBODY
    before = row.phone
    other = _elsewhere(channel, event, row)
    row = _joined(row, other, moved=bool(event.new_phone)) if other else people.renumber(
        conversation=row, phone=event.new_phone, user_id=event.new_user_id)
    if not event.new_phone or phones.e164(event.new_phone) == before:
        return None, ""
    with override(settings.LANGUAGE_CODE):
        text = _("Cambió de número: antes %(before)s, ahora %(now)s.") % {
            "before": phones.show(before) or _("sin teléfono"), "now": phones.show(event.new_phone)}
    message = ChatMessage.objects.create(
        conversation=row, direction=ChatMessage.Direction.IN, author=ChatMessage.Author.SYSTEM, kind="system",
        status=ChatMessage.Status.RECEIVED, text=text, provider_id=event.provider_id, provider_ref=event.ref,
        created_at=now, sent_at=min(event.sent_at or now, now))
    live.say("NEW_MESSAGE", conversation=row.pk, message=message.pk)
    return message, ""


def _conversation(channel, event):
    """The person's, locked; nobody new is made of a change."""
    known = Conversation.objects.known_as(
        channel_id=channel.pk, phone=people.number_of(event), wa_user_id=event.user_id)
    pk = known.order_by(Length("phone").desc(), "pk").values_list("pk", flat=True).first()
    return Conversation.objects.locked(pk) if pk else None


def _elsewhere(channel, event, row):
    """The conversation that the new number has already, should they have written from it."""
    known = Conversation.objects.known_as(
        channel_id=channel.pk, phone=phones.e164(event.new_phone) or event.new_phone, wa_user_id=event.new_user_id)
    pk = known.exclude(pk=row.pk).values_list("pk", flat=True).first()
    other = Conversation.objects.locked(pk) if pk else None
    return other if other and other.pk != row.pk else None


def _joined(row, other, *, moved):
    from messaging import merging  # noqa: PLC0415  (which shows messages through the inbox)

    merging.merge(keep=other, gone=row, by=SYSTEM)
    # the old number may be somebody else's by now: nothing goes there, though they wrote from it last, and whoever
    # writes from it is not them
    Conversation.objects.filter(pk=other.pk).update(address=other.address)
    if moved:
        Conversation.objects.filter(pk=row.pk).update(phone="")
    return other


def _prefers(channel, event, now):
    row = _conversation(channel, event)
    if row is None:
        return None, NOBODY
    if event.stop:
        marketing.opt_out(conversation=row, now=event.sent_at or now)
    elif row.marketing_opt_out_at and event.sent_at and event.sent_at < row.marketing_opt_out_at:
        return None, OLD
    else:
        marketing.opt_in(conversation=row)
    return None, ""


# Of the number and its templates


def _template(channel, event, now):
    from messaging import templates  # noqa: PLC0415  (which sends by the outbox)

    templates.changed(channel=channel, state=event.state)
    return None, ""


def _health(channel, event, now):
    health.told(channel=channel, event=event, now=now)
    return None, ""


_RULES = {
    Reaction: _of_a_message, Edited: _of_a_message, Revoked: _of_a_message, NumberChanged: _renumbered,
    Preference: _prefers, TemplateChanged: _template, ChannelHealth: _health,
}
_NAMES = {Reaction: "reaction", Edited: "edited", Revoked: "revoked"}
_CHANGES = {"reaction": _reacted, "edited": _edited, "revoked": _revoked}
