"""The turn buffer: a conversation that went quiet is claimed by one worker, answered, and let go.

The claim is a column, so that a dead worker's runs out and a sweeper takes the turn again; the answer and the end of
the claim are one transaction, so that a turn is answered once whenever the worker dies.
"""
import logging
import threading
import uuid
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F
from django.utils import formats
from django.utils.translation import gettext as _

from clinics import access, by_hand, tenancy, vault
from dentalogic.lib import clock
from dentalogic.lib.faults import where
from dentalogic.lib.refusals import ProviderError
from messaging import automations, handoff, language_model, media, outbox, people, providers, tasks
from messaging.models import ChatMessage, Conversation, Turn

log = logging.getLogger(__name__)
FAULTS = 4  # turns that began and did not end well, before a person is asked to look
GRACE = timedelta(seconds=2)  # for the job that is on its way
FIRST_PAUSE = 3  # seconds after a fault, doubled each time
ACTS = {
    "answer_waitlist_offer", "book_appointment", "cancel_appointment", "reschedule_appointment", "hand_off"}


@dataclass(frozen=True)
class Claimed:
    conversation: Conversation
    claim: uuid.UUID
    turn: Turn
    messages: list
    read: dict  # what they said as she began: (kind, text) of each
    note: str  # said first, when what is answered reached us late
    key: str | None  # of the channel, where a model will be asked: the patient sees that somebody writes


def take(conversation_id) -> Turn | None:
    """Answer a conversation if it went quiet and nobody else does; the turn, or None. Run in no transaction."""
    held = _claim(conversation_id)
    if held is None:
        return None
    try:
        with _typing(held):
            texts, handed_off = _answer(held)
    except Exception as fault:  # noqa: BLE001  (the patient must get an answer whatever broke)
        log.error("turn %s failed: %s", held.turn.pk, where(fault))
        return _failed(held, fault)
    return _settle(held, texts, handed_off)


@contextmanager
def _typing(held):
    """Beside the model, which does not wait for it; the answer does, so that it never comes first."""
    showing = threading.Thread(target=_show_typing, args=[held], daemon=True)
    if held.key:
        showing.start()
    try:
        yield
    finally:
        if held.key:
            showing.join()


def _show_typing(held):
    channel = held.conversation.channel
    with suppress(ProviderError):
        providers.of(channel).typing(channel=channel, key=held.key, ref=held.messages[-1].provider_ref)


def _key_for_typing(conversation, messages):
    """None where nobody thinks: the offline receptionist is done before anybody could see it."""
    if not (messages and language_model.thinks()):
        return None
    with suppress(vault.CannotOpen):  # it is in the log, and the send will say it
        return vault.get(conversation.channel.api_key_name, purpose="typing")


def _answer(held):
    """What to say. It speaks to a model, so no transaction is open here."""
    if not held.messages:
        return [held.note] if held.note else [], False
    from messaging.receptionist import answer  # noqa: PLC0415  (her tools come up to this floor's verbs)

    media.prepare(held.messages)
    reply = answer.answer(
        conversation=held.conversation, messages=held.messages, turn=held.turn, now=clock.now())
    texts = [text for text in reply.texts if text.strip()]
    if texts and held.note:
        texts[0] = f"{held.note}\n{texts[0]}"
    return texts, reply.handed_off


@tenancy.atomic
def _claim(conversation_id):
    now, claim = clock.now(), uuid.uuid4()
    mine = Conversation.objects.filter(pk=conversation_id).claimable(now=now)
    if not mine.update(claim=claim, claimed_at=now, faults=F("faults") + 1):
        _come_back(conversation_id, now)
        return None
    conversation = by_hand.get(Conversation, conversation_id, "channel", "patient", "tenant")
    tenancy.remember_here(conversation.tenant)
    people.recognise(conversation)
    messages = list(ChatMessage.objects.to_answer(conversation))
    upto = max((message.pk for message in messages), default=conversation.answered_upto)
    turn = by_hand.add(Turn(conversation=conversation, started_at=now, upto_message_id=upto))
    if not automations.is_on(automations.RECEPTIONIST):
        handoff.to_staff(conversation=conversation, reason="receptionist_off", now=now)
        _end(turn, Turn.Outcome.HANDED_OFF, error="receptionist_off")
        return None
    if conversation.faults > FAULTS or not conversation.window_open(now):
        return _pass_to_staff(conversation, turn, "fault" if conversation.faults > FAULTS else "window_closed")
    messages, note = _late_apart(conversation, messages, now)
    read = {message.pk: (message.kind, message.text) for message in messages}
    return Claimed(conversation, claim, turn, messages, read, note, _key_for_typing(conversation, messages))


def _come_back(conversation_id, now):
    """More was written while the job waited: it waits for the new hour."""
    later = Conversation.objects.filter(pk=conversation_id, quiet_at__gt=now, attended_by="receptionist")
    if quiet_at := later.values_list("quiet_at", flat=True).first():
        tasks.take_turn.later(conversation_id=conversation_id, countdown=(quiet_at - now).total_seconds() + 0.05)


