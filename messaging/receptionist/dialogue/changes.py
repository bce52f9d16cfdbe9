"""Moving, cancelling and listing visits: always one of this person's, named by the row."""

import re
from datetime import timedelta

from django.db.models import Q

from agenda.models import Appointment, Status
from agenda.when import parse
from clinics import tenancy
from clinics.patients import intake
from dentalogic.lib.refusals import Refusal
from messaging.receptionist import offers, phrases, phrases_talk
from messaging.receptionist.case import Case
from messaging.receptionist.dialogue import booking, whose
from messaging.receptionist.dialogue.hearing import Heard
from messaging.receptionist.dialogue.offering import gone_wrong, search
from messaging.receptionist.dialogue.target import code_of_target, target
from messaging.receptionist.dialogue.turn import NOT_UNDERSTOOD, use
from messaging.receptionist.tools import appointments
from messaging.receptionist.tools.appointments import ALL_OF_THEM, Mine, chosen_among, mine
from messaging.receptionist.tools.booking import Booked
from messaging.receptionist.tools.own import upcoming

LATELY = timedelta(days=1)
STAGES = {"whose", "which_appointment", "confirm_cancel", "move_or_cancel", "move_when"}


_REGRETS = re.compile(
    r"\bmejor (?:en |a |para |que sea )?(?:otr[oa]|el|la|las|mas|un) ?(?!no\b)|\bno (?:voy a )?(?:puedo|poder|llego) "
    r"(?:a |en )?es[aeo]\w*\b|\b(?:pas|cambi|corr|mov)[aeé]\w*lo\b|\b(?:prefiero|quiero|puede ser) (?:en )?otr[oa]"
    r" (?:dia|horario|hora|fecha)\b|\bes[ea] (?:dia|hora|horario) no (?:puedo|me)\b"
    r"|\bequivoque de (?:dia|hora|horario|fecha)\b"
)
_ANOTHER_VISIT = {"books", "lists", "cancels", "other_person"}


def regrets(case: Case, heard: Heard) -> bool:
    """Right after a visit was settled: that day or hour will not do after all."""
    if case.stage != "done" or not case.facts.booked or heard.treatments or heard.asks or heard.document:
        return False
    if heard.says & _ANOTHER_VISIT and not re.search(r"\b(?:otra|esa|a la) hora\b", heard.plain):
        return False
    return bool(_REGRETS.search(heard.plain)) or (heard.corrects and heard.when is not None)


_CORRECTS = re.compile(r"\b(?:el|mi) (?:numero de )?(?:dni|documento) (?:es|era|correcto|esta mal|bien)\b")


def corrects_identity(case: Case, heard: Heard) -> bool:
    """Right after a visit was booked: the document or the name they gave was another."""
    if case.stage != "done" or not case.facts.booked or heard.says & _ANOTHER_VISIT:
        return False
    document = heard.document and (heard.corrects or _CORRECTS.search(heard.plain))
    return bool(document and heard.document.number != given_before(case)) or bool(heard.name and heard.corrects)


def given_before(case: Case) -> str:
    return case.facts.before.get("facts", {}).get("dni", "")


def correct_identity(case: Case, heard: Heard) -> list[str]:
    """Of a guest that this conversation itself registered it is corrected; of anybody else the team does it."""
    try:
        with tenancy.atomic():
            guest = case.patient if case.patient and case.patient.status == "guest" else None
            ours = guest and guest.dni and guest.dni == given_before(case)
            if ours and all(row.pk in case.facts.booked for row in upcoming(case)):
                case.patient = intake.update(patient=guest, by=case.by, **_corrected(heard))
                return [phrases.corrected(f"{case.patient.name}, {case.patient.document_type} {case.patient.dni}")]
    except Refusal:
        pass
    case.facts.dni, case.leaves_for = given_before(case), "data_correction"
    return [phrases_talk.team_corrects()]


def _corrected(heard: Heard) -> dict:
    name, document = heard.name, heard.document
    told = {"dni": document.number, "document_type": document.type} if document else {}
    told |= {"first_name": name.first} if name and name.first else {}
    return told | ({"last_name": name.last} if name and name.last else {})


