"""A POST that nobody knows the end of: a report settles it, or the provider says when it is asked, or a person does.

Nothing here sends. While it is in question the messages behind it wait; when it is shown as in doubt they go on.
"""
import logging
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from clinics import audit, live, tenancy, vault
from dentalogic.lib import clock
from dentalogic.lib.refusals import ProviderError, Refusal
from messaging import providers, receipts, stops
from messaging.models import ChatMessage, Conversation, MessageStatus
from messaging.models.message import IN_DOUBT

log = logging.getLogger(__name__)
PART_BEFORE_ASKING = 0.4  # of the time that a report is waited for
SILENT, GIVEN_UP = timedelta(minutes=10), timedelta(hours=24)  # without a report the provider is asked; and no more


class NotInDoubt(Refusal):
    code = "not_in_doubt"
    status = 409


def was_sent(message) -> bool:
    """Before another attempt: whether the provider has it from an earlier one. Run in no transaction; `message` is
    claimed. Raises ProviderError when the provider cannot be asked now."""
    channel = message.conversation.channel
    if message.send_number > 1 and _former_went(message):
        return True
    if message.attempts < 2 or (message.error_code and stops.not_taken(channel=channel, code=message.error_code)):
        return False
    return _found(message, message.api_key) is not None


@tenancy.atomic
def askable() -> list[int]:
    """Messages whose POST began so long ago that the provider may be asked about them."""
    since = clock.now() - timedelta(seconds=settings.OUTBOX_DOUBT * PART_BEFORE_ASKING)
    return list(ChatMessage.objects.unsent().filter(posting_since__lt=since).values_list("pk", flat=True)[:200])


@tenancy.atomic
def unreported() -> list[int]:
    """Messages that the provider took and of which it never told anything: its notice was lost, or is late."""
    now = clock.now()
    told = MessageStatus.objects.filter(  # not what was told of a send before it
        Q(provider_id=OuterRef("provider_id")) | Q(provider_id=OuterRef("provider_ref")), message=OuterRef("pk"))
    silent = ChatMessage.objects.outbound().filter(
        ~Exists(told), status=ChatMessage.Status.SENT, sent_at__lt=now - SILENT, sent_at__gt=now - GIVEN_UP)
    return list(silent.order_by("sent_at").values_list("pk", flat=True)[:200])


def ask(*, message_id) -> None:
    """Ask the provider about one message. Run by a task, in no transaction."""
    with tenancy.atomic():
        rows = ChatMessage.objects.outbound().select_related("conversation__channel").filter(
            Q(status=ChatMessage.Status.QUEUED, posting_since__isnull=False) | Q(status=ChatMessage.Status.SENT))
        row = rows.filter(pk=message_id).first()
        key = row and vault.get(row.conversation.channel.api_key_name, purpose="send")
    with suppress(ProviderError):  # it is asked again, until it is shown as in doubt
        if row:
            _found(row, key)


def _former_went(message) -> bool:
    """Whether the send that this one is to take the place of arrived after all: told meanwhile, or asked now."""
    if receipts.stood(message=message):
        return True
    report = message.former_ref and _asked(
        message.conversation.channel, message.api_key, message.external_id, message.former_ref)
    return bool(report) and report.status != "failed" and receipts.stood(message=message, report=report)


def _asked(channel, key, external_id, ref):
    try:
        return providers.of(channel).find_sent(channel=channel, key=key, external_id=external_id, ref=ref)
    except ProviderError as fault:
        if fault.permanent:  # it does not tell, and never will
            return None
        raise ProviderError(str(fault), permanent=False, code=fault.code, retry_after=fault.retry_after) from fault


def _found(message, key):
    channel = message.conversation.channel
    report = _asked(channel, key, message.external_id, message.provider_ref)
    if report and (report.status != "queued" or message.status == ChatMessage.Status.QUEUED):
        status = "sent" if report.status == "queued" else report.status
        _settle(channel, replace(report, external_id=message.external_id, status=status))
    return report


def _settle(channel, report):
    """As if the provider had come and told."""
    with suppress(IntegrityError), tenancy.atomic():  # it was told meanwhile
        receipts.apply(channel=channel, report=report, now=clock.now())


@tenancy.atomic
def show() -> None:
    """What was being sent so long ago that nobody will tell: shown to staff, and the next messages may go."""
    for row in ChatMessage.objects.stuck(now=clock.now()).select_for_update(of=("self",), skip_locked=True):
        if receipts.stood(message=row):
            continue
        _change(row, posting_since=None, error_code=IN_DOUBT, error_text=_("No sabemos si salió."))
        waiting = Conversation.objects.filter(pk=row.conversation_id, waiting_since=None)
        waiting.update(waiting_since=clock.now())


@tenancy.atomic
def decide(*, message, by, went) -> ChatMessage:
    """A person knows what became of a message in doubt: it went out, or it did not and shall not. To send it anew is
    `outbox.again`. Raises NotInDoubt when it was settled meanwhile."""
    row = ChatMessage.objects.select_for_update().get(pk=message.pk)
    if not row.in_doubt:
        raise NotInDoubt(_("Ya se supo qué pasó con este mensaje."))
    if went:
        _change(row, status=ChatMessage.Status.SENT, error_code="", error_text="", sent_at=clock.now())
    else:
        _change(row, status=ChatMessage.Status.FAILED, error_code="dropped", error_text=_("Se descartó."))
    audit.log_security_event("message_doubt_decided", by=by, message=row.pk, on=went)
    return row


def _change(row, **changes):
    ChatMessage.objects.filter(pk=row.pk).update(**changes)
    for name, value in changes.items():
        setattr(row, name, value)
    live.say("MESSAGE_SENT", conversation=row.conversation_id, message=row.pk)
