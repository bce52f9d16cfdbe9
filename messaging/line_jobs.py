"""The numbers' own clock: how they are at their providers, and secrets that are changed there."""
from celery import shared_task

from clinics.tasks import TenantTask, each_tenant
from messaging import channels, health


@shared_task
def look_after():
    for _tenant in each_tenant():
        for channel_id in health.due():
            look.later(channel_id=channel_id)


@shared_task(base=TenantTask)
def look(*, channel_id):
    health.look(channel_id=channel_id)


@shared_task(base=TenantTask)
def change_secret(*, channel_id):
    channels.change_secret(channel_id=channel_id)
