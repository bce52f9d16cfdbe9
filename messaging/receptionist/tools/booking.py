"""book_appointment: a code of a live offer, chosen by the patient, and the data a guest must give. Then the row."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from agenda import availability, booking
from agenda.booking import SlotTaken
from agenda.models import Appointment
from clinics.audit import log_security_event
from clinics.models import Professional
from clinics.patients import intake
from clinics.patients.models import Patient
from dentalogic.lib import phones
from dentalogic.lib.refusals import Refusal
from dentalogic.lib.text import fold
from messaging.models import Conversation
from messaging.receptionist import insurers, offers, said
from messaging.receptionist.case import Case
from messaging.receptionist.tools import reach
from messaging.receptionist.tools.base import Answer, Arguments, Tool
from messaging.receptionist.tools.options import Option, day_of, shown, time_of
from messaging.receptionist.understanding import Choosable, agrees, choice, is_the_other


class ChoiceNotExplicit(Refusal):
    code = "choice_not_explicit"
    status = 409
    detail = _("El paciente no eligió entre las opciones: hay que preguntarle cuál.")


class DocumentOfAnother(Refusal):
    code = "document_of_another"
    status = 409
    detail = _("Ese documento figura con otro nombre. Lo tiene que ver una persona.")


class OfferNotSaid(Refusal):
    code = "offer_not_said"
    status = 409
    detail = _("El paciente todavía no leyó estas opciones: decíselas y esperá a que elija.")


class WrongOffer(Refusal):
    code = "wrong_offer"
    status = 409
    detail = _("Ese código es para mover un turno, no para reservar uno nuevo.")


class BookAppointment(Arguments):
    code: str = Field(description="Código de la opción que eligió el paciente, de check_availability.")
    first_name: str | None = Field(description="Nombre que escribió el paciente, o null.")
    last_name: str | None = Field(description="Apellido que escribió el paciente, o null.")
    document: str | None = Field(description="Número de documento que escribió el paciente, o null.")
    document_type: str | None = Field(description="DNI, Pasaporte, CI, LE o LC; null es DNI.")
    insurance: str | None = Field(description="Obra social que dijo, 'particular', o null si ya se sabe.")
    phone: str | None = Field(description="Teléfono que escribió, solo si se lo pedimos; si no, null.")


@dataclass(frozen=True)
class Booked:
    """From the stored row."""

    treatment: str
    day: str
    time: str
    professional: str
    address: str
    preparation: str = ""


@dataclass(frozen=True)
class DataMissing:
    """The time is held; these are exactly the data that a guest has not given."""

    missing: list[str]
    code: str = "data_missing"


@dataclass(frozen=True)
class Taken:
    """The time went to somebody else while they talked."""

    options: list[Option]
    code: str = "slot_taken"


def book_appointment(case: Case, given: BookAppointment) -> Answer:
    offer, option = offers.option_of(conversation=case.conversation, code=given.code, now=case.now)
    if option.get("appointment"):
        raise WrongOffer
    check_chosen(case, offer, option)
    keep_given(case, given)
    if made := Appointment.objects.with_names().filter(idempotency_key=_key(case, option)).first():
        return _settled(case, made)  # an earlier try of this very turn had got so far
    try:
        hold(case, offer, option)
        if absent := missing(case):
            return Answer(DataMissing(absent), refused=True)
        row = _book(case, offer, option, person(case))
    except SlotTaken as taken:
        return offered_instead(case, offer.treatment, taken.openings)
    return _settled(case, row)


def _key(case: Case, option) -> str:
    return f"offer:{option['code']}:{case.conversation.pk}"


def _settled(case: Case, row) -> Answer:
    offers.close(conversation=case.conversation, now=case.now)
    case.offer = None
    case.facts.booked = [*case.facts.booked, row.pk][-10:]
    if case.facts.for_other:
        case.facts.others = list(dict.fromkeys([*case.facts.others, row.patient_id]))
    return Answer(booked(case, row), row)


UNPROVED = _("Lo pidió por WhatsApp alguien cuyo teléfono no es el de esta ficha.")


def _book(case: Case, offer, option, patient):
    reach.require_books(case, patient)
    reason = "" if case.patient or case.facts.for_other else str(UNPROVED)
    return booking.book(
        patient=patient, professional=Professional.objects.get(pk=option["professional"]), treatment=offer.treatment,
        start_at=offers.starts(option), by=case.by, source="whatsapp", holder=case.holder,
        urgency=case.urgency, reason=reason, key=_key(case, option), insurer=insurers.paying(case),
    )  # fmt: skip


def check_chosen(case: Case, offer, option) -> None:
    """Words written after the offer was said single it out, now or when it was held; a "dale" does only where one
    was named."""
    if offer.chosen_code == option["code"] and not other_of_two(case, offer, case.text):
        return
    answers = said.after(case, offer)
    if not answers:
        raise OfferNotSaid
    if any(message.reply_id == option["code"] for message in answers):
        return
    words = "\n".join(message.words for message in answers if message.words)
    if choice(words, choosables(case, offer), today=case.today).code == option["code"]:
        return
    if other_of_two(case, offer, words) == option["code"]:
        return
    if option["code"] in (_named_before(case), *_alone(offer)) and agrees(words):
        return
    raise ChoiceNotExplicit


def other_of_two(case: Case, offer, words: str) -> str:
    """The code of the option that "el otro" means: the one of two that is not held, nor was asked about."""
    named = offer.chosen_code or _named_before(case)
    rest = [option["code"] for option in offer.options if option["code"] != named]
    return rest[0] if named and len(offer.options) == 2 and len(rest) == 1 and is_the_other(words) else ""


def _named_before(case: Case) -> str:
    """The one option that an earlier turn asked about."""
    return case.facts.before.get("facts", {}).get("suggested", "")


def _alone(offer) -> list[str]:
    return [option["code"] for option in offer.options] if len(offer.options) == 1 else []


def choosables(case: Case, offer) -> list[Choosable]:
    names = {option.code: option.professional for option in shown(case, offer)}
    return [
        Choosable(option["code"], case.local(offers.starts(option)).replace(tzinfo=None), names[option["code"]])
        for option in offer.options
    ]


def hold(case: Case, offer, option) -> None:
    """The chosen time waits for the patient's data; gone, other openings take its place."""
    professional = Professional.objects.get(pk=option["professional"])
    reach.require(case, "agenda.book", professional)
    booking.hold(
        professional=professional, treatment=offer.treatment,
        start_at=offers.starts(option), holder=case.holder, by=case.by, urgency=case.urgency, source="whatsapp",
        insurer=insurers.paying(case),
    )  # fmt: skip
    offers.choose(offer=offer, option=option)
    case.facts.chosen = {key: option[key] for key in ("code", "professional", "start_at")}


