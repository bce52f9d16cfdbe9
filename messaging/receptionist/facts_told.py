"""The clinic and the conversation as values: what the prompt may say and the guard takes for true."""

import re
from datetime import date, timedelta

from agenda import closed
from agenda.when import parse
from clinics import tenancy
from clinics.models import Membership
from clinics.patients.models import Patient
from dentalogic.lib import phones
from dentalogic.lib.text import fold
from messaging import people
from messaging.receptionist import (
    guard,
    guard_hours,
    guard_names,
    inspecting,
    insurers,
    offers,
    phrases,
    phrases_clinic,
    prompt,
    said,
    triage,
)
from messaging.receptionist.case import Case
from messaging.receptionist.catalogue import Catalogue
from messaging.receptionist.tools.booking import missing
from messaging.receptionist.tools.clinic import money, opening_hours, told_price
from messaging.receptionist.tools.options import shown, time_of
from messaging.receptionist.tools.own import upcoming


@tenancy.atomic
def instructions(case: Case) -> str:
    catalogue, tenant = Catalogue.load(), case.tenant
    clinic = prompt.ClinicFacts(
        name=tenant.name, zone=tenant.timezone, receptionist=tenant.receptionist_name, address=tenant.address,
        hours=phrases_clinic.hours(opening_hours(case)), services=_sorted(one.name for one in catalogue.bookable),
        professionals=_sorted(one.name for one in catalogue.professionals),
        insurers=_sorted(f"{one.name} ({one.get_policy_display()})" for one in catalogue.insurers),
        prices=_sorted(f"{one.name} {told_price(one)}" for one in catalogue.treatments if told_price(one)),
        emergency_number=tenant.emergency_number,
    )  # fmt: skip
    return prompt.render(clinic, today=case.today, known=_known(case, catalogue))


def _sorted(texts) -> tuple[str, ...]:
    """In one order, whatever order the database has them in."""
    return tuple(sorted(texts))


def _known(case, catalogue) -> prompt.Known:
    treatment = catalogue.treatment(case.facts.treatment)
    options = shown(case, case.offer) if case.offer else []
    return prompt.Known(
        patient=inspecting.readable(case.known.name if case.known else case.facts.full_name, source="name"),
        insurance=insurers.known_of(case),
        treatment=treatment.name if treatment else "", missing=tuple(missing(case)),
        options=tuple(f"{one.code}: {phrases.option(one)}" for one in options),
        chosen=case.facts.chosen.get("code", ""),
    )  # fmt: skip


@tenancy.atomic
def truth(case: Case, text: str = "") -> guard.Truth:
    """What is so, read after the tools have run; of ``text``, whose names are in it."""
    catalogue, tenant = Catalogue.load(), case.tenant
    starts = [case.local(row.start_at) for row in upcoming(case)]
    starts += [case.local(offers.starts(one)) for one in case.offer.options] if case.offer else []
    amounts = [told_price(one) for one in catalogue.treatments]
    amounts += [money(tenant.consultation_price)] if tenant.consultation_price is not None else []
    covered = insurers.coverage(case)
    amounts += [money(covered.copay)] if covered.copay else []
    ahead = bool(upcoming(case))
    return guard.Truth(
        today=case.today, times=frozenset(map(time_of, starts)), **_attended(case, text, catalogue),
        days=frozenset(_days(starts)), amounts=frozenset(re.sub(r"\D", "", one) for one in amounts if one),
        numbers=frozenset(_numbers(case)), codes=frozenset(_codes(case)), told=_told(tenant, catalogue, covered),
        booked=bool(case.did("book_appointment")) or (ahead and bool(case.did("list_my_appointments"))), visits=ahead,
        held=bool(case.facts.chosen),
        moved=bool(case.did("reschedule_appointment")), cancelled=bool(case.did("cancel_appointment")),
        doctors=frozenset(word for one in catalogue.professionals for word in fold(one.name).split()),
        named=frozenset([*_closed(case), *_closed_as_told(case, text)]), handed_off=case.handed_off,
        was_cancelled="cancelled" in case.facts.told,
        alerted=case.handed_off or case.conversation.triage_level == triage.EMERGENCY,
        others=frozenset(_others(case, text, catalogue)),
    )  # fmt: skip


ASKED_OF = timedelta(days=31)  # how far a date is that is asked about by itself


def _attended(case, text, catalogue) -> dict:
    """When the clinic and its professionals attend; holidays and closures are looked up where the text tells hours."""
    own = tenancy.here().working_hours
    if not guard_hours.is_about(plain := fold(text)):
        return {"week": _week(own)}
    asked = _asked(case)
    on = closed.windows({day for day in guard_hours.days_of(plain, case.today) if isinstance(day, date)} | asked)
    weeks = {word: _week(one.working_hours, on) for one in catalogue.professionals if one.working_hours is not None
             for word in fold(one.last_name).split()}  # fmt: skip
    return {"week": _week(own, on), "weeks": weeks, "asked": asked}


