"""The offline receptionist: a deterministic dialogue in Spanish over the same tools. It needs no key and no "
"network."""

import re

from agenda.models import Appointment
from clinics import tenancy
from clinics.patients.models import Insurer
from dentalogic.lib.text import fold
from messaging.receptionist import cancelling, family, insurers, naming, phrases, phrases_talk, triage
from messaging.receptionist.case import Case
from messaging.receptionist.catalogue import Catalogue
from messaging.receptionist.dialogue import booking, changes, leaving, questions, several
from messaging.receptionist.dialogue.hearing import Heard, listen
from messaging.receptionist.dialogue.offering import absent_now, options_of
from messaging.receptionist.dialogue.shapes import CARER, ENGLISH, FOR_ME, INSISTS, PORTUGUESE, RELATIVE, SEVERAL
from messaging.receptionist.dialogue.turn import NOT_UNDERSTOOD, hand_off, say_first, symptom_told

FAILURES = 3
UNTOLD = {"words", "told", "asked", "before", "unmoved"}
BOOKING_STAGES = {"treatment", "insurance", "options", "data", "when"}


def reply(case: Case) -> list[str]:
    """What to say to this turn's messages; an empty list is silence, or a handoff that spoke for itself."""
    catalogue = Catalogue.read()
    heard = listen(case, catalogue)
    if reason := leaving.reason(case, heard):
        return to_a_person(case, reason)
    if not heard.text.strip() and heard.media:
        return [phrases.media_only(heard.media)]
    keep(case, heard, catalogue)
    news = questions.covers(case, heard)
    greeting = [*opening(case, heard), *foreign(case, heard)]
    pictured = [phrases.picture_seen()] if heard.pictured else []
    said = [*pictured, *feelings(case), *news, *questions.answers(case, heard, catalogue)]
    main = carry_on(case, heard, catalogue, answered=bool(said))
    if main is NOT_UNDERSTOOD:
        return [*greeting, *(said or failed(case, greeted=bool(greeting)))]
    if stuck(case, heard, main):
        case.failed_attempts = FAILURES - 1
        return failed(case, greeted=False)
    case.failed_attempts = 0
    if case.leaves_for:
        say_first(case, [*greeting, *said, *main])
        return hand_off(case, case.leaves_for)
    return [*greeting, *said, *main]


def to_a_person(case: Case, reason: str) -> list[str]:
    say_first(case, [*feelings(case), *leaving.words(reason)])
    return hand_off(case, reason)


def stuck(case: Case, heard: Heard, main: list[str]) -> bool:
    """The same question would be asked a third time, and what was said between brought nothing."""
    facts, before = case.facts, case.facts.before
    still = case.stage in ("treatment", "insurance") and case.stage == before.get("stage")
    known = [(name, value) for name, value in facts.stored().items() if name not in UNTOLD]
    same = known == [(name, value) for name, value in before.get("facts", {}).items() if name not in UNTOLD]
    if not still:
        facts.unmoved = 0
    elif same and main and not heard.asks and not heard.says & {"waits", "thanks"}:
        facts.unmoved += 1
    return facts.unmoved >= 2


def opening(case: Case, heard: Heard) -> list[str]:
    """A greeting begins an episode; who is known is greeted by name."""
    begun = case.stage not in ("", "done", "look") or case.facts.purpose
    if begun or (case.stage == "done" and "greets" not in heard):
        return []
    if not heard.says - {"thanks", "bye"} and not heard.has_facts and not heard.asks and heard.says:
        return []
    if "greeted" in case.facts.told and "greets" not in heard:
        return []
    case.facts.told = [*case.facts.told, "greeted"]
    name = case.known.first_name if case.known else ""
    return [phrases.greeting(clinic=case.tenant.name, receptionist=case.tenant.receptionist_name, name=name)]


