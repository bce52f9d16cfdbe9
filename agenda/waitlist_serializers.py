from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from agenda import named
from agenda.models import TreatmentType, Urgency, WaitlistEntry, WaitlistOffer
from agenda.models.waitlist import PARTS
from agenda.serializers import Day, Id, Instant, RangeQuery
from clinics.access import ALL, scope, visible
from clinics.models import Professional
from clinics.patients.models import Patient


class WaitlistQuery(serializers.Serializer):
    patient = Id(required=False)
    professional = Id(required=False, help_text=_("De quienes esperan a este profesional."))
    state = serializers.ChoiceField(
        choices=WaitlistEntry.State.choices, required=False, default=WaitlistEntry.State.WAITING)


class OpeningsQuery(RangeQuery):
    """Without dates, the next thirty days."""


class JoinIn(serializers.Serializer):
    """For what, with whom and when they can. Nothing said: with anyone, any day, at any time."""

    patient = Id()
    treatment = Id()
    professional = Id(required=False, allow_null=True, default=None, help_text=_("Sin profesional: cualquiera."))
    urgency = serializers.ChoiceField(choices=Urgency.choices, required=False, allow_blank=True, default="")
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6), required=False, default=list, max_length=7,
        help_text=_("0 es lunes. Vacío: cualquiera."))
    parts = serializers.ListField(
        child=serializers.ChoiceField(choices=PARTS), required=False, default=list, max_length=len(PARTS))
    until_on = Day(required=False, allow_null=True, default=None)
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)

    ROWS = {"patient": Patient, "treatment": TreatmentType, "professional": Professional}
    UNKNOWN = _("Clave primaria inválida: no existe.")

    def validate(self, attrs):
        asked = {name: (model, attrs[name]) for name, model in self.ROWS.items() if attrs[name] is not None}
        found = named.rows(**asked)
        if found["patient"] and not self._sees(found["patient"]):
            found["patient"] = None
        if unknown := {name: self.UNKNOWN for name, row in found.items() if row is None}:
            raise serializers.ValidationError(unknown)
        return attrs | found

    def _sees(self, patient):
        actor = self.context["actor"]
        return scope(actor, "patients.see") == ALL or visible(
            actor, "patients.see", Patient.objects.filter(pk=patient.pk)).exists()


class OfferIn(serializers.Serializer):
    professional = serializers.PrimaryKeyRelatedField(queryset=Professional.objects.active())
    start_at = Instant()


class OfferOut(serializers.Serializer):
    id = serializers.IntegerField()
    entry = serializers.IntegerField(source="entry_id")
    professional = serializers.IntegerField(source="professional_id")
    professional_name = serializers.CharField(source="professional.name")
    start_at = Instant()
    end_at = Instant()
    expires_at = Instant()
    state = serializers.ChoiceField(choices=WaitlistOffer.State.choices)
    told = serializers.ChoiceField(choices=WaitlistOffer.Told.choices)
    appointment = serializers.IntegerField(source="appointment_id", allow_null=True)


class EntryOut(serializers.Serializer):
    id = serializers.IntegerField()
    patient = serializers.IntegerField(source="patient_id")
    patient_name = serializers.CharField(source="patient.name")
    treatment = serializers.IntegerField(source="treatment_id")
    treatment_name = serializers.CharField(source="treatment.name")
    professional = serializers.IntegerField(source="professional_id", allow_null=True)
    professional_name = serializers.CharField(source="professional.name", default="")
    appointment = serializers.IntegerField(
        source="appointment_id", allow_null=True, help_text=_("El turno que tiene, que pasaría al horario que tome."))
    urgency = serializers.ChoiceField(choices=Urgency.choices, allow_blank=True)
    weekdays = serializers.ListField(child=serializers.IntegerField())
    parts = serializers.ListField(child=serializers.ChoiceField(choices=PARTS))
    until_on = serializers.DateField(allow_null=True)
    note = serializers.CharField()
    state = serializers.ChoiceField(choices=WaitlistEntry.State.choices)
    created_at = Instant()
    closed_at = Instant(allow_null=True)
    offer = OfferOut(allow_null=True, help_text=_("Lo que tiene reservado mientras contesta."))
