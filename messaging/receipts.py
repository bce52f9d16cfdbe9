"""How outgoing messages fared: every report is kept, and the status of a message only climbs."""
import re

from django.db.models import F

from clinics import live
from messaging import stops
from messaging.models import ChatMessage, Conversation, MessageStatus

RANK = {"queued": 0, "cancelled": 0, "sent": 1, "failed": 2, "delivered": 3, "read": 4}
NEWS = {"failed", "delivered", "read"}


def apply(*, channel, report, now) -> ChatMessage | None:
    """Keep a report, and move its message when it ranks higher. In the caller's transaction; a repeat breaks it."""
    message = find(channel=channel, report=report, locked=True)
    MessageStatus.objects.create(
        channel=channel, message=message, provider_id=report.provider_id or report.ref, status=report.status,
        event_id=report.event_id or f"{report.provider_id}:{report.status}:{report.at}", at=report.at or now,
        payload=report.raw)
    if message:
        _climb(message, report, now)
    return message


def find(*, channel, report, locked=False) -> ChatMessage | None:
    """The outgoing message that a report or echo speaks of: by our id in it, or by either of the provider's."""
    sent = ChatMessage.objects.outbound().filter(conversation__channel=channel)
    sent = sent.select_for_update(of=("self",)) if locked else sent
    ours = re.fullmatch(r"dl-([0-9]{1,18})", report.external_id)
    if ours and (found := sent.filter(pk=int(ours[1])).first()):
        return found
    if report.provider_id and (found := sent.filter(provider_id=report.provider_id).first()):
        return found
    return sent.filter(provider_ref=report.ref).first() if report.ref else None


def adopt(message) -> None:
    """Reports that came before the answer to our POST told the message's id: apply them now."""
    ids = {message.provider_id, message.provider_ref} - {""}
    orphans = MessageStatus.objects.filter(message=None, provider_id__in=ids)
    for status in list(orphans.order_by("at", "pk")):
        if RANK.get(status.status, -1) > RANK[message.status]:
            _set(message, {"status": status.status, "error_code": "failed" if status.status == "failed" else ""})
    orphans.update(message=message)


def _climb(message, report, now):
    changes = {}
    if not message.provider_ref:
        changes = {"provider_ref": report.ref or report.provider_id, "posting_since": None}
    if report.provider_id and not message.provider_id:
        changes["provider_id"] = report.provider_id
    if RANK.get(report.status, -1) > RANK[message.status]:
        changes |= {"status": report.status, "error_code": "", "error_text": ""}
        if report.status == "failed":
            changes |= {"error_code": report.error_code or "failed", "error_text": report.error_text}
        elif message.sent_at is None:
            changes["sent_at"] = report.at or now
    elif message.in_doubt:
        changes |= {"error_code": "", "error_text": ""}
    if report.pricing:
        changes["pricing"] = report.pricing
    if changes:
        _set(message, changes)
    if changes.get("status") == "failed":
        stops.heed(message=message, code=changes["error_code"], now=now)


def _set(message, changes):
    ChatMessage.objects.filter(pk=message.pk).update(**changes)
    for name, value in changes.items():
        setattr(message, name, value)
    if message.status == "failed" and "status" in changes:
        waiting = Conversation.objects.filter(pk=message.conversation_id, waiting_since=None)
        waiting.update(waiting_since=F("last_message_at"))
        _unsaid(message)
    live.say("MESSAGE_SENT", conversation=message.conversation_id, message=message.pk)


def _unsaid(message):
    from messaging import waiting  # noqa: PLC0415  (which says it through the outbox, above this)

    waiting.unsaid(message)
