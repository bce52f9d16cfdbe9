from datetime import datetime, time, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from dentalogic.lib import clock, money

MISSING = _("Falta este dato.")
CHOOSE = {"required": _("Elegí una de la lista."), "invalid_choice": _("Elegí una de la lista.")}


class RefusableForm(forms.Form):
    """A form that takes a verb's refusal as its own error: beside the field it names, else above all."""

    def refuse(self, refusal):
        named = {name: texts for name, texts in refusal.fields.items() if name in self.fields}
        for name, texts in named.items():
            self.add_error(name, texts)
        if not named:
            self.add_error(None, str(refusal))
        return self

    def wrong(self):
        """The first field with an error: the focus goes there."""
        return next((name for name in self.errors if name in self.fields), "")


class AmountField(forms.CharField):
    """An amount as it is written here: `25.000,00`."""

    default_error_messages = {"required": MISSING}

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        try:
            return money.parse(text)
        except money.BadAmount as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class NumberField(forms.IntegerField):
    """A whole number; what it may be is the verb's to say."""

    default_error_messages = {"required": MISSING, "invalid": _("Escribí un número.")}
    widget = forms.TextInput

    def __init__(self, **how):
        super().__init__(min_value=-(2**31), max_value=2**31 - 1, **how)
        self.max_length = 6


class WordsField(forms.CharField):
    """`osde 210, osde 310` -> a list."""

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value):
        return [word.strip() for word in super().clean(value).split(",") if word.strip()]


class DayField(forms.CharField):
    """An ISO date of this century: the ends of the calendar overflow what is computed from them."""

    def clean(self, value):
        text = super().clean(value)
        day = clock.day_of(text) if text else None
        if text and day is None:
            raise forms.ValidationError(_("No es una fecha."))
        return day


class PeriodForm(forms.Form):
    """`from` and `to`: dates, either or none of them, both included."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("from", "to"):  # not a word of Python's to be declared with
            self.fields[name] = DayField(required=False)

    def clean(self):
        first, last = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        if first and last and last < first:
            self.add_error("to", _("Es anterior a la primera fecha."))
        return self.cleaned_data

    def within(self, rows, column, zone):
        """The rows whose instant in `column` is of those days in `zone`."""
        first, last = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        if first:
            rows = rows.filter(**{f"{column}__gte": datetime.combine(first, time.min, zone)})
        if last:
            rows = rows.filter(**{f"{column}__lt": datetime.combine(last + timedelta(days=1), time.min, zone)})
        return rows
