"""check_availability: openings inside what was asked, two of them offered under opaque codes."""

from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from agenda import availability, closed
from agenda.calendars import asking
from agenda.when import When, is_unclear, parse
from clinics import tenancy
from dentalogic.lib.refusals import Refusal
from messaging.receptionist import insurers, offers, said
from messaging.receptionist.case import Case
from messaging.receptionist.catalogue import Catalogue
from messaging.receptionist.facts import merged
from messaging.receptionist.tools.base import Answer, Arguments, Tool
from messaging.receptionist.tools.clinic import money
from messaging.receptionist.tools.options import Option, day_of, shown
from messaging.receptionist.tools.own import own_appointment

DAYS_AHEAD = 21
URGENT_DAYS = 2
SEARCHES_IN_A_ROW = 2
NEAR = timedelta(minutes=60)
DAYS_NAMED = 14  # in a longer stretch a closed day is not the reason


class TreatmentUnknown(Refusal):
    code = "treatment_unknown"
    detail = _("No está claro qué tratamiento: preguntá cuál de la lista.")


class NotOffered(Refusal):
    code = "treatment_not_bookable"
    status = 409
    detail = _("Ese tratamiento se coordina con una persona de la clínica.")


class InsuranceUnasked(Refusal):
    code = "insurance_unasked"
    status = 409
    detail = _("Falta preguntar la obra social antes de buscar horarios.")


class NotSaid(Refusal):
    code = "not_said_by_patient"
    status = 409
    detail = _("Ese dato no lo escribió el paciente: hay que preguntarlo.")


class DateUnclear(Refusal):
    code = "date_unclear"
    detail = _("La fecha no se entiende o no existe: hay que preguntarla.")


class EnoughSearches(Refusal):
    code = "enough_searches"
    status = 409
    detail = _("Ya se buscó en este turno: ofrecé lo que hay o preguntá otro día.")


class NothingFree(Refusal):
    code = "no_openings"
    status = 409
    detail = _("No hay horarios libres en esas fechas.")


class CheckAvailability(Arguments):
    treatment: str | None = Field(description="Nombre del tratamiento, como lo dijo el paciente o de list_services.")
    insurance: str | None = Field(description="Obra social que dijo el paciente, 'particular', o null si ya se sabe.")
    when: str | None = Field(description="Día y horario con las palabras del paciente, sin traducir. Null: lo "
         "antes posible.")
    on_date: str | None = Field(description="La fecha AAAA-MM-DD que entendés de esas palabras, si es una sola.")
    professional: str | None = Field(description="Apellido del profesional pedido, o null.")
    appointment: str | None = Field(description="Código del turno que se quiere mover, de list_my_appointments, "
         "o null.")


@dataclass(frozen=True)
class ClosedDays:
    """Why the whole clinic attends nobody on what was asked for."""

    first: str  # "viernes 25/12"
    last: str  # "" where it is one day
    holiday: bool
    name: str


@dataclass(frozen=True)
class Offered:
    treatment: str
    options: list[Option]
    outside_request: bool = False  # nothing was free in what was asked: these are the nearest
    coverage: dict = field(default_factory=dict)
    calendars: str = "none"  # live: Google answered just now; mirror: it did not, its last copy serves
    closed: list[ClosedDays] = field(default_factory=list)  # what was asked for is a holiday, or the clinic is closed


@dataclass(frozen=True)
class Plan:
    """What will be searched, once every gate is passed."""

    treatment: Any
    length: Any  # the treatment, or the one of a visit that moves, as long as that is
    wanted: When
    professional: Any = None
    moving: Any = None


def ask_google(case: Case, asked: CheckAvailability) -> None:
    """The gates and the hours first; then the calendars that matter, once each, while no transaction is open."""
    if not asking.connected():
        return
    with tenancy.atomic():
        plan = _plan(case, asked)
        first, last = _days(case, plan.wanted, plan.moving)
        insurer = insurers.paying(case)
    case.calendars = asking.about(
        treatment=plan.length, professionals=[plan.professional] if plan.professional else None, first=first,
        last=_furthest(case, first, last), urgency=case.urgency, holder=case.holder, insurer=insurer,
        **_moving(plan.moving),
    )  # fmt: skip