def _late_apart(conversation, messages, now):
    """What to answer as of now, and what to say first. "Hoy" of another day is not today: then we only ask."""
    late = [message for message in messages if message.is_late]
    if not late or len(late) < len(messages):
        return [message for message in messages if not message.is_late], ""
    zone = tenancy.here().zone
    sent = late[-1].sent_at.astimezone(zone)
    note = _("Tu mensaje del %(day)s a las %(hour)s nos llegó recién.") % {
        "day": formats.date_format(sent, "j/n"), "hour": sent.strftime("%H:%M")}
    if sent.date() == now.astimezone(zone).date():
        return messages, "" if _knows(conversation) else note
    return [], f"{note} " + _("¿Seguís necesitando que te ayudemos? Escribime y lo vemos.")


def _knows(conversation):
    """The patient was told already that their messages come late: the last one answered did too."""
    answered = ChatMessage.objects.of(conversation).inbound().filter(pk__lte=conversation.answered_upto)
    last = answered.order_by("-pk").first()
    return last is not None and last.is_late


@tenancy.atomic
def _settle(held, texts, handed_off):
    """Say the answer if the turn is still ours and nothing made it stale, and let the conversation go."""
    conversation = by_hand.get(Conversation, held.conversation.pk, locked=True)
    if conversation.claim != held.claim or (conversation.with_staff and not handed_off):
        return _end(held.turn, Turn.Outcome.LOST)
    more = ChatMessage.objects.to_answer(conversation).filter(pk__gt=held.turn.upto_message_id).exists()
    reworded = _reworded(held)
    if (more or reworded) and not handed_off and not _acted(held.turn):
        _let_go(conversation, more=True)
        return _end(held.turn, Turn.Outcome.STALE)
    for position, text in enumerate(texts):
        outbox.say(
            conversation=conversation, text=text[: outbox.TEXT_LIMIT], turn=held.turn,
            author=ChatMessage.Author.RECEPTIONIST, key=f"turn:{held.turn.upto_message_id}:{position}")
    upto = max(held.turn.upto_message_id, conversation.answered_upto)  # another was made one with it meanwhile
    news = {"unread": max(conversation.unread, 1)} if reworded else {}
    _let_go(conversation, more=more, answered_upto=upto, **news)
    if handed_off or conversation.with_staff:
        return _end(held.turn, Turn.Outcome.HANDED_OFF)
    return _end(held.turn, Turn.Outcome.ANSWERED if texts else Turn.Outcome.SILENT)


def _reworded(held):
    """Whether what she answers was edited or deleted while she thought."""
    now = {pk: (kind, text) for pk, kind, text in ChatMessage.objects.filter(
        pk__in=list(held.read)).values_list("pk", "kind", "text")} if held.read else {}
    return now != held.read


def _acted(turn):
    """It booked, moved or cancelled: that happened, so its answer is said even if more was written meanwhile."""
    return turn.steps.filter(tool__in=ACTS, refused=False).exists()


def _let_go(conversation, *, more, **changes):
    if not more:
        changes |= {"quiet_at": None, "burst_started_at": None}
    by_hand.write(conversation, claim=None, claimed_at=None, faults=0, **changes)
    if more and conversation.quiet_at:
        wait = max((conversation.quiet_at - clock.now()).total_seconds(), 0)
        tasks.take_turn.later(conversation_id=conversation.pk, countdown=wait + 0.05)


@tenancy.atomic
def _failed(held, fault):
    """Try again a little later; the count of faults ends it."""
    pause = FIRST_PAUSE * 2 ** (held.conversation.faults - 1)
    mine = Conversation.objects.filter(pk=held.conversation.pk, claim=held.claim)
    mine.update(claim=None, claimed_at=None)
    hers = Conversation.objects.filter(pk=held.conversation.pk, claim=None, attended_by="receptionist")
    if hers.update(quiet_at=clock.now() + timedelta(seconds=pause)):
        tasks.take_turn.later(conversation_id=held.conversation.pk, countdown=pause + 0.05)
    return _end(held.turn, Turn.Outcome.FAILED, error=type(fault).__name__)


def _pass_to_staff(conversation, turn, reason):
    log.error("conversation %s goes to a person: %s", conversation.pk, reason)
    handoff.hand_off(conversation=conversation, reason=reason, by=access.SYSTEM)
    _end(turn, Turn.Outcome.HANDED_OFF, error=reason)


def _end(turn, outcome, *, error=""):
    by_hand.write(turn, outcome=outcome, error=error, finished_at=clock.now())
    return turn


@tenancy.atomic
def overdue() -> list[int]:
    """Conversations whose turn was due a while ago and was taken by nobody, or by a worker that died."""
    now = clock.now() - GRACE
    return list(Conversation.objects.claimable(now=now).order_by("quiet_at").values_list("pk", flat=True)[:500])
