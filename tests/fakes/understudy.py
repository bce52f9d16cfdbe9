"""A model that plays a part it has seen: what the offline receptionist did in a dialogue, it does in the same dialogue
by tool calls of its own, with the codes of that performance. So both engines are held to one set of dialogues.
"""
from collections import deque
from dataclasses import dataclass, field

from agenda.models import Appointment
from clinics import tenancy
from messaging.evaluation.playing import ByModel, Play
from messaging.models import ChatMessage, Conversation, Offer, TurnStep
from messaging.receptionist.case import load
from messaging.receptionist.catalogue import Catalogue
from messaging.receptionist.tools.options import day_of, time_of
from messaging.receptionist.tools.own import code_of, upcoming
from tests.fakes.openai import Model, call, last_result, say

BY_THEMSELVES = {"triage_urgency", "guard", "answer_waitlist_offer"}  # what code does before a model is asked


@dataclass
class Part:
    """What one turn did: its calls with whole arguments, and what was said at the end."""

    calls: list[tuple[str, dict]] = field(default_factory=list)
    text: str = ""


def recorder(parts: deque):
    """A performance by the offline receptionist that leaves its parts in `parts`."""

    class Recorder(Play):
        def take(self, conversation):
            before, visits = _facts(conversation), _visits(conversation)
            self.passed = getattr(self, "passed", [])  # words of the day that a search was given
            turn = super().take(conversation)
            if turn is not None:
                parts.append(_part(turn, conversation, before, visits, self.passed))
            return turn

    return Recorder


def understudy(parts: deque, model: Model):
    """A performance by `model`, which reads its parts from `parts`."""

    class Understudy(ByModel):
        def take(self, conversation):
            part = parts.popleft()
            model.script.clear()
            for tool, arguments in part.calls:
                known = _here(conversation, arguments)  # the peer's thread has no clinic and no transaction
                if tool == "cancel_appointment" and _is_done(part, known):
                    part = Part(text="¿Necesitás algo más?")
                    break
                model.then(lambda body, tool=tool, known=known: call(tool, **_just_offered(body, known)))
            model.then(say(part.text or "¿En qué te ayudo?"))
            return super().take(conversation)

    return Understudy


def _is_done(part, known) -> bool:
    """An order that can mean one visit alone is obeyed at once, where the offline receptionist asks first."""
    return isinstance(known["appointment"], tuple) and all(tool != "list_my_appointments" for tool, _ in part.calls)


@tenancy.atomic
def _facts(conversation) -> dict:
    return Conversation.objects.get(pk=conversation.pk).facts or {}


@tenancy.atomic
def _visits(conversation) -> dict:
    """Each visit's code and its place, as it is before a turn that may move it."""
    case = load(conversation=conversation, messages=[], turn=None, now=conversation.quiet_at)
    rows = Appointment.objects.exclude(status="held").with_names()
    return {code_of(case, row): (row.start_at, row.professional.last_name) for row in rows}


@tenancy.atomic
def _part(turn, conversation, before, visits, passed) -> Part:
    case = load(conversation=conversation, messages=[], turn=turn, now=turn.started_at)
    steps = TurnStep.objects.filter(turn=turn).exclude(tool__in=BY_THEMSELVES).order_by("position")
    said = ChatMessage.objects.filter(turn=turn).order_by("pk").values_list("text", flat=True)
    new = [text for text, _on in case.facts.words if text not in passed]
    passed += new if any(step.tool == "check_availability" for step in steps) else []
    calls = [(step.tool, _whole(case, step, new, visits)) for step in steps]
    if case.facts.seen and case.facts.seen != before.get("seen"):
        calls.insert(0, ("drop_offer", {"reason": "another_time"}))
    if case.stage == "confirm_cancel" and all(tool != "cancel_appointment" for tool, _arguments in calls):
        asked = visits.get(_target(case))
        calls.append(("cancel_appointment", {"appointment": asked, "reason": None}))
    return Part(calls, "\n".join(said))


def _target(case) -> str:
    """A model has the question put by asking for the cancelling: it is refused until the patient said yes."""
    return next((code_of(case, row) for row in upcoming(case) if row.pk == case.facts.appointment), "")


def _whole(case, step, words, visits) -> dict:
    """The offline receptionist keeps facts and leaves arguments out; a model has to name them."""
    facts, catalogue, tool = case.facts, Catalogue.read(), step.tool
    whole = {name: visits.get(value, value) if name == "appointment" else _there(case, name, value)
             for name, value in step.arguments.items()}
    if tool == "check_availability":
        treatment, doctor = catalogue.treatment(facts.treatment), catalogue.professional(facts.professional)
        whole |= {
            "treatment": treatment and treatment.name, "insurance": facts.insurance or None,
            "when": " ".join(words) or None, "professional": doctor and doctor.last_name}
    if tool == "book_appointment":
        who = _booked(case) or facts if not (step.refused or facts.last_name) else facts  # others' are forgotten then
        whole |= {
            "first_name": who.first_name or None, "last_name": who.last_name or None, "document": who.dni or None,
            "document_type": who.document_type, "insurance": facts.insurance or None, "phone": facts.phone or None}
    return whole


def _booked(case):
    rows = Appointment.objects.filter(pk__in=case.facts.booked[-1:]).select_related("patient")
    return next((one.patient for one in rows), None)


def _there(case, name, value):
    """A code of this performance, as the place it has in every performance."""
    if name == "code" and value:
        offers = list(Offer.objects.filter(conversation=case.conversation).order_by("pk"))
        return next(((number, place) for number, offer in enumerate(offers)
                     for place, option in enumerate(offer.options) if option["code"] == value), value)
    return value


@tenancy.atomic
def _here(conversation, arguments) -> dict:
    case = load(conversation=conversation, messages=[], turn=None, now=conversation.quiet_at)
    return {name: _code(case, name, value) if isinstance(value, tuple) else value for name, value in arguments.items()}


def _code(case, name, place):
    if name == "code":
        number, option = place
        offers = Offer.objects.filter(conversation=case.conversation).order_by("pk")
        return offers[number].options[option]["code"] if number < len(offers) else place
    start_at, doctor = place
    local = case.local(start_at)
    return next((code_of(case, one) for one in upcoming(case)
                 if (one.start_at, one.professional.last_name) == (start_at, doctor)),
                (day_of(local), time_of(local), doctor))


def _just_offered(body, arguments) -> dict:
    """An offer made, or a visit named, earlier in this very turn is read where the model reads it."""
    return {name: _read(body, name, value) if isinstance(value, tuple) else value for name, value in arguments.items()}


def _read(body, name, place):
    if name == "code":
        return last_result(body)["options"][place[1]]["code"]
    day, time, doctor = place
    return next(one["code"] for one in last_result(body)["appointments"]
                if (one["day"], one["time"]) == (day, time) and one["professional"].endswith(doctor))
