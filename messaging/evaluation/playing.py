"""Play a dialogue through the inbox, the turns and the outbox, as the worker would; nothing leaves the machine."""
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import groupby

from django.test import override_settings  # the engine is chosen by a setting, for this run alone

from agenda import booking, closing
from agenda.models import TreatmentType
from clinics import tenancy
from clinics.models import Professional
from clinics.patients import intake
from dentalogic.lib import clock
from dentalogic.lib.text import fold
from messaging import handoff, inbox, outbox, turns
from messaging.evaluation import expecting
from messaging.evaluation.script import Dialogue
from messaging.evaluation.stage import Stage, scratch, undone
from messaging.models import ChatMessage, Conversation, Turn, TurnRound, TurnStep
from messaging.providers.base import Message
from messaging.receptionist import caught, inspecting, waiting

THINKS = timedelta(seconds=40)  # between an answer and what the patient writes next
ENGINES = ("rules", "model")
ANSWERED = ("model", "caught", "rules", "neither")  # caught: what the model wanted to say was replaced


@dataclass
class Played:
    name: str
    talk: list[tuple[str, str]] = field(default_factory=list)  # (who, text), in order
    faults: list[str] = field(default_factory=list)
    by: Counter = field(default_factory=Counter)  # how many turns each of `ANSWERED` answered


def play_all(dialogues: list[Dialogue], *, engine: str, times: int = 1) -> Iterator[list[Played]]:
    """Each dialogue `times` over."""
    chosen = {"OPENAI_API_KEY": ""} if engine == "rules" else {}
    with override_settings(**chosen):
        for dialogue, stage in staged(dialogues):
            yield [play(dialogue, stage, ByModel if engine == "model" else Play) for _time in range(times)]


def staged(dialogues: list[Dialogue]) -> Iterator[tuple[Dialogue, Stage]]:
    """Each dialogue and its stage; one clinic is made for those of the same day."""
    for (clinic, now), same in groupby(sorted(dialogues, key=_place), key=_place):
        with scratch(clinic, datetime.fromisoformat(now)) as stage:
            for dialogue in same:
                yield dialogue, stage


def _place(dialogue):
    return dialogue.clinic, dialogue.now.isoformat()


def play(dialogue: Dialogue, stage: Stage, how=None) -> Played:
    with undone():
        return (how or Play)(dialogue, stage).through()


BEFORE_EITHER = {inspecting.TOOL, waiting.TOOL.name}


@tenancy.atomic
def answered_by(turn: Turn) -> tuple[str, str]:
    """One of `ANSWERED`, and why it was not the model where it should have been."""
    rounds = list(TurnRound.objects.filter(turn=turn).order_by("position"))
    tools = set(TurnStep.objects.filter(turn=turn).values_list("tool", flat=True))
    if not rounds:
        return ("neither", "") if tools & BEFORE_EITHER else ("rules", "no model was asked")
    last = rounds[-1]
    if last.outcome in (TurnRound.Outcome.FAILED, TurnRound.Outcome.SPENT):
        return "rules", last.error
    if last.outcome != TurnRound.Outcome.ANSWERED and turn.outcome != Turn.Outcome.HANDED_OFF:
        return "rules", "it came to no answer"
    return ("caught" if caught.TOOL in tools else "model"), ""


class Play:
    """One performance; `take` is where the receptionist answers."""

    engine = "rules"

    def __init__(self, dialogue, stage):
        self.dialogue, self.stage = dialogue, stage
        self.now, self.conversation_id, self.seen = clock.now(), 0, 0
        self.played = Played(dialogue.name)

    def through(self) -> Played:
        with tenancy.atomic():
            self._given()
            before = expecting.snapshot()
        for step in self.dialogue.turns:
            if step.wait is not None:
                self.now += timedelta(minutes=step.wait)
                continue
            with clock.standing_at(self.now):
                if step.patient is not None:
                    self._patient([step.patient] if isinstance(step.patient, str) else step.patient)
                elif step.staff is not None:
                    self._staff(step.staff)
                else:
                    handoff.give_back(conversation=self._conversation(), by=self.stage.desk)
        with clock.standing_at(self.now), tenancy.atomic():
            self.played.faults += expecting.faults(
                self.dialogue, conversation=self._conversation(), before=before, zone=self.stage.zone,
                said=[text for who, text in self.played.talk if who == "clinic"])
        return self.played

    def _given(self):
        given, patient = self.dialogue.given, None
        for days in given.closed:
            first, after = (datetime.combine(day, time(), self.stage.zone)
                            for day in (days.first, days.last + timedelta(days=1)))
            closing.close(start_at=first, end_at=after, reason=days.reason, by=self.stage.head)
        if given.patient:
            patient = self._registered(given.patient)
        for other in given.others:
            self._registered(other)
        for visit in given.appointments:
            booking.book(
                patient=patient, treatment=TreatmentType.objects.get(folded=fold(visit.treatment)),
                professional=Professional.objects.get(last_name=visit.professional), by=self.stage.desk,
                start_at=datetime.fromisoformat(visit.start).replace(tzinfo=self.stage.zone), source="desk")

    def _registered(self, person):
        told = {"phone": self.dialogue.phone, **{name: value for name, value in person.model_dump().items() if value}}
        return intake.register(**told, by=self.stage.desk)

    def _patient(self, texts):
        for text in texts:
            self.played.talk.append(("patient", text))
            name = f"played.{uuid.uuid4()}"
            message = inbox.receive(channel=self.stage.channel, event=Message(
                event_id=name, provider_id=name, ref=name, kind="text", raw={}, phone=self.dialogue.phone,
                user_id="" if self.dialogue.phone else "AR.1000000000000001", name=self.dialogue.profile, text=text,
                sent_at=clock.now()))
            self.conversation_id = message.conversation_id
        conversation = self._conversation()
        if conversation.quiet_at is None:  # a person attends it
            return
        self.now = conversation.quiet_at + timedelta(seconds=1)
        with clock.standing_at(self.now):
            turn = self.take(conversation)
            if turn is not None:
                self._look(turn, texts[-1])
            self._hear()
        self.now += THINKS

    def _look(self, turn, text):
        if turn.outcome == Turn.Outcome.FAILED:
            self.played.faults.append(f"the turn after {text!r} failed: {turn.error}")
        who, why = answered_by(turn)
        self.played.by[who] += 1
        if self.engine == "model" and who == "rules":
            self.played.faults.append(f"the offline receptionist answered {text!r}, not the model: {why}")

    def take(self, conversation) -> Turn | None:
        return turns.take(conversation.pk)

    def _staff(self, text):
        conversation = handoff.take(conversation=self._conversation(), by=self.stage.desk)
        outbox.write(conversation=conversation, text=text, by=self.stage.desk)
        self._hear(who="staff")

    def _hear(self, who="clinic"):
        with tenancy.atomic():
            said = ChatMessage.objects.filter(
                conversation=self.conversation_id, pk__gt=self.seen).outbound().order_by("pk")
            for message in said:
                self.seen = message.pk
                self.played.talk.append((who, message.text))

    def _conversation(self) -> Conversation:
        with tenancy.atomic():
            return Conversation.objects.get(pk=self.conversation_id)


class ByModel(Play):
    """What the offline receptionist answered in the model's place is no performance of the model's."""

    engine = "model"


__all__ = ["ENGINES", "ByModel", "Play", "Played", "play", "play_all"]
