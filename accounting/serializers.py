from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounting.models import DailyCash, Transaction
from agenda.models import Appointment
from clinics.patients.models import Patient


class PaymentIn(serializers.Serializer):
    patient = serializers.PrimaryKeyRelatedField(queryset=Patient.objects.all())
    appointment = serializers.PrimaryKeyRelatedField(
        queryset=Appointment.objects.select_related("treatment"), required=False, allow_null=True)
    amount = serializers.DecimalField(max_digits=12, decimal_places=2)
    method = serializers.CharField()
    detail = serializers.CharField(max_length=200, required=False, allow_blank=True)

    def validate(self, said):
        appointment = said.get("appointment")
        if appointment is not None and appointment.patient_id != said["patient"].pk:
            raise serializers.ValidationError({"appointment": _("El turno es de otro paciente.")})
        return said


class MovementOut(serializers.ModelSerializer):
    class Meta:
        model = Transaction
        fields = [
            "id", "kind", "amount", "currency", "method", "detail", "patient", "appointment", "on_day", "recorded_at",
            "recorded_by", "reverses",
        ]
        read_only_fields = fields


class CashOut(serializers.ModelSerializer):
    net = serializers.DecimalField(max_digits=12, decimal_places=2, read_only=True)
    opened_at = serializers.DateTimeField(read_only=True, allow_null=True)  # null: a day without movements
    movements = serializers.SerializerMethodField()

    class Meta:
        model = DailyCash
        fields = [
            "day", "opening_balance", "cash", "card", "transfer", "qr", "net", "expenses", "expected", "counted",
            "difference", "difference_reason", "opened_by", "opened_at", "closed_by", "closed_at", "movements",
        ]
        read_only_fields = fields

    @extend_schema_field(MovementOut(many=True))
    def get_movements(self, day):
        return MovementOut(Transaction.objects.of_day(day.day), many=True).data
