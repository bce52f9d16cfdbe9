"""The forms of Ajustes > Obras sociales."""
from django import forms
from django.utils.translation import gettext_lazy as _

from clinics.patients.models import Policy
from clinics.settings_forms import written
from dentalogic.lib.forms import CHOOSE, MISSING, AmountField, NumberField, RefusableForm, WordsField

TERMS = ("policy", "copay", "needs_authorisation", "delay_days", "note")


class TermsForm(RefusableForm):
    policy = forms.ChoiceField(label=_("Qué se hace"), choices=Policy.choices, error_messages=CHOOSE)
    copay = AmountField(label=_("Copago"), max_length=20, required=False)
    needs_authorisation = forms.BooleanField(label=_("Pide autorización previa"), required=False)
    delay_days = NumberField(label=_("Demora en días"))
    note = forms.CharField(label=_("Aclaración"), max_length=300, required=False)


class InsurerForm(TermsForm):
    """The insurer, and what holds for all its treatments."""

    name = forms.CharField(label=_("Nombre"), max_length=80, error_messages={"required": MISSING})
    aliases = WordsField(label=_("Otros nombres"), max_length=400, required=False)


class CoverageForm(TermsForm):
    """What holds for one treatment; `treatments` by code, from whoever knows them."""

    treatment_code = forms.ChoiceField(label=_("Tratamiento"), error_messages=CHOOSE)

    def __init__(self, *args, treatments, **how):
        super().__init__(*args, **how)
        self.fields["treatment_code"].choices = [("", _("Elegí el tratamiento")), *treatments.items()]


def known(terms, **more) -> dict:
    """What a form begins with, of a row of terms."""
    return {name: getattr(terms, name) for name in TERMS} | {"copay": written(terms.copay)} | more
