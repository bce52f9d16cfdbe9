from decimal import Decimal

import pytest
import time_machine

from accounting import cash, charging
from accounting.models import Transaction
from agenda import booking, signals
from agenda.models import Appointment
from tests.accounting.factories import TreatmentFactory, VisitFactory
from tests.factories import ProfessionalFactory


@pytest.fixture
def visit(here, people):
    return VisitFactory()


def test_a_completed_visit_owes_its_price(visit, desk, noon):
    with time_machine.travel(noon, tick=False):
        booking.complete(appointment=visit, by=desk)

    charged = Transaction.objects.get()
    assert (charged.kind, charged.amount, charged.method) == ("charge", Decimal("25000.00"), "")
    assert (charged.appointment, charged.patient, charged.detail) == (visit, visit.patient, "Limpieza")
    assert cash.balance(visit.patient) == Decimal("25000.00")


def test_completing_the_payment_and_the_balance(visit, desk, noon):
    booking.complete(appointment=visit, by=desk)
    cash.pay(patient=visit.patient, amount=Decimal("10000"), method="qr", appointment=visit, by=desk, now=noon)
    assert cash.balance(visit.patient) == Decimal("15000.00")
    assert Transaction.objects.filter(kind="charge").count() == 1


def test_heard_twice_it_is_charged_once(visit, desk):
    for _again in range(2):
        signals.completed.send(sender=Appointment, appointment=visit, by=desk)
    assert Transaction.objects.count() == 1
    with pytest.raises(charging.AlreadyCharged):
        charging.charge(
            patient=visit.patient, amount=Decimal("1"), appointment=visit, by=desk, now=visit.start_at)


def test_a_visit_completed_by_mistake_owes_nothing_until_it_is_done(visit, desk, noon):
    """What was paid for it meanwhile is in the patient's favour; done at last, it is charged once."""
    Appointment.objects.filter(pk=visit.pk).update(arrived_at=noon)
    row = booking.complete(appointment=visit, by=desk)
    cash.pay(patient=visit.patient, amount=Decimal("10000"), method="qr", appointment=visit, by=desk, now=noon)
    row = booking.step_back(appointment=row, by=desk)
    assert (row.status, cash.balance(visit.patient)) == ("arrived", Decimal("-10000.00"))
    undone = Transaction.objects.get(kind="adjustment")
    assert (undone.reverses.kind, undone.method, undone.recorded_by_id) == ("charge", "", desk.user_id)
    assert charging.charge_of(visit) is None
    row = booking.step_back(appointment=row, by=desk)
    assert Transaction.objects.filter(kind="adjustment").count() == 1  # nobody charges for an arrival
    with time_machine.travel(visit.start_at, tick=False):
        row = booking.complete(appointment=booking.seat(appointment=row, by=desk), by=desk)
    assert cash.balance(visit.patient) == Decimal("15000.00")
    assert charging.charge_of(visit).charge_number == 2
    with pytest.raises(charging.AlreadyCharged):
        charging.charge(patient=visit.patient, amount=Decimal("1"), appointment=visit, by=desk, now=noon)
    booking.step_back(appointment=row, by=desk)
    assert cash.balance(visit.patient) == Decimal("-10000.00")


def test_the_last_session_stepped_back_takes_the_courses_charge_with_it(here, desk, patient):
    treatment, professional = TreatmentFactory(sessions=2, price=Decimal("25000")), ProfessionalFactory()
    for _session in range(2):
        row = booking.complete(
            appointment=VisitFactory(patient=patient, treatment=treatment, professional=professional), by=desk)
    assert cash.balance(patient) == treatment.price
    row = booking.step_back(appointment=row, by=desk)
    assert cash.balance(patient) == 0
    with time_machine.travel(row.start_at, tick=False):
        booking.complete(appointment=booking.seat(appointment=row, by=desk), by=desk)
    assert cash.balance(patient) == treatment.price


def test_a_treatment_without_a_price_owes_nothing_until_it_is_paid(here, desk, noon):
    visit = VisitFactory(treatment__price=None)
    assert charging.charge_visit(appointment=visit, by=desk, now=noon) is None
    cash.pay(patient=visit.patient, amount=Decimal("9000"), method="card", appointment=visit, by=desk, now=noon)
    assert cash.balance(visit.patient) == 0
    assert charging.charge_of(visit).amount == Decimal("9000.00")


def test_what_it_is_worth_may_be_more_than_what_is_paid(here, desk, noon):
    visit = VisitFactory(treatment__price=None)
    cash.pay(
        patient=visit.patient, amount=Decimal("9000"), worth=Decimal("20000"), method="card", appointment=visit,
        by=desk, now=noon)
    assert cash.balance(visit.patient) == Decimal("11000.00")


def test_a_deposit_before_a_priced_visit_is_in_the_patients_favour(visit, desk, noon):
    cash.pay(patient=visit.patient, amount=Decimal("5000"), method="cash", appointment=visit, by=desk, now=noon)
    assert cash.balance(visit.patient) == Decimal("-5000.00")
    booking.complete(appointment=visit, by=desk)
    assert cash.balance(visit.patient) == Decimal("20000.00")


def test_three_sessions_are_one_charge(here, desk, patient):
    treatment, professional = TreatmentFactory(sessions=3), ProfessionalFactory()
    charges = []
    for _session in range(6):
        visit = VisitFactory(patient=patient, treatment=treatment, professional=professional)
        booking.complete(appointment=visit, by=desk)
        charges.append(Transaction.objects.filter(kind="charge").count())
    assert charges == [0, 0, 1, 1, 1, 2]


def test_what_the_insurance_covers_is_not_owed_by_the_patient(patient, desk, noon):
    charging.charge(patient=patient, amount=Decimal("100"), covered=Decimal("70"), by=desk, now=noon)
    assert cash.balance(patient) == Decimal("30.00")


@pytest.mark.parametrize(("amount", "covered"), [("0", "0"), ("-1", "0"), ("10", "11"), ("10", "-1")])
def test_a_charge_is_more_than_nothing(patient, desk, noon, amount, covered):
    with pytest.raises(charging.NothingToCharge):
        charging.charge(patient=patient, amount=Decimal(amount), covered=Decimal(covered), by=desk, now=noon)


def test_a_charge_moves_no_cash_and_a_closed_day_does_not_stop_it(pay, visit, desk, noon):
    pay("5")
    cash.close_day(day=noon.date(), counted=Decimal("5"), reason="", by=desk, now=noon)
    charged = charging.charge_visit(appointment=visit, by=desk, now=noon)
    assert charged.on_day == noon.date()
    assert cash.recompute(noon.date())["cash"] == Decimal("5.00")
