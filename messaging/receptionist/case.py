"""What one turn works on: the conversation, the patient's words, the clinic, and what has been done so far."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from agenda.calendars.asking import NOBODY, Answer
from clinics import access, by_hand, tenancy
from clinics.models import Tenant
from clinics.patients.models import Patient
from messaging.models import Conversation, Offer, Turn, TurnRound
from messaging.receptionist import family
from messaging.receptionist.facts import Facts

ANOTHER_MATTER = timedelta(hours=12)


@dataclass
class Done:
    """One tool call of this turn."""

    tool: str
    refused: bool
    data: dict
    row: Any = None
    status: int = 200  # of HTTP, for a person's program


@dataclass
class Case:
    conversation: Conversation
    messages: list
    turn: Turn | None
    now: datetime
    tenant: Tenant
    patient: Patient | None
    facts: Facts
    stage: str
    failed_attempts: int
    offer: Offer | None = None  # the newest live one
    calendars: Answer = NOBODY  # what Google said to the search that is under way
    steps: list[Done] = field(default_factory=list)
    round: TurnRound | None = None  # the model's last question of this turn, while it is the model that acts
    left: bool = False  # what was arranged is not wanted any more, and was let go before a model was asked
    handed_off: bool = False
    leaves_for: str = ""  # why a person takes over once this turn's answer has been said
    family: list[Patient] = field(default_factory=list)  # several patients of this phone, while a visit is chosen
    person: access.Actor | None = None  # of the clinic, who uses a tool by their own rights

    @property
    def text(self) -> str:
        return "\n".join(message.words for message in self.messages if message.words)

    @property
    def by(self) -> access.Actor:
        return self.person or access.receptionist(self.conversation.pk)

    @property
    def holder(self) -> str:
        """Whose a held time is: the conversation's, whoever held it."""
        return access.receptionist(self.conversation.pk).holder

    @property
    def zone(self) -> ZoneInfo:
        return self.tenant.zone

    @property
    def today(self) -> date:
        return self.local(self.now).date()

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(self.zone)

    @property
    def known(self) -> Patient | None:
        """The patient whose data need not be asked: not when the visit is for somebody else."""
        theirs = self.patient and (self.patient.pk == self.facts.who or self.patient.pk not in self.facts.others)
        return self.patient if theirs and not self.facts.for_other else None

    @property
    def whose(self) -> list[str]:
        """The names to choose from, when nobody has said for whom of them the visit is."""
        facts = self.facts
        settled = facts.who or facts.for_other or (facts.first_name and facts.last_name)
        return [] if settled else [one.first_name for one in self.family]

    @property
    def urgency(self) -> str:
        return self.facts.urgent

    @property
    def round_id(self) -> int | None:
        """Whose wish a step is; None of what code does by itself."""
        return self.round.pk if self.round else None

    def did(self, *tools: str) -> list[Done]:
        return [one for one in self.steps if one.tool in tools and not one.refused]


@tenancy.atomic
def load(*, conversation, messages, turn, now, person=None) -> Case:
    row = by_hand.get(Conversation, conversation.pk, "patient", "channel", "tenant")
    tenancy.remember_here(row.tenant)
    facts, stage, attempts = Facts.read(row.facts), row.stage, row.failed_attempts
    if _was_not_said(row, turn):
        stage, attempts = facts.before.get("stage", ""), facts.before.get("attempts", 0)
        facts = Facts.read(facts.before.get("facts", {}))
        _unsay(row, turn)
    facts.before = {}
    offer = Offer.objects.live(conversation=row, now=now).first()
    stage, facts.left = stage or (facts.left if offer else ""), ""
    if not stage and facts.purpose:  # a person attended it meanwhile: who they are stays, what was wanted is settled
        facts.forget_episode()
    if row.triage_level and not facts.urgent and _is_long_ago(row, turn, now):
        row.triage_level, row.triage_reasons = "", []
        Conversation.objects.filter(pk=row.pk).update(triage_level="", triage_reasons=[])
    case = Case(
        conversation=row, messages=list(messages), turn=turn, now=now, tenant=tenancy.here(), patient=row.patient,
        facts=facts, stage=stage, failed_attempts=attempts, offer=offer, person=person,
    )  # fmt: skip
    if case.offer or facts.who:
        _say_whose(case)
    facts.before = {"facts": facts.stored(), "stage": stage, "attempts": attempts, "turn": turn.pk if turn else 0}
    return case


def _say_whose(case) -> None:
    case.family = family.of(case.conversation)
    if not case.facts.who and not case.facts.for_other:
        found = family.named(
            case.family, text=case.text, linked=case.conversation.patient_id, asked=case.stage == "data")
        case.facts.who = found.pk if found else None
    case.patient = next((one for one in case.family if one.pk == case.facts.who), case.patient)


def _is_long_ago(row, turn, now) -> bool:
    """What was urgent has been arranged, and what is written now is another matter."""
    before = Turn.objects.filter(conversation=row).exclude(pk=turn.pk if turn else None).order_by("-pk").first()
    return before is not None and now - before.started_at > ANOTHER_MATTER


def _was_not_said(row, turn) -> bool:
    """The last turn's answer never left (more was written meanwhile, or it failed): the patient knows nothing "
    "of it."""
    number = (row.facts or {}).get("before", {}).get("turn")
    if not number or turn is None or number == turn.pk:
        return False
    outcome = Turn.objects.filter(pk=number).values_list("outcome", flat=True).first()
    return outcome in (Turn.Outcome.STALE, Turn.Outcome.FAILED, "")


def _unsay(row, turn) -> None:
    number = row.facts["before"]["turn"]
    began = Turn.objects.filter(pk=number).values_list("started_at", flat=True).first()
    if began:
        Offer.objects.filter(conversation=row, created_at__gte=began).update(closed_at=turn.started_at)
        Offer.objects.filter(conversation=row, closed_at__gte=began, created_at__lt=began).update(closed_at=None)


@tenancy.atomic
def save(case: Case) -> None:
    """Keep what was understood; who attends the conversation is not ours to write."""
    changes = {"facts": case.facts.stored(), "stage": case.stage, "failed_attempts": case.failed_attempts}
    Conversation.objects.filter(pk=case.conversation.pk).update(**changes)
    for name, value in changes.items():
        setattr(case.conversation, name, value)