def _moving(visit) -> dict:
    return {"exclude": visit and visit.pk, "had": visit and visit.start_at}


def _plan(case: Case, asked: CheckAvailability) -> Plan:
    if len([one for one in case.steps if one.tool == TOOL.name]) >= SEARCHES_IN_A_ROW:
        raise EnoughSearches
    catalogue = Catalogue.load()
    moving = own_appointment(case, asked.appointment) if asked.appointment else None
    treatment = moving.treatment if moving else _treatment(case, catalogue, asked.treatment)
    _insurance(case, asked.insurance, moving)
    wanted = _wanted(case, asked)
    professional = _professional(case, catalogue, asked, moving)
    return Plan(treatment, moving.as_long_as_it_is if moving else treatment, wanted, professional, moving)


def check_availability(case: Case, asked: CheckAvailability) -> Answer:
    plan = _plan(case, asked)
    treatment, moving = plan.treatment, plan.moving
    found, outside = search(case, plan.length, plan.wanted, professional=plan.professional, moving=moving)
    why = closed_days(case, plan.wanted) if outside or not found else []
    if not found:
        raise NothingFree(extra={"closed": [asdict(one) for one in why]})
    offer = offers.make(
        conversation=case.conversation, treatment=treatment, openings=found, now=case.now, appointment=moving
    )
    case.offer, case.facts.chosen, case.facts.suggested = offer, {}, ""
    covered = insurers.coverage(case)
    coverage = {
        "name": covered.name, "policy": covered.policy, "note": covered.note,
        "copay": money(covered.copay) if covered.copay else "", "needs_authorisation": covered.needs_authorisation}
    calendars = case.calendars.freshness.said
    return Answer(Offered(treatment.name, shown(case, offer), outside, coverage, calendars, why), offer)


def closed_days(case: Case, wanted: When) -> list[ClosedDays]:
    if wanted.first is None and not wanted.days:
        return []
    first, last = _days(case, wanted)
    if last - first >= timedelta(days=DAYS_NAMED):
        return []
    asked = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [
        ClosedDays(day_of(one.first), day_of(one.last) if one.last > one.first else "", one.holiday, one.name)
        for one in closed.whole(day for day in asked if wanted.allows_day(day))]


def _treatment(case, catalogue, asked):
    named = catalogue.treatments_in(asked or "") if asked else []
    if len(named) > 1:
        raise TreatmentUnknown(extra={"services": [one.name for one in named]})
    treatment = named[0] if named else None
    if treatment is None and not asked:
        treatment = catalogue.treatment(case.facts.treatment)
    if treatment is None and case.urgency:
        treatment = catalogue.for_symptoms(case.urgency)
    if treatment is None:
        raise TreatmentUnknown(extra={"services": [one.name for one in catalogue.bookable]})
    if not treatment.bookable:
        raise NotOffered
    case.facts.treatment = treatment.pk
    return treatment


def _insurance(case, asked, moving):
    """Asked before availability, once; an emergency is not kept waiting for it, nor is a visit that only moves."""
    if asked:
        if not (insurers.known_of(case) or asked.casefold() == insurers.PARTICULAR or said.by_patient(case, asked)):
            raise NotSaid(fields={"insurance": [str(NotSaid.detail)]})
        insurers.take(case, asked)
    if not (insurers.known_of(case) or moving or case.urgency == "emergency"):
        raise InsuranceUnasked


def _wanted(case, asked) -> When:
    """The words decide; a date of the model's that disagrees with them books nothing."""
    if asked.when:
        if is_unclear(asked.when, today=case.today):
            raise DateUnclear
        if parse(asked.when, today=case.today):
            case.facts.remember_when(asked.when, case.today)
            case.facts.seen = []  # they say when: what they had seen may be what they want now
    wanted = case.facts.when()
    if asked.on_date:
        try:
            day = date.fromisoformat(asked.on_date)
        except ValueError as fault:
            raise DateUnclear from fault
        if day < case.today or not wanted.allows_day(day):
            raise DateUnclear
        wanted = merged(wanted, When(day, day))
    return wanted


