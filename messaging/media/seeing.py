"""Who may see which file: those of the conversations one may read, and those filed to one's patients."""
from django.db.models import Q

from clinics import access
from clinics.patients.models import Patient
from messaging.models import Conversation, MediaFile


def seen(actor):
    """The files that a person may see, as a queryset."""
    may = Q(message__conversation__in=access.visible(actor, "conversations.see", Conversation.objects.all()))
    if access.can(actor, "files.see"):
        patients = access.visible(actor, "files.see", Patient.objects.all())
        may |= Q(patient__in=patients)
    return MediaFile.objects.filter(may)


def of_patient(actor, patient):
    """What is filed to a patient, and what will be as soon as the next sweep looks, newest first."""
    rows = MediaFile.objects.filter(Q(patient=patient) | Q(patient=None, message__conversation__patient=patient))
    return rows.filter(pk__in=seen(actor).values("pk"), state=MediaFile.State.STORED).order_by("-created_at", "-pk")