def foreign(case: Case, heard: Heard) -> list[str]:
    """Who writes in English or Portuguese is told once, in their words, how to reach a person."""
    found = [name for name, shape in (("en", ENGLISH), ("pt", PORTUGUESE)) if len(shape.findall(heard.plain)) > 1]
    if not found or "foreign" in case.facts.told:
        return []
    case.facts.told = [*case.facts.told, "foreign"]
    return [phrases_talk.ONLY_SPANISH[found[0]]]


def feelings(case: Case) -> list[str]:
    """What urgency asks for first, once: the clinic's advice where life may be at risk."""
    level = case.facts.urgent
    if not level or level in case.facts.told:
        return []
    case.facts.told = [*case.facts.told, level]
    if level == triage.URGENT:
        return [phrases.urgent()]
    tooth = any("tooth knocked out" in reason for reason in case.conversation.triage_reasons)
    return [phrases.emergency(number=case.tenant.emergency_number, advice=case.tenant.emergency_advice, tooth=tooth)]


@tenancy.atomic
def keep(case: Case, heard: Heard, catalogue: Catalogue) -> None:
    """Facts go to the conversation as soon as they are said, whatever they were said beside."""
    facts = case.facts
    if heard.insurance and not heard.insurer_aside:
        insurers.take(case, heard.insurance.name if isinstance(heard.insurance, Insurer) else heard.insurance)
    if len(heard.treatments) == 1 and chooses_treatment(case, heard):
        facts.treatment = heard.treatments[0].pk
    if heard.professional and case.stage != "data":
        facts.professional = heard.professional.pk
    if "any_doctor" in heard:
        facts.professional = None
    told = symptom_told(case)
    for_whom(case, heard, told=told)
    if told and facts.purpose not in ("move", "cancel"):
        come_for_the_symptom(case, heard, catalogue)
    facts.asked = sorted(heard.asks)
    whole_name = heard.name and heard.name.last and (heard.of_another or not facts.for_other)
    if case.stage != "data" and (whole_name or heard.document or heard.phone):
        booking.keep_identity(case, heard)


def for_whom(case: Case, heard: Heard, *, told: bool) -> None:
    """For somebody else, or for the writer after all; what follows a visit just settled is of its kind."""
    facts = case.facts
    of_another = "other_person" in heard or (told and RELATIVE.search(heard.plain))
    of_another = of_another or (case.patient is None and CARER.search(heard.plain) and not FOR_ME.search(heard.plain))
    of_another = of_another and not re.search(r"\bpara mi (?:y|,)", heard.plain)
    if facts.purpose in ("move", "cancel"):
        return
    if heard.visits:
        one_after_the_other(case, heard)
        return
    if (many := SEVERAL.search(heard.plain)) and "other_person" in heard and not facts.more:
        facts.more = 2 if re.search(r"\b(?:tres|3)\b", many[0]) else 1
    if of_another:
        facts.turn_to_another()
    elif (name := stranger(case, heard)) and not facts.for_other:
        facts.turn_to_another()
        facts.first_name = name
    elif not (facts.for_other or facts.who) and (found := of_this_phone(case, heard)):
        facts.who, case.patient = found.pk, found
    elif "for_me" in heard:
        facts.turn_to_another(for_other=False)
    same = heard.follows and (of_another or "for_me" in heard) and not (heard.treatments or told)
    if same and case.stage == "done" and facts.booked:
        facts.treatment = Appointment.objects.values_list("treatment_id", flat=True).get(pk=facts.booked[-1])


def one_after_the_other(case: Case, heard: Heard) -> None:
    """The first of those visits now; the others wait until it is settled."""
    first, *rest = heard.visits
    shared = case.facts.insurance if several.is_shared(heard.plain) else ""
    case.facts.turn_to_another(for_other=bool(first.who))
    case.facts.queue = [[one.treatment.pk, one.who, shared] for one in rest]


def of_this_phone(case: Case, heard: Heard):
    """"Para Julia", where she is one of several patients of this phone."""
    if not re.search(r"\bpara [^\W\d_]+", heard.plain):
        return None
    return family.named(family.of(case.conversation), text=heard.text, linked=None, asked=True)


