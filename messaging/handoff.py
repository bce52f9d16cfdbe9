"""Who attends a conversation: the receptionist or a person. `attended_by` says it, and these verbs alone change it.

Each change is a line in the thread too (`notes.line`), so that colleagues read who had it and since when.
"""
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from clinics import access, audit, live, tenancy
from clinics.models import Membership
from dentalogic.lib import clock
from dentalogic.lib.refusals import Refusal
from messaging import notes, outbox, tasks
from messaging.models import ChatMessage, Conversation, Note
from messaging.models.conversation import PRESSING

PHONE_APP = "phone_app"
RETURNED_AT_ONCE = 200


class NotTheirs(Refusal):
    code = "not_theirs"
    status = 409
    detail = gettext_lazy("Esa persona no puede atender esta conversación.")


@tenancy.atomic
def take(*, conversation, by) -> Conversation:
    """A person attends it from now on; what the receptionist may be thinking does not go out."""
    conversation = _locked(conversation)
    if conversation.with_staff and conversation.assigned_to_id == by.user_id:
        return conversation
    audit.log_security_event("conversation_taken", by=by, conversation=conversation.pk)
    notes.line(conversation, Note.Kind.TAKEN, by=by, about_id=_another(conversation, by))
    return _to_person(conversation, by.user_id, clock.now())


@tenancy.atomic
def assign(*, conversation, user_id, by) -> Conversation:
    """A colleague attends it from now on, and is told. Whoever has it already keeps it.

    Raises NotTheirs for somebody who is not of the clinic, or whose role does not reach this conversation.
    """
    conversation = _locked(conversation)
    if user_id == by.user_id:
        return take(conversation=conversation, by=by)
    if conversation.with_staff and conversation.assigned_to_id == user_id:
        return conversation
    if not any(one.user_id == user_id for one in colleagues(conversation)):
        raise NotTheirs
    now = clock.now()
    audit.log_security_event("conversation_passed", by=by, conversation=conversation.pk, user=user_id)
    notes.line(conversation, Note.Kind.PASSED, by=by, about_id=user_id)
    _to_person(conversation, user_id, now)
    _change(conversation, passed_at=now)
    return conversation


def _to_person(conversation, user_id, now):
    """Somebody waits for them if the patient does: of what was answered already, nobody does."""
    answered = not ChatMessage.objects.to_answer(conversation).exists()
    return to_staff(
        conversation=conversation, reason=conversation.handoff_reason or "taken", now=now, user_id=user_id,
        answered=answered)


def colleagues(conversation) -> list[Membership]:
    """Who of the clinic may attend this conversation, in order of name."""
    rows = Membership.objects.filter(status=Membership.Status.ACTIVE, user__is_active=True)
    members = rows.select_related("user", "professional").order_by("user__name", "pk")
    this = Conversation.objects.filter(pk=conversation.pk)
    return [one for one in members if _reaches(one.actor, this)]


def _reaches(actor, this):
    if access.scope(actor, "conversations.attend") == access.ALL:
        return True
    return access.visible(actor, "conversations.attend", this).exists()


@tenancy.atomic
def looked(*, conversation, by) -> None:
    """To whom it was passed has it in front of them."""
    passed = Conversation.objects.filter(
        pk=conversation.pk, assigned_to=by.user_id, passed_at__isnull=False)
    if passed.update(passed_at=None):
        live.say("CHAT_UPDATED", conversation=conversation.pk)


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
    notes.line(conversation, Note.Kind.GIVEN_BACK, by=by)
    _hers_again(conversation, answered_upto=last or 0)
    audit.log_security_event("conversation_given_back", by=by, conversation=conversation.pk)
    return conversation


@tenancy.atomic
def idle(*, now) -> list[int]:
    """Conversations of people in which nobody of the clinic has said a word for as long as the clinic allows.

    One that waits for whoever comes was promised a person and stays; so does a pressing one that is not answered.
    """
    hours = tenancy.here().return_hours
    if not hours:
        return []
    rows = Conversation.objects.filter(
        attended_by=Conversation.Attends.STAFF, staffed_at__lt=now - timedelta(hours=hours))
    pressing = {"waiting_since__isnull": False, "triage_level__in": PRESSING}
    return list(rows.exclude(**pressing).order_by("staffed_at").values_list("pk", flat=True)[:RETURNED_AT_ONCE])


@tenancy.atomic
def give_back_idle(*, conversation_id, now) -> Conversation | None:
    """The receptionist attends it again, and answers what the patient wrote since; None if somebody was quicker."""
    conversation = Conversation.objects.select_for_update().filter(pk=conversation_id).first()
    if conversation is None or conversation.pk not in idle(now=now):
        return None
    hours = tenancy.here().return_hours
    waits = conversation.waiting_since is not None and conversation.window_open(now)
    said = ChatMessage.objects.of(conversation)
    upto = (said.outbound() if waits else said).order_by("-pk").values_list("pk", flat=True).first()
    notes.line(conversation, Note.Kind.RETURNED, text=str(hours))
    _hers_again(conversation, answered_upto=max(upto or 0, conversation.answered_upto))
    if waits:
        _change(conversation, quiet_at=now, burst_started_at=now)
        tasks.take_turn.later(conversation_id=conversation.pk)
    audit.log_security_event("conversation_returned", conversation=conversation.pk)
    return conversation


def to_the_phone(*, conversation, now) -> Conversation:
    """Staff answered from the phone's own app: the receptionist is quiet until it is given back."""
    if conversation.with_staff:
        _change(conversation, waiting_since=None, staffed_at=now)
        return conversation
    return to_staff(conversation=conversation, reason=PHONE_APP, now=now, answered=True)


def to_staff(*, conversation, reason, now, user_id=None, keep_claim=False, answered=False) -> Conversation:
    """In the caller's transaction, on a locked row."""
    changes = {} if keep_claim else {"claim": None, "claimed_at": None}
    waits = conversation.waiting_since or (None if answered else conversation.last_inbound_at or now)
    _change(
        conversation, **changes, attended_by=Conversation.Attends.STAFF, assigned_to_id=user_id, passed_at=None,
        handoff_reason=reason[:60], handoff_at=now if user_id else conversation.handoff_at or now,
        staffed_at=now if user_id or answered else conversation.staffed_at, waiting_since=waits, quiet_at=None,
        burst_started_at=None)
    live.say("HUMAN_HANDOFF", conversation=conversation.pk)
    return conversation


def _hers_again(conversation, *, answered_upto):
    _change(
        conversation, attended_by=Conversation.Attends.RECEPTIONIST, assigned_to_id=None, handoff_reason="",
        handoff_at=None, staffed_at=None, passed_at=None, waiting_since=None, quiet_at=None, burst_started_at=None,
        claim=None, claimed_at=None, stage="", failed_attempts=0, faults=0, answered_upto=answered_upto,
        triage_level="", triage_reasons=[])
    live.say("HUMAN_OVERRIDE_CHANGED", conversation=conversation.pk)


def _another(conversation, by):
    """Whose it was, if a colleague's."""
    return conversation.assigned_to_id if conversation.assigned_to_id != by.user_id else None


def _locked(conversation):
    return Conversation.objects.locked(conversation.pk)


def _change(conversation, **changes):
    Conversation.objects.filter(pk=conversation.pk).update(**changes)
    for name, value in changes.items():
        setattr(conversation, name, value)
