from django import forms
from django.utils.translation import gettext_lazy as _

from clinics.patients.anamnesis import LONGEST, QUESTIONS
from dentalogic.lib.forms import RefusableForm

DOCUMENTS = [("DNI", _("DNI")), ("Pasaporte", _("Pasaporte")), ("Otro", _("Otro"))]
DATES = ["%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%Y-%m-%d"]
MISSING = _("Falta este dato.")


class PatientForm(RefusableForm):
    first_name = forms.CharField(label=_("Nombre"), max_length=80, error_messages={"required": MISSING})
    last_name = forms.CharField(label=_("Apellido"), max_length=80, error_messages={"required": MISSING})
    document_type = forms.ChoiceField(label=_("Tipo de documento"), choices=DOCUMENTS)
    dni = forms.CharField(label=_("Documento"), max_length=20, required=False)
    birth_on = forms.DateField(
        label=_("Fecha de nacimiento"), required=False, input_formats=DATES,
        error_messages={"invalid": _("Escribila así: 14/03/1989")})
    phone = forms.CharField(label=_("Teléfono"), max_length=40, required=False)
    email = forms.EmailField(
        label=_("Correo"), required=False, error_messages={"invalid": _("Ese correo está incompleto.")})
    insurance = forms.CharField(label=_("Obra social"), max_length=80, required=False)
    member_number = forms.CharField(label=_("Número de afiliado"), max_length=40, required=False)


class HistoryForm(RefusableForm):
    """The questions of the medical history, as they are asked."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for key, label in QUESTIONS.items():
            self.fields[key] = forms.CharField(label=label, max_length=LONGEST, required=False)
