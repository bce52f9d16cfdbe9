"""Jobs: what is due, one conversation each; and the sweepers, which take what a lost job left behind."""
from contextlib import suppress
from datetime import timedelta

from celery import shared_task
from django.core.cache import cache

from clinics import tenancy
from clinics.tasks import TenantTask, each_tenant
from dentalogic.lib import clock
from messaging import doubts, outbox, turns
from messaging.models import InboundMessage, MessageStatus

PAYLOADS_ARE_KEPT = timedelta(days=30)
SWEPT_SECONDS = 30  # a sweeper asks once for a conversation, so that a slow queue does not grow at each sweep


@shared_task(base=TenantTask)
def take_turn(*, conversation_id):
    _taken("turn", conversation_id)
    turns.take(conversation_id)


@shared_task(base=TenantTask)
def send(*, conversation_id):
    _taken("send", conversation_id)
    outbox.send(conversation_id=conversation_id)


@shared_task(base=TenantTask)
def ask(*, message_id):
    doubts.ask(message_id=message_id)


@shared_task
def sweep_turns():
    for _tenant in each_tenant():
        for conversation_id in _not_asked("turn", turns.overdue()):
            take_turn.later(conversation_id=conversation_id)


@shared_task
def sweep_outbox():
    for _tenant in each_tenant():
        for message_id in _not_asked("ask", doubts.askable()):
            ask.later(message_id=message_id)
        doubts.show()
        for conversation_id in _not_asked("send", outbox.overdue()):
            send.later(conversation_id=conversation_id)


@shared_task
def ask_unreported():
    """Once an hour for each: what WhatsApp refused may have been told while nobody here could hear it."""
    for _tenant in each_tenant():
        for message_id in _not_asked("unreported", doubts.unreported(), seconds=3600):
            ask.later(message_id=message_id)


@shared_task
def forget_payloads():
    """The bodies of webhooks hold what patients wrote: a month is enough to look into a doubt."""
    for _tenant in each_tenant():
        with tenancy.atomic():
            since = clock.now() - PAYLOADS_ARE_KEPT
            InboundMessage.objects.filter(received_at__lt=since).exclude(payload={}).update(payload={})
            MessageStatus.objects.filter(at__lt=since).exclude(payload={}).update(payload={})


def _not_asked(what, ids, *, seconds=SWEPT_SECONDS):
    """Those that no sweep has asked for lately; all of them when the cache is down, for a second job does nothing."""
    for row_id in ids:
        try:
            asked = not cache.add(tenancy.key("swept", what, row_id), 1, seconds)
        except Exception:  # noqa: BLE001  (whatever its client raises)
            asked = False
        if not asked:
            yield row_id


def _taken(what, row_id):
    with suppress(Exception):
        cache.delete(tenancy.key("swept", what, row_id))
