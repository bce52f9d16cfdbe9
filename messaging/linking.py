"""Whose a conversation is: said by a person where the phone does not say it, or says another's."""
from django.utils.translation import gettext_lazy as _

from clinics import audit, live, tenancy
from clinics.clinic import admit
from clinics.patients.models import Patient
from dentalogic.lib.refusals import Refusal
from messaging import notes
from messaging.models import Conversation, Note

CAPABILITY = "conversations.link"


class NotThere(Refusal):
    code = "patient_not_found"
    status = 404
    detail = _("Ese paciente ya no está.")


@tenancy.atomic
def link(*, conversation, patient, by) -> Conversation:
    """This patient writes here; twice is once. Raises NotThere for a patient that was merged or removed."""
    admit(by, CAPABILITY)
    if not Patient.objects.live().filter(pk=patient.pk).exists():
        raise NotThere
    return _say(conversation, patient, Note.Kind.LINKED, by)


@tenancy.atomic
def unlink(*, conversation, by) -> Conversation:
    """Nobody that we know writes here, until somebody says who."""
    admit(by, CAPABILITY)
    return _say(conversation, None, Note.Kind.UNLINKED, by)


def _say(conversation, patient, kind, by):
    row = Conversation.objects.locked(conversation.pk)
    if row.patient_id == (patient.pk if patient else None):
        return row
    Conversation.objects.filter(pk=row.pk).update(patient=patient)
    row.patient = patient
    notes.line(row, kind, by=by)
    audit.log_security_event("conversation_linked", by=by, conversation=row.pk, patient=row.patient_id)
    live.say("CHAT_UPDATED", conversation=row.pk)
    return row
