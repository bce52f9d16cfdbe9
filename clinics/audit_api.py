"""The audit for API clients: GET /admin/core/audit/logs."""
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.exceptions import ValidationError

from clinics import audit_log, audit_words
from clinics.access import Guarded
from clinics.audit import audit_access
from clinics.models import SystemEvent


class ActorOut(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()


class EventOut(serializers.ModelSerializer):
    type = serializers.CharField(source="event")
    label = serializers.SerializerMethodField(help_text="The type as a person reads it.")
    actor = ActorOut(allow_null=True)
    sealed = serializers.SerializerMethodField(help_text="A seal covers it: a later change would show.")

    class Meta:
        model = SystemEvent
        fields = (
            "id", "at", "type", "label", "severity", "actor", "role", "ip", "method", "path", "payload", "sealed")

    def get_label(self, row) -> str:
        return audit_words.said_of(row)

    def get_sealed(self, row) -> bool:
        return row.pk <= self.context["sealed"]


@audit_access("audit.read")
class AuditLogs(Guarded, generics.ListAPIView):
    capabilities = {"GET": "audit.read"}
    serializer_class = EventOut
    queryset = SystemEvent.objects.none()

    def get_queryset(self):
        filters = audit_log.Filters(self.request.query_params)
        if not filters.is_valid():
            raise ValidationError(filters.errors)
        return filters.rows()

    def get_serializer_context(self):
        asked = getattr(self.request, "_request", None)  # none while the document is written
        return super().get_serializer_context() | {"sealed": audit_log.sealed_upto() if asked else 0}

    @extend_schema(operation_id="audit_logs", responses=EventOut(many=True), parameters=[
        OpenApiParameter("type", str, description="A type of event, such as `record.read`."),
        OpenApiParameter("severity", str, enum=list(audit_words.SEVERITIES)),
        OpenApiParameter("actor", int, description="The id of the person who did it."),
        OpenApiParameter("from", OpenApiTypes.DATE, description="A date of the clinic, included."),
        OpenApiParameter("to", OpenApiTypes.DATE, description="A date of the clinic, included.")])
    def get(self, request):
        return self.list(request)
