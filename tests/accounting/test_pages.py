from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounting import cash
from accounting.models import DailyCash, Transaction
from agenda import booking
from tests.accounting.factories import VisitFactory
from tests.patients.factories import PatientFactory

TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _at_noon(noon):
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def visit(arrayan, bosque, within, people):
    with within(arrayan):
        patient = PatientFactory(first_name="Norma", last_name="Quiroga")
        return VisitFactory(patient=patient, start_at="2026-11-24T13:00Z", end_at="2026-11-24T13:30Z")


@pytest.fixture
def client(client_as, visit):
    return client_as("secretary")


@pytest.fixture
def said(visit):
    return {"patient": visit.patient_id, "appointment": visit.pk, "amount": "25.000,00", "method": "cash", "key": "k"}


@pytest.fixture
def day(arrayan, within):
    def read(day=TODAY):
        with within(arrayan):
            return DailyCash.objects.filter(day=day).first()

    return read


def text(response, status=200):
    assert response.status_code == status, response.content.decode()[-800:]
    return response.content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize("role", ["professional", "setter", "closer"])
@pytest.mark.parametrize("url", [
    "/cash/", "/cash/2026-11-24/", "/cash/pay/", "/cash/expense/", "/cash/of/1", "/cash/balance/1",
    "/cash/movement/1/",
])
def test_money_is_not_for_the_others(client_as, visit, role, url):
    assert client_as(role).get(url).status_code == 403
    assert client_as(role).post("/cash/2026-11-24/close", {}).status_code == 403
    assert client_as(role).post("/cash/open", {}).status_code == 403
    assert client_as(role).post("/cash/pay/", {}).status_code == 403


def test_an_unopened_day_asks_for_the_float(client):
    page = text(client.get("/cash/"))
    assert "Caja del martes 24/11" in page
    assert "Sin abrir" in page
    assert "Abrir la caja" in page
    assert "Cerrar la caja" not in page


def test_the_visit_completed_paid_and_in_the_days_cash(client, visit, said, arrayan, within, people, day):
    with within(arrayan):
        booking.complete(appointment=visit, by=people["professional"].actor)
    form = text(client.get(f"/cash/pay/?patient={visit.patient_id}&appointment={visit.pk}"))
    assert "Cobrar a Norma Quiroga" in form
    assert 'value="25.000,00"' in form

    made = client.post("/cash/pay/", said)
    assert made["Location"].startswith("/cash/2026-11-24/?made=")
    page = text(client.get(made["Location"]))
    assert "Norma Quiroga" in page
    assert "$ 25.000,00" in page
    assert day().cash == Decimal("25000.00")
    assert "al día" in text(client.get(f"/cash/balance/{visit.patient_id}"))


def test_enter_in_the_search_takes_the_only_one(client, visit, arrayan, within):
    assert client.get("/cash/pay/?q=quiroga")["Location"] == f"/cash/pay/?patient={visit.patient_id}"
    with within(arrayan):
        PatientFactory(first_name="Elsa", last_name="Quiroga")
    page = text(client.get("/cash/pay/?q=quiroga"))
    assert page.count('href="?patient=') == 2
    assert "Nadie coincide" in text(client.get("/cash/pay/?q=zzz"))


def test_a_double_click_is_one_payment(client, said, arrayan, within):
    assert client.post("/cash/pay/", said)["Location"] == client.post("/cash/pay/", said)["Location"]
    with within(arrayan):
        assert Transaction.objects.count() == 1


def test_the_agendas_button_leads_to_the_form(client, visit):
    answer = client.get(f"/cash/?patient={visit.patient_id}&appointment={visit.pk}")
    assert answer["Location"] == f"/cash/pay/?patient={visit.patient_id}&appointment={visit.pk}"


