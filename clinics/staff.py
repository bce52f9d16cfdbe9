"""Who works in the clinic: only its ceo activates, suspends or gives another role, and nobody to themselves.

Suspension and another role end every session of the person in this clinic: their next request, their sockets.
"""
from django.utils.translation import gettext_lazy as _

from clinics import live, tenancy
from clinics.access import Role, can
from clinics.audit import log_security_event
from clinics.auth import mail, sessions
from clinics.models import Membership, Session
from dentalogic.lib import clock
from dentalogic.lib.refusals import Refusal


class NotYours(Refusal):
    code = "not_yours"
    status = 403
    detail = _("Las cuentas las activa, suspende o cambia la dirección de la clínica, y nadie la suya.")


class NotFound(Refusal):
    code = "not_found"
    status = 404
    detail = _("No encontramos esa cuenta.")


class NoSuchRole(Refusal):
    code = "invalid"
    detail = _("Hay datos para corregir.")

    def __init__(self):
        super().__init__(fields={"role": [_("Elegí un rol de la lista.")]})


class NotConfirmed(Refusal):
    """Where mail is configured, nobody enters under an address before whoever reads it has said that it is theirs."""

    code = "not_confirmed"
    status = 409
    detail = _("Todavía no confirmó su correo: la podés activar cuando lo haga.")


class NotPossible(Refusal):
    """The account is not in a state from which that can be done."""

    code = "not_possible"
    status = 409
    detail = _("La cuenta cambió mientras tanto. Mirala de nuevo.")


@tenancy.atomic
def activate(*, membership, by, role=None) -> Membership:
    """A pending person enters, or a suspended one comes back; `role`, if said, replaces the one they asked for."""
    row = _change(membership.pk, by)
    if row.status == Membership.Status.ACTIVE:
        raise NotPossible
    if mail.offered() and row.activated_at is None and row.user.email_confirmed_at is None:
        raise NotConfirmed
    back = row.status == Membership.Status.SUSPENDED
    row.status, row.activated_at, row.activated_by_id = Membership.Status.ACTIVE, clock.now(), by.user_id
    if role:
        row.role = _role(role)
    row.save(update_fields=["status", "role", "activated_at", "activated_by"])
    return _told(row, "member.reactivated" if back else "member.activated", by)


@tenancy.atomic
def suspend(*, membership, by) -> Membership:
    """Also turns a pending person away."""
    row = _change(membership.pk, by)
    if row.status == Membership.Status.SUSPENDED:
        raise NotPossible
    row.status = Membership.Status.SUSPENDED
    row.save(update_fields=["status"])
    return _told(row, "member.suspended", by, sessions=_end(row, why="suspended"))


@tenancy.atomic
def give_role(*, membership, role, by) -> Membership:
    row = _change(membership.pk, by)
    before, row.role = row.role, _role(role)
    if row.role == before:
        return row
    row.save(update_fields=["role"])
    return _told(row, "member.role", by, from_role=before, sessions=_end(row, why="role"))


@tenancy.atomic
def end_session(*, session, by) -> Membership:
    row = _change(session.membership_id, by)
    ended = sessions.end(Session.objects.of(row).filter(pk=session.pk), why="ceo")
    return _told(row, "session.ended", by, session=session.pk) if ended else row


@tenancy.atomic
def end_sessions(*, membership, by) -> Membership:
    row = _change(membership.pk, by)
    ended = _end(row, why="ceo")
    return _told(row, "session.ended", by, sessions=ended) if ended else row


def _change(membership_id, by) -> Membership:
    """The row, locked, for a ceo who is one at this moment.

    The clinic's ceos are locked first and in one order: of two who suspend each other one is, so that the clinic never
    loses its last; and nobody changes themselves.
    """
    if not can(by, "staff.manage"):
        raise NotYours
    ceos = Membership.objects.filter(role=Role.CEO, status=Membership.Status.ACTIVE).order_by("pk").select_for_update()
    if by.user_id not in set(ceos.values_list("user_id", flat=True)):
        raise NotYours
    row = Membership.objects.select_for_update().filter(pk=membership_id).first()
    if row is None:
        raise NotFound
    if row.user_id == by.user_id:
        raise NotYours
    return row


def _role(role):
    if role not in Role.values:
        raise NoSuchRole
    return Role(role)


def _end(row, *, why):
    return sessions.end(Session.objects.of(row), why=why)


def _told(row, event, by, **payload):
    log_security_event(event, by=by, severity="warning", member=row.pk, role=row.role, **payload)
    live.say("STAFF_UPDATED", member=row.pk)
    return row
