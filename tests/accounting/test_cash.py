from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from accounting import cash
from accounting.models import DailyCash, Transaction
from clinics import live
from clinics.models import SystemEvent
from dentalogic.lib import money
from tests.patients.factories import PatientFactory

TODAY = date(2026, 11, 24)
METHODS = ["cash", "card", "transfer", "qr"]
FIGURES = ["opening_balance", *METHODS, "expenses", "expected"]


def figures(day=TODAY):
    return DailyCash.objects.filter(day=day).values(*FIGURES).get()


def close(by, now, counted, reason="", day=TODAY):
    return cash.close_day(day=day, counted=Decimal(counted), reason=reason, by=by, now=now)


@pytest.mark.parametrize("method", METHODS)
def test_a_payment_moves_its_row_the_day_and_the_balance_together(pay, patient, desk, noon, method):
    paid = pay("25000", method)

    assert (paid.kind, paid.amount, paid.method, paid.on_day) == ("payment", Decimal("25000"), method, TODAY)
    assert (paid.recorded_by_id, paid.recorded_at, paid.currency) == (desk.user_id, noon, "ARS")
    expected = Decimal("25000.00") if method == "cash" else Decimal("0.00")
    assert figures() == dict.fromkeys(FIGURES, Decimal("0.00")) | {method: Decimal("25000.00"), "expected": expected}
    assert figures() == cash.recompute(TODAY)
    assert cash.balance(patient) == Decimal("-25000.00")


def test_the_days_cash_of_the_drawing(pay, spend, desk, noon):
    cash.open_day(float_amount=Decimal("40000"), by=desk, now=noon)
    pay("118000", "card")
    pay("25000")
    spend("8500")
    pay("61700", "transfer")
    pay("32000", "qr")
    cash.refund(payment=pay("32000"), amount=Decimal("2000"), method="cash", detail="doble", by=desk, now=noon)

    day = DailyCash.objects.get()
    assert (day.cash, day.card, day.transfer, day.qr) == tuple(map(Decimal, ("46500", "118000", "61700", "32000")))
    assert (day.net, day.expenses, day.expected) == (Decimal("258200"), Decimal("8500"), Decimal("86500"))
    assert figures() == cash.recompute(TODAY)


def test_a_double_click_is_one_payment(pay):
    assert pay(key="k") == pay(key="k")
    assert Transaction.objects.count() == 1
    assert figures()["cash"] == Decimal("25000.00")


def test_a_key_is_not_used_for_another_payment(pay, spend):
    pay(key="k")
    for other in (lambda: pay("1", key="k"), lambda: pay(patient=PatientFactory(), key="k"), lambda: spend(key="k"),
                  lambda: pay(method="qr", key="k")):
        with pytest.raises(cash.KeyReused):
            other()


@pytest.mark.parametrize(("amount", "method", "refusal"), [
    ("0", "cash", cash.AmountNotPositive), ("-5", "cash", cash.AmountNotPositive), ("1.005", "cash", money.BadAmount),
    ("5", "gold", cash.UnknownMethod), ("5", "", cash.UnknownMethod),
])
def test_a_wrong_payment_is_refused_and_moves_nothing(pay, amount, method, refusal):
    with pytest.raises(refusal):
        pay(amount, method)
    assert not Transaction.objects.exists()


def test_floats_are_no_money(pay, patient, desk, noon):
    with pytest.raises(money.BadAmount):
        cash.pay(patient=patient, amount=10.1, method="cash", by=desk, now=noon)


def test_an_expense_says_what_for(spend):
    with pytest.raises(cash.ReasonMissing):
        spend(detail=" ")
    spent = spend("8500", "transfer")
    assert (spent.kind, spent.patient) == ("expense", None)
    assert (figures()["transfer"], figures()["expenses"]) == (Decimal("-8500.00"), Decimal("8500.00"))


def test_the_float_is_counted_once(desk, noon, here):
    day = cash.open_day(float_amount=Decimal("40000"), by=desk, now=noon)
    assert (day.opening_balance, day.expected, day.opened_by_id) == (Decimal("40000"), Decimal("40000"), desk.user_id)
    assert Transaction.objects.get().kind == "opening"
    with pytest.raises(cash.AlreadyOpen):
        cash.open_day(float_amount=Decimal("1"), by=desk, now=noon)


def test_an_empty_drawer_is_a_count_too(desk, noon, here):
    assert cash.open_day(float_amount=Decimal("0"), by=desk, now=noon).opened_by_id == desk.user_id
    with pytest.raises(cash.AlreadyOpen):
        cash.open_day(float_amount=Decimal("1"), by=desk, now=noon)


