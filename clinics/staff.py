"""Who works in the clinic: only its ceo activates, suspends or gives another role, and nobody to themselves."""
from django.utils.translation import gettext_lazy as _

from clinics import tenancy
from clinics.access import can
from clinics.audit import log_security_event
from clinics.models import Membership
from dentalogic.lib import clock
from dentalogic.lib.refusals import Refusal


class NotYours(Refusal):
    code = "not_yours"
    status = 403
    detail = _("Las cuentas las activa, suspende o cambia la dirección de la clínica, y nadie la suya.")


@tenancy.atomic
def activate(*, membership, by) -> Membership:
    changes = {"status": Membership.Status.ACTIVE, "activated_at": clock.now(), "activated_by_id": by.user_id}
    return _change(membership, by, "member.activated", **changes)


@tenancy.atomic
def suspend(*, membership, by) -> Membership:
    return _change(membership, by, "member.suspended", status=Membership.Status.SUSPENDED)


@tenancy.atomic
def give_role(*, membership, role, by) -> Membership:
    return _change(membership, by, "member.role", role=role)


def _change(membership, by, event, **changes):
    if not can(by, "staff.manage") or membership.user_id == by.user_id:
        raise NotYours
    for field, value in changes.items():
        setattr(membership, field, value)
    membership.save(update_fields=list(changes))
    log_security_event(event, by=by, severity="warning", member=membership.pk, role=membership.role)
    return membership
