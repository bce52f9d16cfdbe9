"""Side questions, answered from what the clinic has configured, before coming back to the booking."""

import re
from dataclasses import asdict
from datetime import timedelta

from agenda import closed, holidays
from clinics import tenancy
from clinics.patients.models import Insurer
from dentalogic.lib import phones
from messaging.receptionist import insurers, phrases, phrases_clinic, phrases_talk
from messaging.receptionist.case import Case
from messaging.receptionist.catalogue import Catalogue
from messaging.receptionist.dialogue.hearing import Heard
from messaging.receptionist.dialogue.turn import use
from messaging.receptionist.tools import clinic
from messaging.receptionist.tools.availability import closed_days
from messaging.receptionist.tools.clinic import money, opening_hours, told_price
from messaging.receptionist.tools.options import day_of
from messaging.receptionist.tools.own import upcoming


def answers(case: Case, heard: Heard, catalogue: Catalogue) -> list[str]:
    said = [READ[name](case, heard, catalogue) for name in READ if name in heard.asks]
    return list(dict.fromkeys(one for one in said if one))


def _address(case, heard, catalogue):
    by_day = {int(day): where for day, where in (case.tenant.addresses or {}).items() if where}
    return phrases_clinic.address(case.tenant.address, by_day)


def _hours(case, heard, catalogue):
    with tenancy.atomic():
        why = closed_days(case, heard.when) if heard.when else []
    if why:
        return phrases.closed([asdict(one) for one in why])
    if re.search(r"\bferiados?\b", heard.plain) and heard.when is None and (said := _next_holiday(case)):
        return said
    found = opening_hours(case)
    if found and (days := _days_asked(heard)):
        return phrases_clinic.hours_on([(day, next((text for of, text in found if day in of), "")) for day in days])
    return phrases_clinic.hours(found)


@tenancy.atomic
def _next_holiday(case) -> str:
    """Of those on which the clinic is closed: one that was opened by hand is none."""
    ahead = holidays.named(case.tenant, case.today, case.today + timedelta(days=120))
    shut = next((one for one in (closed.whole([day]) for day in list(ahead)[:3]) if one), None)
    return phrases_clinic.next_holiday(day_of(shut[0].first), shut[0].name) if shut else ""


def _duration(case, heard, catalogue):
    named = next(iter(heard.treatments), None) or catalogue.treatment(case.facts.treatment)
    return phrases_clinic.duration(named.name, named.minutes) if named else phrases_clinic.unknown_detail()


def _days_asked(heard) -> list[int]:
    """"¿Abren los sábados?": weekdays that are named, and no stretch of days."""
    when = heard.when
    if when is None or when.weekdays:
        return sorted(when.weekdays) if when else []
    return [when.first.weekday()] if when.first and when.first == when.last else []


def _services(case, heard, catalogue):
    done = use(case, clinic.SERVICES)
    return phrases_clinic.services([one["name"] for one in done.data["services"]]) if not done.refused else ""


def _covers(case, heard, catalogue):
    """Of who they said pays; who that is is asked where nobody has said it."""
    if isinstance(heard.insurance, Insurer) or "insurance" in heard.asks:
        return ""
    named = heard.treatments[0].pk if len(heard.treatments) == 1 else None
    if not insurers.known_of(case):
        return phrases_clinic.insurers(catalogue.attended)
    return phrases.coverage(insurers.told(case, named)) or phrases_clinic.private()


def _does(case, heard, catalogue):
    if heard.asks & {"price", "insurance", "covers"} or heard.insurance:
        return ""
    if not heard.treatments:
        return phrases_clinic.services([one.name for one in catalogue.treatments])
    return phrases_clinic.we_do(heard.treatments[0].name)


def _price(case, heard, catalogue):
    named = heard.treatments or [one for one in [catalogue.treatment(case.facts.treatment)] if one]
    told = [phrases_clinic.price(one.name, told_price(one)) for one in named if told_price(one)]
    if not told and case.tenant.consultation_price is not None and (not named or "consulta" in heard.plain):
        told = [phrases_clinic.price(str(phrases._("Consulta")), money(case.tenant.consultation_price))]
    return "\n".join(told) if told else phrases_clinic.price_untold()


def _professionals(case, heard, catalogue):
    use(case, clinic.PROFESSIONALS)
    return phrases_clinic.professionals(catalogue.professionals)


def _insurance(case, heard, catalogue):
    if isinstance(heard.insurance, Insurer):
        return ""
    return phrases_clinic.insurers(catalogue.attended)


def _preparation(case, heard, catalogue):
    with tenancy.atomic():
        ahead = upcoming(case)
    named = next(iter(heard.treatments), None) or catalogue.treatment(case.facts.treatment)
    treatment = named or (ahead[0].treatment if ahead else None)
    return (treatment.before_visit if treatment else "") or phrases_clinic.unknown_detail()


def _phone(case, heard, catalogue):
    return phrases_clinic.phone(phones.show(case.tenant.phone) if case.tenant.phone else "")


def covers(case: Case, heard: Heard) -> list[str]:
    """What is configured about who pays, when it is news, or of whom they only ask about. The question of who pays
    says it by itself."""
    if not isinstance(heard.insurance, Insurer):
        return []
    if heard.insurer_aside:
        with tenancy.atomic():
            return [phrases.coverage(insurers.of(heard.insurance))]
    before = case.facts.before.get("facts", {}).get("insurance") or (case.known.insurance if case.known else "")
    if case.stage == "insurance" or before == insurers.known_of(case):
        return []
    return [phrases.coverage(insurers.told(case))]


READ = {
    "bot": lambda case, heard, catalogue: phrases_talk.i_am(case.tenant.receptionist_name),
    "fear": lambda case, heard, catalogue: phrases_talk.reassurance(),
    "address": _address,
    "hours": _hours,
    "services": _services,
    "does": _does,
    "price": _price,
    "duration": _duration,
    "payment": lambda case, heard, catalogue: phrases_clinic.unknown_detail(),
    "parking": lambda case, heard, catalogue: phrases_clinic.unknown_detail(),
    "professionals": _professionals,
    "insurance": _insurance,
    "covers": _covers,
    "preparation": _preparation,
    "phone": _phone,
}
