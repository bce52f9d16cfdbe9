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

from clinics import audit, by_hand, live, tenancy, vault
from clinics.idempotency import KeyReused
from dentalogic.lib import clock
from dentalogic.lib.refusals import ProviderError, Refusal
from messaging import doubts, hours, pace, providers, receipts, resending, stops, tasks, uploading
from messaging.models import ChatMessage, Conversation
from messaging.models.message import TEMPLATE

log = logging.getLogger(__name__)
GRACE = timedelta(seconds=2)  # for the job that is on its way
ATTEMPTS = 6
FIRST_WAIT = 3  # seconds, doubled at each attempt
RECIPIENT_WAIT = 10  # the first one, for whoever got too many at once
LONGEST_WAIT = 300
TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
NOT_ASKED = {"window_closed", "too_late", "opted_out", "channel_off", "file_gone"}  # the provider was not spoken to
BUTTONS_LIMIT = 1024  # of a text with buttons: a longer one goes without them


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


class InThePast(Refusal):
    code = "in_the_past"
    detail = gettext_lazy("Esa hora ya pasó.")


class AlreadyWent(Refusal):
    code = "already_went"
    status = 409
    detail = gettext_lazy("Ese mensaje ya salió.")


class OptedOut(Refusal):
    code = "opted_out"
    status = 409
    detail = gettext_lazy("Pidió no recibir promociones.")


@tenancy.atomic
def say(
    *, conversation, text, author, by=None, key=None, turn=None, buttons=None, marketing=False, at=None, before=None,
    between=None,
) -> ChatMessage:
    """Write a message and send it after the commit, or `at` an hour; not after `before`, when it is of no use any
    more, nor `marketing` to who wants none; where it has to wait, only `between` two hours of the wall clock. The same
    key in a conversation is the same message.

    Raises WindowClosed when it would go more than 24 hours after the patient's last message, InThePast, and
    NothingToSay for a text that cannot go.
    """
    text = _fit(text, TEXT_LIMIT)
    return _queued(
        conversation, _in_the_window, text=text, author=author, by=by, key=key, turn=turn,
        buttons=buttons or [] if len(text) <= BUTTONS_LIMIT else [],
        template=({"marketing": True} if marketing else {}) | hours.kept(between), at=at, send_before=before)


@tenancy.atomic
def say_template(
    *, conversation, name, language, components, text, author, by=None, key=None, marketing=False, at=None,
    before=None, between=None,
) -> ChatMessage:
    """An approved template, whether or not the window is open; `text` is what the patient reads, for our thread.

    `components` are `{"header": [], "body": [text…], "buttons": [{"index", "payload"}]}`. Raises OptedOut when it is
    marketing and they want none.
    """
    template = {"name": name, "language": language, "components": components, "marketing": marketing}
    template |= hours.kept(between)
    return _queued(
        conversation, _wanted if marketing else _anyhow, text=_fit(text, TEXT_LIMIT), author=author, by=by, key=key,
        kind=TEMPLATE, template=template, at=at, send_before=before)


@tenancy.atomic
def say_media(*, conversation, media, text="", author, by=None, key=None, at=None) -> ChatMessage:
    """A file (a row of `media_files` that nobody has sent yet), with a caption or without. The refusals of `say`."""
    if len(text := text.strip()) > CAPTION_LIMIT:
        raise NothingToSay
    message = _queued(
        conversation, _in_the_window, text=text, author=author, by=by, key=key, at=at,
        kind=media.kind, media={"file": media.pk, "filename": media.filename, "mime_type": media.mime})
    type(media).objects.filter(pk=media.pk, message=None).update(message=message)
    return message


def _queued(conversation, allowed, *, by, key, at=None, **said):
    conversation = Conversation.objects.locked(conversation.pk)
    if known := said_before(conversation, key, by=by, at=at, text=said["text"], kind=said.get("kind", "text")):
        return known
    now = clock.now()
    if at and at <= now:
        raise InThePast
    allowed(conversation, at or now)
    message = by_hand.add(ChatMessage(
        conversation=conversation, direction=ChatMessage.Direction.OUT, key=key, created_at=now, scheduled_at=at,
        next_try_at=at or now, author_user_id=by.user_id if by else None, status=ChatMessage.Status.QUEUED, **said))
    if at:
        live.say("MESSAGE_SENT", conversation=conversation.pk, message=message.pk)
    else:
        _mirror(conversation, message, now)
        tasks.send.later(conversation_id=conversation.pk)
    return message


