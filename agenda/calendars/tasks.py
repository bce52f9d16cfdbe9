"""Jobs of the calendars, one calendar each; and the sweepers, which take what a lost job left behind."""
import logging

from celery import shared_task
from django.core.cache import cache

from agenda.calendars import connecting, pulling, pushes, watch
from clinics import tenancy
from clinics.tasks import TenantTask, each_tenant
from dentalogic.lib.faults import where

log = logging.getLogger(__name__)
SWEPT_SECONDS = 30  # a sweeper asks once for a calendar, so that a slow queue does not grow at each sweep


@shared_task(base=TenantTask)
def look(*, calendar_id):
    connecting.look(calendar_id=calendar_id)


@shared_task(base=TenantTask)
def leave(*, calendar_id):
    connecting.leave(calendar_id=calendar_id)


@shared_task(base=TenantTask)
def pull(*, calendar_id):
    pulling.pull(calendar_id=calendar_id)


@shared_task(base=TenantTask)
def push(*, calendar_id):
    pushes.push(calendar_id=calendar_id)


@shared_task(base=TenantTask)
def enrol(*, calendar_id):
    """A calendar that was just connected: what is booked ahead is told, and it is watched."""
    pushes.reconcile()
    watch.renew(calendar_id=calendar_id)


@shared_task(base=TenantTask)
def watched(*, calendar_id):
    watch.renew(calendar_id=calendar_id)


@shared_task
def sweep_calendars():
    """What is due to be pulled, told, connected or let go."""
    for tenant_id in each_tenant():
        try:
            for job, due in ((push, pushes.due), (pull, pulling.due), (look, connecting.unfinished),
                             (leave, connecting.leaving)):
                for calendar_id in _not_asked(job.name, due()):
                    job.later(calendar_id=calendar_id)
        except Exception as fault:  # noqa: BLE001  (one clinic's fault is not the others'; the next sweep tries again)
            log.error("the calendars of tenant %s were not swept: %s", tenant_id, where(fault))


@shared_task
def tend_calendars():
    """Appointments that no verb told a calendar of; channels that end."""
    for tenant_id in each_tenant():
        try:
            pushes.reconcile()
            watch.forget_expired()
            for calendar_id in watch.due():
                watched.later(calendar_id=calendar_id)
        except Exception as fault:  # noqa: BLE001
            log.error("the calendars of tenant %s were not tended: %s", tenant_id, where(fault))


def _not_asked(what, ids):
    """Those that no sweep has asked for lately; all of them when the cache is down, for a second job does nothing."""
    for row_id in ids:
        try:
            asked = not cache.add(tenancy.key("swept", what, row_id), 1, SWEPT_SECONDS)
        except Exception:  # noqa: BLE001  (whatever its client raises)
            asked = False
        if not asked:
            yield row_id
