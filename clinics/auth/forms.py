"""What the doors' and the account's pages are sent."""
from django import forms
from django.utils.translation import gettext_lazy as _

from clinics.access import Role
from clinics.auth.passwords import LONGEST
from clinics.models import User
from dentalogic.lib.forms import RefusableForm

MISSING = {"required": _("Falta este dato.")}


def password(label):
    return forms.CharField(label=label, max_length=LONGEST, strip=False, error_messages=MISSING)


def email():
    return forms.EmailField(
        label=_("Correo"), max_length=254,
        error_messages={"required": _("Escribí tu correo."), "invalid": _("Eso no es un correo.")})


class RegisterForm(RefusableForm):
    name = forms.CharField(label=_("Nombre y apellido"), max_length=120, error_messages=MISSING)
    email = email()
    password = password(_("Contraseña"))
    clinic = forms.SlugField(max_length=60, error_messages=MISSING | {
        "invalid": _("El nombre corto lleva letras sin acento, números y guiones, sin espacios.")})
    role = forms.ChoiceField(choices=Role.choices, error_messages=MISSING)

    def clean_clinic(self):
        return self.cleaned_data["clinic"].lower()


class EmailForm(RefusableForm):
    email = email()


class NewPasswordForm(RefusableForm):
    password = password(_("Contraseña nueva"))


class ChangePasswordForm(NewPasswordForm):
    current = password(_("Contraseña actual"))


class CurrentPasswordForm(RefusableForm):
    current = password(_("Contraseña actual"))


class CodeForm(RefusableForm):
    code = forms.CharField(label=_("Código"), max_length=20, error_messages={"required": _("Escribí el código.")})


class NameForm(RefusableForm):
    name = forms.CharField(label=_("Nombre y apellido"), max_length=User._meta.get_field("name").max_length,
                           error_messages=MISSING)
