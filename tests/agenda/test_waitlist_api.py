"""The waitlist over the API: who joins, what is offered and answered, who may, and how many queries it takes."""
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agenda import booking, waitlist
from agenda.models import WaitlistEntry, WaitlistOffer
from clinics.access import SYSTEM
from tests.agenda.conftest import TUESDAY, at
from tests.agenda.factories import PatientFactory, TreatmentFactory
from tests.factories import ProfessionalFactory

URL = "/api/v1/waitlist"
THURSDAY = TUESDAY + timedelta(days=2)


@pytest.fixture
def clinic(arrayan, bosque, within, people, frozen):
    with within(bosque):
        waitlist.join(patient=PatientFactory(last_name="Bosquesa"), treatment=TreatmentFactory(), by=SYSTEM)
    with within(arrayan):
        professional = people["professional"].professional
        professional.treatment, professional.patient = TreatmentFactory(), PatientFactory(last_name="Quiroga")
        professional.entry = waitlist.join(
            patient=professional.patient, treatment=professional.treatment, by=SYSTEM, note="Puede ya")
    return professional


@pytest.fixture
def offered(clinic, arrayan, within):
    with within(arrayan):
        return waitlist.offer(entry=clinic.entry, professional=clinic, start_at=at(15, day=THURSDAY), by=SYSTEM)


def count(model, arrayan, within, **which):
    with within(arrayan):
        return model.objects.filter(**which).count()


def test_who_waits(api_as, clinic, offered):
    found = api_as("secretary").get(URL).json()
    [row] = found["results"]
    assert (row["id"], row["patient_name"], row["note"], row["state"]) == (
        clinic.entry.pk, "Ana Quiroga", "Puede ya", "waiting")
    assert (row["offer"]["id"], row["offer"]["start_at"], row["offer"]["told"]) == (
        offered.pk, "2026-11-26T15:00:00-03:00", "call")
    assert "code" not in row["offer"], "what a button carries is the patient's"
    assert api_as("secretary").get(f"{URL}/{clinic.entry.pk}").json() == row


def test_the_list_is_narrowed(api_as, clinic, arrayan, within):
    api = api_as("secretary")
    with within(arrayan):
        left = waitlist.join(patient=PatientFactory(), treatment=clinic.treatment, professional=clinic, by=SYSTEM)
    assert [one["id"] for one in api.get(URL, {"professional": clinic.pk}).json()["results"]] == [left.pk]
    assert [one["id"] for one in api.get(URL, {"patient": clinic.patient.pk}).json()["results"]] == [clinic.entry.pk]
    assert api.post(f"{URL}/{left.pk}/leave").json()["state"] == "left"
    assert [one["id"] for one in api.get(URL, {"state": "left"}).json()["results"]] == [left.pk]
    assert api.get(URL, {"state": "x"}).status_code == 400


def test_joining(api_as, clinic, arrayan, within):
    api = api_as("secretary")
    with within(arrayan):
        other = PatientFactory()
    asked = {"patient": other.pk, "treatment": clinic.treatment.pk, "professional": clinic.pk, "urgency": "urgent",
             "weekdays": [3, 0], "parts": ["afternoon"], "until_on": "2026-12-20", "note": "Viaja"}
    made = api.post(URL, asked)
    assert made.status_code == 201, made.content
    row = made.json()
    assert {name: row[name] for name in asked} == asked | {"weekdays": [0, 3]}
    again = api.post(URL, asked)
    assert (again.status_code, again.json()["code"]) == (409, "already_waiting")
    assert count(WaitlistEntry, arrayan, within, patient=other) == 1


@pytest.mark.parametrize(("wrong", "field"), [
    ({"patient": 2**40}, "patient"), ({"treatment": None}, "treatment"), ({"weekdays": [7]}, "weekdays.0"),
    ({"parts": ["siesta"]}, "parts.0"), ({"until_on": "mañana"}, "until_on"),
    ({"professional": 2**40}, "professional"), ({"note": "x" * 301}, "note"),
])
def test_what_cannot_be_is_said_with_its_field(api_as, clinic, wrong, field):
    asked = {"patient": clinic.patient.pk, "treatment": clinic.treatment.pk} | wrong
    refused = api_as("secretary").post(URL, asked)
    assert refused.status_code == 400
    assert field in refused.json()["fields"]


