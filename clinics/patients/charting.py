"""The clinical record: entries are signed by their author, chained by hash and never changed (Ley 26.529).

Each entry's hash covers its own words, its place and the hash before it; the patient's row keeps the last hash and
the count, so that a missing last entry shows too.
"""
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC

from django.utils.translation import gettext_lazy as _

from clinics import live, tenancy
from clinics.audit import log_security_event
from clinics.idempotency import KeyReused
from clinics.patients.models import ClinicalRecord, Patient, RecordDraft
from dentalogic.lib import clock
from dentalogic.lib.refusals import Refusal
from dentalogic.lib.sql import lock


class NothingWritten(Refusal):
    code = "nothing_written"
    detail = _("La entrada está vacía: no hay nada para firmar.")


class NotTheAuthor(Refusal):
    code = "not_the_author"
    status = 403
    detail = _("Una entrada la firma quien la escribe, con su matrícula.")


class NotThisPatients(Refusal):
    code = "not_this_patients"
    detail = _("La entrada que se corrige es de otro paciente.")


@dataclass(frozen=True)
class Chain:
    length: int
    broken_at: tuple[int, ...] = ()  # positions whose words, order or neighbours are not what was signed
    missing_end: bool = False

    @property
    def intact(self):
        return not self.broken_at and not self.missing_end


def digest(record, corrected_hash="") -> str:
    """SHA-256 over everything an entry says, in one canonical form."""
    said = {
        "tenant": record.tenant_id, "patient": record.patient_id, "position": record.position,
        "author": record.author_id, "written_by": record.written_by_id,
        "written_at": record.written_at.astimezone(UTC).isoformat(), "kind": record.kind,
        "text": record.text, "corrects": corrected_hash, "previous": record.previous_hash,
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@tenancy.atomic
def sign(*, patient, author, text, by, kind=ClinicalRecord.Kind.EVOLUTION, corrects=None, key=None) -> ClinicalRecord:
    """Add a signed entry, or raise NothingWritten, NotTheAuthor or NotThisPatients. One `key`, one entry; KeyReused
    for another text under it."""
    text = text.strip()
    if not text:
        raise NothingWritten(fields={"text": [str(NothingWritten.detail)]})
    if author is None or by.professional_id != author.pk or by.user_id is None:
        raise NotTheAuthor
    if corrects is not None and corrects.patient_id != patient.pk:
        raise NotThisPatients
    lock("record", patient.pk)
    if key and (already := ClinicalRecord.objects.of(patient).filter(key=key).first()):
        if (already.text, already.corrects_id) != (text, corrects and corrects.pk):
            raise KeyReused
        return already
    return _append(patient, author=author, text=text, by=by, corrects=corrects, key=key, kind=kind)


def _append(patient, *, author, text, by, corrects, key, kind):
    patient = Patient.objects.select_for_update().get(pk=patient.pk)
    record = ClinicalRecord(
        patient=patient, position=patient.record_count + 1, author=author, written_by_id=by.user_id,
        written_at=clock.now(), kind=ClinicalRecord.Kind.CORRECTION if corrects else kind, text=text,
        corrects=corrects, previous_hash=patient.record_head, key=key)
    record.take_tenant()
    record.hash = digest(record, corrects.hash if corrects else "")
    record.save(force_insert=True)
    patient.record_head, patient.record_count = record.hash, record.position
    patient.save(update_fields=["record_head", "record_count"])
    RecordDraft.objects.filter(patient=patient, user_id=by.user_id).delete()
    log_security_event("record.signed", by=by, patient=patient.pk, record=record.pk, hash=record.hash)
    live.say("RECORD_CREATED", patient=patient.pk, record=record.pk)
    return record


@tenancy.atomic
def keep_draft(*, patient, text, by, corrects=None, key=None) -> RecordDraft | None:
    """Keep what is being written under `key`; blank text, or what was signed meanwhile, is thrown away."""
    mine = RecordDraft.objects.filter(patient=patient, user_id=by.user_id)
    signed = key and ClinicalRecord.objects.of(patient).filter(key=key).exists()
    if signed or (not text.strip() and corrects is None):
        mine.delete()
        return None
    draft, _new = RecordDraft.objects.update_or_create(
        patient=patient, user_id=by.user_id, defaults={"text": text, "corrects": corrects, "saved_at": clock.now()})
    return draft


def verify_chain(patient) -> Chain:
    """Compute every hash anew from the rows; says which entries no longer are what was signed."""
    patient = Patient.objects.get(pk=patient.pk)
    records = list(ClinicalRecord.objects.of(patient).order_by("position"))
    hashes = {record.pk: record.hash for record in records}
    broken, previous, position = [], "", 0
    for record in records:
        follows = record.position == position + 1 and record.previous_hash == previous
        if not follows or record.hash != digest(record, hashes.get(record.corrects_id, "")):
            broken.append(record.position)
        previous, position = record.hash, record.position
    ended = (previous, position) == (patient.record_head, patient.record_count)
    return Chain(length=len(records), broken_at=tuple(broken), missing_end=not ended)