def stranger(case: Case, heard: Heard) -> str:
    """Who writes from a patient's phone and says they are somebody else; "" where nobody does."""
    name = naming.calls_themselves(heard.text) if case.patient else ""
    return "" if fold(name) in fold(case.patient.name if case.patient else "").split() else name


def chooses_treatment(case: Case, heard: Heard) -> bool:
    """Whether the treatment named is what they come for; the price of one that a person arranges is only asked."""
    if case.stage == "data" or case.facts.purpose in ("move", "cancel"):
        return False
    if heard.only_asks and case.facts.treatment and case.stage in BOOKING_STAGES:
        return False
    return heard.treatments[0].bookable or not (heard.only_asks and case.stage in BOOKING_STAGES)


def come_for_the_symptom(case: Case, heard: Heard, catalogue: Catalogue) -> None:
    """"Me duele la muela de juicio" names no treatment, though the words may be another name of one."""
    by_name = [one for one in heard.treatments if fold(one.name) in heard.plain]
    if case.facts.urgent == triage.EMERGENCY or (case.facts.urgent and not by_name) or case.facts.treatment is None:
        fitting = catalogue.for_symptoms(case.facts.urgent)
        case.facts.treatment = fitting.pk if fitting else case.facts.treatment


def carry_on(case: Case, heard: Heard, catalogue: Catalogue, *, answered: bool) -> list[str]:
    moving = case.facts.purpose == "move" and case.stage == "options"
    if "cancels" in heard and case.stage not in ("confirm_cancel", "move_or_cancel"):
        return changes.begin(case, heard, "cancel")
    if case.stage == "done" and "cancelled" in case.facts.told and cancelling.goes_on(heard.text):
        return changes.begin(case, heard, "cancel")
    if (said := on_second_thoughts(case, heard, answered=answered)) is not None:
        return said
    if "keeps" in heard and not heard.has_facts and case.stage not in changes.STAGES | BOOKING_STAGES:
        return changes.keep(case)
    if "moves" in heard and case.stage not in changes.STAGES and not moving and case.stage not in ("options", "data"):
        return changes.begin(case, heard, "move")
    if "cannot_come" in heard and case.stage not in changes.STAGES | {"options", "data"}:
        return changes.begin(case, heard, "move_or_cancel")
    if "lists" in heard and case.stage not in changes.STAGES:
        return changes.show_mine(case, heard)
    if case.stage in changes.STAGES:
        return [] if answered and not heard.has_facts and not heard.says else changes.carry_on(case, heard)
    if moving:
        return booking.with_options(case, heard, catalogue)
    return talk(case, heard, catalogue, answered=answered)


def on_second_thoughts(case: Case, heard: Heard, *, answered: bool) -> list[str] | None:
    """They did not understand us, or what they said before was wrong."""
    asked = case.stage in changes.STAGES | BOOKING_STAGES
    if "puzzled" in heard and asked and not (heard.has_facts or answered):
        return reminder(case)
    settled = case.stage in ("", "done", "look") and not (heard.asks or heard.says & {"cancels", "moves"})
    if "confirms" in heard and settled and (said := changes.stands(case, heard)):
        return said
    if changes.corrects_identity(case, heard):
        return changes.correct_identity(case, heard)
    return changes.begin(case, heard, "move") if changes.regrets(case, heard) else None


def talk(case: Case, heard: Heard, catalogue: Catalogue, *, answered: bool) -> list[str]:
    if case.facts.purpose == "book" and case.stage in BOOKING_STAGES:
        return in_booking(case, heard, catalogue)
    if wants_visit(case, heard) and not (case.stage == "not_found" and insists(heard)):
        return booking.advance(case, heard, catalogue)
    if case.stage in ("look", "not_found") and "yes" in heard:
        return booking.advance(case, heard, catalogue)
    if case.stage == "not_found" and insists(heard):
        return hand_off(case, "appointment_not_found")
    if "thanks" in heard or ("yes" in heard and case.stage == "done"):
        return welcome(case, heard)
    if heard.says & {"wrong_number", "bye"}:
        return farewell(case, heard)
    if answered:
        return shall_i_look(case)
    if "greets" in heard or "yes" in heard:
        case.stage = ""
        return [phrases.how_can_i_help()]
    if "no" in heard:
        return [phrases.left_at_that() if case.facts.booked else phrases.left_it()]
    return NOT_UNDERSTOOD


