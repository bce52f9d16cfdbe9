"""Jobs of files: bring one, hear one; the sweeper, which takes what a lost job left behind; and once a day the bytes
that no row names."""
from celery import shared_task

from clinics.tasks import TenantTask, each_tenant
from messaging.media import filing, incoming, leftovers


@shared_task(base=TenantTask)
def fetch(*, file_id):
    incoming.fetch(file_id=file_id)


@shared_task(base=TenantTask)
def hear(*, file_id):
    incoming.hear(file_id=file_id)


@shared_task
def sweep_media():
    for _tenant in each_tenant():
        to_fetch, to_hear = incoming.overdue()
        for file_id in to_fetch:
            fetch.later(file_id=file_id)
        for file_id in to_hear:
            hear.later(file_id=file_id)
        filing.file_all()


@shared_task
def forget_leftovers():
    for _tenant in each_tenant():
        leftovers.sweep()
