"""What the patient's page shows of their conversation, asked by its address. To read: one writes in the inbox."""
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from clinics import access
from clinics.access import page
from clinics.audit import audit_access
from clinics.patients.models import Patient
from messaging import bubbles, listing
from messaging.models import ChatMessage

LAST = 30


@audit_access("conversations.see")
@page("conversations.see")
@require_GET
def of_patient(request, pk):
    patient = get_object_or_404(access.visible(request.actor, "patients.see", Patient.objects.all()), pk=pk)
    one = listing.visible(request.actor).filter(patient=patient).order_by("-last_message_at").first()
    messages = ChatMessage.objects.of(one).select_related("author_user").order_by("-pk")[:LAST] if one else ()
    return render(request, "messaging/_of_patient.html", {
        "one": one, "bubbles": [(row, bubbles.PLAYERS[row.author]) for row in reversed(messages)]})
