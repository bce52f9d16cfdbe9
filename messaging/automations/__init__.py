"""What works by itself, and the switch of each. The receptionist works without a row; what writes to patients does
not: it needs the clinic's word, and mostly a template."""
from clinics import tenancy
from clinics.audit import log_security_event
from clinics.clinic import admit
from dentalogic.lib import clock
from messaging.models import Automation

RECEPTIONIST = Automation.Kind.RECEPTIONIST


def is_on(kind) -> bool:
    if kind == RECEPTIONIST:
        return not Automation.objects.filter(kind=kind, enabled=False).exists()
    return Automation.objects.filter(kind=kind, enabled=True).exists()


@tenancy.atomic
def switch(*, kind, enabled, by) -> None:
    """On or off. Twice is once."""
    admit(by, "automations.manage")
    kind = Automation.Kind(kind)
    if is_on(kind) == enabled:
        return
    changes = {"enabled": enabled, "changed_at": clock.now()}
    if not Automation.objects.filter(kind=kind).update(**changes):
        Automation.objects.create(kind=kind, **changes)
    log_security_event("automation.switched", by=by, severity="warning", automation=kind.value, on=enabled)
