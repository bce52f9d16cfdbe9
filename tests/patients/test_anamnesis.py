from dataclasses import replace

import pytest

from clinics.access import SYSTEM, receptionist
from clinics.models import SystemEvent
from clinics.patients import anamnesis
from tests.patients.factories import PatientFactory


@pytest.fixture
def said(here, noon):
    patient = PatientFactory()

    def say(by=SYSTEM, **answers):
        return anamnesis.merge(patient=patient, answers=answers, by=by, through="chair", now=noon)

    return say


def test_answers_merge_and_a_blank_one_was_not_asked(said):
    said(allergies="Penicilina", habitual_medication="ninguna")
    history = said(allergies="", base_diseases="Asma").medical_history

    assert history["allergies"] == "Penicilina"
    assert history["habitual_medication"] == "ninguna"
    assert history["base_diseases"] == "Asma"


def test_it_says_who_when_and_through_what(said, noon):
    said(by=replace(SYSTEM, name="Uno"), allergies="no")
    history = said(by=receptionist(7), base_diseases="no").medical_history

    assert history["completed"] == {"by": "Uno", "at": noon.isoformat(), "through": "chair"}
    assert history["edited"]["by"] == receptionist(7).name
    assert SystemEvent.objects.filter(event="medical_history.edited").count() == 2


def test_the_same_answers_again_change_nothing(said):
    said(allergies="Penicilina")
    said(allergies=" Penicilina ")
    assert SystemEvent.objects.filter(event="medical_history.edited").count() == 1


@pytest.mark.parametrize(("answers", "refusal"), [
    ({"shoe_size": "38"}, anamnesis.UnknownQuestion),
    ({"allergies": ["penicilina"]}, anamnesis.BadAnswer),
    ({"allergies": "x" * 1001}, anamnesis.BadAnswer),
])
def test_what_is_no_answer_is_refused(said, answers, refusal):
    with pytest.raises(refusal):
        said(**answers)


def test_of_staff_only_professionals_write_it(said, people):
    for role in ("ceo", "secretary"):
        with pytest.raises(anamnesis.NotAProfessional):
            said(by=people[role].actor, allergies="Penicilina")
    assert said(by=people["professional"].actor, allergies="Penicilina").alerts
