"""Freed time is offered to those who wait; the sweeper ends what ran out and finds what a lost job left."""
from celery import shared_task

from agenda import waitlist
from clinics.tasks import TenantTask, each_tenant


@shared_task(base=TenantTask)
def fill_freed_time(*, freed_id):
    waitlist.fill(freed_id=freed_id)


@shared_task
def sweep_waitlist():
    for _tenant in each_tenant():
        waitlist.expire()
        for freed_id in waitlist.overdue():
            fill_freed_time.later(freed_id=freed_id)
