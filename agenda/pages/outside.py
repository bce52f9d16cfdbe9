"""A piece of the pages that change hours: the visits that these no longer have."""
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from agenda import outside
from clinics.access import page
from clinics.audit import audit_access
from clinics.models import Professional
from dentalogic.lib.numerals import whole

SHOWN = 20


@audit_access("clinic.configure")
@page("clinic.configure")
@require_GET
def visits(request):
    asked = request.GET.get("professional", "")
    one = get_object_or_404(Professional, pk=whole(asked) or 0) if asked else None
    found = outside.visits(one)
    return render(request, "agenda/_outside.html", {"visits": found[:SHOWN], "count": len(found)})
