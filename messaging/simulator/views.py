"""The phone's page. What it shows comes from the simulator's own API."""
from django.shortcuts import render
from django.views.decorators.http import require_GET

from clinics import tenancy
from clinics.access import page


@page("simulator.use")
@require_GET
def phone(request):
    return render(request, "messaging/simulator.html", {"place": "simulator", "clinic_name": tenancy.here().name})
