"""What goes out: a row first, one POST for each, in order within a conversation.

A row is claimed by a conditional UPDATE before its POST. If nobody knows how the POST ended (a timeout, a worker that
died), nothing is sent again: a report of the provider settles it, or after a while it is shown as in doubt.
"""
import logging
import random
import time
from datetime import timedelta

from django.db import InterfaceError, OperationalError
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics import audit, live, tenancy, vault
from dentalogic.lib import clock
from dentalogic.lib.refusals import ProviderError, Refusal
from messaging import providers, receipts, tasks
from messaging.models import ChatMessage, Conversation
from messaging.models.message import IN_DOUBT

log = logging.getLogger(__name__)
GRACE = timedelta(seconds=2)  # for the job that is on its way
ATTEMPTS = 6
FIRST_WAIT = 3  # seconds, doubled at each attempt
LONGEST_WAIT = 300
TEXT_LIMIT = 4096
CHANNEL_IS_OUT = {
    "190", "401", "UNAUTHORIZED", "368", "131031", "131042", "ACCOUNT_LIMITED", "ACCOUNT_UNAVAILABLE",
    "BALANCE_INSUFFICIENT", "no_key", "sandbox",
}


class WindowClosed(Refusal):
    code = "window_closed"
    status = 409
    detail = gettext_lazy("Pasaron más de 24 h desde su último mensaje. WhatsApp solo deja enviar plantillas.")


class NotTaken(Refusal):
    code = "not_taken"
    status = 409
    detail = gettext_lazy("Tomá la conversación para escribirle.")


class NothingToSay(Refusal):
    code = "empty"
    detail = gettext_lazy("Escribí un mensaje de hasta 4096 caracteres.")


@tenancy.atomic
def say(*, conversation, text, author, by=None, key=None, turn=None, buttons=None) -> ChatMessage:
    """Write a message and send it after the commit. The same key in a conversation is the same message.

    Raises WindowClosed more than 24 hours after the patient's last message, NothingToSay for a text that cannot go.
    """
    text = text.strip()
    if not text or len(text) > TEXT_LIMIT:
        raise NothingToSay
    conversation = Conversation.objects.select_for_update().get(pk=conversation.pk)
    if key and (said := ChatMessage.objects.of(conversation).filter(key=key).first()):
        return said
    now = clock.now()
    if not conversation.window_open(now):
        raise WindowClosed
    message = ChatMessage.objects.create(
        conversation=conversation, direction=ChatMessage.Direction.OUT, author=author, text=text,
        author_user_id=by.user_id if by else None, buttons=buttons or [], key=key, turn=turn, created_at=now,
        status=ChatMessage.Status.QUEUED, next_try_at=now)
    _mirror(conversation, message, now)
    tasks.send.later(conversation_id=conversation.pk)
    return message


@tenancy.atomic
def write(*, conversation, text, by, key=None) -> ChatMessage:
    """A person of the clinic writes; only in a conversation that the receptionist does not attend."""
    conversation = Conversation.objects.select_for_update().get(pk=conversation.pk)
    if not conversation.with_staff:
        raise NotTaken
    return say(conversation=conversation, text=text, author=ChatMessage.Author.STAFF, by=by, key=key)


@tenancy.atomic
def again(*, message, by) -> ChatMessage:
    """A person sends anew what failed or is in doubt; what went out stays as it is."""
    message = ChatMessage.objects.select_for_update().select_related("conversation").get(pk=message.pk)
    if message.status != ChatMessage.Status.FAILED and not message.in_doubt:
        return message
    now = clock.now()
    if not message.conversation.window_open(now):
        raise WindowClosed
    _change(
        message, status=ChatMessage.Status.QUEUED, error_code="", error_text="", attempts=0, next_try_at=now,
        posting_since=None, provider_id="", provider_ref="")
    audit.log_security_event("message_sent_again", by=by, message=message.pk)
    tasks.send.later(conversation_id=message.conversation_id)
    return message


def send(*, conversation_id) -> None:
    """Send what is due of a conversation, one after the other, each on its own. Run by a task, in no transaction."""
    while message := _claimed(conversation_id):
        try:
            accepted = _post(message)
        except ProviderError as fault:
            _surely(_failed, message, fault)
        else:
            _surely(_accepted, message, accepted)


@tenancy.atomic
def _claimed(conversation_id):
    """The conversation's next message, ours alone to send; None when there is none or another has it."""
    now = clock.now()
    message = ChatMessage.objects.filter(conversation_id=conversation_id).due(now=now).order_by("pk").first()
    if message is None:
        return None
    free = ChatMessage.objects.unsent().filter(pk=message.pk, posting_since=None)
    if not free.update(posting_since=now, attempts=F("attempts") + 1):
        return None
    message.attempts += 1
    conversation = Conversation.objects.select_related("channel").get(pk=conversation_id)
    message.conversation, message.api_key = conversation, vault.get(
        conversation.channel.api_key_name, purpose="send")
    return message


