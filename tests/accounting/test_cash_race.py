"""Several desks at once: nothing is counted twice and nothing is lost."""
from decimal import Decimal

import pytest

from accounting import cash
from accounting.models import DailyCash, Transaction
from tests.patients.factories import PatientFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def race(arrayan, bosque, within):
    return lambda *verbs: at_once(lambda: within(arrayan), verbs)


@pytest.fixture
def cast(arrayan, people, within):
    with within(arrayan):
        return {"patient": PatientFactory(), "by": people["secretary"].actor}


def test_one_key_clicked_eight_times_is_one_payment(race, cast, arrayan, within, noon):
    def pay():
        return cash.pay(amount=Decimal("5"), method="cash", key="k", now=noon, **cast)

    assert len({paid.pk for paid in race(*[pay] * 8)}) == 1
    with within(arrayan):
        assert DailyCash.objects.get().cash == Decimal("5.00")


def test_movements_and_the_closing_stand_in_line(race, cast, arrayan, within, noon):
    def pay():
        return cash.pay(amount=Decimal("5"), method="cash", now=noon, **cast)

    def close():
        return cash.close_day(day=noon.date(), counted=Decimal("1"), reason="x", by=cast["by"], now=noon)

    race(pay)
    race(pay, pay, pay, close, pay, pay, pay, close)
    with within(arrayan):
        assert Transaction.objects.count() == 7
        for day in DailyCash.objects.all():
            assert cash.recompute(day.day).items() <= vars(day).items()
        assert DailyCash.objects.filter(closed_at__isnull=False).count() == 1