def keep_given(case: Case, given: BookAppointment) -> None:
    """Keep what was given; what the patient never wrote is not taken from anybody else."""
    facts = case.facts
    for name in ("first_name", "last_name"):
        value = getattr(given, name)
        if value and intake.is_name(value) and _was_said(case, name, value):
            setattr(facts, name, value)
    if given.document:
        kind = given.document_type or "DNI"
        number = intake.document(kind, given.document)
        if number and said.digits_by_patient(case, number):
            facts.document_type, facts.dni = kind, number
    insurance = given.insurance or ""
    if insurance and not insurers.known_of(case) and _is_theirs(case, insurance):
        insurers.take(case, insurance)
    if given.phone and said.digits_by_patient(case, given.phone[-6:]):
        facts.phone = phones.e164(given.phone, case.tenant.country) or facts.phone


def _is_theirs(case, insurance) -> bool:
    return insurance == insurers.PARTICULAR or said.by_patient(case, insurance)


def _was_said(case, name, value) -> bool:
    return getattr(case.facts, name) == value or said.by_patient(case, value)


def missing(case: Case) -> list[str]:
    """Exactly what a guest has not given; of a patient who is known, nothing that the record holds. First of all for
    whom of several it is: until then it may be for anybody."""
    facts, known = case.facts, None if case.whose else case.known
    has = {
        "who": not case.whose,
        "first_name": facts.first_name or (known and known.first_name),
        "last_name": facts.last_name or (known and known.last_name),
        "dni": facts.dni or (known and known.dni),
        "insurance": insurers.known_of(case),
        "phone": facts.phone or case.conversation.phone or (known and known.phone),
    }
    return [name for name, value in has.items() if not value]


