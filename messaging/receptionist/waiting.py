"""The answer to an offer of the waitlist: a tap on its button, or a plain yes or no to the last thing that was said.
Before either engine, once; anything else is hers."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from agenda import waitlist
from clinics import tenancy
from dentalogic.lib.text import fold
from messaging import waiting
from messaging.receptionist import offers, phrases, understanding
from messaging.receptionist.case import Case
from messaging.receptionist.dialogue.turn import symptom_told
from messaging.receptionist.tools.base import Answer, Arguments, Tool, use
from messaging.receptionist.tools.booking import booked

LONGEST = 80  # characters of a plain yes or no
_NO = re.compile(
    r"^\W*(?:no+|nop|nah|paso|no,? (?:gracias|puedo|me sirve|llego|voy a poder|lo quiero)(?: \w+){0,3}"
    r"|mejor no|deja(?:lo)?|por ahora no|(?:no,? )?muchas gracias,? no)(?:,? ?(?:gracias|muchas gracias))?\W*$")


class AnswerOffer(Arguments):
    code: str
    yes: bool


@dataclass(frozen=True)
class Passed:
    passed: bool = True


def answer_offer(case: Case, asked: AnswerOffer) -> Answer:
    offer = waiting.told_in(case.conversation, code=asked.code)
    if offer is None:
        raise waitlist.OfferGone
    if not asked.yes:
        waitlist.pass_on(offer=offer, by=case.by)
        return Answer(Passed())
    row = waitlist.accept(offer=offer, by=case.by)
    return Answer(booked(case, row), row)


TOOL = Tool(
    "answer_waitlist_offer", "agenda.book", "Lo que el paciente contesta a un horario de la lista de espera.",
    AnswerOffer, answer_offer)


def reply(case: Case) -> list[str] | None:
    """What to say, or None where this turn answers no offer."""
    code, yes = _tapped(case) or _spoken(case) or ("", False)
    if not code:
        return None
    done = use(case, TOOL, {"code": code, "yes": yes})
    if done.refused:
        return [_("Ese horario ya no está reservado. Si querés, escribime y te busco otro.")]
    if not yes:
        return [_("Entendido, no te lo reservo. Seguís en la lista: te aviso si se libera otro horario.")]
    offers.drop(conversation=case.conversation, holder=case.holder, now=case.now)
    case.offer = None
    case.facts.forget_episode()
    case.facts.booked = [*case.facts.booked, done.row.pk]
    case.stage = "done"
    return [phrases.confirmation(booked(case, done.row), moved=done.row.version > 1)]


def _tapped(case: Case):
    for message in reversed(case.messages):
        for prefix, yes in ((waiting.YES, True), (waiting.NO, False)):
            if message.reply_id.startswith(prefix):
                return message.reply_id.removeprefix(prefix), yes
    return None


def _spoken(case: Case):
    text = case.text.strip()
    if not text or len(text) > LONGEST or "?" in text or symptom_told(case):
        return None
    no, yes = bool(_NO.match(fold(text))), understanding.agrees(text)
    if no == yes:
        return None
    with tenancy.atomic():
        offer = waiting.told_in(case.conversation)
    return (offer.code, yes) if offer else None
