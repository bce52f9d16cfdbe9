"""Searching and saying what was found: shared by new visits and by those that move."""

from agenda.models import Appointment
from clinics import tenancy
from messaging.receptionist import insurers, phrases
from messaging.receptionist.case import Case
from messaging.receptionist.catalogue import Catalogue
from messaging.receptionist.dialogue.turn import hand_off, use
from messaging.receptionist.tools import availability
from messaging.receptionist.tools.booking import Booked, missing
from messaging.receptionist.tools.options import Option, shown


def search(case: Case, *, appointment: str | None = None) -> list[str]:
    """Search inside what was said so far and offer; the refusals of the tool become the next question."""
    done = use(case, availability.TOOL, treatment=None, insurance=None, when=None, on_date=None, professional=None,
               appointment=appointment)  # fmt: skip
    if not done.refused:
        case.stage = "options"
        return [offered(case, done.row, done.data)]
    return search_refused(case, done.data)


def search_refused(case: Case, refusal: dict) -> list[str]:
    match refusal["code"]:
        case "no_openings":
            case.stage = "when"
            return [phrases.nothing_free(phrases.closed(refusal.get("closed", ())))]
        case "date_unclear":
            case.stage = "when"
            return [phrases.date_unclear()]
        case "treatment_unknown":
            case.stage = "treatment"
            return [phrases.which_treatment([one.name for one in Catalogue.read().bookable])]
        case "treatment_not_bookable":
            return hand_off(case, "not_bookable")
        case "insurance_unasked":
            case.stage = "insurance"
            return [phrases.which_insurance()]
    return [phrases.could_not_check()]


@tenancy.atomic
def absent_now(case: Case) -> list[str]:
    return missing(case)


def offered(case: Case, offer, said: dict) -> str:
    """The tool's answer in words: `said` is what it said beside the options."""
    found = options_of(case, offer)
    if len(found) == 1:
        case.facts.suggested = found[0].code
    return phrases.options(
        offer.treatment.name, found, outside=said["outside_request"], why=phrases.closed(said["closed"]))


def options_of(case: Case, offer) -> list[Option]:
    with tenancy.atomic():
        return shown(case, offer)


def confirmed(case: Case, data: dict, *, moved=False) -> str:
    """Written from the stored row; the visit is settled."""
    case.stage, more, queue = "done", case.facts.more, case.facts.queue
    case.facts.forget_episode()
    said = phrases.confirmation(Booked(**data), moved=moved)
    if queue:
        return "\n".join([said, *and_the_next(case, queue)])
    return f"{said}\n{and_another(case, more)}" if more else said


def and_the_next(case: Case, queue: list) -> list[str]:
    """Of the visits asked for in one message: what it is and whose was told, so it goes on by itself."""
    lead, facts, case.facts.queue = of_the_next(case, queue[0]), case.facts, queue[1:]
    with tenancy.atomic():
        known = insurers.known_of(case)
    if not known:
        case.stage = "insurance"
        return [lead, phrases.which_insurance(for_other=facts.for_other)]
    return [lead, *search(case)]


@tenancy.atomic
def of_the_next(case: Case, visit: list) -> str:
    (treatment, who, insurance), facts = visit, case.facts
    facts.turn_to_another(for_other=bool(who))
    facts.treatment, facts.purpose = treatment, "book"
    if not who and case.conversation.patient_id not in (None, *facts.others):
        facts.who = case.conversation.patient_id  # they said for whom: who writes
    if insurance:
        insurers.take(case, insurance)
    named = Catalogue.load().treatment(treatment)
    return phrases.now_the_next(who, named.name if named else "")


@tenancy.atomic
def and_another(case: Case, more: int) -> str:
    """They came for several: the next one is of the same kind and for somebody else."""
    case.facts.turn_to_another()
    case.facts.treatment = Appointment.objects.values_list("treatment_id", flat=True).get(pk=case.facts.booked[-1])
    case.facts.more, case.stage = more - 1, "look"
    return phrases.and_the_other()


def taken(case: Case, done) -> list[str]:
    found = [Option(**one) for one in done.data.get("options", [])]
    case.stage = "options" if found else "when"
    return [phrases.taken(found)]


def gone_wrong(case: Case, done) -> list[str]:
    if done.data["code"] == "fault":
        return [phrases.trouble(), *hand_off(case, "fault")]
    case.stage = "done"
    case.facts.forget_episode()
    return [phrases.cannot_change()]