def test_the_first_payment_opens_the_day_and_the_float_is_counted_after(pay, desk, noon):
    pay("25000")
    assert DailyCash.objects.get().opened_by is None
    day = cash.open_day(float_amount=Decimal("40000"), by=desk, now=noon + timedelta(hours=1))
    assert (day.expected, day.opened_by_id) == (Decimal("65000.00"), desk.user_id)
    assert figures() == cash.recompute(TODAY)


def test_a_refund_gives_back_no_more_than_is_left(pay, patient, desk, noon):
    payment = pay("25000")
    said = {"payment": payment, "method": "cash", "detail": "doble", "by": desk, "now": noon}
    cash.refund(amount=Decimal("20000"), **said)
    with pytest.raises(cash.MoreThanPaid):
        cash.refund(amount=Decimal("5000.01"), **said)
    cash.refund(amount=Decimal("5000"), **said)
    assert cash.left_of(payment) == 0
    assert cash.balance(patient) == 0
    assert figures() == cash.recompute(TODAY)


def test_a_movement_that_was_wrong_is_reversed_whole_and_once(pay, spend, patient, desk, noon):
    for movement in (pay("25000", "card"), spend("8500")):
        undone = cash.reverse(movement=movement, detail="mal cargado", by=desk, now=noon)
        assert (undone.kind, undone.amount, undone.method) == ("adjustment", movement.amount, movement.method)
        with pytest.raises(cash.NotReversible):
            cash.reverse(movement=movement, detail="otra vez", by=desk, now=noon)
        with pytest.raises(cash.NotReversible):
            cash.reverse(movement=undone, detail="al revés", by=desk, now=noon)
    assert figures() == dict.fromkeys(FIGURES, Decimal("0.00")) == cash.recompute(TODAY)
    assert cash.balance(patient) == 0


def test_what_was_partly_given_back_is_not_reversed(pay, desk, noon):
    payment = pay("25000")
    cash.refund(payment=payment, amount=Decimal("1"), method="cash", detail="x", by=desk, now=noon)
    with pytest.raises(cash.NotReversible):
        cash.reverse(movement=payment, detail="mal", by=desk, now=noon)


def test_closing_equals_the_transactions(pay, spend, desk, noon):
    cash.open_day(float_amount=Decimal("1000"), by=desk, now=noon)
    pay("25000"), pay("3000", "qr"), spend("500")
    day = close(desk, noon, "25500")

    assert (day.counted, day.difference, day.closed_by_id, day.closed_at) == (
        Decimal("25500"), Decimal("0.00"), desk.user_id, noon)
    assert figures() == cash.recompute(TODAY)
    assert SystemEvent.objects.get(event="cash.closed").payload["difference"] == "0.00"


def test_a_difference_needs_a_reason(pay, desk, noon):
    pay("25000")
    with pytest.raises(cash.DifferenceNeedsReason) as refused:
        close(desk, noon, "24500", reason="  ")
    assert refused.value.extra == {"difference": "-500.00"}
    assert close(desk, noon, "24500", reason="vuelto mal dado").difference == Decimal("-500.00")


def test_a_day_is_closed_once_and_only_if_it_was(pay, desk, noon):
    with pytest.raises(cash.NotOpen):
        close(desk, noon, "0")
    pay("5")
    close(desk, noon, "5")
    with pytest.raises(cash.DayClosed):
        close(desk, noon, "5")


def test_what_is_paid_after_closing_goes_to_the_next_day(pay, desk, noon):
    pay("5")
    close(desk, noon, "5")
    late = pay("7", key="late")

    assert late.on_day == TODAY + timedelta(days=1)
    assert late.recorded_at == noon
    assert figures()["cash"] == Decimal("5.00")
    assert figures(late.on_day)["cash"] == Decimal("7.00")
    with pytest.raises(cash.DayNotStarted):
        close(desk, noon, "7", day=late.on_day)


def test_the_correction_of_a_closed_day_is_the_next_days(pay, desk, noon):
    payment = pay("5")
    close(desk, noon, "5")
    back = cash.refund(payment=payment, amount=Decimal("5"), method="cash", detail="doble", by=desk, now=noon)
    assert back.on_day == TODAY + timedelta(days=1)
    assert figures(back.on_day)["cash"] == Decimal("-5.00") == cash.recompute(back.on_day)["cash"]


