"""What a tap does: confirm, cancel or begin to move the visit it is of, and say what is so. One effect, one answer,
in one transaction, under the tap's lock."""
import logging
from datetime import timedelta

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import override

from agenda import booking
from agenda.models import AHEAD, Appointment, Status
from clinics import access, tenancy
from clinics.audit import log_security_event
from dentalogic.lib import clock
from dentalogic.lib.faults import where
from dentalogic.lib.refusals import Refusal
from messaging import automations, handoff, outbox, taps
from messaging.automations import facts, rules
from messaging.automations.kinds import REPLIES, Kind
from messaging.models import ChatMessage, Conversation, Tap
from messaging.receptionist.facts import Facts

log = logging.getLogger(__name__)
ATTEMPTS = 5
GRACE = timedelta(seconds=4)  # for the job that is on its way
Action = Tap.Action


def act(tap_id) -> ChatMessage | None:
    """The answer; None where another job has it, where it acted already, or where it waits."""
    try:
        return _acted(tap_id)
    except Exception as fault:  # noqa: BLE001  (tried again by the sweeper, then a person looks at it)
        log.error("tap %s failed: %s", tap_id, where(fault))
        return _faulted(tap_id, fault)


@tenancy.atomic
def overdue() -> list[int]:
    waiting = Tap.objects.filter(acted_at=None, tapped_at__lt=clock.now() - GRACE)
    return list(waiting.order_by("tapped_at").values_list("pk", flat=True)[:200])


@tenancy.atomic
def _acted(tap_id):
    tap = Tap.objects.filter(pk=tap_id, acted_at=None, tapped_at__isnull=False).select_for_update(
        of=("self",), skip_locked=True).first()
    if tap is None:
        return None
    now = clock.now()
    if tap.action == Action.MOVE and _thinks(tap, now):
        return None  # her answer would undo what this begins: the sweeper comes again
    with override(settings.LANGUAGE_CODE):  # the patient's
        text, buttons = _done(tap, now)
        conversation = Conversation.objects.get(pk=_conversation_id(tap))
        said = outbox.say(
            conversation=conversation, text=text, author=ChatMessage.Author.RECEPTIONIST, key=f"tap:{tap.pk}",
            buttons=buttons)
    Tap.objects.filter(pk=tap.pk).update(acted_at=now)
    return said


def _conversation_id(tap):
    """Where they tapped, which may be where their conversation was merged into."""
    return ChatMessage.objects.filter(pk=tap.message_id).values_list("conversation_id", flat=True).first()


def _thinks(tap, now):
    lease = now - timedelta(seconds=settings.TURN_LEASE)
    return Conversation.objects.filter(pk=_conversation_id(tap), claimed_at__gt=lease).exclude(claim=None).exists()


def _done(tap, now):
    """Do it, and what to say; where the visit is not what the button told, only what is so now."""
    visit = Appointment.objects.with_names().get(pk=tap.appointment_id)
    if told := _no_more(visit, tap, now):
        return told
    try:
        with tenancy.atomic():
            return DOES[tap.action](tap, visit)
    except Refusal:  # it changed between the look and the verb
        visit = Appointment.objects.with_names().get(pk=tap.appointment_id)
        return _no_more(visit, tap, now) or (_("Ese turno lo tiene que cambiar recepción. Te escriben por acá."), [])


def _no_more(visit, tap, now):
    if visit.status == Status.CANCELLED:
        return _("Ese turno está cancelado. Si querés otro, escribime qué día te sirve."), []
    if visit.status == Status.NO_SHOW or (visit.status in AHEAD and visit.start_at <= now):
        return _("Ese turno ya pasó. Si querés otro, escribime qué día te sirve."), []
    if visit.status not in AHEAD:
        return _("Ese turno ya empezó."), []
    if visit.start_at != tap.visit_at:
        return _("Ese turno cambió: ahora es el %(visit)s. ¿Venís?") % {"visit": _told(visit)}, taps.buttons(
            conversation=tap.conversation, appointment=visit, actions=REPLIES)
    return None


def _confirm(tap, visit):
    if visit.status == Status.CONFIRMED:
        return _("Ya lo tenías confirmado: te esperamos el %(visit)s.") % {"visit": _told(visit)}, []
    booking.confirm(appointment=visit, by=_by(tap))
    return _("Listo, quedó confirmado: te esperamos el %(visit)s.") % {"visit": _told(visit)}, []


def _cancel(tap, visit):
    if not rules.of(Kind.REMINDER).asks_before_cancelling:
        return _cancel_at_once(tap, visit)
    return _("¿Cancelo el turno del %(visit)s?") % {"visit": _told(visit)}, taps.buttons(
        conversation=tap.conversation, appointment=visit, actions=(Action.CANCEL_YES, Action.CANCEL_NO))


def _cancel_at_once(tap, visit):
    booking.cancel(appointment=visit, by=_by(tap), reason=_("Lo canceló por WhatsApp"))
    return _("Listo, cancelé el turno del %(visit)s. Si querés otro, escribime qué día te sirve.") % {
        "visit": _told(visit)}, []


def _keep(tap, visit):
    return _("Entendido, el turno sigue en pie: te esperamos el %(visit)s.") % {"visit": _told(visit)}, []


def _move(tap, visit):
    """The receptionist goes on from the answer; without her, a person does."""
    row = Conversation.objects.locked(_conversation_id(tap))
    if row.with_staff or not automations.is_on(automations.RECEPTIONIST):
        handoff.to_staff(conversation=row, reason="reschedule", now=clock.now(), user_id=row.assigned_to_id)
        return _("Le aviso a recepción que querés cambiar el turno del %(visit)s. Te escriben por acá.") % {
            "visit": _told(visit)}, []
    known = Facts.read(row.facts)
    known.forget_episode()
    known.before, known.purpose, known.appointment = {}, "move", visit.pk
    known.booked = [*(one for one in known.booked if one != visit.pk), visit.pk]  # this conversation may speak of it
    Conversation.objects.filter(pk=row.pk).update(facts=known.stored(), stage="move_when", failed_attempts=0)
    return _("¿Para qué día pasamos el turno del %(visit)s?") % {"visit": _told(visit)}, []


DOES = {
    Action.CONFIRM: _confirm, Action.MOVE: _move, Action.CANCEL: _cancel, Action.CANCEL_YES: _cancel_at_once,
    Action.CANCEL_NO: _keep,
}


def _told(visit) -> str:
    told = facts.of_visit(visit)
    said = _("%(day)s a las %(time)s, con %(professional)s") % told
    return _("%(said)s, en %(address)s") % {"said": said, "address": told["address"]} if told["address"] else said


def _by(tap):
    return access.receptionist(_conversation_id(tap))


@tenancy.atomic
def _faulted(tap_id, fault):
    Tap.objects.filter(pk=tap_id, acted_at=None).update(attempts=F("attempts") + 1)
    tap = Tap.objects.filter(pk=tap_id, acted_at=None, attempts__gte=ATTEMPTS).select_for_update(of=("self",)).first()
    if tap is not None:
        Tap.objects.filter(pk=tap.pk).update(acted_at=clock.now())
        log_security_event("tap.failed", severity="error", fault=type(fault).__name__, row=tap.pk)
        conversation = Conversation.objects.get(pk=_conversation_id(tap))
        handoff.hand_off(conversation=conversation, reason="fault", by=access.SYSTEM)