@tenancy.atomic
def asked_again(case: Case) -> list[str]:
    """What was being asked about a visit."""
    rows, row = upcoming(case), target(case)
    if case.stage == "which_appointment" and rows:
        found = [mine(case, one) for one in rows]
        return [phrases.which_appointment(found, cancel=case.facts.purpose == "cancel")]
    if row is None:
        return [phrases.how_can_i_help()]
    shown = mine(case, row)
    return [phrases.shall_i_cancel(shown) if case.stage == "confirm_cancel" else phrases.move_or_cancel(shown)]


@tenancy.atomic
def stands(case: Case, heard: Heard) -> list[str]:
    """"Confirmo el turno del jueves": the one they mean is told from its row; nothing where it is not clear which."""
    rows = upcoming(case)
    code = chosen_among(case, heard.text, rows).code if len(rows) > 1 else ""
    row = rows[0] if len(rows) == 1 else next((one for one in rows if str(one.pk) == code), None)
    return [phrases.it_stands(mine(case, row))] if row else []


def show_mine(case: Case, heard: Heard) -> list[str]:
    done = use(case, appointments.LIST)
    if done.refused:
        return [phrases.could_not_check()]
    if not done.row and whose.found(case, heard):
        return show_mine(case, heard)
    found = [Mine(**one) for one in done.data["appointments"]]
    return [phrases.my_appointments(found) if found else phrases.no_appointments()]


def begin(case: Case, heard: Heard, purpose: str) -> list[str]:
    """Cancel or move: first which visit it is about."""
    done = use(case, appointments.LIST)
    if done.refused:
        return [phrases.could_not_check()]
    if not done.row and whose.found(case, heard, asked=case.stage == "whose"):
        return begin(case, heard, purpose)
    if not done.row and case.offer and purpose == "cancel":  # what they have is a time that was offered or is held
        return booking.leave(case)
    if not done.row and case.stage != "whose" and (question := whose.asked(case)):
        case.stage, case.facts.purpose = "whose", purpose
        return question
    if not done.row:
        case.stage, case.facts.purpose = "not_found", ""
        return [phrases.no_appointments(), phrases.shall_i_look()]
    offers.drop(conversation=case.conversation, holder=case.holder, now=case.now)
    case.offer, case.facts.chosen, case.facts.words = None, {}, []
    case.facts.purpose = purpose
    row = pick(case, heard, done.row) or all_of_them(case, heard, done.row)
    if row is None:
        case.stage = "which_appointment"
        return [phrases.which_appointment([mine(case, one) for one in done.row], cancel=purpose == "cancel")]
    return with_target(case, heard, row)


def pick(case: Case, heard: Heard, rows):
    """The only one, or the one the words single out; "el del martes" before "para el jueves"."""
    if len(rows) == 1:
        return rows[0]
    if case.stage == "done" and case.facts.booked and regrets(case, heard):
        return next((row for row in rows if row.pk == case.facts.booked[-1]), None)
    same = [row for row in rows if row.treatment in heard.treatments]
    if len(same) == 1:
        return same[0]
    named = heard.text if case.facts.purpose == "cancel" else _from(heard.text)
    code = chosen_among(case, named, rows).code
    return next((row for row in rows if str(row.pk) == code), None)


def all_of_them(case: Case, heard: Heard, rows):
    """"Cancelá los dos": one after the other, each with a question of its own."""
    if case.facts.purpose != "cancel" or not ALL_OF_THEM.search(heard.plain):
        return None
    case.facts.next = [row.pk for row in rows[1:]]
    return rows[0]


def _from(text: str) -> str:
    return re.split(r"\b(?:para|por el|por la|al|a la)\b", text, maxsplit=1, flags=re.IGNORECASE)[0]


def _to(text: str) -> str:
    """Where to: what follows "para", "al" or "por"; without them, the text without the visit's own day."""
    parts = re.split(r"\b(?:para|pasarlo a|por)\b|\bal\b(?= \w+es\b| sabado| sábado| domingo"
         r"| \d)", text, flags=re.IGNORECASE)
    if len(parts) > 1:
        return f"el {parts[-1].strip()}" if re.match(r"\s*\d{1,2}\b(?! ?(?:hs?\b|:))", parts[-1]) else parts[-1]
    return re.sub(r"\b(?:el turno |mi turno |turno )?del? (?:este |próximo "
         r"|proximo )?\w+( \d{1,2}(?:/\d{1,2})?)?( a las [\d:.]+)?",
                  " ", text, count=1) if re.search(r"turno del", text, re.IGNORECASE) else text  # fmt: skip


