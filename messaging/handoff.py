"""Who attends a conversation: the receptionist or a person. `attended_by` says it, and these verbs alone change it."""
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from clinics import audit, live, tenancy
from dentalogic.lib import clock
from messaging import outbox
from messaging.models import ChatMessage, Conversation

PHONE_APP = "phone_app"


@tenancy.atomic
def take(*, conversation, by) -> Conversation:
    """A person attends it from now on; what the receptionist may be thinking does not go out."""
    conversation = _locked(conversation)
    if conversation.with_staff and conversation.assigned_to_id == by.user_id:
        return conversation
    audit.log_security_event("conversation_taken", by=by, conversation=conversation.pk)
    return to_staff(
        conversation=conversation, reason=conversation.handoff_reason or "taken", now=clock.now(), user_id=by.user_id)


@tenancy.atomic
def hand_off(*, conversation, reason, by) -> Conversation:
    """The receptionist passes it to a person, and says so to the patient in one line. Twice is once."""
    conversation = _locked(conversation)
    if conversation.with_staff:
        return conversation
    now = clock.now()
    if conversation.window_open(now):
        with override(settings.LANGUAGE_CODE):  # the patient's, whoever hands it over
            text = _("Le paso tu consulta a una persona del equipo. Te responde por acá.")
        outbox.say(conversation=conversation, author=ChatMessage.Author.RECEPTIONIST, by=by, text=text)
    mine = by.kind == "receptionist"  # her turn goes on: what she has still to say may leave
    return to_staff(conversation=conversation, reason=reason, now=now, keep_claim=mine)


@tenancy.atomic
def give_back(*, conversation, by) -> Conversation:
    """The receptionist attends it again, from the next message on: what came before is a person's and stays so."""
    conversation = _locked(conversation)
    if not conversation.with_staff:
        return conversation
    last = ChatMessage.objects.of(conversation).order_by("-pk").values_list("pk", flat=True).first()
    _change(
        conversation, attended_by=Conversation.Attends.RECEPTIONIST, assigned_to_id=None, handoff_reason="",
        handoff_at=None, waiting_since=None, quiet_at=None, burst_started_at=None, claim=None, claimed_at=None,
        stage="", failed_attempts=0, faults=0, answered_upto=last or 0, triage_level="", triage_reasons=[])
    audit.log_security_event("conversation_given_back", by=by, conversation=conversation.pk)
    live.say("HUMAN_OVERRIDE_CHANGED", conversation=conversation.pk)
    return conversation


def to_the_phone(*, conversation, now) -> Conversation:
    """Staff answered from the phone's own app: the receptionist is quiet until it is given back."""
    if conversation.with_staff:
        _change(conversation, waiting_since=None)
        return conversation
    return to_staff(conversation=conversation, reason=PHONE_APP, now=now, answered=True)


def to_staff(*, conversation, reason, now, user_id=None, keep_claim=False, answered=False) -> Conversation:
    """In the caller's transaction, on a locked row."""
    changes = {} if keep_claim else {"claim": None, "claimed_at": None}
    waits = conversation.waiting_since or (None if answered else conversation.last_inbound_at or now)
    _change(
        conversation, **changes, attended_by=Conversation.Attends.STAFF, assigned_to_id=user_id,
        handoff_reason=reason[:60], handoff_at=now if user_id else conversation.handoff_at or now,
        waiting_since=waits, quiet_at=None, burst_started_at=None)
    live.say("HUMAN_HANDOFF", conversation=conversation.pk)
    return conversation


def _locked(conversation):
    return Conversation.objects.select_for_update().get(pk=conversation.pk)


def _change(conversation, **changes):
    Conversation.objects.filter(pk=conversation.pk).update(**changes)
    for name, value in changes.items():
        setattr(conversation, name, value)