@pytest.mark.parametrize(("wrong", "words"), [
    ({"amount": "mil"}, "Ese importe no se entiende"), ({"amount": ""}, "Falta este dato"),
    ({"amount": "0"}, "mayor que cero"), ({"method": ""}, "Elegí el medio de pago"),
    ({"patient": ""}, "Elegí quién paga"),
])
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, said, wrong, words, arrayan, within):
    if "patient" in wrong:
        said.pop("appointment")
    page = text(client.post("/cash/pay/", said | wrong), 422)
    assert words in page
    with within(arrayan):
        assert not Transaction.objects.exists()


def test_another_clinics_patient_is_not_there(client, said, bosque, within):
    with within(bosque):
        foreign = VisitFactory()
    for wrong in ({"patient": foreign.patient_id}, {"appointment": foreign.pk}):
        assert client.post("/cash/pay/", said | wrong).status_code == 404
    for url in (f"/cash/of/{foreign.patient_id}", f"/cash/balance/{foreign.patient_id}"):
        assert client.get(url).status_code == 404


def test_a_visit_without_a_price_asks_what_it_is_worth(client, arrayan, within, said):
    with within(arrayan):
        visit = VisitFactory(treatment__price=None, start_at="2026-11-24T14:00Z", end_at="2026-11-24T14:30Z")
    asked = {"patient": visit.patient_id, "appointment": visit.pk}
    assert "Valor de la prestación" in text(client.get("/cash/pay/", asked))
    client.post("/cash/pay/", said | asked | {"amount": "10.000", "worth": "30.000"})
    assert "$ 20.000,00" in text(client.get(f"/cash/of/{visit.patient_id}"))


def test_an_expense(client, day):
    assert "Falta este dato" in text(client.post("/cash/expense/", {"amount": "8500", "method": "cash"}), 422)
    made = client.post("/cash/expense/", {"amount": "8500", "method": "cash", "detail": "Mensajería"})
    page = text(client.get(made["Location"]))
    assert "− $ 8.500,00" in page
    assert "Mensajería" in page
    assert (day().cash, day().expenses) == (Decimal("-8500.00"), Decimal("8500.00"))


def test_the_float_is_counted_before_or_after(client, said, day):
    client.post("/cash/pay/", said)
    assert "La caja se abrió sola" in text(client.get("/cash/"))
    assert client.post("/cash/open", {"float_amount": "40.000"}).status_code == 302
    assert day().expected == Decimal("65000.00")
    page = text(client.get("/cash/"))
    assert "fondo $ 40.000,00" in page
    assert "El fondo de esta caja ya está contado" not in page
    assert client.post("/cash/open", {"float_amount": "1"}).status_code == 422


def test_the_cash_is_closed_with_a_reason_for_the_difference(client, said, day):
    client.post("/cash/open", {"float_amount": "40.000"})
    client.post("/cash/pay/", said)
    count = {"n20000": "3", "n2000": "2", "other": "500,00"}  # 64.500 of 65.000
    page = text(client.post("/cash/2026-11-24/close", count), 422)
    assert "Falta el motivo de la diferencia" in page
    assert 'value="3"' in page
    assert day().closed_at is None

    assert client.post("/cash/2026-11-24/close", count | {"reason": "vuelto"})["Location"] == "/cash/2026-11-24/"
    page = text(client.get("/cash/"))
    assert "Caja cerrada" in page
    assert "− $ 500,00" in page
    assert "Lo que se cobre ahora entra en la del miércoles 25/11" in page
    assert "Cerrar la caja" not in page
    assert client.post("/cash/2026-11-24/close", count).status_code == 422


def test_after_closing_the_forms_say_whose_day_it_is(client, said, day):
    client.post("/cash/pay/", said)
    client.post("/cash/2026-11-24/close", {"n20000": "1", "n1000": "5"})
    assert "Este movimiento entra en la del miércoles 25/11" in text(client.get("/cash/pay/"))
    made = client.post("/cash/pay/", said | {"key": "k2"})
    assert made["Location"].startswith("/cash/2026-11-25/")
    assert day(date(2026, 11, 25)).cash == Decimal("25000.00")


