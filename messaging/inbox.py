"""What comes in: every event of a provider kept once, and what it means for its conversation."""
import hashlib
import json
import logging
import re
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError

from clinics import audit, by_hand, live, tenancy
from dentalogic.lib import clock
from dentalogic.lib.sql import constraint_of
from messaging import changes, handoff, marketing, media, people, receipts, seen, taps, tasks
from messaging.models import ChatMessage, Conversation, InboundMessage
from messaging.models.message import ANSWERED_KINDS, LATE
from messaging.preview import preview
from messaging.providers.base import Echo, Message, Report, Unknown

log = logging.getLogger(__name__)
ONCE = {"inbound_messages_provider_id_key", "message_statuses_event_id_key"}
ALERT_SECONDS = 3600
PROMPT = timedelta(seconds=5)  # what comes later may have been overtaken by what changes it


def receive(*, channel, event) -> ChatMessage | None:
    """Keep an event once and do what it means; the message it made, or None. A repeated event changes nothing."""
    delivery = _identity(event)
    if seen.before(channel, delivery):
        return None
    try:
        message = _stored(channel, event)
    except IntegrityError as fault:
        if constraint_of(fault) not in ONCE:
            raise
        message = None
    seen.remember(channel, delivery)
    return message


def _stored(channel, event):
    try:
        with tenancy.atomic():
            return _keep(channel, event, clock.now())
    except IntegrityError as fault:
        if constraint_of(fault) in ONCE:
            raise
        with tenancy.atomic():  # two messages told two halves of one identity at once: the second sees the first
            return _keep(channel, event, clock.now())


@tenancy.atomic
def set_aside(*, channel, event, error) -> None:
    """Keep an event that could not be acted upon, for somebody to look at; one that came before is kept already."""
    try:
        with tenancy.atomic():
            _record(channel, event, clock.now(), error=error[:200])
    except IntegrityError as fault:
        if constraint_of(fault) not in ONCE:
            raise


@tenancy.atomic
def mark_read(*, conversation) -> None:
    """Somebody of the clinic has the thread in front of them."""
    people.recognise(conversation)
    if Conversation.objects.filter(pk=conversation.pk, unread__gt=0).update(unread=0):
        live.say("CHAT_UPDATED", conversation=conversation.pk)


def _keep(channel, event, now):
    if isinstance(event, Report):
        return receipts.apply(channel=channel, report=event, now=now)
    if isinstance(event, Unknown):
        _record(channel, event, now, error="unreadable" if event.alarming else "")
        if event.alarming:
            _alert(channel, event)
        return None
    if not isinstance(event, Message):
        touched, why_not = changes.apply(channel=channel, event=event, now=now)
        _record(channel, event, now, message=touched, error=why_not)
        return None
    keep = _echo if isinstance(event, Echo) else _message
    return keep(channel, event, now)


def _message(channel, event: Message, now):
    conversation = people.conversation_of(channel=channel, event=event)
    message = by_hand.add(ChatMessage(
        conversation=conversation, direction=ChatMessage.Direction.IN, author=ChatMessage.Author.PATIENT,
        came_by_id=conversation.came_by_id, status=ChatMessage.Status.RECEIVED, created_at=now,
        sent_at=min(event.sent_at or now, now), **_said(event)))
    media.expect(message)
    if message.kind == "button":
        taps.tapped(message)
    if now - message.sent_at > PROMPT:
        changes.overtook(channel, message, now)
    by_hand.add_and_write(
        _row(channel, event, now, message=message), conversation, **_moved(channel, conversation, event, message, now))
    marketing.heed(conversation=conversation, message=message, now=now)
    if message.kind == "unsupported" and message.media.get("type") not in ("unsupported", None):
        _alert(channel, event)  # a known type without its object: a field was renamed
    live.say("NEW_MESSAGE", conversation=conversation.pk, message=message.pk)
    return message


