"""From "quiero un turno" to the stored row: what to ask next, decided by what is known."""

import re

from clinics import tenancy
from messaging.receptionist import insurers, offers, phrases, phrases_talk
from messaging.receptionist.case import Case
from messaging.receptionist.catalogue import Catalogue
from messaging.receptionist.dialogue.hearing import Heard
from messaging.receptionist.dialogue.offering import absent_now, confirmed, gone_wrong, options_of, search, taken
from messaging.receptionist.dialogue.target import moving_code, moving_row
from messaging.receptionist.dialogue.turn import NOT_UNDERSTOOD, hand_off, newly_pressing, use
from messaging.receptionist.tools import appointments, availability, booking
from messaging.receptionist.tools.booking import is_still_free
from messaging.receptionist.tools.options import Option, day_of, shown, time_of
from messaging.receptionist.understanding import Choosable, choice


def advance(case: Case, heard: Heard, catalogue: Catalogue) -> list[str]:
    """The next line of a booking. ``case.stage`` is what was asked last."""
    case.facts.purpose = "book"
    if case.stage in ("options", "data") and newly_pressing(case):
        return press(case, heard, catalogue)
    if "declines" in heard and not heard.when:
        return leave(case)
    if "waits" in heard and not heard.has_facts:
        return [phrases_talk.i_wait()]
    if case.stage in ("options", "data"):
        return with_options(case, heard, catalogue)
    return next_question(case, heard, catalogue)


def press(case: Case, heard: Heard, catalogue: Catalogue) -> list[str]:
    """Something urgent came up while a visit was being arranged: what was offered goes, who they are stays."""
    offers.drop(conversation=case.conversation, holder=case.holder, now=case.now)
    keep_identity(case, heard)
    case.offer, case.stage = None, ""
    case.facts.chosen, case.facts.suggested, case.facts.words, case.facts.seen = {}, "", [], []
    case.facts.professional = heard.professional.pk if heard.professional else None
    return next_question(case, heard, catalogue)


def leave(case: Case) -> list[str]:
    offers.drop(conversation=case.conversation, holder=case.holder, now=case.now)
    case.offer, case.stage, told = None, "", case.facts.told
    case.facts.forget_episode()
    case.facts.told = [one for one in told if one == "greeted"]
    return [phrases.left_it()]


def next_question(case: Case, heard: Heard, catalogue: Catalogue) -> list[str]:
    remember_when(case, heard)
    said = []
    if case.facts.treatment is None and not case.urgency:
        return ask_treatment(case, heard, catalogue)
    treatment = catalogue.treatment(case.facts.treatment)
    if treatment and not treatment.bookable:
        case.leaves_for = "not_bookable"
        return [phrases.coordinated(treatment.name)]
    if case.stage == "insurance" and heard.insurance:
        said.append(phrases.coverage(insurers.told(case)))
    elif own := insurers.of_treatment(case):
        said.append(phrases.coverage(own))
    if not insurers.known_of(case) and case.urgency != "emergency":
        if case.stage == "insurance" and re.search(r"\b(?:obra social|prepaga|mutual|si|tengo)\b", heard.plain):
            return [phrases.which_insurer()]
        repeated = case.stage == "insurance" and not heard.has_facts and not heard.asks
        case.stage = "insurance"
        if heard.when_unclear:
            return [phrases.date_unread(), phrases.which_insurance(for_other=case.facts.for_other)]
        return NOT_UNDERSTOOD if repeated else [phrases.which_insurance(for_other=case.facts.for_other)]
    if heard.when_unclear:
        case.stage = "when"
        return [*said, phrases.date_unclear()]
    return [*(one for one in said if one), *search(case)]


def ask_treatment(case: Case, heard: Heard, catalogue: Catalogue) -> list[str]:
    if len(heard.treatments) > 1:
        case.stage = "treatment"
        return [phrases.which_of([one.name for one in heard.treatments])]
    repeated = case.stage == "treatment" and not (heard.has_facts or heard.asks or told_whose(case))
    case.stage = "treatment"
    listed = [] if heard.asks & {"services", "does"} else [one.name for one in catalogue.bookable]
    return NOT_UNDERSTOOD if repeated else [phrases.which_treatment(listed)]


def remember_when(case: Case, heard: Heard) -> None:
    if heard.when and heard.text and (not case.facts.words or case.facts.words[-1][0] != heard.text):
        case.facts.remember_when(heard.text, case.today)


# Once options were said.


def with_options(case: Case, heard: Heard, catalogue: Catalogue) -> list[str]:
    if case.offer is None:
        return resume(case, heard)
    picked = heard.choice
    if picked.code:
        remember_when(case, heard)  # "el 9": another hour that is asked for later is of that day
        return take(case, heard, picked.code)
    if wants_other(case, heard):
        return search_anew(case, heard)
    if heard.when_unclear:
        return [phrases.date_unclear()]
    if case.stage == "data":
        return with_data(case, heard)
    return without_choice(case, heard)


