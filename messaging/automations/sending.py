"""Decide a case: it is sent, or its row says why not, or it waits for an hour at which the rule may write.

One transaction each, under the row's lock: however many jobs run, a case is decided once, and its message is written
with it.
"""
import logging
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Case as Choice
from django.db.models import F, IntegerField, Value, When

from agenda.models import AHEAD, Appointment
from clinics import access, tenancy
from clinics.audit import log_security_event
from clinics.patients.models import Patient
from dentalogic.lib import clock, sql
from dentalogic.lib.faults import where
from dentalogic.lib.refusals import Refusal
from messaging import outbox, people, taps, templates
from messaging.automations import facts, rules, still
from messaging.automations.kinds import Kind
from messaging.models import AutomationRun, Channel, ChatMessage, Conversation

log = logging.getLogger(__name__)
State = AutomationRun.State
ATTEMPTS = 4
FIRST_WAIT = timedelta(minutes=1)  # after a fault, doubled each time
NO_WHATSAPP = {"131026"}  # what a report says of a phone that has none
REMEMBERED = timedelta(days=30)


class Unsent(Exception):
    """`args[0]` is a reason of kinds.REASONS."""


class NotYet(Exception):
    """`args[0]` is when."""


@dataclass
class Case:
    run: AutomationRun
    known: rules.Set
    patient: Patient
    visit: Appointment | None
    now: object
    values: dict = field(default_factory=dict)


def decide(run_id) -> AutomationRun | None:
    """The decided row, or None where somebody else has it or it waits."""
    try:
        return _decided(run_id)
    except Exception as fault:  # noqa: BLE001  (one case's fault is not the others'; it is tried again, then shown)
        log.error("automatic message %s failed: %s", run_id, where(fault))
        return _faulted(run_id, fault)


@tenancy.atomic
def _decided(run_id):
    run = AutomationRun.objects.filter(pk=run_id, state=State.DUE).select_for_update(
        of=("self",), skip_locked=True).first()
    now = clock.now()
    if run is None or run.due_at > now:
        return None
    try:
        with tenancy.atomic():
            message = _send(_case(run, now))
    except Unsent as why:
        return _end(run, now, state=State.UNSENT, reason=why.args[0])
    except NotYet as when:
        if still.passes(run, when.args[0]):
            return _end(run, now, state=State.UNSENT, reason="out_of_hours")
        AutomationRun.objects.filter(pk=run.pk).update(due_at=when.args[0])
        return None
    return _end(run, now, state=State.SENT, message=message, conversation_id=message.conversation_id)


def _case(run, now):
    known = rules.of(run.kind)
    patient = Patient.objects.select_related("guardian").get(pk=run.patient_id)
    visit = run.appointment_id and Appointment.objects.with_names().get(pk=run.appointment_id)
    return Case(run, known, patient, visit or None, now)


def _send(case) -> ChatMessage:
    known, patient, now = case.known, case.patient, case.now
    if not known.enabled:
        raise Unsent("off")
    if patient.status == Patient.Status.ARCHIVED:
        raise Unsent("archived")
    if reason := still.why_not(case):
        raise Unsent(reason)
    zone = tenancy.here().zone
    if not known.may_send_at(now, zone):
        raise NotYet(known.next_hour(now, zone))
    sql.lock("patient", patient.pk)  # two cases of a patient are counted one after the other
    if _capped(case):
        raise Unsent("capped")
    person = facts.recipient(patient, now.astimezone(zone).date())
    conversation = conversation_of(known, person, patient)
    if known.rule.marketing and _wants_none(person, conversation):
        raise Unsent("opted_out")
    if _has_no_whatsapp(conversation, now):
        raise Unsent("no_whatsapp")
    case.values |= facts.of_clinic(person, patient) | (facts.of_visit(case.visit) if case.visit else {})
    return say(known, conversation, case.values, visit=case.visit, key=f"auto:{case.run.pk}")


