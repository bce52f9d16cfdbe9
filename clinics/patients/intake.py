"""A patient comes in, and what is known of them changes. The only writer of patients and of their search words."""
import re

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from clinics import live, tenancy
from clinics.audit import log_security_event
from clinics.idempotency import KeyReused
from clinics.patients import words
from clinics.patients.models import Patient, PatientWord
from dentalogic.lib import clock, phones
from dentalogic.lib.refusals import Refusal
from dentalogic.lib.sql import constraint_of
from dentalogic.lib.text import fold

NOT_NAMES = {
    "paciente", "usuario", "usuaria", "whatsapp", "cliente", "nn", "test", "prueba", "sin", "nombre", "anonimo",
}
CHANGEABLE = {
    "first_name", "last_name", "document_type", "dni", "birth_on", "phone", "email", "insurance", "member_number",
    "guardian", "status", "phone_unproved",
}


class NotAName(Refusal):
    code = "not_a_name"
    detail = _("Falta el nombre completo: nombre y apellido.")


class BadDocument(Refusal):
    code = "bad_document"
    detail = _("El DNI tiene 7 u 8 números. Si es otro documento, elegí su tipo.")


class BadPhone(Refusal):
    code = "bad_phone"
    detail = _("Ese teléfono no se entiende. Escribilo con el código de área: 341 555-0139")


class DocumentTaken(Refusal):
    code = "document_taken"
    status = 409
    detail = _("Ya hay un paciente con ese documento.")


class OwnGuardian(Refusal):
    code = "own_guardian"
    detail = _("Nadie es responsable de sí mismo: elegí a otra persona.")


def is_name(text: str) -> bool:
    """A person's name: letters, and no placeholder such as "Paciente" or "Usuario WhatsApp"."""
    parts = [part for part in re.split(r"[\W\d_]+", fold(text)) if part]
    return bool(parts) and not re.search(r"\d", text) and not NOT_NAMES.intersection(parts)


def document(document_type: str, number: str | None) -> str | None:
    """The number as it is kept: a DNI is 7 or 8 digits, another document its letters and digits; blank is None."""
    plain = re.sub(r"[\W_]", "", number or "").upper()
    if plain and document_type == "DNI" and not re.fullmatch(r"0*[1-9]\d{6,7}", plain):
        raise BadDocument(fields={"dni": [str(BadDocument.detail)]})
    return (plain.lstrip("0") if document_type == "DNI" else plain) or None


def _phone(text: str) -> str:
    if not (text or "").strip():
        return ""
    number = phones.e164(text, tenancy.here().country)
    if not number:
        raise BadPhone(fields={"phone": [str(BadPhone.detail)]})
    return number


def _names(patient):
    for field in ("first_name", "last_name"):
        setattr(patient, field, " ".join(getattr(patient, field).split()))
    if wrong := [field for field in ("first_name", "last_name") if not is_name(getattr(patient, field))]:
        raise NotAName(fields={field: [str(NotAName.detail)] for field in wrong})
    patient.folded = fold(f"{patient.last_name} {patient.first_name}")


def _store(patient):
    """Save, and write the words anew; another live patient with the document is `DocumentTaken`."""
    _names(patient)
    if patient.pk is not None and patient.guardian_id == patient.pk:
        raise OwnGuardian(fields={"guardian": [str(OwnGuardian.detail)]})
    patient.dni = document(patient.document_type, patient.dni)
    patient.phone = _phone(patient.phone)
    try:
        with tenancy.atomic():
            patient.save()
    except IntegrityError as fault:
        if constraint_of(fault) != "patients_dni_live":
            raise
        other = find_by_dni(patient.dni, document_type=patient.document_type)
        raise DocumentTaken(
            fields={"dni": [str(DocumentTaken.detail)]}, extra={"patient": other and other.pk}) from fault
    wanted = words.of_patient(
        first_name=patient.first_name, last_name=patient.last_name, dni=patient.dni, phone=patient.phone)
    kept = set(PatientWord.objects.filter(patient=patient).values_list("word", flat=True))
    PatientWord.objects.filter(patient=patient, word__in=kept - wanted).delete()
    PatientWord.objects.bulk_create(PatientWord(patient=patient, word=word) for word in sorted(wanted - kept))
    return patient


@tenancy.atomic
def register(*, first_name, last_name, by, status=Patient.Status.ACTIVE, key=None, **known) -> Patient:
    """Make a patient, or raise NotAName, BadDocument, BadPhone or DocumentTaken. One `key`, one patient; KeyReused for
    another name or document under it."""
    if unknown := known.keys() - CHANGEABLE:
        raise TypeError(f"not of a patient: {unknown}")
    new = Patient(first_name=first_name, last_name=last_name, status=status, key=key, created_at=clock.now(), **known)
    if key and (already := Patient.objects.filter(key=key).first()):
        return _repeated(already, new)
    try:
        patient = _store(new)
    except IntegrityError as fault:
        if constraint_of(fault) != "patients_key_key":
            raise
        return _repeated(Patient.objects.get(key=key), new)  # the other click was first
    log_security_event("patient.registered", by=by, patient=patient.pk)
    live.say("PATIENT_CREATED", patient=patient.pk)
    return patient


def _repeated(already, new) -> Patient:
    _names(new)
    if (already.folded, already.dni) != (new.folded, document(new.document_type, new.dni)):
        raise KeyReused
    return already


@tenancy.atomic
def update(*, patient, by, **changes) -> Patient:
    """Change what is known of a patient; the refusals of `register`. A phone that is written here is proved, unless it
    is said that it is not."""
    if unknown := changes.keys() - CHANGEABLE:
        raise TypeError(f"not of a patient: {unknown}")
    patient = Patient.objects.select_for_update().get(pk=patient.pk)
    patient.phone_unproved = patient.phone_unproved and "phone" not in changes
    for field, value in changes.items():
        setattr(patient, field, value)
    _store(patient)
    log_security_event("patient.updated", by=by, patient=patient.pk, changed=sorted(changes))
    live.say("PATIENT_UPDATED", patient=patient.pk)
    return patient


def find_by_phone(phone: str) -> Patient | None:
    """The one live patient of this phone, where it is proved to be theirs; a family's shared phone says nothing, so it
    finds nobody."""
    number = phones.e164(phone, tenancy.here().country)
    proved = Patient.objects.live().filter(phone_unproved=False)
    found = list(proved.filter(phone__in=phones.both_ways(number))[:2]) if number else []
    return found[0] if len(found) == 1 else None


def find_by_dni(dni: str, *, document_type: str = "DNI") -> Patient | None:
    try:
        number = document(document_type, dni)
    except BadDocument:
        return None
    return Patient.objects.live().filter(document_type=document_type, dni=number).first() if number else None