def _professional(case, catalogue, asked, moving):
    if asked.professional:
        found = catalogue.professional_in(f"con {asked.professional}")
        case.facts.professional = found.pk if found else None
        return found
    if case.facts.professional:
        return catalogue.professional(case.facts.professional)
    return moving.professional if moving else None


def search(case: Case, treatment, wanted: When, *, professional=None, moving=None):
    """Up to two openings inside ``wanted``; else the nearest outside it, and True."""
    first, last = _days(case, wanted, moving)
    hours_only = When(part=wanted.part, since=wanted.since, until=wanted.until, at=wanted.at)
    seen = [offers.starts({"start_at": start}) for start in case.facts.seen]

    def find(first, last, words):
        if last < first:
            return []
        openings = asking.openings(
            case.calendars, treatment=treatment, professionals=[professional] if professional else None, first=first,
            last=last, urgency=case.urgency, now=case.now, holder=case.holder, insurer=insurers.paying(case),
            allows=words.allows, **_moving(moving),
        )  # fmt: skip
        fits = [one for one in openings if not any(abs(one.start_at - start) < NEAR for start in seen)]
        return offers.spread(fits, case.zone)

    if found := find(first, last, wanted):
        return found, False
    until = _furthest(case, first, last)
    days_only = When(
        first=wanted.first, last=wanted.last, days=wanted.days, weekdays=wanted.weekdays,
        excluded_days=wanted.excluded_days, excluded_weekdays=wanted.excluded_weekdays,
    )  # fmt: skip
    excluded = When(excluded_days=wanted.excluded_days, excluded_weekdays=wanted.excluded_weekdays)
    for end, words in ((last, days_only), (until, merged(excluded, hours_only)), (until, excluded)):
        if found := find(first, end, words):
            return found, bool(wanted.says_day or wanted.says_hour)
    return [], False


def _furthest(case: Case, first: date, last: date) -> date:
    """As far as is looked where nothing is free in what was asked."""
    horizon = case.today + timedelta(days=case.tenant.horizon_days)
    return min(max(last, first) + timedelta(days=DAYS_AHEAD), horizon)


def around(case: Case, treatment, chosen: dict, *, free: bool):
    """The time that was chosen before first, if it is free, and one more; else what is near it."""
    start = offers.starts(chosen)
    day = max(case.local(start).date(), case.today)
    openings = availability.find(
        treatment=treatment, professionals=[chosen["professional"]], first=day, last=day + timedelta(days=7),
        urgency=case.urgency, now=case.now, holder=case.holder, insurer=insurers.paying(case),
    )  # fmt: skip
    wanted = case.facts.when()
    inside = [one for one in openings if wanted.allows(case.local(one.start_at))] or openings
    lead = next((one for one in openings if one.start_at == start), None) if free else None
    return offers.spread(inside, case.zone, first=lead)


def _days(case, wanted: When, moving=None) -> tuple[date, date]:
    """Where to look. The earliest day is the engine's to say; a search begins there, so that it reaches as far."""
    delay = timedelta(days=0 if case.urgency else insurers.coverage(case).delay_days)
    earliest = [case.today + delay, *([case.local(moving.start_at).date()] if moving else ())]
    first = max(min(earliest), wanted.first or case.today)
    horizon = case.today + timedelta(days=case.tenant.horizon_days)
    if wanted.last:
        return first, min(wanted.last, horizon)
    if case.urgency == "emergency" and not wanted.first:
        return first, first
    if case.urgency and not wanted.first:
        return first, min(first + timedelta(days=URGENT_DAYS), horizon)
    return first, min(first + timedelta(days=DAYS_AHEAD), horizon)


TOOL = Tool(
    "check_availability",
    "agenda.see",
    "Busca horarios libres y ofrece dos opciones con su código. Antes hay que saber tratamiento y obra social. "
    "Si «closed» trae algo, decí primero por qué no se atiende lo pedido: el feriado o el cierre, por su nombre.",
    CheckAvailability,
    check_availability,
    before=ask_google,
    acts=True,
)