def test_a_day_left_open_can_be_closed_later(pay, desk, noon):
    pay("5")
    assert close(desk, noon + timedelta(days=2), "5").is_closed


def test_the_last_count_is_the_float_to_suggest(pay, desk, noon):
    assert cash.last_count() is None
    pay("5")
    close(desk, noon, "5")
    assert cash.last_count() == Decimal("5.00")


@pytest.mark.parametrize(("instant", "day"), [
    (timedelta(hours=11, minutes=55), date(2026, 11, 24)),  # 23:55 on the clinic's wall
    (timedelta(hours=12, minutes=30), date(2026, 11, 25)),  # 00:30
])
def test_the_day_is_the_clinics(pay, noon, instant, day):
    assert pay(now=noon + instant).on_day == day


def test_the_database_keeps_a_closed_day_closed(pay, desk, noon):
    pay("5")
    close(desk, noon, "5")
    late = pay("7")
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        DailyCash.objects.filter(day=TODAY).update(counted=Decimal("6"), difference=1, difference_reason="x")
    with pytest.raises(IntegrityError, match="not open"), transaction.atomic():
        late.pk, late.key, late.on_day = None, None, TODAY
        late.save(force_insert=True)
    with pytest.raises(IntegrityError, match="not open"), transaction.atomic():
        late.pk, late.on_day = None, TODAY + timedelta(days=9)
        late.save(force_insert=True)


@pytest.mark.parametrize("change", [
    lambda: Transaction.objects.update(amount=1),
    lambda: Transaction.objects.all()._raw_delete("default"),
    lambda: DailyCash.objects.all()._raw_delete("default"),
])
def test_movements_are_never_edited_and_days_never_deleted(pay, change):
    pay("5")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        change()


@pytest.mark.parametrize("wrong", [
    {"amount": 0}, {"amount": -1}, {"kind": "gift"}, {"method": "gold"}, {"method": ""}, {"patient": None},
    {"paid_by_patient": 1}, {"recorded_by": None}, {"kind": "adjustment"}, {"kind": "opening", "method": "card"},
])
def test_the_database_refuses_what_is_no_payment(pay, wrong):
    paid = pay("5")
    paid.pk = None
    for name, value in wrong.items():
        setattr(paid, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        paid.save(force_insert=True)


@pytest.mark.parametrize("wrong", [
    {"expected": 1}, {"closed_at": "2026-11-24T15:00Z"}, {"difference": 1}, {"opening_balance": -1},
])
def test_the_database_refuses_what_is_no_cash_day(pay, wrong):
    pay("5")
    with pytest.raises(IntegrityError), transaction.atomic():
        DailyCash.objects.update(**wrong)


def test_another_clinics_patient_is_refused_by_the_database(pay, bosque, within, here):
    with within(bosque):
        foreign = PatientFactory()
    paid = pay("5")
    paid.pk, paid.patient_id = None, foreign.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        paid.save(force_insert=True)


def test_each_clinic_has_its_own_cash(pay, bosque, within, strangers, noon):
    with within(bosque):
        theirs = {"patient": PatientFactory(), "by": strangers["secretary"].actor}
        cash.pay(amount=Decimal("9"), method="cash", now=noon, **theirs)
        assert DailyCash.objects.get().cash == Decimal("9.00")
    pay("5")
    assert DailyCash.objects.get().cash == Decimal("5.00") == cash.recompute(TODAY)["cash"]


def test_screens_are_told_what_moved(pay, spend, desk, noon, monkeypatch):
    said = []
    monkeypatch.setattr(live, "say", lambda event, **ids: said.append((event, ids["day"])))
    cash.open_day(float_amount=Decimal("0"), by=desk, now=noon)
    paid = pay("5")
    cash.refund(payment=paid, amount=Decimal("1"), method="cash", detail="x", by=desk, now=noon)
    cash.reverse(movement=spend("2"), detail="x", by=desk, now=noon)
    close(desk, noon, "4")
    names = ["BILLING_UPDATED", "PAYMENT_CONFIRMED", *["BILLING_UPDATED"] * 4]
    assert said == [(name, "2026-11-24") for name in names]


def test_what_is_refused_or_repeated_says_nothing(pay, monkeypatch):
    pay("5", key="k")
    monkeypatch.setattr(live, "say", lambda *_args, **_ids: pytest.fail("said"))
    pay("5", key="k")
    with pytest.raises(cash.UnknownMethod):
        pay("5", "gold")