def _week(hours, on=None) -> guard_hours.Week:
    spans = {int(day): tuple((one["start"], one["end"]) for one in entry["slots"])
             for day, entry in (hours or {}).items() if entry["enabled"]}  # fmt: skip
    return guard_hours.Week(spans, {day: tuple(map(tuple, spans)) for day, spans in (on or {}).items()})


def _asked(case) -> frozenset[date]:
    wanted = parse(case.text, today=case.today)
    one = wanted is not None and wanted.first is not None and wanted.first == wanted.last
    return frozenset([wanted.first] if one and wanted.first - case.today <= ASKED_OF else [])


def _closed(case):
    """Holidays and closures that a tool of this turn named: `viernes 25/12`."""
    for done in case.steps:
        for one in done.data.get("closed") or ():
            for day, month in re.findall(r"(\d+)/(\d+)", f"{one['first']} {one['last']}"):
                yield int(day), int(month)


_CLOSED = re.compile(r"\bferiados?\b|\bcerrad[oa]s?\b|\bno (?:atend|abr)")


def _closed_as_told(case, text):
    """"El viernes 25/12 es feriado", where it is: nobody need have looked it up."""
    if not _CLOSED.search(plain := fold(text)):
        return
    for match in guard.DATE.finditer(plain):
        day, month = (match[1], match[2]) if match[1] else (match[4], guard.MONTHS.index(match[5]) + 1)
        if (on := _next(case.today, int(day), int(month))) and closed.whole([on]):
            yield int(day), int(month)


def _next(today: date, day: int, month: int) -> date | None:
    for year in (today.year, today.year + 1):
        try:
            if (found := date(year, month, day)) >= today:
                return found
        except ValueError:
            return None
    return None


NAMED = re.compile(r"\b[A-ZÁÉÍÓÚÑ][a-záéíóúñü]+(?:(?: de| del| de la)? [A-ZÁÉÍÓÚÑ][a-záéíóúñü]+)+")
ASKED = 6  # names of one text that are looked up


def _others(case, text, catalogue):
    """Names that are a patient's, and neither the clinic's nor said by this person or by a tool of this turn."""
    known = " ".join([case.tenant.name, case.facts.full_name, case.patient.name if case.patient else "",
                      case.conversation.profile_name,
                      *(one.name for one in (*catalogue.professionals, *catalogue.treatments, *catalogue.insurers))])
    known += " " + " ".join(str(done.data) for done in case.steps)
    known = set(re.findall(r"[a-z]+", fold(known))) | said.words_of(case)
    usual = guard.seen(text)
    whole = [name for name in dict.fromkeys(NAMED.findall(usual)) if set(fold(name).split()) - known]
    given = [name for name in dict.fromkeys(guard_names.owners(usual)) if name not in known]
    if whole or given:
        known |= _near(case)
    for name in whole[:ASKED]:
        if set(fold(name).split()) - known and Patient.objects.search(name).exists():
            yield fold(name)
    for name in given[:ASKED]:
        if name not in known and (name in guard_names.SURE or _is_a_patients(name)):
            yield name


def _near(case) -> set[str]:
    """Words of the names of their family, of whom this conversation brought, and of who works in the clinic."""
    names = [one.name for one in people.patients_of(case.conversation)]
    names += [one.name for one in Patient.objects.filter(pk__in=case.facts.others)]
    names += [one.user.name for one in Membership.objects.select_related("user")]
    return set(re.findall(r"[a-z]+", fold(" ".join(names))))


def _is_a_patients(name) -> bool:
    found = Patient.objects.search(name).values_list("first_name", flat=True)[:20]
    return any(name in fold(one).split() for one in found)


def _told(tenant, catalogue, covered) -> str:
    where = [tenant.name, tenant.address, *(tenant.addresses or {}).values(), tenant.emergency_advice]
    notes = [*(one.note for one in catalogue.insurers), *(one.before_visit for one in catalogue.treatments)]
    notes += [covered.note, phrases.coverage(covered)]
    names = [*(one.name for one in catalogue.insurers), *(one.name for one in catalogue.treatments)]
    return fold(" ".join(str(one) for one in [*where, *notes, *names] if one))


def _days(starts) -> list[date]:
    return [one.date() for one in starts]


def _numbers(case) -> list[str]:
    own = [case.facts.dni, case.facts.phone, case.conversation.phone, case.tenant.phone, case.tenant.emergency_number]
    if case.patient:
        own += [case.patient.dni or "", case.patient.phone]
    shown_too = [phones.show(one) for one in own if one and one.startswith("+")]
    digits = [re.sub(r"\D", "", one) for one in [*own, *shown_too] if one]
    return [*digits, *(re.sub(r"^549?", "", one) for one in digits if len(one) > 11)]


def _codes(case) -> list[str]:
    return [one["code"] for one in case.offer.options] if case.offer else []