def without_choice(case: Case, heard: Heard) -> list[str]:
    """A bare "dale" to two options is a question back."""
    found = options_of(case, case.offer)
    if ("yes" in heard or "any_option" in heard) and case.facts.suggested:
        return take(case, heard, case.facts.suggested)
    if "any_option" in heard:
        case.facts.suggested = found[0].code
        return [phrases.shall_i_book(found[0])]
    if told_whose(case):
        return ask_which(case)
    if ("no" in heard and not heard.insurance) or ("other_time" in heard and not heard.choice.several):
        case.facts.suggested = ""
        return [phrases.which_day()]
    if heard.choice.several or heard.says or heard.has_facts or heard.asks:
        return [phrases.which_of_the_two(found) if len(found) > 1 else phrases.shall_i_book(found[0])]
    return NOT_UNDERSTOOD


def wants_other(case: Case, heard: Heard) -> bool:
    """Another day, hour or professional than the options have; the offer goes, the data stay."""
    if heard.choice.several:
        return False
    another = heard.treatments and heard.treatments[0].pk != case.offer.treatment_id
    if heard.choice.none or (another and not heard.only_asks):
        return True
    if heard.professional and all(o["professional"] != heard.professional.pk for o in case.offer.options):
        return True
    if "any_doctor" in heard:
        return True
    if case.stage == "data" or "other_time" not in heard:
        return False
    return bool(heard.when or re.search(r"\b(?:mas|otr[oa]s?)\b", heard.plain))


def search_anew(case: Case, heard: Heard) -> list[str]:
    appointment = moving_code(case)
    seen = [option["start_at"] for option in case.offer.options] if case.offer else []
    remember_when(case, heard)
    offers.drop(conversation=case.conversation, holder=case.holder, now=case.now)
    case.offer, case.facts.chosen, case.facts.suggested = None, {}, ""
    if "any_doctor" in heard:
        case.facts.professional = None
    case.facts.seen = []
    if heard.when is None and not heard.professional and "other_time" in heard:
        others(case, heard, seen)
    return search(case, appointment=appointment)


def others(case: Case, heard: Heard, seen: list[str]) -> None:
    """"Otro día", "otro horario", "más tarde": what was offered is left out, as if the patient had said so."""
    locals_ = sorted(case.local(offers.starts({"start_at": start})) for start in seen)
    if re.search(r"\bmas tarde\b", heard.plain) and locals_:
        case.facts.remember_when(f"después de las {locals_[0]:%H:%M}", case.today)
    elif re.search(r"\bmas temprano\b", heard.plain) and locals_:
        case.facts.remember_when(f"antes de las {locals_[-1]:%H:%M}", case.today)
    elif re.search(r"\botr[oa]s? (?:dias?|fechas?|semana)\b|\besos dias\b|\bese dia\b", heard.plain):
        days = sorted({one.date() for one in locals_})
        left_out = " y ".join(f"{day:%d/%m/%Y}" for day in days)
        case.facts.remember_when(f"cualquier día menos {left_out}", case.today)
    case.facts.seen = seen


def take(case: Case, heard: Heard, code: str) -> list[str]:
    return move(case, heard, code) if case.facts.purpose == "move" else book(case, heard, code)


def move(case: Case, heard: Heard, code: str) -> list[str]:
    appointment = moving_code(case)
    if appointment is None:
        return [phrases.cannot_change()]
    done = use(case, appointments.RESCHEDULE, appointment=appointment, code=code)
    if not done.refused:
        return [confirmed(case, done.data, moved=True)]
    match done.data["code"]:
        case "slot_taken":
            return taken(case, done)
        case "offer_expired" | "unknown_code":
            return resume(case, heard)
        case "choice_not_explicit" | "offer_not_said":
            return ask_which(case)
        case "too_soon" | "outside_hours" | "beyond_horizon":
            return search(case, appointment=appointment)
    return gone_wrong(case, done)


def book(case: Case, heard: Heard, code: str) -> list[str]:
    name, document = heard.name, heard.document
    before, held_before = absent_now(case), case.facts.chosen.get("code")
    done = use(
        case, booking.TOOL, code=code, first_name=name.first or None if name else None,
        last_name=name.last or None if name else None, document=document.number if document else None,
        document_type=document.type if document else None, insurance=None,
        phone=heard.phone or None,
    )  # fmt: skip
    if not done.refused:
        return [confirmed(case, done.data)]
    if done.data["code"] == "data_missing":
        return ask_data(case, heard, done.data["missing"], before, changed=held_before not in (None, code))
    return book_refused(case, heard, done)


