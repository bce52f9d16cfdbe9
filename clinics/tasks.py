"""A job carries its clinic: the scope it was asked for in is the scope it runs in."""
import logging
import time

from celery import Task
from django.db import transaction

from clinics.audit import kept
from clinics.models import Tenant
from clinics.tenancy import current_tenant, tenant_context

log = logging.getLogger(__name__)
SLOW = 1  # seconds after which a broker that fails has taken long
REST = 5  # for so long nobody waits for it again: the client's own attempts take six


class TenantTask(Task):
    """`task.later(thing_id=5)` enqueues on commit with the tenant in scope; the body runs in it, in no transaction."""

    typing = False  # Celery would compare the message with the body's arguments, and tenant_id is the door's

    rests_until = 0.0  # of this process's broker, for every task

    def later(self, *, countdown=0, **ids):
        message = {"tenant_id": current_tenant(), **ids}
        transaction.on_commit(lambda: self._enqueue(message, countdown), robust=True)

    def _enqueue(self, message, countdown):
        began = time.monotonic()
        if began < TenantTask.rests_until:
            return
        try:
            self.apply_async(kwargs=message, countdown=countdown or None, retry=False)
        except Exception as fault:  # noqa: BLE001  (whatever the broker does, the row is there and a sweeper takes it)
            log.warning("could not enqueue %s, a sweeper will: %s", self.name, type(fault).__name__)
            failed = time.monotonic()
            TenantTask.rests_until = failed + REST if failed - began > SLOW else 0.0

    def __call__(self, *args, **kwargs):
        tenant_id = kwargs.pop("tenant_id", None)
        if args or tenant_id is None:
            raise TypeError(f"{self.name} takes keyword ids and a tenant_id")
        with tenant_context(tenant_id), kept(job=True) as unit:
            try:
                return self.run(**kwargs)
            finally:
                unit.write_left()


def each_tenant():
    """Walk the clinics one by one, each in its own scope: what a sweeper does."""
    for tenant_id in list(Tenant.objects.order_by("pk").values_list("pk", flat=True)):
        with tenant_context(tenant_id):
            yield tenant_id
