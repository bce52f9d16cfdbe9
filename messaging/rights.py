"""Whose conversations a professional sees, those of the patients they treat; and what of one is clinical."""
from django.db.models import Exists, OuterRef

from agenda.models import Appointment, Status
from clinics import access
from messaging.models import Conversation
from messaging.models.conversation import PRESSING


def own(actor, conversations):
    visits = Appointment.objects.filter(professional_id=actor.professional_id, patient=OuterRef("patient"))
    treated = visits.exclude(status__in=(Status.HELD, Status.CANCELLED))
    return conversations.filter(Exists(treated), patient__isnull=False)


def reaches(actor, capability, conversation) -> bool:
    """Whether they reach it, and the one that it became: what is done in it is done there."""
    end, rows = conversation, Conversation.objects.all()
    while end.merged_into_id:
        end = rows.get(pk=end.merged_into_id)
    wanted = {conversation.pk, end.pk}
    return access.visible(actor, capability, rows.filter(pk__in=wanted)).count() == len(wanted)


def clinical(actor) -> bool:
    """Whether the triage of a conversation that they see is theirs to know."""
    return access.can(actor, "alerts.see")


def as_told(conversation, actor):
    """The row as this person may read it, to show and not to save: level and reasons of a triage are clinical."""
    if not clinical(actor):
        conversation.triage_level, conversation.triage_reasons = "", []
        if conversation.handoff_reason in PRESSING:
            conversation.handoff_reason = ""
    return conversation
