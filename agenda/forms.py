"""What the desk writes to give a turn: a patient that is there, or a new one; a treatment, a professional, a time."""
from django import forms
from django.utils.translation import gettext_lazy as _

from agenda import walls
from agenda.models import Appointment, TreatmentType
from agenda.pages import search
from clinics import access, tenancy
from clinics.models import Professional
from clinics.patients.forms import DATES
from clinics.patients.models import Patient
from dentalogic.lib.numerals import whole

MISSING = _("Falta este dato.")
HOURS = ("%H:%M", "%H.%M", "%H", "%H%M")  # in this order: "10" read as %H%M is one o'clock


class BookingForm(forms.Form):
    patient = forms.CharField(required=False)
    first_name = forms.CharField(max_length=80, required=False)
    last_name = forms.CharField(max_length=80, required=False)
    dni = forms.CharField(max_length=20, required=False)
    phone = forms.CharField(max_length=30, required=False)
    insurance = forms.CharField(max_length=80, required=False)
    treatment = forms.ModelChoiceField(TreatmentType.objects.none(), error_messages={"required": MISSING})
    professional = forms.ModelChoiceField(Professional.objects.none(), error_messages={"required": MISSING})
    day = forms.DateField(
        input_formats=DATES, error_messages={"required": MISSING, "invalid": _("La fecha no se entiende.")})
    hour = forms.TimeField(
        input_formats=HOURS, error_messages={"required": MISSING, "invalid": _("La hora se escribe 10:30.")})
    urgency = forms.ChoiceField(choices=[("", _("Ninguna")), *Appointment.Urgency.choices], required=False)
    reason = forms.CharField(max_length=300, required=False)
    overbook_reason = forms.CharField(max_length=300, required=False)
    key = forms.CharField(max_length=64, required=False)

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["treatment"].queryset = TreatmentType.objects.active()
        self.fields["professional"].queryset = Professional.objects.active().filter(
            pk__in=[one.pk for one in search.choosable(actor)])

    @property
    def is_new(self):
        return self.data.get("patient") == "new"

    def clean(self):
        data = super().clean()
        if self.is_new:
            for name in ("first_name", "last_name", "phone"):
                if not data.get(name):
                    self.add_error(name, MISSING)
        else:
            data["patient"] = self._chosen(data.get("patient"))
            if data["patient"] is None:
                self.add_error("patient", _("Elegí a quién le das el turno."))
        if data.get("day") and data.get("hour"):
            try:
                data["start_at"] = walls.instant(f"{data['day']}T{data['hour']:%H:%M}", tenancy.here().zone)
            except ValueError:
                self.add_error("hour", _("Esa hora no existe en el reloj de la clínica."))
        return data

    def _chosen(self, pk):
        rows = access.visible(self.actor, "patients.see", Patient.objects.live())
        return rows.filter(pk=whole(pk)).first()
