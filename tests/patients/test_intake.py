import pytest
from django.db import IntegrityError, transaction

from clinics import tenancy
from clinics.access import SYSTEM
from clinics.idempotency import KeyReused
from clinics.models import SystemEvent
from clinics.patients import intake
from clinics.patients.models import Patient, PatientWord
from tests.patients.factories import PatientFactory

CAROLINA = {"first_name": "  Carolina ", "last_name": "Luque", "by": SYSTEM}


def test_a_patient_comes_in(here):
    patient = intake.register(
        **CAROLINA, dni="30.555.014", phone="0341 15 555-0139", insurance="OSDE 310", email="caro@example.com")

    assert (patient.name, patient.folded) == ("Carolina Luque", "luque carolina")
    assert (patient.dni, patient.phone, patient.status) == ("30555014", "+5493415550139", "active")
    assert SystemEvent.objects.get(event="patient.registered").payload == {"patient": patient.pk}


@pytest.mark.parametrize(("first", "last", "wrong"), [
    ("Paciente", "Luque", {"first_name"}),
    ("Usuario", "WhatsApp", {"first_name", "last_name"}),
    ("Carolina", "", {"last_name"}),
    ("Carolina", "1234", {"last_name"}),
    ("🦷", "Luque", {"first_name"}),
])
def test_a_placeholder_is_no_name(here, first, last, wrong):
    with pytest.raises(intake.NotAName) as refused:
        intake.register(first_name=first, last_name=last, by=SYSTEM)
    assert refused.value.fields.keys() == wrong


@pytest.mark.parametrize("dni", ["123", "123456789", "3055501a", "00000000"])
def test_a_dni_is_seven_or_eight_digits(here, dni):
    with pytest.raises(intake.BadDocument):
        intake.register(**CAROLINA, dni=dni)


def test_other_documents_are_taken_with_their_type(here):
    assert intake.register(**CAROLINA, document_type="Pasaporte", dni="ab 123-456").dni == "AB123456"


def test_a_blank_document_is_none_and_many_may_lack_it(here):
    assert intake.register(**CAROLINA, dni="").dni is None
    assert intake.register(**CAROLINA, dni=None).dni is None


def test_a_bad_phone_is_refused(here):
    with pytest.raises(intake.BadPhone):
        intake.register(**CAROLINA, phone="no tengo")


def test_a_document_is_one_live_patients(here):
    first = PatientFactory(dni="30555014")
    with pytest.raises(intake.DocumentTaken) as refused:
        PatientFactory(dni="30.555.014")
    assert refused.value.extra == {"patient": first.pk}

    intake.update(patient=first, status="archived", by=SYSTEM)
    again = PatientFactory(dni="30555014")
    with pytest.raises(intake.DocumentTaken):
        intake.update(patient=first, status="active", by=SYSTEM)
    assert intake.find_by_dni("30555014") == again


def test_another_clinic_has_its_own_documents(here, bosque, within):
    PatientFactory(dni="30555014")
    with within(bosque):
        PatientFactory(dni="30555014")
        assert Patient.objects.count() == 1


def test_one_key_is_one_patient(here):
    assert intake.register(**CAROLINA, key="a") == intake.register(**CAROLINA, key="a")
    for other in ({"first_name": "Carla"}, {"dni": "30111999"}):
        with pytest.raises(KeyReused):
            intake.register(**CAROLINA | other, key="a")
    assert Patient.objects.count() == 1


def test_an_update_rewrites_the_words(here):
    patient = PatientFactory(last_name="Quiroga")
    intake.update(patient=patient, last_name="Núñez", by=SYSTEM)

    assert not Patient.objects.search("quiroga").exists()
    assert Patient.objects.search("nunez").get() == patient
    assert Patient.objects.get().folded == "nunez carolina"


def test_a_field_that_is_not_of_a_patient_is_a_fault(here):
    with pytest.raises(TypeError):
        intake.update(patient=PatientFactory(), medical_history={}, by=SYSTEM)


def test_found_by_phone_unless_a_family_shares_it(here):
    patient = PatientFactory(phone="341 555-0139")
    for written in ("341 555-0139", "+54 9 341 555 0139", "0341 15 555-0139"):
        assert intake.find_by_phone(written) == patient
    assert intake.find_by_phone("") is None
    PatientFactory(phone="341 555-0139")
    assert intake.find_by_phone("341 555-0139") is None


@pytest.mark.parametrize("asked", [
    "quiroga", "QUIR", "norma qui", "quiroga norma", "30.555.014", "30555", "341 555-0139", "5550139", "0139",
    "quiroga 555", "+54 9 341", "d'angelo", "dangelo",
])
def test_search_finds_by_every_word(here, bosque, within, asked):
    with within(bosque):
        PatientFactory(first_name="Norma", last_name="Quiroga D'Angelo", dni="30555014", phone="+5493415550139")
    wanted = PatientFactory(first_name="Norma", last_name="Quiroga D'Angelo", dni="30555014", phone="+5493415550139")
    PatientFactory(first_name="Elsa", last_name="Ríos", dni="28111222", phone="+5491144440000")

    assert list(Patient.objects.search(asked)) == [wanted]


@pytest.mark.parametrize("asked", ["quiroga elsa", "iroga", "zz", "quiroga 9999"])
def test_search_does_not_find_what_one_word_denies(here, asked):
    PatientFactory(first_name="Norma", last_name="Quiroga")
    PatientFactory(first_name="Elsa", last_name="Ríos")
    assert not Patient.objects.search(asked).exists()


def test_an_empty_search_narrows_nothing(here):
    PatientFactory()
    assert Patient.objects.search("  ").count() == 1


def test_words_and_guardians_of_another_clinic_are_refused_by_the_database(here, bosque, within):
    with within(bosque):
        foreign = PatientFactory()
    mine = PatientFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        PatientWord.objects.create(patient_id=foreign.pk, word="x")
    with pytest.raises(IntegrityError), tenancy.atomic():
        Patient.objects.filter(pk=mine.pk).update(guardian_id=foreign.pk)


def test_the_history_takes_only_its_own_questions(here):
    patient = PatientFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Patient.objects.filter(pk=patient.pk).update(medical_history={"shoe_size": "38"})
    with pytest.raises(IntegrityError), transaction.atomic():
        Patient.objects.filter(pk=patient.pk).update(medical_history=["penicilina"])
