"""What happened and who did it, in `system_events`. Names of patients and bodies of messages never go in."""
from contextlib import contextmanager
from contextvars import ContextVar

from clinics.models import SystemEvent
from clinics.security import client_ip
from clinics.tenancy import atomic
from dentalogic.lib import clock

_kept = ContextVar("kept audit rows", default=None)


class Kept(list):
    """What was seen stays noted, even where the request that showed it is rolled back."""

    @atomic
    def write_again(self):
        for fields in self:
            SystemEvent.objects.create(**fields)


@contextmanager
def kept():
    """A request's rows that say what was shown; the door writes them again after a rollback."""
    token = _kept.set(Kept())
    try:
        yield _kept.get()
    finally:
        _kept.reset(token)


@atomic
def log_security_event(event: str, *, by=None, request=None, severity="info", seen=False, **payload) -> SystemEvent:
    """One row in the clinic in scope, in a transaction of its own when none is open.

    `seen`: it says that somebody was shown something, which no rollback makes undone.
    """
    fields = {
        "at": clock.now(), "event": event, "severity": severity, "payload": payload,
        "actor_id": by.user_id if by else None, "role": by.role if by else "",
        "ip": client_ip(request) if request else None,
        "method": request.method if request else "", "path": request.path[:200] if request else "",
    }
    if seen and _kept.get() is not None:
        _kept.get().append(fields)
    return SystemEvent.objects.create(**fields)