def book_refused(case: Case, heard: Heard, done) -> list[str]:
    match done.data["code"]:
        case "slot_taken":
            return taken(case, done)
        case "choice_not_explicit" | "offer_not_said":
            return ask_which(case)
        case "offer_expired" | "unknown_code":
            return resume(case, heard)
        case "document_of_another":
            return [phrases.document_of_another(), *hand_off(case, "document")]
        case "bad_document":
            case.stage = "data"
            return [phrases.bad_document()]
        case "not_a_name":
            case.stage = "data"
            case.facts.first_name = case.facts.last_name = ""
            return [phrases.not_a_name()]
        case "fault":
            return [phrases.trouble(), *hand_off(case, "fault")]
    case.offer, case.facts.chosen = None, {}
    return search(case)


def ask_which(case: Case) -> list[str]:
    case.stage = "options"
    found = options_of(case, case.offer)
    return [phrases.which_of_the_two(found) if len(found) > 1 else phrases.shall_i_book(found[0])]


def held_option(case: Case) -> Option:
    return next(one for one in options_of(case, case.offer) if one.code == case.facts.chosen["code"])


def ask_data(case: Case, heard: Heard, absent: list[str], before: list[str], *, changed: bool) -> list[str]:
    """Exactly what is missing. The time that is held is named once."""
    said = []
    if case.stage != "data":
        said.append(phrases.held(held_option(case)))
    elif heard.bad_document:
        return [phrases.bad_document()]
    elif heard.bad_phone:
        return [phrases.bad_phone()]
    elif changed:
        said.append(phrases.held(held_option(case)))
    elif absent == before and not (heard.has_facts or heard.asks or heard.says & {"thanks", "greets", "yes"}):
        return NOT_UNDERSTOOD
    case.stage = "data"
    if case.whose:
        return [*said, phrases.for_whom(case.whose)]
    return [*said, phrases.missing(absent, for_other=case.facts.for_other)]


def told_whose(case: Case) -> bool:
    """It is for another than it was when this turn began."""
    return case.facts.for_other != case.facts.before.get("facts", {}).get("for_other", False)


def with_data(case: Case, heard: Heard) -> list[str]:
    asks_which = re.search(r"\b(?:dni|documento|datos?)\b", heard.plain)
    if (told_whose(case) or asks_which) and not heard.has_facts:
        return [phrases.missing(absent_now(case), for_other=case.facts.for_other)]
    if heard.says & {"no", "other_time"} and not (heard.name or heard.document or heard.insurance or heard.phone):
        case.stage = "options"
        return [phrases.which_day()]
    return book(case, heard, case.facts.chosen["code"])


# Who comes back after the offer ran out keeps every fact given.


def resume(case: Case, heard: Heard) -> list[str]:
    offer, chosen = was_chosen(case, heard)
    keep_identity(case, heard)
    remember_when(case, heard) if heard.when and not chosen else None
    case.facts.chosen, case.facts.suggested = {}, ""
    if chosen is None:
        appointment = moving_code(case)
        return [phrases.offer_ran_out(), *search(case, appointment=appointment)]
    return offer_again(case, offer, chosen)


def was_chosen(case: Case, heard: Heard):
    """The offer that ran out, and the option the patient had taken or takes now."""
    with tenancy.atomic():
        offer = offers.newest(conversation=case.conversation)
        if offer is None:
            return None, None
        named = [Choosable(one["code"], case.local(offers.starts(one)).replace(tzinfo=None)) for one in offer.options]
        picked = choice(heard.text, named, today=case.today)
        code = picked.code or case.facts.chosen.get("code") or offer.chosen_code
        if picked.none:
            return offer, None
        return offer, offer.option(code) if code else None


def keep_identity(case: Case, heard: Heard) -> None:
    """Data that arrive with the late answer are kept, though nothing can be booked with them yet."""
    facts = case.facts
    if heard.name:
        facts.first_name, facts.last_name = heard.name.first or facts.first_name, heard.name.last or facts.last_name
    if heard.document:
        facts.document_type, facts.dni = heard.document.type, heard.document.number
    facts.phone = heard.phone or facts.phone


def offer_again(case: Case, offer, chosen: dict) -> list[str]:
    start = case.local(offers.starts(chosen))
    with tenancy.atomic():
        free = is_still_free(case, offer.treatment, chosen)
        names = {one.code: one for one in shown(case, offer)}
        before = Option(chosen["code"], day_of(start), time_of(start), names[chosen["code"]].professional)
        found = availability.around(case, offer.treatment, chosen, free=free)
        fresh = offers.make(conversation=case.conversation, treatment=offer.treatment, openings=found, now=case.now,
                            appointment=moving_row(case)) if found else None  # fmt: skip
    case.offer, case.stage = fresh, "options" if fresh else "when"
    listed = options_of(case, fresh) if fresh else []
    if len(listed) == 1:
        case.facts.suggested = listed[0].code
    return [phrases.hold_ran_out(before, listed, free=free)]
