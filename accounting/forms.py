from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from accounting.models.transaction import Method
from dentalogic.lib.forms import MISSING, AmountField, RefusableForm
from dentalogic.lib.numerals import whole

NOTES = {"ARS": (20000, 10000, 2000, 1000, 500)}  # the notes that hands count; the rest goes in one amount
MOST_NOTES = 99_999


class MoneyForm(RefusableForm):
    amount = AmountField(label=_("Importe"), max_length=20)
    method = forms.ChoiceField(
        label=_("Medio"), choices=Method.choices, error_messages={"required": _("Elegí el medio de pago.")})


class PayForm(MoneyForm):
    worth = AmountField(label=_("Valor de la prestación"), max_length=20, required=False)
    detail = forms.CharField(label=_("Detalle"), max_length=200, required=False)


class ExpenseForm(MoneyForm):
    detail = forms.CharField(label=_("En qué"), max_length=200, error_messages={"required": MISSING})


class RefundForm(MoneyForm):
    detail = forms.CharField(label=_("Motivo"), max_length=200, error_messages={"required": MISSING})


class ReverseForm(RefusableForm):
    detail = forms.CharField(label=_("Motivo"), max_length=200, error_messages={"required": MISSING})


class OpenForm(RefusableForm):
    float_amount = AmountField(label=_("Efectivo en la caja"), max_length=20)


class CloseForm(RefusableForm):
    """The count by notes; what is not one of them goes in `other`."""

    other = AmountField(label=_("Otros"), max_length=20, required=False)
    reason = forms.CharField(label=_("Motivo de la diferencia"), max_length=200, required=False)

    def __init__(self, *args, currency, **kwargs):
        super().__init__(*args, **kwargs)
        self.notes = NOTES.get(currency, ())
        for note in self.notes:
            self.fields[f"n{note}"] = forms.IntegerField(
                required=False, min_value=0, max_value=MOST_NOTES, error_messages={"invalid": _("Es un número.")})

    def counted(self) -> Decimal:
        said = self.cleaned_data
        return sum((note * (said[f"n{note}"] or 0) for note in self.notes), said["other"] or Decimal("0.00"))

    def rows(self):
        """(note, field, worth) to draw the count with."""
        for note in self.notes:
            field = self[f"n{note}"]
            yield note, field, note * (whole(str(field.value() or "")) or 0)
