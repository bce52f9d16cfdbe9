"""Leads, to look at: each view loads through the member's rights and renders."""
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response

from agenda.serializers import RefusalOut
from clinics.access import Guarded
from clinics.audit import audit_access
from messaging.leads.models import CLOSED, Lead, LeadEvent
from messaging.leads.rights import MODULE
from messaging.leads.serializers import LeadOut, LeadQuery, LeadWithHistoryOut

REFUSED = dict.fromkeys((400, 401, 403, 404, 503), RefusalOut)


@audit_access("leads.see")
class Leads(Guarded, GenericAPIView):
    capabilities = {"GET": "leads.see"}
    serializer_class = LeadOut
    queryset = Lead.objects.none()

    @extend_schema(operation_id="leads_list", parameters=[LeadQuery], responses={200: LeadOut(many=True), **REFUSED})
    def get(self, request):
        given = LeadQuery(data=request.query_params)
        given.is_valid(raise_exception=True)
        with MODULE.guard():
            rows = self.visible("leads.see", Lead.objects.with_names().newest_first())
            page = self.paginate_queryset(_narrowed(rows, **given.validated_data))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


def _narrowed(rows, show=None, **equal):
    rows = rows.filter(**equal)
    if show == "open":
        return rows.open()
    return rows.filter(stage__in=CLOSED) if show == "closed" else rows


@audit_access("leads.see")
class OneLead(Guarded, GenericAPIView):
    capabilities = {"GET": "leads.see"}
    serializer_class = LeadWithHistoryOut
    queryset = Lead.objects.none()

    @extend_schema(operation_id="leads_retrieve", responses={200: LeadWithHistoryOut, **REFUSED})
    def get(self, request, pk):
        with MODULE.guard():
            lead = get_object_or_404(self.visible("leads.see", Lead.objects.with_names()), pk=pk)
            lead.events = list(LeadEvent.objects.of(lead))
        return Response(self.get_serializer(lead).data)
