"""Two hands at once on one patient: one row for one key, one document, one chain."""

import pytest

from clinics.access import SYSTEM
from clinics.patients import charting, intake
from clinics.patients.models import ClinicalRecord, Patient
from tests.patients.factories import PatientFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
NEW = {"first_name": "Norma", "last_name": "Quiroga", "dni": "30555014", "by": SYSTEM}


@pytest.fixture
def race(arrayan, bosque, within):
    return lambda *verbs: at_once(lambda: within(arrayan), verbs)


def test_one_key_is_one_patient(race):
    made = race(*[lambda: intake.register(key="k", **NEW)] * 6)
    assert len({patient.pk for patient in made}) == 1


def test_one_document_is_one_patient(race, arrayan, within):
    made = race(*[lambda: intake.register(**NEW)] * 6)
    with within(arrayan):
        first = Patient.objects.get()
    assert [one for one in made if isinstance(one, Patient)] == [first]
    refused = [one for one in made if isinstance(one, intake.DocumentTaken)]
    assert [one.extra for one in refused] == [{"patient": first.pk}] * 5


def test_entries_signed_at_once_make_one_chain(race, arrayan, within, people):
    with within(arrayan):
        patient, member = PatientFactory(), people["professional"]
        said = {"patient": patient, "author": member.professional, "by": member.actor}
    race(*[lambda number=number: charting.sign(text=f"{number}", key=f"{number % 4}", **said) for number in range(8)])
    with within(arrayan):
        assert ClinicalRecord.objects.count() == 4
        assert charting.verify_chain(patient) == charting.Chain(4)