def with_target(case: Case, heard: Heard, row) -> list[str]:
    if case.facts.purpose == "cancel":
        return ask_to_cancel(case, row)
    case.facts.appointment = row.pk
    shown = mine(case, row)
    if case.facts.purpose == "move_or_cancel":
        case.stage = "move_or_cancel"
        return [phrases.move_or_cancel(shown)]
    wanted = parse(_to(heard.text), today=case.today)
    if wanted is None:
        case.stage = "move_when"
        return [phrases.for_when(shown)]
    case.facts.remember_when(_to(heard.text), case.today)
    return search_for_move(case)


def search_for_move(case: Case) -> list[str]:
    code = code_of_target(case)
    return search(case, appointment=code) if code else [phrases.cannot_change()]


def carry_on(case: Case, heard: Heard) -> list[str]:
    """The answer to what was asked about a visit."""
    match case.stage:
        case "whose":
            return begin(case, heard, case.facts.purpose)
        case "confirm_cancel":
            return confirm_cancel(case, heard)
        case "move_or_cancel":
            return move_or_cancel(case, heard)
        case "move_when":
            if heard.when:
                case.facts.remember_when(heard.text, case.today)
            elif heard.when_unclear:
                return [phrases.date_unclear()]
            elif "declines" in heard or "no" in heard:
                return keep_as_is(case)
            elif not heard.says & {"yes", "any_option"}:
                return NOT_UNDERSTOOD
            return search_for_move(case)
    with tenancy.atomic():
        rows = upcoming(case)
    row = pick(case, heard, rows) or all_of_them(case, heard, rows)
    if row is None and heard.says & {"no", "declines", "keeps"}:
        return keep_as_is(case)
    return with_target(case, heard, row) if row else NOT_UNDERSTOOD


def confirm_cancel(case: Case, heard: Heard) -> list[str]:
    if "moves" in heard or heard.when:
        case.facts.purpose = "move"
        return with_target(case, heard, target(case))
    if heard.says & {"no", "declines", "keeps"}:
        return keep_as_is(case)
    if not ("yes" in heard or "cancels" in heard):
        return NOT_UNDERSTOOD
    code = code_of_target(case)
    if code is None:
        return [phrases.cannot_change()]
    done = use(case, appointments.CANCEL, appointment=code, reason=None)
    if done.data.get("code") == "cancel_not_confirmed":
        return with_target(case, heard, done.row)
    if done.refused:
        return gone_wrong(case, done)
    rest = case.facts.next
    case.stage = "done"
    case.facts.forget_episode()
    case.facts.told = ["cancelled"]
    return [phrases.cancelled(Booked(**done.data)), *cancel_next(case, rest)]


def cancel_next(case: Case, rest: list[int]) -> list[str]:
    with tenancy.atomic():
        rows = [row for row in upcoming(case) if row.pk in rest]
    if not rows:
        return []
    case.facts.purpose, case.facts.next = "cancel", rest[1:]
    return ask_to_cancel(case, rows[0])


def ask_to_cancel(case: Case, row) -> list[str]:
    case.facts.purpose, case.facts.appointment, case.stage = "cancel", row.pk, "confirm_cancel"
    return [phrases.shall_i_cancel(mine(case, row))]


@tenancy.atomic
def keep(case: Case) -> list[str]:
    """They want what they have; what was cancelled a while ago is not there any more."""
    mine = Q(pk__in=case.facts.booked) | (Q(patient=case.patient) if case.patient else Q())
    gone = Appointment.objects.filter(
        mine, status=Status.CANCELLED, start_at__gt=case.now, cancelled_at__gt=case.now - LATELY)
    if row := gone.order_by("-cancelled_at").first():
        case.facts.treatment = row.treatment_id
        return [phrases.is_cancelled()]
    return [phrases.not_cancelled() if upcoming(case) else phrases.no_appointments()]


def keep_as_is(case: Case) -> list[str]:
    case.stage = "done"
    case.facts.forget_episode()
    return [phrases.not_cancelled()]


def move_or_cancel(case: Case, heard: Heard) -> list[str]:
    if "cancels" in heard:
        case.facts.purpose = "cancel"
        return confirm_cancel(case, heard)
    if "moves" in heard or heard.when or re.search(r"\b(?:cambi|mov|otro dia|pas)\w*", heard.plain):
        case.facts.purpose = "move"
        return with_target(case, heard, target(case))
    return keep_as_is(case) if "no" in heard else NOT_UNDERSTOOD
