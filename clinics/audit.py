"""What happened and who did it, in `system_events`. Names of patients and bodies of messages never go in."""
from clinics.models import SystemEvent
from clinics.tenancy import atomic
from dentalogic.lib import clock


@atomic
def log_security_event(event: str, *, by=None, request=None, severity="info", **payload) -> SystemEvent:
    """One row in the clinic in scope, in a transaction of its own when none is open."""
    return SystemEvent.objects.create(
        at=clock.now(), event=event, severity=severity, payload=payload,
        actor_id=by.user_id if by else None, role=by.role if by else "",
        ip=request.META.get("REMOTE_ADDR") or None if request else None,
        method=request.method if request else "", path=request.path[:200] if request else "")
