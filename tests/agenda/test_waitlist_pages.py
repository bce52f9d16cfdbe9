"""The waitlist's page: who joins, who is offered what, who may, and how many queries it takes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agenda import booking, waitlist
from agenda.models import Appointment, WaitlistEntry, WaitlistOffer
from clinics.access import SYSTEM
from tests.agenda.conftest import TUESDAY, at
from tests.agenda.factories import PatientFactory, TreatmentFactory
from tests.factories import ProfessionalFactory

URL = "/agenda/waitlist/"
THURSDAY = TUESDAY + timedelta(days=2)


@pytest.fixture
def clinic(arrayan, bosque, within, people, frozen):
    with within(bosque):
        waitlist.join(
            patient=PatientFactory(last_name="Bosquesa"), treatment=TreatmentFactory(), by=SYSTEM)
    with within(arrayan):
        professional = people["professional"].professional
        professional.treatment = TreatmentFactory(name="Limpieza")
        professional.patient = PatientFactory(first_name="Norma", last_name="Quiroga", phone="+5493415550139")
        professional.entry = waitlist.join(
            patient=professional.patient, treatment=professional.treatment, by=SYSTEM, note="Puede ya")
    return professional


@pytest.fixture
def offered(clinic, arrayan, within):
    with within(arrayan):
        return waitlist.offer(
            entry=clinic.entry, professional=clinic, start_at=at(15, day=THURSDAY), by=SYSTEM)


def text(response, status=200):
    assert response.status_code == status, response.content.decode()[-900:]
    return response.content.decode()


def read(arrayan, within, model, **which):
    with within(arrayan):
        return list(model.objects.filter(**which))


def test_the_page_says_who_waits(client_as, clinic):
    page = text(client_as("secretary").get(URL))
    assert "Quiroga" in page
    assert "Puede ya" in page
    assert "Bosquesa" not in page
    assert page.count("<h1") == 1


@pytest.mark.parametrize("role", ["setter", "closer"])
def test_who_does_not_attend_sees_nothing_of_it(client_as, clinic, offered, role):
    client = client_as(role)
    assert client.get(URL).status_code == 403
    assert client.post(f"{URL}join", {}).status_code == 403
    assert client.post(f"{URL}{clinic.entry.pk}/leave").status_code == 403
    assert client.post(f"{URL}offers/{offered.pk}/accept").status_code == 403


def test_a_professional_sees_who_waits_for_them(client_as, clinic, arrayan, within):
    with within(arrayan):
        mine = waitlist.join(patient=PatientFactory(last_name="Propia"), treatment=clinic.treatment,
                             professional=clinic, by=SYSTEM)
        theirs = waitlist.join(patient=PatientFactory(last_name="Ajena"), treatment=clinic.treatment,
                               professional=ProfessionalFactory(), by=SYSTEM)
        other = TreatmentFactory()
    client = client_as("professional")
    page = text(client.get(URL))
    assert ("Propia" in page, "Ajena" in page, "Quiroga" in page) == (True, False, False)
    assert client.post(f"{URL}{theirs.pk}/leave").status_code == 404
    assert client.post(f"{URL}{mine.pk}/leave").status_code == 200
    form = {"patient": clinic.patient.pk, "treatment": clinic.treatment.pk}
    assert client.post(f"{URL}join", form).status_code == 422  # with whom is theirs to say: themselves
    assert client.post(f"{URL}join", form | {"professional": clinic.pk, "treatment": other.pk}).status_code == 302


def test_joining(client_as, clinic, arrayan, within):
    client = client_as("secretary")
    with within(arrayan):
        other = PatientFactory()
    form = {
        "patient": other.pk, "treatment": clinic.treatment.pk, "professional": clinic.pk, "urgency": "urgent",
        "weekdays": ["0", "3"], "parts": ["afternoon"], "until_on": "2026-12-20", "note": "Viaja"}
    assert client.post(f"{URL}join", form).status_code == 302
    [row] = read(arrayan, within, WaitlistEntry, patient=other)
    assert (row.weekdays, row.parts, row.urgency, row.note, str(row.until_on), row.professional_id) == (
        [0, 3], ["afternoon"], "urgent", "Viaja", "2026-12-20", clinic.pk)
    assert "Ya está en la lista de espera" in text(client.post(f"{URL}join", form), 409)
    refused = text(client.post(f"{URL}join", {"note": "algo escrito"}), 422)
    assert "Elegí quién espera." in refused
    assert "algo escrito" in refused


def test_looking_and_offering_by_hand(client_as, clinic, arrayan, within):
    client = client_as("secretary")
    page = text(client.get(f"{URL}{clinic.entry.pk}/openings"))
    assert ("hoy 14:30" in page, "hoy 14:00" in page, "hoy 14:45" in page) == (True, False, False)
    page = text(client.post(f"{URL}{clinic.entry.pk}/offer", {
        "professional": clinic.pk, "start": f"{THURSDAY}T15:00"}))
    assert "Llamar" in page
    [made] = read(arrayan, within, WaitlistOffer)
    assert made.start_at == at(15, day=THURSDAY)
    with within(arrayan):
        other = waitlist.join(patient=PatientFactory(), treatment=clinic.treatment, by=SYSTEM)
    taken = client.post(f"{URL}{other.pk}/offer", {"professional": clinic.pk, "start": f"{THURSDAY}T15:00"})
    assert "Ese horario se ocupó recién" in text(taken, 409)
    for nonsense in ({}, {"professional": "x"}):
        assert client.post(f"{URL}{other.pk}/offer", nonsense).status_code == 403
    assert client.post(f"{URL}{other.pk}/offer", {"professional": clinic.pk, "start": "ya"}).status_code == 400


def test_the_desk_calls_and_says_what_was_answered(client_as, clinic, offered, arrayan, within):
    client = client_as("secretary")
    assert "Llamar" in text(client.get(URL))
    assert "Se lo llamó" in text(client.post(f"{URL}offers/{offered.pk}/called"))
    page = text(client.post(f"{URL}offers/{offered.pk}/accept"))
    assert "Nadie espera" in page
    [row] = read(arrayan, within, Appointment)
    assert (row.patient_id, row.status, row.source) == (clinic.patient.pk, "scheduled", "desk")
    assert "ya no está reservado" in text(client.post(f"{URL}offers/{offered.pk}/pass"), 409)


def test_who_does_not_want_it_keeps_waiting(client_as, clinic, offered, arrayan, within):
    page = text(client_as("secretary").post(f"{URL}offers/{offered.pk}/pass"))
    assert "Quiroga" in page
    assert read(arrayan, within, Appointment) == []


def test_another_clinics_rows_are_not_found(client_as, clinic, offered, strangers):
    client = client_as("ceo", strangers["ceo"])
    assert client.post(f"{URL}{clinic.entry.pk}/leave").status_code == 404
    assert client.get(f"{URL}{clinic.entry.pk}/openings").status_code == 404
    assert client.post(f"{URL}offers/{offered.pk}/accept").status_code == 404
    assert "Quiroga" not in text(client.get(URL))


def test_the_patients_page_says_what_they_wait_for(client_as, clinic, offered):
    client = client_as("secretary")
    assert "En lista de espera" in text(client.get(f"{URL}of/{clinic.patient.pk}"))
    assert f"{URL}of/{clinic.patient.pk}" in text(client.get(f"/agenda/of/{clinic.patient.pk}"))


def test_as_many_queries_for_one_as_for_thirty(client_as, clinic, offered, arrayan, within):
    client = client_as("secretary")

    def count():
        with CaptureQueriesContext(connection) as caught:
            client.get(f"{URL}rows")
        return len(caught)

    before = count()
    with within(arrayan):
        for n in range(30):
            patient = PatientFactory()
            booking.book(patient=patient, professional=ProfessionalFactory(), treatment=clinic.treatment,
                         start_at=at(15, day=THURSDAY), by=SYSTEM)
            waitlist.join(
                patient=patient, treatment=clinic.treatment, by=SYSTEM, professional=clinic if n % 2 else None)
    assert count() == before