def _post(message):
    conversation = message.conversation
    if not conversation.window_open(clock.now()):
        raise ProviderError(str(WindowClosed.detail), permanent=True, code=WindowClosed.code)
    if not conversation.channel.active:
        raise ProviderError(_("El número está apagado en Ajustes."), permanent=True, code="channel_off")
    provider, said = providers.of(conversation.channel), {
        "channel": conversation.channel, "key": message.api_key, "to": conversation.address, "text": message.text,
        "external_id": message.external_id}
    if message.buttons:
        return provider.send_buttons(**said, buttons=message.buttons)
    return provider.send_text(**said)


@tenancy.atomic
def _accepted(message, accepted):
    row = ChatMessage.objects.select_for_update().get(pk=message.pk)
    changes = {"posting_since": None, "provider_ref": accepted.ref, "provider_id": accepted.provider_id}
    if row.status == ChatMessage.Status.QUEUED:  # a report may have been faster
        changes |= {"status": ChatMessage.Status.SENT, "sent_at": clock.now(), "error_code": "", "error_text": ""}
        # what could not be sent before asked for a person; now the patient has an answer
        Conversation.objects.filter(
            pk=row.conversation_id, attended_by=Conversation.Attends.RECEPTIONIST, waiting_since__isnull=False,
        ).update(waiting_since=None)
    _change(row, **changes)
    receipts.adopt(row)


@tenancy.atomic
def _failed(message, fault):
    row = ChatMessage.objects.select_for_update().get(pk=message.pk)
    if row.status != ChatMessage.Status.QUEUED or row.provider_ref:
        return  # a report told meanwhile that it went out
    if fault.unknown:
        _change(row, error_text=_("Esperamos que el proveedor diga si salió."))  # still ours: nobody sends it again
    elif fault.permanent or row.attempts >= ATTEMPTS:
        _give_up(row, fault)
    else:
        wait = timedelta(seconds=_wait(row.attempts, fault.retry_after))
        _change(row, posting_since=None, error_code=fault.code, next_try_at=clock.now() + wait)
        tasks.send.later(conversation_id=row.conversation_id, countdown=wait.total_seconds())


def _give_up(row, fault):
    _change(row, posting_since=None, status=ChatMessage.Status.FAILED, error_code=fault.code,
            error_text=str(fault)[:300])
    from messaging import waiting  # noqa: PLC0415  (which says it through this module)

    waiting.unsaid(row)
    _wait_for_staff(row)
    log.warning("message %s was not sent: %s", row.pk, fault.code)
    if fault.code in CHANNEL_IS_OUT:
        audit.log_security_event("channel_out", severity="warning", code=fault.code, message=row.pk)


@tenancy.atomic
def settle_doubts() -> None:
    """What was being sent so long ago that nobody will tell: shown to staff, and the next messages may go."""
    for row in ChatMessage.objects.stuck(now=clock.now()).select_for_update(of=("self",), skip_locked=True):
        _change(row, posting_since=None, error_code=IN_DOUBT, error_text=_("No sabemos si salió."))
        _wait_for_staff(row)


@tenancy.atomic
def overdue() -> list[int]:
    """The conversations that have something due: their task was lost, or its time came."""
    due = ChatMessage.objects.due(now=clock.now() - GRACE).values_list("conversation_id", flat=True)
    return sorted(set(due[:500]))


def _wait_for_staff(row):
    waiting = Conversation.objects.filter(pk=row.conversation_id, waiting_since=None)
    waiting.update(waiting_since=clock.now())


def _mirror(conversation, message, now):
    by_staff = {"waiting_since": None, "staffed_at": now} if message.author == ChatMessage.Author.STAFF else {}
    Conversation.objects.filter(pk=conversation.pk).update(
        last_message_at=now, last_message_text=message.text[:200], **by_staff)
    live.say("NEW_MESSAGE", conversation=conversation.pk, message=message.pk)


def _change(row, **changes):
    ChatMessage.objects.filter(pk=row.pk).update(**changes)
    for name, value in changes.items():
        setattr(row, name, value)
    live.say("MESSAGE_SENT", conversation=row.conversation_id, message=row.pk)


def _wait(attempts, retry_after):
    """Seconds to the next attempt: doubled each time, never less than asked for, and never all at once."""
    wait = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
    return max(retry_after or 0, wait) * random.uniform(1, 1.5)  # noqa: S311  (spreads load, guards nothing)


def _surely(settle, message, end):
    """Write how a POST ended, through a restart of the database: the row is worth more than the worker's time."""
    for pause in (0.2, 0.5, 1, 2, 4, 8, None):
        try:
            return settle(message, end)
        except (OperationalError, InterfaceError):
            if pause is None:
                raise
            time.sleep(pause)
    return None