def test_looking_offering_and_the_answers(api_as, clinic, arrayan, within):
    api, url = api_as("secretary"), f"{URL}/{clinic.entry.pk}"
    found = api.get(f"{url}/openings", {"from": str(THURSDAY), "to": str(THURSDAY)}).json()["results"]
    assert found[0] == {"professional": found[0]["professional"], "start_at": "2026-11-26T09:00:00-03:00",
                        "end_at": "2026-11-26T09:30:00-03:00"}
    assert api.get(f"{url}/openings").json()["results"][0]["start_at"] == "2026-11-24T14:30:00-03:00"
    asked = {"professional": clinic.pk, "start_at": "2026-11-26T15:00:00-03:00"}
    made = api.post(f"{url}/offer", asked)
    assert made.status_code == 201, made.content
    with within(arrayan):
        other = waitlist.join(patient=PatientFactory(), treatment=clinic.treatment, by=SYSTEM)
    taken = api.post(f"{URL}/{other.pk}/offer", asked)
    assert (taken.status_code, taken.json()["code"]) == (409, "slot_taken")
    offer = f"{URL}/offers/{made.json()['offer']['id']}"
    assert api.post(f"{offer}/called").json()["offer"]["told"] == "called"
    visit = api.post(f"{offer}/accept").json()
    assert (visit["patient"], visit["start_at"], visit["status"], visit["source"]) == (
        clinic.patient.pk, "2026-11-26T15:00:00-03:00", "scheduled", "desk")
    assert api.post(f"{offer}/accept").json()["id"] == visit["id"]  # sent twice, done once
    gone = api.post(f"{offer}/pass")
    assert (gone.status_code, gone.json()["code"]) == (409, "offer_gone")


def test_who_passes_keeps_waiting(api_as, offered):
    row = api_as("secretary").post(f"{URL}/offers/{offered.pk}/pass").json()
    assert (row["state"], row["offer"]) == ("waiting", None)


@pytest.mark.parametrize("role", ["setter", "closer"])
def test_who_does_not_attend_may_nothing(api_as, clinic, offered, role):
    api = api_as(role)
    assert {api.get(URL).status_code, api.get(f"{URL}/{clinic.entry.pk}").status_code,
            api.post(URL, {}).status_code, api.post(f"{URL}/{clinic.entry.pk}/leave").status_code,
            api.post(f"{URL}/offers/{offered.pk}/accept").status_code} == {403}


def test_a_professional_has_their_own_list(api_as, clinic, arrayan, within):
    with within(arrayan):
        theirs = waitlist.join(patient=PatientFactory(), treatment=clinic.treatment,
                               professional=ProfessionalFactory(), by=SYSTEM)
        other = TreatmentFactory()
        # a patient of theirs: professionals see those they treat
        booking.book(patient=clinic.patient, professional=clinic, treatment=other, start_at=at(15), by=SYSTEM)
    api = api_as("professional")
    assert api.get(URL).json()["results"] == []
    assert api.post(f"{URL}/{theirs.pk}/leave").status_code == 404
    asked = {"patient": clinic.patient.pk, "treatment": other.pk}
    assert "professional" in api.post(URL, asked).json()["fields"]
    assert api.post(URL, asked | {"professional": theirs.professional_id}).status_code == 403
    mine = api.post(URL, asked | {"professional": clinic.pk})
    assert mine.status_code == 201
    assert [one["id"] for one in api.get(URL).json()["results"]] == [mine.json()["id"]]
    url = f"{URL}/{mine.json()['id']}/offer"
    asked = {"professional": theirs.professional_id, "start_at": "2026-11-24T14:30:00-03:00"}
    assert api.post(url, asked).status_code == 403


def test_another_clinics_rows_are_not_found(api_as, clinic, offered, strangers, arrayan, within):
    api = api_as("ceo", strangers["ceo"])
    assert "Quiroga" not in api.get(URL).content.decode()
    assert {api.get(f"{URL}/{clinic.entry.pk}").status_code, api.post(f"{URL}/{clinic.entry.pk}/leave").status_code,
            api.get(f"{URL}/{clinic.entry.pk}/openings").status_code,
            api.post(f"{URL}/offers/{offered.pk}/accept").status_code} == {404}
    assert count(WaitlistOffer, arrayan, within, state="open") == 1


def test_as_many_queries_for_one_as_for_thirty(api_as, clinic, offered, arrayan, within):
    api = api_as("secretary")

    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert api.get(URL).status_code == 200
        return len(caught)

    before = queries()
    with within(arrayan):
        for n in range(30):
            patient = PatientFactory()
            booking.book(patient=patient, professional=ProfessionalFactory(), treatment=clinic.treatment,
                         start_at=at(15, day=THURSDAY), by=SYSTEM)
            waitlist.join(
                patient=patient, treatment=clinic.treatment, by=SYSTEM, professional=clinic if n % 2 else None)
    assert queries() == before
