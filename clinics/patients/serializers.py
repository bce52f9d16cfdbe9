from rest_framework import serializers

from clinics import access
from clinics.patients.anamnesis import QUESTIONS
from clinics.patients.models import ClinicalRecord, Patient


class AlertOut(serializers.Serializer):
    level = serializers.ChoiceField(choices=["danger", "warn"])
    text = serializers.CharField()


class Alerts(serializers.ListField):
    child = AlertOut()

    def to_representation(self, data):
        return [{"level": level, "text": text} for level, text in data]


class PatientOut(serializers.ModelSerializer):
    """What the reader's role may know: alerts for whoever attends; the history's detail where `whole` says so."""

    name = serializers.CharField(read_only=True)
    email = serializers.CharField(read_only=True)  # "" where it is not known
    alerts = Alerts(required=False)
    medical_history = serializers.JSONField(required=False)

    class Meta:
        model = Patient
        fields = [
            "id", "name", "first_name", "last_name", "document_type", "dni", "birth_on", "phone", "email", "insurance",
            "member_number", "status", "guardian", "alerts", "medical_history", "created_at",
        ]
        read_only_fields = fields

    def to_representation(self, patient):
        shown, actor = super().to_representation(patient), self.context["actor"]
        if not access.can(actor, "alerts.see"):
            del shown["alerts"]
        if not self.context.get("whole"):
            del shown["medical_history"]
        return shown


class PatientIn(serializers.Serializer):
    first_name = serializers.CharField(max_length=80)
    last_name = serializers.CharField(max_length=80)
    document_type = serializers.CharField(max_length=20, required=False)
    dni = serializers.CharField(max_length=20, required=False, allow_blank=True, allow_null=True)
    birth_on = serializers.DateField(required=False, allow_null=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True)
    insurance = serializers.CharField(max_length=80, required=False, allow_blank=True)
    member_number = serializers.CharField(max_length=40, required=False, allow_blank=True)
    guardian = serializers.PrimaryKeyRelatedField(
        queryset=Patient.objects.all(), required=False, allow_null=True)
    status = serializers.ChoiceField(choices=Patient.Status.choices, required=False)


class AnswersIn(serializers.Serializer):
    """The keys of the medical history; what is not sent, or is blank, stays as it is."""

    def get_fields(self):
        return {key: serializers.CharField(required=False, allow_blank=True) for key in QUESTIONS}

    def to_internal_value(self, data):
        return data if isinstance(data, dict) else super().to_internal_value(data)


class RecordOut(serializers.ModelSerializer):
    author_name = serializers.CharField(source="author.name", read_only=True)

    class Meta:
        model = ClinicalRecord
        fields = [
            "id", "position", "author", "author_name", "written_at", "kind", "text", "corrects", "previous_hash",
            "hash",
        ]
        read_only_fields = fields


class RecordIn(serializers.Serializer):
    text = serializers.CharField(max_length=20_000)
    corrects = serializers.IntegerField(required=False, allow_null=True)
