"""The floor of every figure in docs/performance.md: a logged-in GET that does nothing, behind the whole middleware."""
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.access import Guarded


@extend_schema(exclude=True)
class Floor(Guarded, APIView):
    capabilities = {"GET": "agenda.see"}

    def get(self, request):
        return Response({"ok": True})
