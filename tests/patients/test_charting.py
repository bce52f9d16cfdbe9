import pytest
import time_machine
from django.db import IntegrityError, ProgrammingError, transaction

from clinics.idempotency import KeyReused
from clinics.models import SystemEvent
from clinics.patients import charting
from clinics.patients.models import ClinicalRecord, Patient, RecordDraft
from tests.factories import MembershipFactory, ProfessionalFactory
from tests.patients.factories import PatientFactory


@pytest.fixture
def patient(here):
    return PatientFactory()


@pytest.fixture
def sign(patient, people):
    member = people["professional"]

    def sign(text="Composite 26 OD", **more):
        more = {"patient": patient, "author": member.professional, "by": member.actor} | more
        return charting.sign(text=text, **more)

    return sign


def test_an_entry_has_its_author_and_its_time(sign, people, noon):
    with time_machine.travel(noon, tick=False):
        record = sign("  Composite 26 OD \n")

    assert (record.text, record.position, record.previous_hash) == ("Composite 26 OD", 1, "")
    member = people["professional"]
    assert (record.author, record.written_by_id) == (member.professional, member.user_id)
    assert record.written_at == noon
    event = SystemEvent.objects.get(event="record.signed")
    assert (event.payload["record"], event.payload["hash"]) == (record.pk, record.hash)


def test_each_entry_carries_the_hash_of_the_one_before(sign, patient):
    first, second = sign("uno"), sign("dos")
    assert second.previous_hash == first.hash
    assert charting.verify_chain(patient) == charting.Chain(length=2)
    patient.refresh_from_db()
    assert (patient.record_head, patient.record_count) == (second.hash, 2)


def test_an_empty_record_is_intact(patient):
    assert charting.verify_chain(patient).intact


def test_a_double_click_is_one_entry(sign):
    assert sign(key="k1") == sign(key="k1")
    with pytest.raises(KeyReused):
        sign(key="k1", text="Otra cosa")
    assert ClinicalRecord.objects.count() == 1


def test_a_correction_is_an_entry_that_names_the_old_one(sign, patient):
    wrong = sign("Composite 25 OD")
    fixed = sign("Donde dice 25 debe decir 26", corrects=wrong)

    assert (fixed.kind, fixed.corrects) == ("correction", wrong)
    assert ClinicalRecord.objects.get(pk=wrong.pk).text == "Composite 25 OD"
    assert charting.verify_chain(patient).intact


def test_nothing_written_is_not_signed(sign):
    with pytest.raises(charting.NothingWritten):
        sign(" \n ")


def test_only_the_author_signs(sign, people, here):
    other = ProfessionalFactory(membership=MembershipFactory(role="professional"))
    with pytest.raises(charting.NotTheAuthor):
        sign(author=other)
    with pytest.raises(charting.NotTheAuthor):
        sign(author=None, by=people["ceo"].actor)
    with pytest.raises(charting.NotTheAuthor):
        sign(by=people["secretary"].actor)


def test_the_entry_corrected_is_of_the_same_patient(sign):
    with pytest.raises(charting.NotThisPatients):
        sign(corrects=sign(patient=PatientFactory()))


def test_signing_throws_the_draft_away(sign, patient, people):
    by = people["professional"].actor
    charting.keep_draft(patient=patient, text="Anestesia tron", by=by)
    assert charting.keep_draft(patient=patient, text="Anestesia troncular", by=by).text == "Anestesia troncular"
    sign("Anestesia troncular")
    assert not RecordDraft.objects.exists()


def test_a_blank_draft_is_thrown_away(patient, people):
    by = people["professional"].actor
    charting.keep_draft(patient=patient, text="A", by=by)
    assert charting.keep_draft(patient=patient, text=" ", by=by) is None
    assert not RecordDraft.objects.exists()


@pytest.mark.parametrize("change", [
    lambda rows: rows.update(text="otra cosa"),
    lambda rows: rows.delete(),
])
def test_the_applications_role_may_neither_change_nor_delete(sign, change):
    sign()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        change(ClinicalRecord.objects.all())


@pytest.fixture
def tampered(arrayan, bosque, people, within, owner):
    """Three committed entries, and the owner's hand on them."""
    member = people["professional"]
    with within(arrayan):
        patient = PatientFactory()
        for text in ("uno", "dos", "tres"):
            charting.sign(patient=patient, author=member.professional, text=text, by=member.actor)

    def tamper(sql):
        owner.execute(sql, {"patient": patient.pk})
        with within(arrayan):
            return charting.verify_chain(patient)

    return tamper


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("sql", "shows"), [
    ("SELECT %(patient)s", charting.Chain(3)),
    ("UPDATE clinical_records SET text = 'DOS' WHERE patient_id = %(patient)s AND position = 2",
     charting.Chain(3, (2,))),
    ("UPDATE clinical_records SET written_at = written_at + interval '1 day' WHERE patient_id = %(patient)s "
     "AND position = 1", charting.Chain(3, (1,))),
    ("DELETE FROM clinical_records WHERE patient_id = %(patient)s AND position = 2", charting.Chain(2, (3,))),
    ("DELETE FROM clinical_records WHERE patient_id = %(patient)s AND position = 3", charting.Chain(2, (), True)),
    ("DELETE FROM clinical_records WHERE patient_id = %(patient)s", charting.Chain(0, (), True)),
])
def test_the_chain_shows_what_was_changed_or_taken(tampered, sql, shows):
    assert tampered(sql) == shows


@pytest.mark.django_db(transaction=True)
def test_the_chain_shows_two_entries_that_changed_places(tampered):
    chain = tampered(
        "UPDATE clinical_records a SET text = b.text FROM clinical_records b WHERE a.patient_id = %(patient)s "
        "AND b.patient_id = a.patient_id AND a.position = 3 - b.position AND a.position < 3 AND b.position < 3")
    assert chain.broken_at == (1, 2)


def test_an_entry_cannot_point_at_another_clinics_patient(sign, bosque, within, people):
    with within(bosque):
        foreign = PatientFactory()
    record = sign()
    record.pk, record.position, record.patient_id = None, 9, foreign.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        record.save(force_insert=True)


def test_a_patient_is_never_deleted(patient):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Patient.objects.filter(pk=patient.pk)._raw_delete("default")
