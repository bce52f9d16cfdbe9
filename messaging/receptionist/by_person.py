"""A tool in the hands of a person of the clinic: the same tools, gates and rows, by the person's own rights, in a
conversation that nobody else is working in."""

import uuid
from dataclasses import dataclass

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from clinics import live, tenancy
from clinics.audit import log_security_event
from clinics.idempotency import KeyReused
from dentalogic.lib import clock
from dentalogic.lib.refusals import Refusal
from messaging import media, outbox, tasks
from messaging.models import ChatMessage, Conversation, Turn, TurnStep
from messaging.models.message import ANSWERED_KINDS
from messaging.receptionist import tools
from messaging.receptionist.case import Case, Done, load, save
from messaging.receptionist.stages import keep_stage

RUN = 20  # messages of the patient's last burst
ASKED = ("purpose", "suggested", "appointment")  # of what an earlier turn asked, which a yes would answer


class Busy(Refusal):
    code = "turn_running"
    status = 409
    detail = _("En esta conversación hay otra respuesta en curso. Probá de nuevo en unos segundos.")
    headers = {"Retry-After": "5"}


class NotTaken(Refusal):
    code = outbox.NotTaken.code
    status = 409
    detail = _("La está atendiendo la recepcionista. Tomá la conversación para ofrecer, dar o cambiar turnos.")


@dataclass(frozen=True)
class Used:
    turn: Turn
    done: Done


def use(*, conversation, tool, arguments: dict, by, key=None) -> Used:
    """Run in no transaction: a tool opens its own, and asks Google outside any. The same `key` answers with what it
    did; a use that was refused did nothing, and its key may come again."""
    if key and (before := _before(conversation, tool, arguments, key)):
        return before
    turn, claim = _begin(conversation, tool, by, key)
    try:
        case = _case(conversation, turn, by)
        done = tools.use(case, tool, arguments)
        _keep(case, done)
    except BaseException as fault:
        _end(turn, claim, tool, by, error=type(fault).__name__)
        raise
    _end(turn, claim, tool, by, done)
    return Used(turn, done)


@tenancy.atomic
def _before(conversation, tool, arguments, key) -> Used | None:
    step = TurnStep.objects.filter(turn__request_key=key).select_related("turn").first()
    if step is None:
        return None
    asked = (step.turn.conversation_id, step.tool, step.arguments)
    if asked != (conversation.pk, tool.name, tools.plain(arguments)):
        raise KeyReused
    return Used(step.turn, Done(step.tool, False, step.result))


@tenancy.atomic
def _begin(conversation, tool, by, key):
    """Ours until it ends, as a turn of hers is: one of both works in a conversation."""
    now, claim = clock.now(), uuid.uuid4()
    if not Conversation.objects.filter(pk=conversation.pk).unclaimed(now=now).update(claim=claim, claimed_at=now):
        raise Busy
    row = Conversation.objects.get(pk=conversation.pk)
    if tool.acts and not row.with_staff:
        raise NotTaken
    if key:  # of a process that died in the middle
        Turn.objects.filter(request_key=key, conversation=row, outcome="").update(request_key=None)
    try:
        turn = Turn.objects.create(
            conversation=row, started_at=now, engine=Turn.Engine.PERSON, by_user_id=by.user_id, request_key=key,
            upto_message_id=row.answered_upto)
    except IntegrityError as fault:
        raise KeyReused from fault
    return turn, claim


@tenancy.atomic
def _case(conversation, turn, by) -> Case:
    messages = _last_written(conversation)
    case = load(conversation=conversation, messages=messages, turn=turn, now=clock.now(), person=by)
    if not _was_asked_something(case):
        case.facts.before["facts"] = {
            name: value for name, value in case.facts.before["facts"].items() if name not in ASKED}
    return case


def _last_written(conversation) -> list:
    """The patient's last words: what they wrote in a row, whatever the clinic has said since."""
    said = ChatMessage.objects.of(conversation)
    theirs = said.inbound().filter(author=ChatMessage.Author.PATIENT, kind__in=ANSWERED_KINDS)
    last = theirs.order_by("-pk").values_list("pk", flat=True).first() or 0
    before = said.outbound().filter(pk__lt=last).order_by("-pk").values_list("pk", flat=True).first() or 0
    return media.with_files(list(theirs.filter(pk__gt=before).order_by("-pk")[:RUN])[::-1])


def _was_asked_something(case: Case) -> bool:
    """A yes is to what was asked before it was written: something was said between the last turn and these words."""
    last = Turn.objects.filter(conversation=case.conversation).exclude(pk=case.turn.pk).order_by("-pk").first()
    if last is None or not case.messages:
        return False
    said = ChatMessage.objects.of(case.conversation).outbound()
    return said.filter(created_at__gte=last.started_at, pk__lt=case.messages[0].pk).exists()


def _keep(case: Case, done: Done) -> None:
    """She goes on from here if the conversation is given back; what nobody has asked is not waited for."""
    keep_stage(case, done)
    case.facts.left = case.stage
    save(case)


@tenancy.atomic
def _end(turn, claim, tool, by, done=None, *, error="") -> None:
    now = clock.now()
    failed = done is None or done.refused
    turn.outcome, turn.finished_at, turn.error = Turn.Outcome.USED, now, error
    Turn.objects.filter(pk=turn.pk).update(
        outcome=turn.outcome, finished_at=now, error=error, **({"request_key": None} if failed else {}))
    mine = Conversation.objects.filter(pk=turn.conversation_id, claim=claim)
    mine.update(claim=None, claimed_at=None)
    hers = Conversation.objects.filter(pk=turn.conversation_id, attended_by=Conversation.Attends.RECEPTIONIST)
    if quiet_at := hers.values_list("quiet_at", flat=True).first():  # her turn came while this was under way
        tasks.take_turn.later(
            conversation_id=turn.conversation_id, countdown=max((quiet_at - now).total_seconds(), 0) + 0.05)
    log_security_event(
        "receptionist.tool_lent", by=by, conversation=turn.conversation_id, tool=tool.name,
        code=done.data.get("code") if done and done.refused else None)
    live.say("CHAT_UPDATED", conversation=turn.conversation_id)
