"""The model's turn: at most six rounds of tools, a deadline, and nothing said that is not so."""

import json
import re
import time

from django.conf import settings
from django.db.models import Q

from clinics import tenancy
from dentalogic.lib.text import fold
from messaging import media
from messaging.models import ChatMessage
from messaging.providers.reading import clean
from messaging.receptionist import (
    attached,
    caught,
    facts_told,
    family,
    guard,
    inspecting,
    llm,
    offers,
    phrases,
    rounds,
    rules,
    tools,
)
from messaging.receptionist.case import Case, Done
from messaging.receptionist.catalogue import Catalogue
from messaging.receptionist.dialogue import booking, changes, whose
from messaging.receptionist.dialogue.hearing import listen
from messaging.receptionist.dialogue.offering import and_the_next, of_the_next, offered
from messaging.receptionist.stages import WRITES, keep_stage
from messaging.receptionist.steps import note
from messaging.receptionist.tools.appointments import Mine, chosen_among
from messaging.receptionist.tools.booking import Booked
from messaging.receptionist.tools.options import Option
from messaging.receptionist.tools.own import upcoming

ROUNDS = 6
CALLS = 4  # of one round: a model that asks for more is lost, and each is a row and a transaction
LONGEST = 4000  # characters of a call's arguments
TOO_MANY = Done("", True, {"code": "too_many_calls", "detail": "", "fields": {}})
LOOKED_BACK = 16
OF_A_VISIT = {"cancels", "moves", "lists", "cannot_come"}


def reply(case: Case, access: llm.Access) -> list[str] | None:
    """What to say, or None where the offline receptionist should answer instead. Raises llm.Unavailable."""
    deadline = time.monotonic() + settings.TURN_DEADLINE
    heed(case)
    schemas = [llm.tool_schema(tool) for tool in tools.TOOLS]
    talk = [{"role": "system", "content": facts_told.instructions(case)}, *history(case)]
    for _round in range(ROUNDS):
        said = rounds.ask(case, access, talk=talk, tools=schemas, deadline=deadline)
        if not said.calls:
            return settled(case, said)
        talk.append(said.message)
        for number, (call_id, name, arguments) in enumerate(said.calls):
            done = run(case, name, arguments, tokens=said.tokens) if number < CALLS else TOO_MANY
            told = inspecting.cleaned(case, done.tool, done.data)
            talk.append({"role": "tool", "tool_call_id": call_id, "content": json.dumps(told, default=str)})
        if case.handed_off:
            return []
    raise llm.Unavailable("six rounds without an answer")


def heed(case: Case) -> None:
    """For whom it is, who pays, what is not wanted any more: read by rules, whatever a model makes of it."""
    catalogue = Catalogue.read()
    heard = listen(case, catalogue)
    rules.keep(case, heard, catalogue)
    if heard.says & OF_A_VISIT or case.stage == "whose":
        of_whom(case, heard)
    if "declines" in heard and not heard.when and case.stage in ("options", "data"):
        booking.leave(case)
        case.left = True


@tenancy.atomic
def of_whom(case: Case, heard) -> None:
    """A telephone of several patients: whose visit they speak of, or the names to ask among."""
    if case.known or upcoming(case) or whose.found(case, heard, asked=case.stage == "whose"):
        case.stage = "" if case.stage == "whose" else case.stage
        return
    case.family = family.of(case.conversation)
    case.stage = "whose" if case.family and not case.stage else case.stage


@tenancy.atomic
def history(case: Case) -> list[dict]:
    """The talk so far, this turn's messages last."""
    new = {message.pk for message in case.messages if message.pk}
    said = ChatMessage.objects.of(case.conversation).exclude(Q(text="") & ~Q(kind__in=attached.KINDS))
    before = media.with_files(list(said.exclude(pk__in=new).order_by("-pk")[:LOOKED_BACK]))
    written, withheld = [*reversed(before), *case.messages], inspecting.withheld(case)
    return [{"role": "user" if one.is_inbound else "assistant", "content": told(one, withheld)} for one in written]


def told(message, withheld) -> str:
    """As the model reads it; what was set aside in another turn, or written to a person, is not brought back."""
    if message.is_inbound and (message.pk in withheld or inspecting.verdict_of(message).blocked):
        return inspecting.LEFT_OUT
    return attached.told(message)


