"""The forms of Ajustes > WhatsApp. Secrets go in and never come back out."""
from django import forms
from django.utils.translation import gettext_lazy as _

from dentalogic.lib.forms import MISSING, RefusableForm


def _needed(label, length):
    return forms.CharField(label=label, max_length=length, error_messages={"required": MISSING})


def _secret(label, *, required=False):
    return forms.CharField(
        label=label, max_length=1000, required=required, widget=forms.PasswordInput,
        error_messages={"required": MISSING})


class ConnectForm(RefusableForm):
    name = _needed(_("Nombre"), 80)
    number = _needed(_("Número"), 30)
    api_key = _secret(_("Clave de la API de YCloud"), required=True)


class ConnectMetaForm(RefusableForm):
    name = _needed(_("Nombre"), 80)
    number = _needed(_("Número"), 30)
    phone_number_id = _needed(_("Identificador del número de teléfono"), 40)
    waba_id = _needed(_("Identificador de la cuenta de WhatsApp Business"), 40)
    api_key = _secret(_("Token de acceso"), required=True)


CONNECT = {"ycloud": ConnectForm, "meta": ConnectMetaForm}


class MetaForm(RefusableForm):
    phone_number_id = _needed(_("Identificador del número de teléfono"), 40)
    waba_id = _needed(_("Identificador de la cuenta de WhatsApp Business"), 40)


class NameForm(RefusableForm):
    name = _needed(_("Nombre"), 80)


class RotateForm(RefusableForm):
    secret = _secret(_("Secreto del webhook"))
    api_key = _secret(_("Clave de la API"))


class TestForm(RefusableForm):
    phone = _needed(_("Tu teléfono"), 30)
