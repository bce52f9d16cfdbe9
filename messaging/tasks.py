"""Jobs: what is due, one conversation each; and the sweepers, which take what a lost job left behind."""
from datetime import timedelta

from celery import shared_task

from clinics import tenancy
from clinics.tasks import TenantTask, each_tenant
from dentalogic.lib import clock
from messaging import outbox, turns
from messaging.models import InboundMessage

PAYLOADS_ARE_KEPT = timedelta(days=30)


@shared_task(base=TenantTask)
def take_turn(*, conversation_id):
    turns.take(conversation_id)


@shared_task(base=TenantTask)
def send(*, conversation_id):
    outbox.send(conversation_id=conversation_id)


@shared_task
def sweep_turns():
    for _tenant in each_tenant():
        for conversation_id in turns.overdue():
            take_turn.later(conversation_id=conversation_id)


@shared_task
def sweep_outbox():
    for _tenant in each_tenant():
        outbox.settle_doubts()
        for conversation_id in outbox.overdue():
            send.later(conversation_id=conversation_id)


@shared_task
def forget_payloads():
    """The bodies of webhooks hold what patients wrote: a month is enough to look into a doubt."""
    for _tenant in each_tenant():
        with tenancy.atomic():
            old = InboundMessage.objects.filter(received_at__lt=clock.now() - PAYLOADS_ARE_KEPT)
            old.exclude(payload={}).update(payload={})
