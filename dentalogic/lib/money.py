"""Amounts as people of the clinic's country write and read them. Always Decimal, two places."""
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils.translation import gettext_lazy as _

from dentalogic.lib.refusals import Refusal

CENT = Decimal("0.01")
MOST = Decimal("9999999999.99")  # numeric(12,2)
SIGNS = {
    "ARS": "$", "MXN": "$", "CLP": "$", "COP": "$", "UYU": "$U", "USD": "US$", "EUR": "€", "BRL": "R$", "PEN": "S/",
}
GROUPED = re.compile(r"\d{1,3}(\.\d{3})+(,\d{1,2})?", re.ASCII)
PLAIN = re.compile(r"\d+(,\d{1,2})?", re.ASCII)
KEYPAD = re.compile(r"\d+\.\d{1,2}", re.ASCII)


class BadAmount(Refusal):
    code = "bad_amount"
    detail = _("Ese importe no se entiende. Escribilo así: 25.000,00")


def parse(text: str) -> Decimal:
    """`25.000,00`, `25000`, `$ 25.000` -> Decimal("25000.00"). Never a guess: what is not plain raises BadAmount."""
    plain = re.sub(r"\s|^(\$U|US\$|R\$|S/|\$|€)", "", (text or "").strip())
    if GROUPED.fullmatch(plain) or PLAIN.fullmatch(plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif not KEYPAD.fullmatch(plain):
        raise BadAmount
    return exact(plain)


def exact(value) -> Decimal:
    """An amount with two places; a float, a third decimal or what does not fit a column is refused."""
    try:
        if isinstance(value, float):
            raise BadAmount
        amount = Decimal(value)
        if not amount.is_finite() or amount != amount.quantize(CENT) or abs(amount) > MOST:
            raise BadAmount
    except InvalidOperation as fault:
        raise BadAmount from fault
    return amount.quantize(CENT)


def show(amount, currency="ARS") -> str:
    """`$ 25.000,00` with a no-break space; `− $ 2.000,00` below zero."""
    amount = Decimal(amount).quantize(CENT, ROUND_HALF_UP)
    digits = f"{abs(amount):,.2f}".translate(str.maketrans(",.", ".,"))
    minus = "−\u00a0" if amount < 0 else ""
    return f"{minus}{SIGNS.get(currency, currency)}\u00a0{digits}"
