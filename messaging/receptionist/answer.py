"""One turn: handed off? silent. Else triage, then the model where one is configured, else (or on any fault of it) the
offline receptionist. No transaction is open here; each tool opens its own."""

import logging
from dataclasses import dataclass, field

from clinics import audit_words, tenancy
from clinics.audit import log_security_event
from messaging.models import Turn
from messaging.receptionist import attached, inspecting, llm, model, rules, tools, triage, waiting
from messaging.receptionist.case import Case, load, save
from messaging.receptionist.dialogue.turn import say_first
from messaging.receptionist.tools.people import PRESSING, TRIAGE, conditions_of

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reply:
    texts: list[str] = field(default_factory=list)
    handed_off: bool = False


def answer(*, conversation, messages, turn, now) -> Reply:
    """What to say to ``messages``. Everything that was done and understood is kept before it returns."""
    case = load(conversation=conversation, messages=messages, turn=turn, now=now)
    if case.conversation.with_staff or not case.messages:
        return Reply()
    look_for_symptoms(case)
    texts = inspected(case)
    if texts is None:
        texts = attached.alone(case)
    if texts is None:
        texts = waiting.reply(case)
    if texts is None:
        texts = by_model(case)
    if texts is None:
        texts = by_rules(case)
    save(case)
    said = "\n".join(text for text in attached.beside(case, texts) if text)
    return Reply([said] if said else [], case.handed_off)


def look_for_symptoms(case: Case) -> None:
    """Triage comes before any answer, whichever engine gives it."""
    if triage.assess(case.text, conditions=conditions_of(case.known)).level != triage.NONE:
        tools.use(case, TRIAGE, {"level": None})


def inspected(case: Case) -> list[str] | None:
    """The answer to what commands her, or None where there is something else to answer."""
    said = list(case.messages)
    if not inspecting.set_aside(case):
        return None
    texts = None if case.messages else [inspecting.declined()]
    if case.facts.urgent in PRESSING:
        case.messages = said
        texts = by_rules(case)
    if not inspecting.goes_on(case):
        return texts
    if case.facts.urgent in PRESSING and texts:
        say_first(case, texts)
    inspecting.hand_over(case)
    return []


def by_rules(case: Case) -> list[str]:
    engine(case, Turn.Engine.RULES)
    return rules.reply(case)


def by_model(case: Case) -> list[str] | None:
    """The model's answer, or None where there is none to be had: no key, a fault, too late, or caught by the guard."""
    access = llm.configured()
    if access is None:
        return None
    engine(case, Turn.Engine.MODEL)
    try:
        return model.reply(case, access)
    except llm.Spent:
        log.info("no budget for a model, the offline receptionist answers")
    except llm.Unavailable as fault:
        log.warning("model unavailable, the offline receptionist answers: %s", fault)
        alert(case, access, fault)
    finally:
        case.round = None
    return model.after_fault(case)


@tenancy.atomic
def alert(case: Case, access, fault) -> None:
    log_security_event(
        "receptionist.model_fault", by=case.by, severity="warning", fault=str(fault).replace(" ", "_"),
        model=access.model if audit_words.word(access.model) else None, conversation=case.conversation.pk,
    )  # fmt: skip


@tenancy.atomic
def engine(case: Case, name: str) -> None:
    if case.turn is not None and case.turn.engine != name:
        Turn.objects.filter(pk=case.turn.pk).update(engine=name)
        case.turn.engine = name
