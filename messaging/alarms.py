"""An emergency that somebody tells: staff know at once, on the screen and, where mail is configured, by mail."""
from smtplib import SMTPException

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from clinics import access, live, tenancy
from clinics.audit import log_security_event
from clinics.models import Membership
from clinics.tasks import TenantTask
from dentalogic.lib import clock
from messaging.models import Conversation


def emergency(*, conversation, by) -> None:
    """In the caller's transaction, once for each conversation that becomes one."""
    live.say("URGENT_NOTICE", conversation=conversation.pk)
    log_security_event("conversation.emergency", by=by, severity="warning", conversation=conversation.pk)
    if settings.EMAIL_HOST:
        write_emergency.later(conversation_id=conversation.pk)


@shared_task(base=TenantTask, autoretry_for=(OSError, SMTPException), retry_backoff=30, max_retries=5)
def write_emergency(*, conversation_id):
    """To those who may see every conversation. It says nothing of the patient: a mailbox is not the clinic's."""
    with tenancy.atomic():
        to, clinic = _addresses(), tenancy.here()
        known = Conversation.objects.filter(pk=conversation_id).exists()
    if not (to and known):
        return
    with override(settings.LANGUAGE_CODE):
        body = render_to_string("messaging/mail/emergency.txt", {
            "clinic": clinic.name, "hour": f"{clock.now().astimezone(clinic.zone):%H:%M}", "site": settings.PUBLIC_URL,
            "conversation": conversation_id})
        EmailMessage(_("Emergencia por WhatsApp") + " · Dentalogic", body.strip() + "\n", bcc=to).send()


def _addresses() -> list[str]:
    """Confirmed ones: nobody's word for whose they are is enough."""
    members = Membership.objects.filter(
        status=Membership.Status.ACTIVE, user__is_active=True, user__email_confirmed_at__isnull=False)
    people = members.select_related("user").order_by("pk")
    return [one.user.email for one in people if access.scope(one.actor, "conversations.see") == access.ALL]
