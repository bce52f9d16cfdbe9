from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from agenda import named, rights
from agenda.models import Appointment, TreatmentType
from clinics import tenancy
from clinics.access import ALL, FREE_BUSY, scope, visible
from clinics.models import Professional
from clinics.patients import insurance
from clinics.patients.models import Patient
from dentalogic.lib import clock

LONGEST_RANGE = timedelta(days=31)
LARGEST_ID = 2**63 - 1


class Day(serializers.DateField):
    """A date of the clinic."""

    default_error_messages = {"far": _("El año tiene que estar entre 2000 y 2100.")}

    def to_internal_value(self, value):
        day = super().to_internal_value(value)
        if day.year not in clock.YEARS:
            self.fail("far")
        return day


class Instant(serializers.DateTimeField):
    """An instant with its offset; shown in the clinic's zone."""

    default_error_messages = {
        "naive": _("Falta el huso horario: por ejemplo 2026-11-24T10:30:00-03:00."),
        "far": _("El año tiene que estar entre 2000 y 2100."),
    }

    @property
    def timezone(self):
        return tenancy.here().zone

    def enforce_timezone(self, value):
        if value.tzinfo is None:
            self.fail("naive")
        if value.year not in clock.YEARS:
            self.fail("far")
        return value.astimezone(self.timezone)


class Id(serializers.IntegerField):
    def __init__(self, **kwargs):
        super().__init__(min_value=1, max_value=LARGEST_ID, **kwargs)


class RangeQuery(serializers.Serializer):
    """`from` and `to`: dates of the clinic, both included, at most 31 days. (`from` is a word of Python's.)"""

    range_required = False

    def get_fields(self):
        required = self.range_required
        return {
            "from": Day(required=required, help_text=_("Primer día, incluido.")),
            "to": Day(required=required, help_text=_("Último día, incluido; como mucho 31 días.")),
            **super().get_fields(),
        }

    def validate(self, attrs):
        first, last = attrs.get("from"), attrs.get("to")
        if first and last and last < first:
            raise serializers.ValidationError({"to": _("No puede ser anterior a «from».")})
        if first and last and last - first >= LONGEST_RANGE:
            raise serializers.ValidationError({"to": _("Se pueden pedir hasta 31 días.")})
        return attrs


class AvailabilityQuery(RangeQuery):
    range_required = True
    treatment = serializers.PrimaryKeyRelatedField(queryset=TreatmentType.objects.active())
    professional = Id(required=False, help_text=_("Sin profesional: de todos los que lo hacen."))
    urgency = serializers.ChoiceField(choices=Appointment.Urgency.choices, required=False, default="")
    exclude = Id(required=False, help_text=_("El turno que se quiere mover: su propio horario no estorba."))
    patient = Id(required=False, help_text=_("Para quién: cuenta la demora de su obra social."))

    def validate(self, attrs):
        """With what the engine asks besides: who pays, and the time that a visit that moves has."""
        attrs, visit = super().validate(attrs), None
        if "exclude" in attrs:
            visit = visible(self.context["actor"], "agenda.see", Appointment.objects.filter(
                pk=attrs["exclude"])).select_related("patient").first()
        patient = visit and visit.patient
        if "patient" in attrs:
            patient = visible(self.context["actor"], "patients.see", Patient.objects.filter(
                pk=attrs["patient"])).first()
            if patient is None:
                raise serializers.ValidationError({"patient": _("No existe ese paciente.")})
        return attrs | {"insurer": patient and insurance.payer(patient), "had": visit and visit.start_at}


class AppointmentsQuery(RangeQuery):
    professional = Id(required=False)
    patient = Id(required=False)
    status = serializers.CharField(required=False, help_text=_("Uno o varios, separados por comas."))

    def validate_status(self, value):
        asked = value.split(",")
        if unknown := [one for one in asked if one not in Appointment.Status.values]:
            raise serializers.ValidationError(_("No existe el estado «%(status)s».") % {"status": unknown[0]})
        return asked


class OpeningOut(serializers.Serializer):
    professional = serializers.IntegerField()
    start_at = Instant()
    end_at = Instant()


class TreatmentOut(serializers.ModelSerializer):
    class Meta:
        model = TreatmentType
        fields = [
            "id", "code", "name", "category", "minutes", "minutes_min", "minutes_max", "price", "bookable", "sessions",
            "gap_days", "before_visit", "after_visit",
        ]


class ProfessionalOut(serializers.ModelSerializer):
    name = serializers.CharField()

    class Meta:
        model = Professional
        fields = ["id", "name", "title", "first_name", "last_name", "specialty", "licence", "color"]


