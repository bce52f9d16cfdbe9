"""The forms of Ajustes > WhatsApp. Secrets go in and never come back out."""
from django import forms
from django.utils.translation import gettext_lazy as _

from dentalogic.lib.forms import MISSING, RefusableForm


def _secret(label):
    return forms.CharField(label=label, max_length=500, required=False, widget=forms.PasswordInput)


class ConnectForm(RefusableForm):
    name = forms.CharField(label=_("Nombre"), max_length=80, error_messages={"required": MISSING})
    number = forms.CharField(label=_("Número"), max_length=30, error_messages={"required": MISSING})
    api_key = forms.CharField(
        label=_("Clave de la API de YCloud"), max_length=500, widget=forms.PasswordInput,
        error_messages={"required": MISSING})


class NameForm(RefusableForm):
    name = forms.CharField(label=_("Nombre"), max_length=80, error_messages={"required": MISSING})


class RotateForm(RefusableForm):
    secret = _secret(_("Secreto del webhook"))
    api_key = _secret(_("Clave de la API de YCloud"))


class TestForm(RefusableForm):
    phone = forms.CharField(label=_("Tu teléfono"), max_length=30, error_messages={"required": MISSING})