def farewell(case: Case, heard: Heard) -> list[str]:
    if "wrong_number" in heard:
        case.stage = ""
        return [phrases_talk.no_harm_done()]
    return [phrases_talk.goodbye()]


def welcome(case: Case, heard: Heard) -> list[str]:
    """Thanks are answered once; a nod after that ends it in silence."""
    if "thanked" in case.facts.told and heard.says <= {"thanks", "yes", "bye"} and not heard.asks:
        return []
    case.facts.told = [*case.facts.told, "thanked"]
    return [phrases_talk.thanks()]


def insists(heard: Heard) -> bool:
    """They say they do have a visit, which is not among this conversation's."""
    return bool(heard.document or heard.name or INSISTS.search(heard.plain))


def shall_i_look(case: Case) -> list[str]:
    if case.stage in ("done", "look"):
        return []
    case.stage = "look"
    return [phrases.shall_i_look()]


def in_booking(case: Case, heard: Heard, catalogue: Catalogue) -> list[str]:
    """Inside a booking even a side question ends with what was being asked; a goodbye before the offer ends it."""
    leaves = heard.says & {"thanks", "bye"} and not heard.has_facts and not heard.says & {"books", "greets"}
    if leaves and case.stage in ("treatment", "insurance", "when"):
        case.stage, case.facts.purpose = "", ""
        return [phrases_talk.thanks() if "thanks" in heard else phrases_talk.goodbye()]
    return booking.advance(case, heard, catalogue)


def wants_visit(case: Case, heard: Heard) -> bool:
    if (case.facts.urgent and case.stage != "done") or symptom_told(case):
        return True
    if "thanks" in heard and case.stage == "done" and not heard.treatments:
        return False
    wants_none = heard.says >= {"declines", "books"} and not heard.has_facts
    if heard.only_asks or wants_none:  # "cuánto sale un turno para…?" asks for none
        return False
    wanted = heard.wishes or heard.says & {"books", "other_person"} or (heard.when and "hours" not in heard.asks)
    if heard.asks and not wanted:
        return False
    wishes = heard.treatments or heard.professional or heard.when
    return bool(wishes or heard.says & {"books", "other_person"} or ("for_me" in heard and case.facts.treatment))


def failed(case: Case, *, greeted: bool) -> list[str]:
    """The third attempt that is not understood goes to a person."""
    if greeted:
        return [phrases.how_can_i_help()]
    case.failed_attempts += 1
    if case.failed_attempts >= FAILURES:
        done = hand_off(case, "third_failure")
        case.failed_attempts = 0
        return done
    return [phrases.not_understood(), *reminder(case)]


def reminder(case: Case) -> list[str]:
    """What was being asked, once more."""
    match case.stage:
        case "options" if case.offer:
            found = options_of(case, case.offer)
            return [phrases.which_of_the_two(found) if len(found) > 1 else phrases.shall_i_book(found[0])]
        case "data" if case.offer:
            return [phrases.missing(absent_now(case), for_other=case.facts.for_other)]
        case "insurance":
            return [phrases.which_insurance(for_other=case.facts.for_other)]
        case "treatment":
            return [phrases.which_treatment([one.name for one in Catalogue.read().bookable])]
        case "which_appointment" | "confirm_cancel" | "move_or_cancel":
            return changes.asked_again(case)
        case "when" | "move_when":
            return [phrases.which_day()]
    return [phrases.how_can_i_help()]