class AppointmentOut(serializers.Serializer):
    """Whose right is free/busy sees when somebody is taken, not with whom; of their own bookings, with whom. Why is
    told to those who may know a patient's alerts."""

    id = serializers.IntegerField()
    patient = serializers.IntegerField(allow_null=True)
    patient_name = serializers.CharField()
    professional = serializers.IntegerField()
    professional_name = serializers.CharField()
    treatment = serializers.IntegerField(allow_null=True)
    treatment_name = serializers.CharField()
    chair = serializers.IntegerField(allow_null=True)
    start_at = Instant()
    end_at = Instant()
    status = serializers.ChoiceField(choices=Appointment.Status.choices)
    source = serializers.ChoiceField(choices=Appointment.Source.choices, allow_blank=True)
    urgency = serializers.ChoiceField(choices=Appointment.Urgency.choices, allow_blank=True)
    reason = serializers.CharField()
    note = serializers.CharField()
    held_until = Instant(allow_null=True)
    overbooked = serializers.BooleanField()
    overbook_reason = serializers.CharField()
    cancel_reason = serializers.CharField()
    version = serializers.IntegerField()
    series = serializers.IntegerField(allow_null=True, help_text=_("La misma en las sesiones de un tratamiento."))
    session = serializers.IntegerField(allow_null=True)

    AS_THEY_ARE = ("id", "status", "version")
    CLINICAL = ("urgency", "reason", "note", "overbook_reason", "cancel_reason")

    def to_representation(self, row):
        """Written out: the fields above, one by one, were a tenth of what a booking took."""
        actor, zone = self.context["actor"], tenancy.here().zone
        hidden = scope(actor, "agenda.see") == FREE_BUSY and row.created_by_id != actor.user_id
        untold = hidden or not rights.clinical(actor)
        return {name: getattr(row, name) for name in self.AS_THEY_ARE} | {
            "patient": None if hidden else row.patient_id,
            "patient_name": "" if hidden or row.patient_id is None else row.patient.name,
            "professional": row.professional_id,
            "professional_name": row.professional.name,
            "treatment": None if hidden else row.treatment_id,
            "treatment_name": "" if hidden else row.treatment.name,
            "chair": None if hidden else row.chair_id,
            "series": None if hidden else row.series_id,
            "session": None if hidden else row.session,
            "source": "" if hidden else row.source,
            "overbooked": row.overbooked and not hidden,
            "start_at": _shown(row.start_at, zone),
            "end_at": _shown(row.end_at, zone),
            "held_until": _shown(row.held_until, zone),
        } | {name: "" if untold else getattr(row, name) for name in self.CLINICAL}


def _shown(instant, zone):
    return instant and instant.astimezone(zone).isoformat()


class NamedRows(serializers.Serializer):
    """The rows that a request names, read in one round trip: a `professional` may be left out. A patient whom the
    actor may not see is not there."""

    patient = Id()
    professional = Id()
    treatment = Id()

    ROWS = {"patient": Patient, "professional": Professional, "treatment": TreatmentType}
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


class BookingIn(NamedRows):
    """Whether these may be booked is the verb's to say."""

    start_at = Instant()
    urgency = serializers.ChoiceField(
        choices=Appointment.Urgency.choices, required=False, allow_blank=True, default="")
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)
    overbook_reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)


class MoveIn(serializers.Serializer):
    start_at = Instant()
    professional = serializers.PrimaryKeyRelatedField(
        queryset=Professional.objects.active(), required=False, allow_null=True, default=None)
    version = serializers.IntegerField(
        required=False, allow_null=True, default=None, help_text=_("La que se estaba mirando."))


class Version(serializers.IntegerField):
    def __init__(self, **kwargs):
        super().__init__(max_value=2**31 - 1, help_text=_("La que se estaba mirando."), **kwargs)


class MoveSessionsIn(serializers.Serializer):
    start_at = Instant()
    version = Version(required=False, allow_null=True, default=None)


class ResizeIn(serializers.Serializer):
    end_at = Instant()
    version = Version(required=False, allow_null=True, default=None)


class StepBackIn(serializers.Serializer):
    version = Version(required=False, allow_null=True, default=None)


class EditIn(serializers.Serializer):
    """What is left out stays as it is."""

    version = Version()
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300)
    note = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    urgency = serializers.ChoiceField(choices=Appointment.Urgency.choices, required=False, allow_blank=True)


class CancelIn(serializers.Serializer):
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)


class Nothing(serializers.Serializer):
    pass


class RefusalOut(serializers.Serializer):
    code = serializers.CharField()
    detail = serializers.CharField()
    fields = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))


class SlotTakenOut(RefusalOut):
    openings = OpeningOut(many=True, required=False)
    calendars = serializers.ChoiceField(
        choices=[("none", "none"), ("mirror", "mirror")], required=False,
        help_text=_("mirror: los huecos salen de la última copia de Google Calendar."))
    appointment = AppointmentOut(required=False, help_text=_("Con «stale_version»: cómo quedó."))


class StaleOut(RefusalOut):
    appointment = AppointmentOut(required=False, help_text=_("Con «stale_version»: cómo quedó."))