def test_a_day_left_open_is_said(client, said, noon):
    client.post("/cash/pay/", said)
    with time_machine.travel("2026-11-25T15:00Z", tick=False):
        assert "La caja del martes 24/11 quedó abierta" in text(client.get("/cash/"))


def test_a_count_that_is_no_number_is_refused(client, said):
    client.post("/cash/pay/", said)
    page = text(client.post("/cash/2026-11-24/close", {"n20000": "x", "other": "25.00.0"}), 422)
    assert "Ese importe no se entiende" in page


def test_a_movement_is_corrected(client, said, day, arrayan, within):
    client.post("/cash/pay/", said)
    with within(arrayan):
        paid = Transaction.objects.get()
    url = f"/cash/movement/{paid.pk}/"
    assert "Devolver dinero" in text(client.get(url))
    refund = {"do": "refund", "amount": "5.000", "method": "cash", "detail": "cobro doble", "key": "r"}
    assert "No se puede devolver más" in text(client.post(url, refund | {"amount": "25.000,01"}), 422)
    client.post(url, refund)
    client.post(url, refund)
    assert day().cash == Decimal("20000.00")
    assert "$ 20.000,00" in text(client.get(url))
    assert "Se cargó mal" not in text(client.get(url))


def test_a_movement_registered_wrong_is_reversed(client, said, day, arrayan, within):
    client.post("/cash/pay/", said)
    with within(arrayan):
        paid = Transaction.objects.get()
    url = f"/cash/movement/{paid.pk}/"
    assert "Falta este dato" in text(client.post(url, {"do": "reverse"}), 422)
    assert client.post(url, {"do": "reverse", "detail": "era de otro", "key": "a"}).status_code == 302
    assert day().cash == 0
    assert "ya se corrigió" in text(client.get(url))


def test_the_patients_account(client, visit, said, arrayan, within, people):
    with within(arrayan):
        booking.complete(appointment=visit, by=people["professional"].actor)
    assert "por cobrar" in text(client.get(f"/cash/balance/{visit.patient_id}"))
    client.post("/cash/pay/", said | {"amount": "30.000"})
    account = text(client.get(f"/cash/of/{visit.patient_id}"))
    assert "Limpieza" in account
    assert "a favor" in account
    assert "$ 5.000,00" in account
    assert "Último pago" in text(client.get(f"/cash/of/{visit.patient_id}?brief=1"))


def test_the_live_piece_carries_the_expected_amount(client, said):
    client.post("/cash/pay/", said)
    piece = text(client.get("/cash/2026-11-24/", headers={"HX-Request": "true"}))
    assert "<html" not in piece
    assert 'data-expected="25000.00"' in piece


@pytest.mark.parametrize("url", ["/cash/2026-13-01/", "/cash/hoy/"])
def test_no_day_no_page(client, url):
    assert client.get(url).status_code == 404


def test_the_day_costs_the_same_for_one_and_for_thirty(client, visit, arrayan, within, people, noon):
    with within(arrayan):
        by, counts = people["secretary"].actor, []
    for more in (1, 29):
        with within(arrayan):
            for number in range(more):
                cash.pay(
                    patient=PatientFactory(), amount=Decimal("5"), method="qr", by=by, now=noon,
                    appointment=visit if number == 0 else None)
        with CaptureQueriesContext(connection) as queries:
            text(client.get("/cash/"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_account_costs_the_same_for_one_and_for_thirty(client, visit, arrayan, within, people, noon):
    with within(arrayan):
        by, counts = people["secretary"].actor, []
    for more in (1, 29):
        with within(arrayan):
            for _number in range(more):
                cash.pay(
                    patient=visit.patient, amount=Decimal("5"), method="qr", by=by, now=noon, appointment=visit)
        with CaptureQueriesContext(connection) as queries:
            text(client.get(f"/cash/of/{visit.patient_id}"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
