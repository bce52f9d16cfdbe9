"""The kernel's own jobs."""
import logging

from celery import shared_task

from clinics import seals
from clinics.auth import sessions
from clinics.tasks import each_tenant
from dentalogic.lib.faults import where

log = logging.getLogger(__name__)


@shared_task
def seal_audit():
    for tenant_id in each_tenant():
        try:
            seals.seal()
        except Exception as fault:  # noqa: BLE001  (one clinic's fault is not the others'; the next minute tries again)
            log.error("the audit of tenant %s was not sealed: %s", tenant_id, where(fault))


@shared_task
def forget_sessions():
    """Where somebody was logged in is theirs to know while it is of use."""
    for _tenant in each_tenant():
        sessions.forget()