def said_before(conversation, key, *, by, **same) -> ChatMessage | None:
    """The message that this key made already. A person's key for another message is refused: it would answer with what
    nobody asked for. Raises KeyReused."""
    known = key and ChatMessage.objects.of(conversation).filter(key=key).first()
    if known and by and by.user_id and known.kind != "revoked":
        was = {"text": known.former_text or known.text, "kind": known.kind, "at": known.scheduled_at}
        if any(was[name] != value for name, value in same.items()):
            raise KeyReused
    return known or None


def _fit(text, limit):
    if not (text := text.strip()) or len(text) > limit:
        raise NothingToSay
    return text


def _in_the_window(conversation, now):
    if not conversation.window_open(now):
        raise WindowClosed


def _wanted(conversation, now):
    if conversation.wants_no_promotions:
        raise OptedOut


def _anyhow(conversation, now):
    pass


@tenancy.atomic
def cancel_scheduled(*, message, by) -> ChatMessage:
    """What waits for its hour will not go. Twice is once; raises AlreadyWent."""
    row = ChatMessage.objects.select_for_update().get(pk=message.pk)
    if row.status == ChatMessage.Status.CANCELLED:
        return row
    if not ChatMessage.objects.scheduled().filter(pk=row.pk).exists():
        raise AlreadyWent
    _change(row, status=ChatMessage.Status.CANCELLED, next_try_at=None)
    audit.log_security_event("message_cancelled", by=by, message=row.pk)
    return row


@tenancy.atomic
def write(*, conversation, text, by, key=None, at=None) -> ChatMessage:
    """A person of the clinic writes; only in a conversation that the receptionist does not attend."""
    conversation = Conversation.objects.locked(conversation.pk)
    if not conversation.with_staff:
        raise NotTaken
    return say(conversation=conversation, text=text, author=ChatMessage.Author.STAFF, by=by, key=key, at=at)


@tenancy.atomic
def again(*, message, by) -> ChatMessage:
    """A person sends anew what failed or is in doubt; what went out stays as it is."""
    message = ChatMessage.objects.select_for_update().select_related("conversation").get(pk=message.pk)
    if message.status != ChatMessage.Status.FAILED and not message.in_doubt:
        return message
    now = clock.now()
    if message.kind != TEMPLATE:
        _in_the_window(message.conversation, now)
    _change(  # not its first attempt: the provider is asked whether it has it before it gets it again
        message, **resending.anew(message), error_code="", error_text="", next_try_at=now)
    audit.log_security_event("message_sent_again", by=by, message=message.pk)
    tasks.send.later(conversation_id=message.conversation_id)
    return message


def send(*, conversation_id) -> None:
    """Send what is due of a conversation, one after the other, each on its own. Run by a task, in no transaction."""
    while message := _claimed(conversation_id):
        wait = pace.wait(message.conversation.channel, template=message.kind == TEMPLATE)
        if wait > pace.LONGEST:
            _surely(_not_yet, message, wait)
            return
        time.sleep(wait)
        try:
            if doubts.was_sent(message):
                continue
            accepted = _post(message)
        except uploading.NoLongerOurs:
            continue
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
    conversation = Conversation.objects.select_related("channel").get(pk=conversation_id)
    free = ChatMessage.objects.unsent().filter(pk=message.pk, posting_since=None, send_number=message.send_number)
    then = hours.of(message.template, now=now, zone=tenancy.here().zone)
    if then > now and not _is_useless(message, then):  # it waited so long that its hours are over
        free.update(scheduled_at=then, next_try_at=then)
        return _claimed(conversation_id)
    message.posting_since = now
    if not stops.may_try(channel=conversation.channel, now=now):
        return None
    if not free.update(posting_since=now, attempts=F("attempts") + 1):
        return None
    if message.scheduled_at and message.attempts == 0:  # said now, and not when it was written
        _mirror(conversation, message, now)
    message.attempts += 1
    message.unwanted = bool(message.template.get("marketing")) and conversation.wants_no_promotions
    message.useless = _is_useless(message, then)
    message.conversation, message.api_key = conversation, vault.get(
        conversation.channel.api_key_name, purpose="send")
    return message


def _is_useless(message, then):
    return bool(message.send_before) and then > message.send_before


