"""A message that was taken and failed afterwards, with a code that may be tried again, goes once more: as another send
with ids of its own. What is told of the one never moves the other.

That the first arrived after all, told before the second is begun, takes the second back. Told later it is kept, and
counts only if the second does not go: WhatsApp recalls nothing.
"""
import random
from datetime import timedelta

from messaging import pace, providers, stops
from messaging.models import ChatMessage, MessageStatus
from messaging.models.message import TEMPLATE
from messaging.providers.base import AGAIN

MOST = 2  # sends of a message that nobody asks for
WAIT = 60  # seconds at least: a "delivered" that comes after "failed" has the time to come
WITHIN = timedelta(hours=1)  # of the first: later it is answered as if it were then
REACHED = ("delivered", "read")


def another(message, failure, *, now) -> dict:
    """The changes that make a failed message wait for another send; {} when it may not go again. `failure` are those
    that would fail it. `message` is locked, in a transaction."""
    conversation, code = message.conversation, failure["error_code"]
    channel, wait = conversation.channel, WAIT * random.uniform(1, 1.5)  # noqa: S311  (spreads load, guards nothing)
    if not _may(message, channel, code, now) or not _is_wanted(message, conversation, now + timedelta(seconds=wait)):
        return {}
    if stops.too_fast(channel=channel, code=code):
        pace.rest(channel, 1)
    from messaging import tasks  # noqa: PLC0415  (which run what is above this)

    tasks.send.later(conversation_id=conversation.pk, countdown=wait)
    ref = message.provider_ref or failure["provider_ref"]
    return anew(message) | {"next_try_at": now + timedelta(seconds=wait), "former_ref": ref}


def anew(message) -> dict:
    """The changes that make it another send, whoever asks for one."""
    return {
        "status": ChatMessage.Status.QUEUED, "attempts": 1, "posting_since": None,
        "send_number": message.send_number + 1, "former_ref": message.provider_ref, "provider_ref": "",
        "provider_id": ""}


def reached(message) -> MessageStatus | None:
    """The report that says that a send of it, whichever, is on their phone."""
    return MessageStatus.objects.filter(message=message, status__in=REACHED).order_by("-at", "-pk").first()


def _may(message, channel, code, now):
    began = message.sent_at or message.posting_since or message.created_at
    return (
        message.send_number < MOST and now - began < WITHIN and channel.active
        and message.kind != "revoked" and providers.of(channel).meaning(code) in AGAIN)


def _is_wanted(message, conversation, then):
    """By what its POST asks again, and an answer only while nothing was said since."""
    if message.kind != TEMPLATE and not conversation.window_open(then):
        return False
    if message.send_before and then > message.send_before:
        return False
    if message.template.get("marketing") and conversation.wants_no_promotions:
        return False
    if message.author != ChatMessage.Author.RECEPTIONIST:
        return True
    return not ChatMessage.objects.of(conversation).inbound().filter(pk__gt=message.pk).exists()
