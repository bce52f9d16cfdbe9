"""Whose conversations a professional sees: those of the patients they treat."""
from django.db.models import Exists, OuterRef

from agenda.models import Appointment


def own(actor, conversations):
    treated = Appointment.objects.filter(professional_id=actor.professional_id, patient=OuterRef("patient"))
    return conversations.filter(Exists(treated), patient__isnull=False)