def _echo(channel, event: Echo, now):
    """What staff wrote on the phone itself is staff's, and pauses the receptionist; our own send changes nothing."""
    conversation = people.conversation_of(channel=channel, event=event)
    if own := receipts.find(channel=channel, report=event) or _under_way(conversation, event):
        _record(channel, event, now, message=own)
        return None
    message = ChatMessage.objects.create(
        conversation=conversation, direction=ChatMessage.Direction.OUT, author=ChatMessage.Author.STAFF,
        status=ChatMessage.Status.SENT, created_at=now, sent_at=event.sent_at or now, **_said(event))
    media.expect(message)
    _record(channel, event, now, message=message)
    Conversation.objects.filter(pk=conversation.pk).update(last_message_at=now, last_message_text=preview(message))
    handoff.to_the_phone(conversation=conversation, now=now)
    live.say("NEW_MESSAGE", conversation=conversation.pk, message=message.pk)
    return message


def _under_way(conversation, event):
    """A send of ours whose answer has not come back yet, so that its provider id is not known."""
    return ChatMessage.objects.of(conversation).unsent().filter(
        text=event.text, posting_since__isnull=False).order_by("pk").first()


def _said(event):
    return {"kind": event.kind, "text": event.text, "media": event.media, "provider_id": event.provider_id,
            "provider_ref": event.ref, "reply_to": event.reply_to, "referral": event.referral}


# What it moves


def _moved(channel, conversation, event, message, now) -> dict:
    """Of the conversation: the list, the window and the quiet hour."""
    news = {
        "last_message_at": now, "last_message_text": preview(message), "unread": conversation.unread + 1,
        "last_inbound_at": max(message.sent_at, conversation.last_inbound_at or message.sent_at),
    } | people.identity(conversation, event)
    if _wants_an_answer(conversation, message):
        if conversation.with_staff or now - message.sent_at > timedelta(hours=24):
            news["waiting_since"] = conversation.waiting_since or now
        else:
            news |= _burst(conversation, channel.tenant, now)
    return news


def _wants_an_answer(conversation, message):
    """Not a reaction or the like, nor a word that code answers, nor what newer messages have overtaken by hours."""
    if marketing.settles(conversation, message.text):
        return False
    overtaken = conversation.last_inbound_at and message.sent_at < conversation.last_inbound_at
    return message.kind in ANSWERED_KINDS and not (overtaken and message.created_at - message.sent_at > LATE)


def _burst(conversation, tenant, now):
    """Quiet a while after the last message, but not for ever: the turn is due then. One job for each burst."""
    goes_on = conversation.quiet_at and not (
        conversation.claimed_at and conversation.burst_started_at <= conversation.claimed_at)
    started = conversation.burst_started_at if goes_on else now
    quiet = timedelta(seconds=settings.QUIET_SECONDS or tenant.quiet_seconds)
    longest = timedelta(seconds=max(settings.QUIET_SECONDS, tenant.quiet_max_seconds))
    if not goes_on:
        tasks.take_turn.later(conversation_id=conversation.pk, countdown=quiet.total_seconds())
    return {"quiet_at": min(now + quiet, started + longest), "burst_started_at": started}


# What is kept


def _record(channel, event, now, *, message=None, error=""):
    return by_hand.add(_row(channel, event, now, message=message, error=error))


def _row(channel, event, now, *, message=None, error=""):
    return InboundMessage(
        channel=channel, provider_id=_identity(event), event_id=event.event_id, kind=event.kind,
        payload=changes.kept(event), received_at=now, message=message, error=error)


def _identity(event):
    """What makes a delivery the same one: the message's id, else the event's, else the body itself."""
    if isinstance(event, Message) and event.provider_id:
        return event.provider_id
    if getattr(event, "target", ""):
        return changes.name_of(event)
    return event.event_id or hashlib.sha256(json.dumps(event.raw, sort_keys=True).encode()).hexdigest()


def _alert(channel, event):
    """One alert an hour for each shape that nobody can read. No word of the body leaves in it."""
    shape = event.kind if re.fullmatch(r"[a-z0-9_.]{1,80}", event.kind) else "?"
    if _first_in_a_while(tenancy.key("alert", channel.pk, shape)):
        log.error("channel %s: a webhook of kind %s came in a shape that cannot be read", channel.pk, shape)
        audit.log_security_event("webhook_unreadable", severity="warning", channel=channel.pk, kind=shape)


def _first_in_a_while(name):
    try:
        return cache.add(name, 1, ALERT_SECONDS)
    except Exception:  # noqa: BLE001  (whatever its client raises: rather twice than not at all)
        return True
