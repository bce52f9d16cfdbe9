"""An emergency that somebody tells: staff know at once, on the screen and, where mail is configured, by mail."""
import logging
from datetime import timedelta
from smtplib import SMTPException

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from clinics import access, live, tenancy
from clinics.audit import log_security_event
from clinics.models import Membership
from clinics.tasks import TenantTask, each_tenant
from dentalogic.lib import clock
from messaging.models import Conversation

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)  # longer than a mail server may take; and between two tries
GRACE = timedelta(seconds=10)  # for the job that is on its way
GIVEN_UP = timedelta(hours=24)

def emergency(*, conversation, by) -> None:
    """In the caller's transaction, once for each conversation that becomes one."""
    live.say("URGENT_NOTICE", conversation=conversation.pk)
    log_security_event("conversation.emergency", by=by, severity="warning", conversation=conversation.pk)
    if settings.EMAIL_HOST:
        Conversation.objects.filter(pk=conversation.pk).update(alarm_at=clock.now(), alarm_tried_at=None)
        write_emergency.later(conversation_id=conversation.pk)


@shared_task(base=TenantTask)
def write_emergency(*, conversation_id):
    """Once, however many jobs come: the row says that it is due and who has it. What fails is tried again by the
    sweeper; a worker that dies between the mail server's word and ours leaves a second letter, and never none."""
    now = clock.now()
    letter = _claimed(conversation_id, now)
    if letter is None:
        return
    try:
        letter.send()
    except (OSError, SMTPException) as fault:
        log.warning("the letter of an emergency was not taken: %s", type(fault).__name__)
    else:
        _end(conversation_id, now)


@shared_task
def sweep_alarms():
    """What a lost job, a worker that died or a mail server that was away left behind."""
    for _tenant in each_tenant():
        for conversation_id in overdue():
            write_emergency.later(conversation_id=conversation_id)


@tenancy.atomic
def overdue() -> list[int]:
    """Conversations whose letter is due. After a day nobody is helped by one: it is given up, and that is written
    down."""
    now = clock.now()
    due = Conversation.objects.filter(alarm_at__isnull=False)
    for pk in list(due.filter(alarm_at__lt=now - GIVEN_UP).values_list("pk", flat=True)):
        log_security_event("conversation.alarm_lost", severity="error", conversation=pk)
        _end(pk, now)
    rows = due.filter(_free(now), alarm_at__lt=now - GRACE).order_by("alarm_at")
    return list(rows.values_list("pk", flat=True)[:50])


@tenancy.atomic
def _claimed(conversation_id, now):
    """The letter, ours alone to send. It says nothing of the patient: a mailbox is not the clinic's."""
    mine = Conversation.objects.filter(_free(now), pk=conversation_id, alarm_at__isnull=False)
    since = mine.values_list("alarm_at", flat=True).first()
    if since is None or not mine.update(alarm_tried_at=now):
        return None
    to, clinic = _addresses(), tenancy.here()
    if not to:
        _end(conversation_id, now)
        return None
    with override(settings.LANGUAGE_CODE):
        body = render_to_string("messaging/mail/emergency.txt", {
            "clinic": clinic.name, "hour": f"{since.astimezone(clinic.zone):%H:%M}", "site": settings.PUBLIC_URL,
            "conversation": conversation_id})
        return EmailMessage(_("Emergencia por WhatsApp") + " · Dentalogic", body.strip() + "\n", bcc=to)


def _free(now):
    return Q(alarm_tried_at=None) | Q(alarm_tried_at__lt=now - LEASE)


@tenancy.atomic
def _end(conversation_id, now):
    """Not of another emergency that began since."""
    mine = Conversation.objects.filter(pk=conversation_id, alarm_at__lte=now)
    mine.update(alarm_at=None, alarm_tried_at=None)


def _addresses() -> list[str]:
    """Confirmed ones: nobody's word for whose they are is enough."""
    members = Membership.objects.filter(
        status=Membership.Status.ACTIVE, user__is_active=True, user__email_confirmed_at__isnull=False)
    people = members.select_related("user").order_by("pk")
    return [one.user.email for one in people if access.scope(one.actor, "conversations.see") == access.ALL]
