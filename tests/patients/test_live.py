"""Every change of a patient is told to the clinic's screens, and nothing is told of what was refused."""
import pytest

from clinics import live
from clinics.access import SYSTEM
from clinics.patients import anamnesis, charting, intake
from tests.patients.factories import PatientFactory


@pytest.fixture
def said(here, monkeypatch):
    heard = []
    monkeypatch.setattr(live, "say", lambda event, **ids: heard.append((event, ids)))
    return heard


def test_each_change_says_what_changed(said, people, noon):
    member = people["professional"]
    patient = PatientFactory()
    intake.update(patient=patient, insurance="Swiss", by=SYSTEM)
    anamnesis.merge(patient=patient, answers={"allergies": "látex"}, by=SYSTEM, through="api", now=noon)
    record = charting.sign(patient=patient, author=member.professional, text="x", by=member.actor)
    only = {"patient": patient.pk}
    assert said == [
        ("PATIENT_CREATED", only), ("PATIENT_UPDATED", only), ("PATIENT_UPDATED", only),
        ("RECORD_CREATED", only | {"record": record.pk})]


def test_what_is_refused_says_nothing(said, people):
    patient, member = PatientFactory(dni="30555014"), people["professional"]
    said.clear()
    for refused in (
        lambda: PatientFactory(dni="30555014"),
        lambda: charting.sign(patient=patient, author=member.professional, text=" ", by=member.actor),
    ):
        with pytest.raises((intake.DocumentTaken, charting.NothingWritten)):
            refused()
    assert said == []
