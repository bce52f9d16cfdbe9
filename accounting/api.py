from datetime import date

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from accounting import cash
from accounting.models import DailyCash
from accounting.serializers import CashOut, MovementOut, PaymentIn
from clinics.access import Guarded
from clinics.audit import audit_access
from clinics.idempotency import HEADER, key_of
from dentalogic.lib import clock


@audit_access("cash.see")
class CashDay(Guarded, APIView):
    capabilities = {"GET": "cash.see"}

    @extend_schema(responses=CashOut, parameters=[OpenApiParameter("day", date, OpenApiParameter.PATH)])
    def get(self, request, day):
        try:
            day = date.fromisoformat(day)
        except ValueError as fault:
            raise Http404 from fault
        row = DailyCash.objects.filter(day=day).first()
        return Response(CashOut(row or DailyCash(day=day)).data)  # a day without movements is all zeros


@audit_access("cash.register")
class Payments(Guarded, APIView):
    capabilities = {"POST": "cash.register"}

    @extend_schema(request=PaymentIn, responses={201: MovementOut}, parameters=[HEADER])
    def post(self, request):
        said = PaymentIn(data=request.data)
        said.is_valid(raise_exception=True)
        paid = cash.pay(
            by=self.actor, now=clock.now(), key=key_of(request._request, self.actor), **said.validated_data)
        return Response(MovementOut(paid).data, status=201)
