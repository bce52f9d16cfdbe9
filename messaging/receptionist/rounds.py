"""One question to the model: its row and its price come first, then the question, then what came of it."""

import hashlib
import time

from clinics import tenancy
from dentalogic.lib import clock
from messaging import budget
from messaging.models import TurnRound
from messaging.receptionist import llm
from messaging.receptionist.case import Case

BYTES = 4  # of a token, roughly: an estimate stands in only until, or where nobody says, what it was
ANSWER = 300  # tokens of an answer that nobody has seen


def ask(case: Case, access: llm.Access, *, talk: list[dict], tools: list[dict], deadline: float) -> llm.Said:
    """Raises llm.Unavailable; its row says why."""
    sent = llm.as_sent(access, talk=talk, tools=tools)
    estimate = (len(sent) // BYTES, ANSWER)
    row = case.round = _new(case, access, sent)
    month = _begin(case, row, access, estimate)
    if month is None:
        raise llm.Spent("budget", free=True)
    began = time.perf_counter()
    try:
        said = llm.complete(access, talk=talk, tools=tools, deadline=deadline, who=_who(case))
    except llm.Unavailable as fault:
        row.outcome, row.error = TurnRound.Outcome.FAILED, str(fault)[:80]
        _end(row, access, month, estimate, (0, 0) if fault.free else None, began)
        raise
    row.outcome = TurnRound.Outcome.CALLED if said.calls else TurnRound.Outcome.ANSWERED
    row.finish = said.finish
    _end(row, access, month, estimate, said.counted, began)
    return said


def _who(case) -> str:
    return f"{case.tenant.pk}:{case.conversation.pk}"


def _new(case, access, sent) -> TurnRound:
    position = case.round.position + 1 if case.round else 1
    return TurnRound(
        turn=case.turn, position=position, model=access.model, temperature=access.temperature,
        prompt_hash=hashlib.sha256(sent).hexdigest(), started_at=clock.now(),
    )  # fmt: skip


@tenancy.atomic
def _begin(case, row, access, estimate):
    month = budget.take(estimate, most=access.most, price=access.price)
    if month is None:
        row.outcome, row.error, row.prompt_hash = TurnRound.Outcome.SPENT, "budget", ""
    else:
        _count(row, access, estimate, estimated=True)
    if case.turn is not None:
        row.save()
    return month


@tenancy.atomic
def _end(row, access, month, estimate, counted, began):
    """Without a count the estimate stays: what nobody heard the end of may have been charged."""
    row.milliseconds = round((time.perf_counter() - began) * 1000)
    if counted is not None:
        budget.correct(month, estimate=estimate, tokens=counted, most=access.most, price=access.price)
        _count(row, access, counted, estimated=False)
    if row.pk:
        row.save()


def _count(row, access, tokens, *, estimated):
    row.prompt_tokens, row.completion_tokens = tokens
    row.estimated = estimated
    row.cost = access.price.of(tokens) if access.price else None