def person(case: Case) -> Patient:
    """The patient of this visit: the known one completed, the owner of the document, or a new guest."""
    facts = case.facts
    details = {"insurance": insurers.known_of(case), "phone": facts.phone or case.conversation.phone}
    said = {"phone_unproved": details["phone"] != case.conversation.phone}  # anybody's, until it is written from
    if case.known:
        if facts.who and facts.dni == case.known.dni:  # one of several of this phone, and they said who writes
            _link(case, case.known)
        if facts.dni and not case.known.dni:
            details |= {"dni": facts.dni}
        absent = {name: value for name, value in details.items() if value and not getattr(case.known, name)}
        if "dni" in absent:
            absent["document_type"] = facts.document_type
        if absent:
            reach.require_edits(case)
        absent |= said if "phone" in absent else {}
        return intake.update(patient=case.known, by=case.by, **absent) if absent else case.known
    if found := intake.find_by_dni(facts.dni, document_type=facts.document_type):
        return _found(case, found)
    reach.require_edits(case)
    new = intake.register(
        first_name=facts.first_name, last_name=facts.last_name, document_type=facts.document_type, dni=facts.dni,
        status=Patient.Status.GUEST, by=case.by, **details, **said,
    )  # fmt: skip
    _link(case, new)
    return new


def _found(case: Case, patient) -> Patient:
    """A document and a surname are no proof of who writes: only the phone on record opens what is kept of them."""
    if not set(fold(case.facts.last_name).split()) & set(fold(patient.last_name).split()):
        raise DocumentOfAnother
    reach.require(case, "patients.see", patient)
    number = case.conversation.phone
    if number and patient.phone and _bare(patient.phone) == _bare(number):
        _link(case, patient)
        if patient.phone_unproved:  # who writes from it has the document too
            intake.update(patient=patient, by=case.by, phone=patient.phone)
    else:
        log_security_event(
            "receptionist.booked_unproved", by=case.by, severity="warning", conversation=case.conversation.pk,
            patient=patient.pk,
        )  # fmt: skip
    return patient


def _bare(number: str) -> str:
    """At the desk an Argentine mobile is often written without the 9 that WhatsApp says."""
    return re.sub(r"^\+549?", "+54", phones.fold(number))


def _link(case, patient):
    """The conversation is this person's, unless it speaks for somebody else."""
    mine_to_link = case.conversation.patient_id in (None, *case.facts.others)
    if mine_to_link and not case.facts.for_other and reach.links(case):
        Conversation.objects.filter(pk=case.conversation.pk).update(patient=patient)
        case.conversation.patient, case.patient = patient, patient


def booked(case: Case, row) -> Booked:
    local = case.local(row.start_at)
    return Booked(
        treatment=row.treatment.name, day=day_of(local), time=time_of(local), professional=row.professional.name,
        address=case.tenant.address_on(local.date()), preparation=row.treatment.before_visit,
    )  # fmt: skip


def offered_instead(case: Case, treatment, openings, appointment=None) -> Answer:
    """The time went to somebody else: what is free instead is a live offer."""
    case.facts.chosen, case.facts.suggested = {}, ""
    picked = offers.spread(openings, case.zone)
    if not picked:
        offers.close(conversation=case.conversation, now=case.now)
        case.offer = None
        return Answer(Taken([]), refused=True)
    case.offer = offers.make(
        conversation=case.conversation, treatment=treatment, openings=picked, now=case.now, appointment=appointment
    )
    return Answer(Taken(shown(case, case.offer)), case.offer, refused=True)


def is_still_free(case: Case, treatment, chosen: dict) -> bool:
    start = offers.starts(chosen)
    day = case.local(start).date()
    openings = availability.find(
        treatment=treatment, professionals=[chosen["professional"]], first=day, last=day, urgency=case.urgency,
        now=case.now, holder=case.holder,
    )  # fmt: skip
    return any(one.start_at == start for one in openings)


TOOL = Tool(
    "book_appointment",
    "agenda.book",
    "Reserva la opción que eligió el paciente. Guarda los datos que le pases; si faltan, dice cuáles.",
    BookAppointment,
    book_appointment,
    acts=True,
)
