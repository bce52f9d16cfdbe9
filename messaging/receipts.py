"""How outgoing messages fared: every report is kept, and the status of a message only climbs."""
import re

from django.db.models import F

from clinics import live, tenancy
from dentalogic.lib import clock
from messaging import resending, stops
from messaging.models import ChatMessage, Conversation, MessageStatus

RANK = {"queued": 0, "cancelled": 0, "sent": 1, "failed": 2, "delivered": 3, "read": 4}
OURS = re.compile(r"dl-([0-9a-f]{12})-([0-9]{1,18})(?:-([0-9]{1,4}))?")  # channel, message, send


def apply(*, channel, report, now) -> ChatMessage | None:
    """Keep a report, and move its message when it ranks higher. In the caller's transaction; a repeat breaks it."""
    message = find(channel=channel, report=report, locked=True)
    MessageStatus.objects.create(
        channel=channel, message=message, provider_id=report.provider_id or report.ref, status=report.status,
        event_id=report.event_id or f"{report.provider_id}:{report.status}:{report.at}", at=report.at or now,
        payload=report.raw)
    if message and (number := _former(message, report)):
        _of_former(message, report, number, now)
    elif message:
        _climb(message, report, now)
    return message


def find(*, channel, report, locked=False) -> ChatMessage | None:
    """The outgoing message that a report or echo speaks of: by our id in it, or by either of the provider's, also
    that of a send that failed before this one."""
    sent = ChatMessage.objects.outbound().filter(conversation__channel=channel)
    sent = sent.select_for_update(of=("self",)) if locked else sent
    ours = OURS.fullmatch(report.external_id)
    if ours and ours[1] == channel.tag and (found := sent.filter(pk=int(ours[2])).first()):
        return found
    if report.provider_id and (found := sent.filter(provider_id=report.provider_id).first()):
        return found
    if report.ref and (found := sent.filter(provider_ref=report.ref).first()):
        return found
    told = MessageStatus.objects.filter(
        channel=channel, provider_id__in={report.provider_id, report.ref} - {""}, message__isnull=False)
    known = told.values_list("message_id", flat=True).first()
    return sent.filter(pk=known).first() if known else None


def _former(message, report) -> int:
    """The number of the send that a report is of, when another has taken its place; else 0."""
    if ours := OURS.fullmatch(report.external_id):
        number = int(ours[3] or 1)
        return number if number < message.send_number else 0
    ids = {message.provider_id, message.provider_ref} - {""}
    return message.send_number - 1 if not ids & {report.provider_id, report.ref} else 0


def _of_former(message, report, number, now):
    """That it arrived all the same counts unless the other is being posted, or was taken."""
    free = message.status == "failed" or (message.status == "queued" and message.posting_since is None)
    if free and report.status in resending.REACHED:
        _stands(message, report, number, now)


@tenancy.atomic
def stood(*, message, report=None) -> bool:
    """Whether the send before this one is what counts, by what was told meanwhile or, in `report`, asked just now.
    Then nothing is sent again."""
    row = ChatMessage.objects.select_for_update().get(pk=message.pk)
    if row.send_number != message.send_number:
        return True
    return row.send_number > 1 and _stood(row, report)


def _stood(row, report=None):
    known = report or resending.reached(row)
    if known is None:
        return False
    _stands(row, known, row.send_number - 1, clock.now())
    return True


def _stands(message, told, number, now):
    """A former send is the message again: `told` is a report, or its row."""
    ref = getattr(told, "ref", "") or message.former_ref or told.provider_id
    _set(message, {
        "status": "sent" if told.status == "queued" else told.status, "send_number": number, "provider_ref": ref,
        "provider_id": told.provider_id, "posting_since": None, "next_try_at": None, "error_code": "",
        "error_text": "", "sent_at": message.sent_at or told.at or now})


def adopt(message) -> None:
    """Reports that came before the answer to our POST told the message's id: apply them now."""
    ids = {message.provider_id, message.provider_ref} - {""}
    orphans = MessageStatus.objects.filter(message=None, provider_id__in=ids)
    for status in list(orphans.order_by("at", "pk")):
        if RANK.get(status.status, -1) > RANK[message.status]:
            _set(message, {"status": status.status, "error_code": "failed" if status.status == "failed" else ""})
    orphans.update(message=message)


def belongs(message, accepted) -> None:
    """The answer to the POST of a send that another has taken the place of: its ids, and what was told by them."""
    ids = {accepted.provider_id, accepted.ref} - {""}
    MessageStatus.objects.filter(message=None, provider_id__in=ids).update(message=message)
    ChatMessage.objects.filter(pk=message.pk, former_ref="").update(former_ref=accepted.ref)


def _climb(message, report, now):
    changes = _known_by(message, report)
    if RANK.get(report.status, -1) > RANK[message.status]:
        changes |= {"status": report.status, "error_code": "", "error_text": ""}
        if report.status == "failed":
            changes |= {"error_code": report.error_code or "failed", "error_text": report.error_text}
        elif message.sent_at is None:
            changes["sent_at"] = report.at or now
    elif message.in_doubt:
        changes |= {"error_code": "", "error_text": ""}
    failed = changes.get("status") == "failed"
    if failed and message.send_number > 1 and _stood(message):
        return
    if failed:
        changes |= resending.another(message, changes, now=now)
    if changes:
        _set(message, changes)
    if changes.get("status") == "failed":
        stops.heed(message=message, code=changes["error_code"], now=now)


def _known_by(message, report) -> dict:
    changes = {}
    if not message.provider_ref:
        changes = {"provider_ref": report.ref or report.provider_id, "posting_since": None}
    if report.provider_id and not message.provider_id:
        changes["provider_id"] = report.provider_id
    if report.pricing:
        changes["pricing"] = report.pricing
    return changes


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
