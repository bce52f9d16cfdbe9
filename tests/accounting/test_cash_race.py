"""Several desks at once: nothing is counted twice and nothing is lost."""
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection

from accounting import cash
from accounting.models import DailyCash, Transaction
from dentalogic.lib.refusals import Refusal
from tests.patients.factories import PatientFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at_once(arrayan, bosque, within):
    def run(*verbs):
        def one(verb):
            try:
                with within(arrayan):
                    return verb()
            except Refusal as refusal:
                return refusal
            finally:
                connection.close()

        with ThreadPoolExecutor(len(verbs)) as pool:
            return list(pool.map(one, verbs))

    return run


@pytest.fixture
def cast(arrayan, people, within):
    with within(arrayan):
        return {"patient": PatientFactory(), "by": people["secretary"].actor}


def test_one_key_clicked_eight_times_is_one_payment(at_once, cast, arrayan, within, noon):
    def pay():
        return cash.pay(amount=Decimal("5"), method="cash", key="k", now=noon, **cast)

    assert len({paid.pk for paid in at_once(*[pay] * 8)}) == 1
    with within(arrayan):
        assert DailyCash.objects.get().cash == Decimal("5.00")


def test_movements_and_the_closing_stand_in_line(at_once, cast, arrayan, within, noon):
    def pay():
        return cash.pay(amount=Decimal("5"), method="cash", now=noon, **cast)

    def close():
        return cash.close_day(day=noon.date(), counted=Decimal("1"), reason="x", by=cast["by"], now=noon)

    at_once(pay)
    at_once(pay, pay, pay, close, pay, pay, pay, close)
    with within(arrayan):
        assert Transaction.objects.count() == 7
        for day in DailyCash.objects.all():
            assert cash.recompute(day.day).items() <= vars(day).items()
        assert DailyCash.objects.filter(closed_at__isnull=False).count() == 1
