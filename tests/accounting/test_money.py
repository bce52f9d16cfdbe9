from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dentalogic.lib import money

AMOUNTS = st.decimals(min_value=0, max_value=money.MOST, places=2)


@pytest.mark.parametrize(("text", "amount"), [
    ("25.000,00", "25000.00"), ("25000", "25000.00"), ("25.000", "25000.00"), ("$ 25.000", "25000.00"),
    ("$25.000,5", "25000.50"), ("1.234.567,89", "1234567.89"), ("0,5", "0.50"), ("25.50", "25.50"), ("25.5", "25.50"),
    (" 25 000 ", "25000.00"), ("$\u00a025.000,00", "25000.00"), ("US$ 100", "100.00"), ("0", "0.00"),
])
def test_amounts_are_read_as_they_are_written_here(text, amount):
    assert money.parse(text) == Decimal(amount)
    assert money.parse(text).as_tuple().exponent == -2


@pytest.mark.parametrize("text", [
    "", "  ", None, "mil", "25,000", "25,000.00", "2.5000", "1.23.456", "-5", "−5", "1e5", "NaN", "25.000,123",
    "99999999999,00", "25,", ",5", "١٢",
])
def test_what_is_not_plain_is_refused(text):
    with pytest.raises(money.BadAmount):
        money.parse(text)


@pytest.mark.parametrize("value", [1.5, Decimal("1.005"), Decimal("NaN"), Decimal("Infinity"), "x", Decimal("1e11")])
def test_an_amount_is_exact(value):
    with pytest.raises(money.BadAmount):
        money.exact(value)


@pytest.mark.parametrize(("amount", "currency", "shown"), [
    ("25000", "ARS", "$\u00a025.000,00"), ("-2000", "ARS", "−\u00a0$\u00a02.000,00"), ("0", "ARS", "$\u00a00,00"),
    ("1234567.5", "USD", "US$\u00a01.234.567,50"), ("3", "XXX", "XXX\u00a03,00"),
])
def test_amounts_are_written_as_they_are_read_here(amount, currency, shown):
    assert money.show(Decimal(amount), currency) == shown


@given(AMOUNTS)
def test_what_is_shown_is_read_back(amount):
    assert money.parse(money.show(amount)) == amount
