from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from agenda.models import Urgency, WaitlistEntry, WaitlistOffer
from agenda.models.waitlist import PARTS
from agenda.serializers import Day, Id, Instant, NamedRows, RangeQuery
from clinics.models import Professional


class WaitlistQuery(serializers.Serializer):
    patient = Id(required=False)
    professional = Id(required=False, help_text=_("De quienes esperan a este profesional."))
    state = serializers.ChoiceField(
        choices=WaitlistEntry.State.choices, required=False, default=WaitlistEntry.State.WAITING)


class OpeningsQuery(RangeQuery):
    """Without dates, the next thirty days."""


class JoinIn(NamedRows):
    """For what, with whom and when they can. Nothing said: with anyone, any day, at any time."""

    professional = Id(required=False, allow_null=True, default=None, help_text=_("Sin profesional: cualquiera."))
    urgency = serializers.ChoiceField(choices=Urgency.choices, required=False, allow_blank=True, default="")
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6), required=False, default=list, max_length=7,
        help_text=_("0 es lunes. Vacío: cualquiera."))
    parts = serializers.ListField(
        child=serializers.ChoiceField(choices=PARTS), required=False, default=list, max_length=len(PARTS))
    until_on = Day(required=False, allow_null=True, default=None)
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)


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
