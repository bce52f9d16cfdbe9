import pytest

from accounting.models import Transaction
from tests.accounting.factories import VisitFactory
from tests.patients.factories import PatientFactory


@pytest.fixture
def visit(arrayan, bosque, within, people):
    with within(arrayan):
        return VisitFactory()


@pytest.fixture
def said(visit):
    return {"patient": visit.patient_id, "appointment": visit.pk, "amount": "25000.00", "method": "card"}


@pytest.mark.parametrize("role", ["ceo", "secretary"])
def test_a_payment_is_registered_and_the_day_shows_it(api_as, said, role):
    paid = api_as(role).post("/api/v1/payments", said)
    assert paid.status_code == 201, paid.content
    assert (paid.json()["kind"], paid.json()["amount"], paid.json()["method"]) == ("payment", "25000.00", "card")

    day = api_as(role).get(f"/api/v1/cash/{paid.json()['on_day']}").json()
    assert (day["card"], day["net"], day["expected"]) == ("25000.00", "25000.00", "0.00")
    assert [movement["id"] for movement in day["movements"]] == [paid.json()["id"]]


@pytest.mark.parametrize("role", ["professional", "setter", "closer"])
def test_money_is_not_for_the_others(api_as, said, role):
    assert api_as(role).post("/api/v1/payments", said).status_code == 403
    assert api_as(role).get("/api/v1/cash/2026-11-24").status_code == 403


def test_a_repeated_request_is_one_payment(api_as, said, arrayan, within):
    answers = [api_as("secretary").post("/api/v1/payments", said, headers={"Idempotency-Key": "k"}) for _ in "12"]
    assert answers[0].json() == answers[1].json()
    other = api_as("secretary").post("/api/v1/payments", said | {"amount": "1"}, headers={"Idempotency-Key": "k"})
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")
    with within(arrayan):
        assert Transaction.objects.count() == 1


def test_a_key_is_of_its_person(api_as, said):
    first, second = (api_as(role).post("/api/v1/payments", said, headers={"Idempotency-Key": "k"}).json()["id"]
                     for role in ("ceo", "secretary"))
    assert first != second


@pytest.mark.parametrize(("wrong", "field"), [
    ({"amount": "0"}, "amount"), ({"amount": "1.005"}, "amount"), ({"amount": "mil"}, "amount"),
    ({"method": "gold"}, "method"), ({"patient": 0}, "patient"), ({"appointment": 0}, "appointment"),
])
def test_what_is_wrong_is_said_by_field(api_as, said, wrong, field):
    refused = api_as("secretary").post("/api/v1/payments", said | wrong)
    assert refused.status_code == 400
    assert field in refused.json()["fields"]


def test_another_clinics_patient_or_visit_is_not_there(api_as, said, bosque, within):
    with within(bosque):
        foreign, visit = PatientFactory(), VisitFactory()
    for wrong in ({"patient": foreign.pk}, {"appointment": visit.pk}):
        assert api_as("ceo").post("/api/v1/payments", said | wrong).status_code == 400


def test_the_visit_is_the_patients(api_as, said, arrayan, within):
    with within(arrayan):
        other = PatientFactory()
    assert "appointment" in api_as("ceo").post("/api/v1/payments", said | {"patient": other.pk}).json()["fields"]


def test_a_day_without_movements_is_all_zeros(api_as, visit):
    day = api_as("ceo").get("/api/v1/cash/2026-11-24").json()
    assert (day["net"], day["expected"], day["opened_at"], day["movements"]) == ("0.00", "0.00", None, [])


@pytest.mark.parametrize("day", ["2026-13-01", "hoy"])
def test_no_day_is_not_there(api_as, visit, day):
    assert api_as("ceo").get(f"/api/v1/cash/{day}").status_code == 404
