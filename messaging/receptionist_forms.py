"""The forms of Ajustes > Recepcionista. Numbers as they are written here; the key goes in and never comes back out."""
import re
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dentalogic.lib.forms import MISSING, AmountField, RefusableForm
from messaging.language_model import FACTS

GROUPED = re.compile(r"\d{1,3}([. ]\d{3})+|\d+", re.ASCII)
FEW = re.compile(r"\d{1,6}([.,]\d{1,4})?", re.ASCII)
DOUBTFUL = re.compile(r"[1-9]\d{0,2}\.\d{3}", re.ASCII)  # a thousand, or one and a bit?


class TokensField(forms.CharField):
    """`2.000.000`, `2000000` -> int."""

    def clean(self, value):
        text = super().clean(value)
        if text and not GROUPED.fullmatch(text):
            raise forms.ValidationError(_("Escribí un número entero, como 2.000.000."))
        return int(re.sub(r"[. ]", "", text)) if text else None


class FewField(forms.CharField):
    """`0,25`, `0.25` -> Decimal, up to four places."""

    def clean(self, value):
        text = super().clean(value)
        if text and (not FEW.fullmatch(text) or DOUBTFUL.fullmatch(text)):
            raise forms.ValidationError(_("Escribilo con coma: 0,25."))
        return Decimal(text.replace(",", ".")) if text else None


class ModelForm(RefusableForm):
    model = forms.CharField(label=gettext_lazy("Modelo"), max_length=80, required=False)
    temperature = FewField(label=gettext_lazy("Temperatura"), max_length=6, required=False)
    price_in = FewField(label=gettext_lazy("Precio de lo que lee"), max_length=12, required=False)
    price_out = FewField(label=gettext_lazy("Precio de lo que escribe"), max_length=12, required=False)
    price_minute = FewField(label=gettext_lazy("Precio del minuto de audio"), max_length=12, required=False)
    budget_usd = AmountField(label=gettext_lazy("Tope por mes, en dólares"), max_length=14, required=False)
    budget_tokens = TokensField(label=gettext_lazy("Tope por mes, en tokens"), max_length=20, required=False)
    budget_minutes = TokensField(
        label=gettext_lazy("Tope por mes, en minutos de audio"), max_length=12, required=False)

    def __init__(self, data=None, *, row):
        super().__init__(data, initial={name: written(getattr(row, name)) for name in FACTS})

    def clean_temperature(self):
        warmth = self.cleaned_data["temperature"]
        if warmth is not None and warmth != warmth.quantize(Decimal("0.01")):
            raise forms.ValidationError(_("Con dos decimales alcanza: 0,25."))
        return warmth


class KeyForm(RefusableForm):
    key = forms.CharField(
        label=gettext_lazy("Clave de la API"), max_length=500, widget=forms.PasswordInput,
        error_messages={"required": MISSING})


def written(value) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        whole = f"{value:f}"
        return whole.rstrip("0").rstrip(".").replace(".", ",") if "." in whole else whole
    return f"{value:,}".replace(",", ".") if isinstance(value, int) else value
