"""An offer of the waitlist to who did not write lately: by template, where the rule is on. Else the desk calls.

Decided at once, in the transaction that offers: what is held runs out.
"""
from django.db import IntegrityError

from agenda import waitlist
from agenda.models import WaitlistOffer
from clinics import access, tenancy
from dentalogic.lib import clock
from messaging import automations
from messaging.automations import facts, rules, sending
from messaging.automations.kinds import Kind
from messaging.models import AutomationRun, ChatMessage


def tell(*, offer, key, buttons) -> ChatMessage | None:
    """The message, or None where somebody has to call: the run's row says why. Twice is once."""
    known, now = rules.of(Kind.WAITLIST), clock.now()
    if not (known.enabled and automations.is_on(automations.RECEPTIONIST)):
        return None
    patient = offer.entry.patient
    run = AutomationRun(
        kind=known.kind, key=str(offer.pk), created_at=now, due_at=now, decided_at=now, patient=patient,
        subject_id=offer.pk, state=AutomationRun.State.UNSENT)
    try:
        with tenancy.atomic():
            said = _said(known, offer, patient, key, buttons, now)
    except sending.Unsent as why:
        run.reason, said = why.args[0], None
    else:
        run.state, run.message, run.conversation_id = AutomationRun.State.SENT, said, said.conversation_id
        waitlist.told(offer=offer, how=WaitlistOffer.Told.WHATSAPP)
    try:
        with tenancy.atomic():
            run.save()
    except IntegrityError:  # it was told before: the message's own key made it the same one
        return said
    return said


def _said(known, offer, patient, key, buttons, now):
    zone = tenancy.here().zone
    if not known.may_send_at(now, zone):
        raise sending.Unsent("out_of_hours")
    person = facts.recipient(patient, now.astimezone(zone).date())
    conversation = sending.conversation_of(known, person, patient)
    if conversation.with_staff:
        raise sending.Unsent("with_staff")
    offer.treatment = offer.entry.treatment
    values = facts.of_clinic(person, patient) | facts.of_visit(offer)
    values["until"] = facts.hour_of(offer.expires_at, zone)
    return sending.say(
        known, conversation, values, key=key, by=access.SYSTEM, buttons=buttons, before=offer.expires_at)
