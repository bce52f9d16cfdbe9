"""Whose conversations a professional sees: those of the patients they treat."""
from django.db.models import Exists, OuterRef

from agenda.models import Appointment, Status


def own(actor, conversations):
    visits = Appointment.objects.filter(professional_id=actor.professional_id, patient=OuterRef("patient"))
    treated = visits.exclude(status__in=(Status.HELD, Status.CANCELLED))
    return conversations.filter(Exists(treated), patient__isnull=False)
