import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinics.access import SYSTEM
from clinics.models import SystemEvent
from clinics.patients import anamnesis
from clinics.patients.models import ClinicalRecord, Patient
from tests.accounting.factories import VisitFactory
from tests.patients.factories import PatientFactory

NEW = {"first_name": "Norma", "last_name": "Quiroga", "dni": "30555014", "phone": "341 555-0139"}


@pytest.fixture
def patient(arrayan, bosque, within, noon):
    with within(arrayan):
        row = PatientFactory(first_name="Carolina", last_name="Luque", dni="28111222")
        return anamnesis.merge(
            patient=row, answers={"allergies": "Penicilina"}, by=SYSTEM, through="api", now=noon)


@pytest.fixture
def treated(patient, arrayan, within, people):
    """The professional of the cast has a visit with the patient."""
    with within(arrayan):
        VisitFactory(patient=patient, professional=people["professional"].professional)
    return patient


@pytest.fixture
def foreign(bosque, within):
    with within(bosque):
        return PatientFactory(first_name="Ajena", last_name="Bosque", dni="28111222")


@pytest.mark.parametrize("role", ["ceo", "professional", "secretary"])
def test_a_patient_is_registered_and_found(api_as, role):
    made = api_as(role).post("/api/v1/patients", NEW)
    assert made.status_code == 201, made.content
    assert made.json()["dni"] == "30555014"
    assert made.json()["alerts"] == []

    found = api_as(role).get("/api/v1/patients", {"search": "quir 555"}).json()
    assert (found["count"], found["results"][0]["name"]) == (1, "Norma Quiroga")


@pytest.mark.parametrize("role", ["setter", "closer"])
def test_without_a_lead_of_their_own_setters_and_closers_see_nobody(api_as, patient, role):
    api = api_as(role)
    assert api.get("/api/v1/patients").json()["count"] == 0
    assert api.get(f"/api/v1/patients/{patient.pk}").status_code == 404
    assert api.post("/api/v1/patients", NEW).status_code == 403
    assert api.get(f"/api/v1/patients/{patient.pk}/records").status_code == 403


def test_another_clinics_patient_is_not_there(api_as, patient, foreign):
    api = api_as("ceo")
    assert [row["id"] for row in api.get("/api/v1/patients").json()["results"]] == [patient.pk]
    for call in (api.get, lambda url: api.patch(url, {"first_name": "X"})):
        assert call(f"/api/v1/patients/{foreign.pk}").status_code == 404
    assert api.get(f"/api/v1/patients/{foreign.pk}/records").status_code == 404
    assert api.post("/api/v1/patients", NEW | {"guardian": foreign.pk}).json()["fields"].keys() == {"guardian"}


def test_reception_sees_the_alert_and_not_the_history(api_as, patient):
    shown = api_as("secretary").get(f"/api/v1/patients/{patient.pk}").json()
    assert shown["alerts"] == [{"level": "danger", "text": "Alergia a penicilina"}]
    assert "medical_history" not in shown
    assert api_as("professional").get(f"/api/v1/patients/{patient.pk}").json()["medical_history"]["allergies"]


def test_a_refusal_has_the_one_shape(api_as, patient):
    refused = api_as("secretary").post("/api/v1/patients", NEW | {"dni": "28.111.222"})
    assert refused.status_code == 409
    assert refused.json() == {
        "code": "document_taken", "detail": "Ya hay un paciente con ese documento.", "patient": patient.pk,
        "fields": {"dni": ["Ya hay un paciente con ese documento."]}}


def test_a_repeated_request_makes_one_patient(api_as, arrayan, within):
    said = NEW | {"dni": ""}
    made = [api_as("secretary").post("/api/v1/patients", said, headers={"Idempotency-Key": "a"}) for _ in range(2)]
    assert made[0].json() == made[1].json()
    with within(arrayan):
        assert Patient.objects.count() == 1


def test_data_is_changed(api_as, patient):
    changed = api_as("secretary").patch(f"/api/v1/patients/{patient.pk}", {"phone": "341 555-0100"})
    assert changed.json()["phone"] == "+543415550100"
    assert api_as("secretary").patch(
        f"/api/v1/patients/{patient.pk}", {"medical_history": {}}).json()["phone"] == "+543415550100"