def run(case: Case, name: str, arguments: str, *, tokens: int) -> Done:
    """Call a tool by the name a model gave; what is malformed is a refusal the model can read."""
    tool = tools.BY_NAME.get(name)
    try:
        parsed = clean(json.loads(arguments or "{}")) if len(arguments or "") <= LONGEST else None
    except (ValueError, RecursionError):
        parsed = None
    if tool is None or not isinstance(parsed, dict):
        code = "unknown_tool" if tool is None else "bad_arguments"
        done = Done(name, True, {"code": code, "detail": "", "fields": {}})
        case.steps.append(done)
        note(case, str(name)[:60], done.data, tokens=tokens)
        return done
    done = tools.use(case, tool, parsed, tokens=tokens)
    keep_stage(case, done)
    return done


def settled(case: Case, said: llm.Said) -> list[str] | None:
    """What was written to the agenda is told from its row; anything else passes the guard or is replaced."""
    if written := told_writes(case) or asked_to_confirm(case) or asked_in_its_words(case, said.text):
        return written
    drop_question(case)
    found = guard.faults(said.text, facts_told.truth(case, said.text))
    if not found:
        case.failed_attempts = 0
        return [said.text.strip()]
    caught.keep(case, said.text, found, tokens=said.tokens)
    return after_fault(case)


def told_writes(case: Case) -> list[str]:
    texts = []
    for done in case.did(*WRITES):
        row = Booked(**done.data)
        if done.tool == "cancel_appointment":
            texts.append(phrases.cancelled(row))
        else:
            texts.append(phrases.confirmation(row, moved=done.tool == "reschedule_appointment"))
    return [*texts, *what_comes_next(case)] if texts else []


def what_comes_next(case: Case) -> list[str]:
    """Several visits were asked for, or to be cancelled: after one the next, which a yes alone would not find."""
    rest = case.facts.before.get("facts", {}).get("next", [])
    if case.did("cancel_appointment"):
        return changes.cancel_next(case, rest)
    queue, case.facts.queue = case.facts.queue, []
    if queue and case.stage == "done":
        return and_the_next(case, queue)
    if case.stage == "options" and (found := case.did("check_availability")) and offers.is_live(case.offer, case.now):
        case.facts.queue = queue[1:]
        lead = of_the_next(case, queue[0]) if queue else ""  # it looked for the next by itself
        return [lead, offered(case, case.offer, found[-1].data)]
    return []


def asked_to_confirm(case: Case) -> list[str]:
    """The question whose yes cancels is put by us, about the row itself."""
    last = next((one for one in reversed(case.steps) if one.data.get("code") == "cancel_not_confirmed"), None)
    if last is None or not last.data["ask"]:
        return []
    return [phrases.shall_i_cancel(Mine(**last.data["appointment"]))]


_CANCELS = re.compile(r"\b(?:cancel|anul)\w*|\bdar\w* de baja")
_OR_ELSE = re.compile(r"\bo (?:\w+ ){0,3}(?:cambi|mov|reprogram|prefer|dejar|mant)|\b(?:cual|cuanto|por que|motivo)\b")


@tenancy.atomic
def asked_in_its_words(case: Case, text: str) -> list[str]:
    """Whether one visit should be cancelled: the yes to it counts only where the question is ours."""
    questions = [one for one in guard.sentences(fold(text)) if one.rstrip().endswith("?")]
    asked = next((one for one in questions if _CANCELS.search(one)), "")
    rows = upcoming(case) if asked and not _OR_ELSE.search(asked) else []
    code = chosen_among(case, asked, rows).code if len(rows) > 1 else ""
    row = rows[0] if len(rows) == 1 else next((one for one in rows if str(one.pk) == code), None)
    if row is None:
        return []
    return changes.ask_to_cancel(case, row)


def drop_question(case: Case) -> None:
    """A yes is to the last thing asked: once the model has said something else, it cancels nothing."""
    if case.stage in ("confirm_cancel", "move_or_cancel"):
        case.stage, case.facts.purpose, case.facts.appointment = "", "", None


def after_fault(case: Case) -> list[str] | None:
    """What this turn did before the model failed, told from its rows; None when nothing was done."""
    if written := told_writes(case) or asked_to_confirm(case):
        return written
    if case.handed_off:
        return []
    last = next((one for one in reversed(case.steps) if one.tool in ("check_availability", "book_appointment")), None)
    if last is None:
        return [phrases.left_it()] if case.left else None
    if last.data.get("code") == "data_missing":
        if case.whose:
            case.stage = "data"
            return [phrases.for_whom(case.whose)]
        return [phrases.missing(last.data["missing"], for_other=case.facts.for_other)]
    if last.data.get("code") == "slot_taken":
        return [phrases.taken([Option(**one) for one in last.data.get("options", [])])]
    offered_now = case.did("check_availability")
    if offered_now and last.data.get("code") != "fault" and offers.is_live(case.offer, case.now):
        return [*rules.feelings(case), offered(case, case.offer, offered_now[-1].data)]
    return None


