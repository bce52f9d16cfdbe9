"""What happens below that a conversation should hear of."""
from django.dispatch import receiver

from agenda.signals import booked, cancelled, completed, missed, moved, waitlist_offered
from dentalogic.lib import clock
from messaging import waiting
from messaging.automations import cases, sending
from messaging.automations import tasks as automatic
from messaging.automations.kinds import Kind


@receiver(waitlist_offered, dispatch_uid="messaging.tell_who_waits")
def tell_who_waits(offer, **_kwargs):
    waiting.tell(offer=offer)


@receiver([cancelled, missed, moved], dispatch_uid="messaging.withdraw_what_is_no_more_so")
def withdraw_what_is_no_more_so(appointment, **_kwargs):
    sending.withdraw(appointment)


@receiver([booked, moved], dispatch_uid="messaging.tell_the_visit")
def tell_the_visit(appointment, by, **_kwargs):
    _arose(Kind.BOOKED, appointment, by)


@receiver(missed, dispatch_uid="messaging.tell_it_was_missed")
def tell_it_was_missed(appointment, by, **_kwargs):
    _arose(Kind.MISSED, appointment, by)


@receiver(completed, dispatch_uid="messaging.follow_the_visit")
def follow_the_visit(appointment, by, **_kwargs):
    _arose(Kind.AFTER_VISIT, appointment, by)
    if appointment.treatment.after_visit:
        _arose(Kind.AFTER, appointment, by)


def _arose(kind, appointment, by):
    """A row now, a job after the commit where it is due already; else the round of its minute takes it."""
    now = clock.now()
    run = cases.arose(kind, appointment, by, now)
    if run is not None and run.state == "due" and run.due_at <= now:
        automatic.decide.later(run_id=run.pk)
