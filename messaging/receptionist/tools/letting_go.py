"""drop_offer: what was offered, and the time that waits for the patient's data, go when they want neither."""

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from dentalogic.lib.refusals import Refusal
from messaging.receptionist import offers
from messaging.receptionist.case import Case
from messaging.receptionist.tools.base import Answer, Arguments, Tool
from messaging.receptionist.tools.booking import choosables
from messaging.receptionist.understanding import choice

ANOTHER_TIME, NO_VISIT = "another_time", "no_visit"


class JustChosen(Refusal):
    code = "just_chosen"
    status = 409
    detail = _("El paciente acaba de elegir una de las opciones: no se sueltan.")


class DropOffer(Arguments):
    reason: Literal["another_time", "no_visit"] = Field(
        description="another_time: quiere el turno en otro momento. no_visit: ya no quiere ese turno."
    )


@dataclass(frozen=True)
class Dropped:
    """Twice is once: the second time there was nothing left."""

    offer: bool
    held: bool


def drop_offer(case: Case, asked: DropOffer) -> Answer:
    offer, facts = case.offer, case.facts
    if offer is not None and _chose(case, offer):
        raise JustChosen
    held = offers.drop(conversation=case.conversation, holder=case.holder, now=case.now)
    case.offer, facts.chosen, facts.suggested = None, {}, ""
    if asked.reason == NO_VISIT:
        case.stage = ""
        facts.forget_episode()
    elif offer is not None:
        case.stage = "move_when" if facts.purpose == "move" else "when"
        facts.seen = [option["start_at"] for option in offer.options]
    return Answer(Dropped(offer is not None, bool(held)), offer)


def _chose(case: Case, offer) -> bool:
    codes = {option["code"] for option in offer.options}
    tapped = any(message.reply_id in codes for message in case.messages)
    return tapped or bool(choice(case.text, choosables(case, offer), today=case.today).code)


TOOL = Tool(
    "drop_offer",
    "agenda.book",
    "Suelta las opciones ofrecidas y el horario guardado, si el paciente no quiere ninguno. No toca turnos ya dados.",
    DropOffer,
    drop_offer,
    acts=True,
)