def test_nobody_is_their_own_guardian(api_as, patient):
    answer = api_as("secretary").patch(f"/api/v1/patients/{patient.pk}", {"guardian": patient.pk})
    assert (answer.status_code, answer.json()["code"]) == (400, "own_guardian")
    assert set(answer.json()["fields"]) == {"guardian"}


def test_the_record_is_written_by_who_treats(api_as, treated, people):
    url = f"/api/v1/patients/{treated.pk}/records"
    made = api_as("professional").post(url, {"text": "Composite 26 OD"}, headers={"Idempotency-Key": "k"})
    again = api_as("professional").post(url, {"text": "Composite 26 OD"}, headers={"Idempotency-Key": "k"})
    assert made.status_code == 201
    assert made.json() == again.json()
    assert made.json()["author"] == people["professional"].professional.pk

    fixed = api_as("professional").post(url, {"text": "Era 25", "corrects": made.json()["id"]})
    assert (fixed.json()["kind"], fixed.json()["previous_hash"]) == ("correction", made.json()["hash"])
    assert api_as("ceo").get(url).json()["count"] == 2


@pytest.mark.parametrize(("role", "code"), [
    ("professional", "not_treating"), ("ceo", "not_treating"), ("secretary", "permission_denied"),
])
def test_the_record_is_not_written_by_others(api_as, patient, role, code):
    refused = api_as(role).post(f"/api/v1/patients/{patient.pk}/records", {"text": "x"})
    assert (refused.status_code, refused.json()["code"]) == (403, code)


def test_reception_never_reads_the_record(api_as, patient):
    assert api_as("secretary").get(f"/api/v1/patients/{patient.pk}/records").status_code == 403
    assert api_as("secretary").patch(
        f"/api/v1/patients/{patient.pk}/medical-history", {"allergies": "no"}).status_code == 403


def test_a_list_holds_no_histories(api_as, patient):
    assert "medical_history" not in api_as("ceo").get("/api/v1/patients").json()["results"][0]


@pytest.mark.parametrize("url", ["/api/v1/patients/{}/records", "/api/v1/patients/{}"])
def test_reading_the_record_is_audited(api_as, patient, arrayan, within, people, url):
    api_as("ceo").get(url.format(patient.pk))
    with within(arrayan):
        event = SystemEvent.objects.get(event="record.read")
    assert (event.actor_id, event.payload) == (people["ceo"].user_id, {"patient": patient.pk})


def test_the_history_is_merged_by_who_treats(api_as, treated):
    url = f"/api/v1/patients/{treated.pk}/medical-history"
    merged = api_as("professional").patch(url, {"habitual_medication": "Sintrom", "allergies": ""}).json()
    assert [alert["level"] for alert in merged["alerts"]] == ["danger", "warn"]
    assert api_as("professional").patch(url, {"shoe_size": "38"}).json()["code"] == "unknown_question"
    assert api_as("ceo").patch(url, {"allergies": "no"}).status_code == 403


def test_a_list_costs_the_same_for_one_and_for_thirty(api_as, patient, arrayan, within):
    api, counts = api_as("secretary"), []
    for more in (0, 29):
        with within(arrayan):
            PatientFactory.create_batch(more)
        with CaptureQueriesContext(connection, ) as queries:
            assert api.get("/api/v1/patients").json()["count"] == more + 1
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_records_list_costs_the_same_for_one_and_for_thirty(api_as, treated):
    api, url, counts = api_as("professional"), f"/api/v1/patients/{treated.pk}/records", []
    for more in (1, 29):
        for number in range(more):
            api.post(url, {"text": f"entrada {number}"})
        with CaptureQueriesContext(connection) as queries:
            api.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_refused_entry_leaves_no_row(api_as, treated, arrayan, within):
    refused = api_as("professional").post(f"/api/v1/patients/{treated.pk}/records", {"text": "   "})
    assert refused.status_code == 400
    with within(arrayan):
        assert not ClinicalRecord.objects.exists()