def say(
    known, conversation, values, *, visit=None, key=None, by=access.SYSTEM, buttons=None, before=None,
) -> ChatMessage:
    """The clinic's own text while the window is open, else the template; not after `before`, which of a visit is when
    it is of no use any more, and by itself at the rule's hours alone. Raises Unsent with the reason."""
    between = (known.sends_from, known.sends_until) if by is access.SYSTEM else None
    if buttons is None and visit is not None and known.rule.buttons:
        buttons = taps.buttons(conversation=conversation, appointment=visit, actions=known.rule.buttons)
    if visit is not None and visit.status in AHEAD:
        before = visit.start_at - (still.LAST_MINUTE if known.kind == Kind.REMINDER else timedelta(0))
    if conversation.window_open(clock.now()) and known.text:
        return outbox.say(
            conversation=conversation, text=rules.fill(known.text, values), author=ChatMessage.Author.TEMPLATE, by=by,
            key=key, buttons=buttons or [], before=before, marketing=known.rule.marketing, between=between)
    template = known.row.template
    if template is None:
        raise Unsent("no_template")
    if len(known.meanings) != templates.shape(template).count:
        raise Unsent("template_changed")
    try:
        return templates.send(
            conversation=conversation, template=template, values=[values.get(one, "") for one in known.meanings],
            payloads=templates.codes(template, buttons or []), by=by, key=key, before=before, between=between)
    except Refusal as refusal:
        raise Unsent(refusal.code) from refusal


def conversation_of(known, person, patient) -> Conversation:
    """Where they are written to: where they wrote last, else on the number of the rule's template; made where they
    never wrote. Raises Unsent."""
    rows = list(_conversations(person))
    newest = rows[0] if rows else None
    if newest and newest.window_open(clock.now()) and known.text:
        return newest
    template = known.row.template
    channel = template.channel if template else Channel.objects.filter(active=True).order_by("pk").first()
    if channel is None or not channel.active:
        raise Unsent("no_channel")
    if there := next((row for row in rows if row.channel_id == channel.pk), None):
        return there
    if not person.phone:
        raise Unsent("no_phone" if person.pk == patient.pk else "guardian_no_phone")
    return people.open_conversation(channel=channel, phone=person.phone, patient=person if person.pk else None)


def _conversations(person):
    """With somebody, on the numbers that are on, the one they wrote to last first; before those, who writes without a
    phone: the one on their record is only what they said, and may be somebody else's."""
    nameless = Choice(When(phone="", then=Value(0)), default=Value(1), output_field=IntegerField())
    return _all_with(person).filter(channel__active=True).order_by(
        nameless, F("last_inbound_at").desc(nulls_last=True), "pk")


def _all_with(person):
    return Conversation.objects.of_person(phone=person.phone, patient_id=person.pk)


def _wants_none(person, conversation) -> bool:
    return conversation.wants_no_promotions or _all_with(person).want_no_promotions().exists()


def _capped(case):
    since = case.now - timedelta(days=case.known.cap_days)
    sent = AutomationRun.objects.sent().filter(kind=case.run.kind, patient=case.patient, decided_at__gt=since)
    return sent.count() >= case.known.cap


def _has_no_whatsapp(conversation, now):
    last = ChatMessage.objects.of(conversation).outbound().order_by("-pk").first()
    if last is None or last.error_code not in NO_WHATSAPP or last.created_at < now - REMEMBERED:
        return False
    return conversation.last_inbound_at is None or conversation.last_inbound_at < last.created_at


def withdraw(appointment) -> None:
    """What tells a visit as it was and has not gone yet (a number that rests, a template that is held) does not go.
    In the transaction of what changed it."""
    told = AutomationRun.objects.sent().filter(appointment=appointment.pk, kind__in=still.OF_WHAT_COMES)
    if appointment.status in AHEAD:
        told = told.exclude(visit_at=appointment.start_at)
    waiting = ChatMessage.objects.unsent().filter(posting_since=None, pk__in=told.values("message"))
    gone = list(waiting.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True))
    if gone:
        ChatMessage.objects.filter(pk__in=gone).update(status=ChatMessage.Status.CANCELLED, next_try_at=None)
        told.filter(message__in=gone).update(state=State.UNSENT, reason="changed")


def _end(run, now, **how):
    AutomationRun.objects.filter(pk=run.pk).update(decided_at=now, **how)
    for name, value in how.items():
        setattr(run, name, value)
    return run


@tenancy.atomic
def _faulted(run_id, fault):
    now = clock.now()
    run = AutomationRun.objects.filter(pk=run_id, state=State.DUE).select_for_update(of=("self",)).first()
    if run is None:
        return None
    if run.attempts + 1 < ATTEMPTS:
        wait = FIRST_WAIT * 2**run.attempts
        AutomationRun.objects.filter(pk=run.pk).update(attempts=F("attempts") + 1, due_at=now + wait)
        return None
    log_security_event(
        "automation.failed", severity="error", automation=run.kind, fault=type(fault).__name__, row=run_id)
    return _end(run, now, state=State.UNSENT, reason="fault")