def _post(message):
    conversation, now = message.conversation, clock.now()
    channel, template = conversation.channel, message.template
    if message.kind != TEMPLATE and not conversation.window_open(now):
        raise ProviderError(str(WindowClosed.detail), permanent=True, code=WindowClosed.code)
    if message.useless or _is_useless(message, now):
        raise ProviderError(_("Ya no servía mandarlo."), permanent=True, code="too_late")
    if message.unwanted:
        raise ProviderError(str(OptedOut.detail), permanent=True, code=OptedOut.code)
    if not channel.active:
        raise ProviderError(_("El número está apagado en Ajustes."), permanent=True, code="channel_off")
    provider, to = providers.of(channel), {
        "channel": channel, "key": message.api_key, "to": conversation.address, "external_id": message.external_id}
    if message.kind == TEMPLATE:
        return provider.send_template(
            **to, name=template["name"], language=template["language"], components=template["components"])
    if message.media:
        reference = uploading.uploaded(message)
        return provider.send_media(
            **to, kind=message.kind, reference=reference, filename=message.media["filename"], caption=message.text)
    if message.buttons:
        return provider.send_buttons(**to, text=message.text, buttons=message.buttons)
    return provider.send_text(**to, text=message.text)


@tenancy.atomic
def _not_yet(message, wait):
    """The number is busy: nothing was sent, and it is not an attempt."""
    ChatMessage.objects.filter(pk=message.pk, status=ChatMessage.Status.QUEUED).update(
        posting_since=None, attempts=F("attempts") - 1, next_try_at=clock.now() + timedelta(seconds=wait))
    tasks.send.later(conversation_id=message.conversation_id, countdown=wait)


@tenancy.atomic
def _accepted(message, accepted):
    row = ChatMessage.objects.select_for_update().get(pk=message.pk)
    if row.send_number != message.send_number:  # it was told to have failed before its POST was answered
        return receipts.belongs(row, accepted)
    changes = {"posting_since": None, "provider_ref": accepted.ref, "provider_id": accepted.provider_id}
    if row.status == ChatMessage.Status.QUEUED:  # a report may have been faster
        changes |= {"status": ChatMessage.Status.SENT, "sent_at": clock.now(), "error_code": "", "error_text": ""}
        if row.author == ChatMessage.Author.RECEPTIONIST:
            # what could not be sent before asked for a person; now the patient has an answer, which a reminder is not
            Conversation.objects.filter(
                pk=row.conversation_id, attended_by=Conversation.Attends.RECEPTIONIST, waiting_since__isnull=False,
            ).update(waiting_since=None)
    _change(row, **changes)
    receipts.adopt(row)
    if message.conversation.channel.held_until:
        stops.release(channel=message.conversation.channel)
    return None


@tenancy.atomic
def _failed(message, fault):
    row = ChatMessage.objects.select_for_update().get(pk=message.pk)
    if row.status != ChatMessage.Status.QUEUED or row.provider_ref or row.send_number != message.send_number:
        return  # a report told meanwhile that it went out
    if fault.unknown:
        _change(row, error_text=_("Esperamos que el proveedor diga si salió."))  # still ours: nobody sends it again
    elif fault.permanent or row.attempts >= ATTEMPTS:
        _give_up(row, fault, message)
        if fault.code in NOT_ASKED:
            stops.not_tried(channel=message.conversation.channel)
    else:
        channel = message.conversation.channel
        if stops.too_fast(channel=channel, code=fault.code):
            pace.rest(channel, fault.retry_after or FIRST_WAIT)
        wait = timedelta(seconds=_wait(channel, row.attempts, fault))
        _change(row, posting_since=None, error_code=fault.code, next_try_at=clock.now() + wait)
        tasks.send.later(conversation_id=row.conversation_id, countdown=wait.total_seconds())


def _give_up(row, fault, message):
    if receipts.stood(message=row):
        return
    _change(row, posting_since=None, status=ChatMessage.Status.FAILED, error_code=fault.code,
            error_text=str(fault)[:300])
    from messaging import waiting  # noqa: PLC0415  (which says it through this module)

    waiting.unsaid(row)
    _wait_for_staff(row)
    log.warning("message %s was not sent: %s", row.pk, fault.code)
    row.conversation = message.conversation
    stops.heed(message=row, code=fault.code, now=clock.now())


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
    by_hand.write(conversation, last_message_at=now, last_message_text=message.text[:200], **by_staff)
    live.say("NEW_MESSAGE", conversation=conversation.pk, message=message.pk)


def _change(row, **changes):
    ChatMessage.objects.filter(pk=row.pk).update(**changes)
    for name, value in changes.items():
        setattr(row, name, value)
    live.say("MESSAGE_SENT", conversation=row.conversation_id, message=row.pk)


def _wait(channel, attempts, fault):
    """Seconds to the next attempt: doubled each time, never less than asked for, and never all at once."""
    first = RECIPIENT_WAIT if stops.recipient_is_full(channel=channel, code=fault.code) else FIRST_WAIT
    wait = min(first * 2 ** (attempts - 1), LONGEST_WAIT)
    return max(fault.retry_after or 0, wait) * random.uniform(1, 1.5)  # noqa: S311  (spreads load, guards nothing)


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
