"""Whatever the desk does in a day, in any order: the day's row says what its movements say."""
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounting import cash
from accounting.models import DailyCash, Transaction
from clinics import tenancy
from dentalogic.lib.refusals import Refusal

NOON = datetime(2026, 11, 24, 15, tzinfo=UTC)
AMOUNT = st.decimals(min_value=Decimal("0.01"), max_value=Decimal("999999.99"), places=2)
METHOD = st.sampled_from(["cash", "card", "transfer", "qr"])
WHICH = st.integers(0, 6)
STEP = st.one_of(
    st.tuples(st.just("open"), AMOUNT),
    st.tuples(st.just("pay"), AMOUNT, METHOD),
    st.tuples(st.just("spend"), AMOUNT, METHOD),
    st.tuples(st.just("refund"), AMOUNT, METHOD, WHICH),
    st.tuples(st.just("reverse"), WHICH),
    st.tuples(st.just("close"), AMOUNT),
)


class Undo(Exception):
    """Leave no trace between examples."""


def do(step, by, patient, now):
    verb, *said = step
    made = list(Transaction.objects.order_by("pk"))
    if verb == "open":
        cash.open_day(float_amount=said[0], by=by, now=now)
    elif verb == "pay":
        cash.pay(patient=patient, amount=said[0], method=said[1], by=by, now=now)
    elif verb == "spend":
        cash.spend(amount=said[0], method=said[1], detail="x", by=by, now=now)
    elif verb == "close":
        cash.close_day(day=now.date(), counted=said[0], reason="x", by=by, now=now)
    elif verb == "refund" and made:
        cash.refund(
            payment=made[said[2] % len(made)], amount=said[0], method=said[1], detail="x", by=by, now=now)
    elif made:
        cash.reverse(movement=made[said[0] % len(made)], detail="x", by=by, now=now)


@pytest.mark.usefixtures("here")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, max_size=12))
def test_the_days_row_is_its_movements(desk, patient, steps):
    with suppress(Undo), tenancy.atomic():
        for count, step in enumerate(steps):
            with suppress(Refusal), transaction.atomic():
                do(step, desk, patient, NOON + timedelta(minutes=count))
        for day in DailyCash.objects.all():
            assert cash.recompute(day.day).items() <= vars(day).items()
        kept = sum((row.cash + row.card + row.transfer + row.qr + row.expenses for row in DailyCash.objects.all()), 0)
        assert -cash.balance(patient) == kept
        raise Undo
