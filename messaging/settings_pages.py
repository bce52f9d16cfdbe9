"""The steps that lead an empty clinic to its first opening."""
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from agenda.models import TreatmentType
from clinics import tenancy
from clinics.access import page
from clinics.audit import audit_access
from clinics.models import Professional
from messaging.models import Channel


@audit_access("clinic.configure")
@page("clinic.configure")
@require_GET
def steps(request):
    """What is still missing to give the first turn, and to answer by WhatsApp; nothing once it is all there."""
    clinic = tenancy.here()
    hours = any(day["enabled"] and day["slots"] for day in clinic.working_hours.values())
    people = Professional.objects.active()
    found = [
        (_("Horario de atención"), "/settings/#s-week",
         hours or any(one.working_hours for one in people)),
        (_("Un profesional"), "/settings/professionals/new/", bool(people)),
        (_("Un tratamiento"), "/settings/treatments/new/", TreatmentType.objects.active().exists()),
        (_("El número de WhatsApp"), "/settings/whatsapp/", Channel.objects.filter(active=True).exists()),
    ]
    return render(request, "messaging/_steps.html", {
        "steps": found if not all(done for _title, _url, done in found) else [],
        "books": all(done for _title, _url, done in found[:3])})
