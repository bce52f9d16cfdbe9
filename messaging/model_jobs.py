"""The model's own job: to be tried when a person asks."""
from celery import shared_task

from clinics.tasks import TenantTask
from messaging import model_trying


@shared_task(base=TenantTask)
def attempt():
    model_trying.attempt()
