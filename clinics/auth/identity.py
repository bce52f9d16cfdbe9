"""Verbs of identity: log in, register, choose a clinic."""
from django.contrib.auth import authenticate, password_validation
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clinics import audit, tenancy
from clinics.access import Role
from clinics.auth import sessions
from clinics.models import Membership, Tenant, User
from dentalogic.lib import clock
from dentalogic.lib.refusals import Refusal


class WrongLogin(Refusal):
    """The same words whether the address or the password is wrong."""

    code = "wrong_login"
    status = 401
    detail = _("El correo o la contraseña no coinciden.")


class NotAMember(Refusal):
    code = "not_a_member"
    status = 404
    detail = _("No tenés una cuenta en esa clínica.")


class WeakPassword(Refusal):
    code = "invalid"
    detail = _("Hay datos para corregir.")


def memberships_of(user) -> list[dict]:
    """Every clinic of a person, asked with no tenant in scope, under the policy that shows a person's own rows."""
    with tenancy.as_user(user.pk) as cursor:
        cursor.execute(
            "SELECT m.tenant_id, t.name, m.role, m.status FROM memberships m JOIN tenants t ON t.id = m.tenant_id"
            " WHERE m.user_id = %s AND m.status <> 'suspended' ORDER BY t.name, m.tenant_id", [user.pk])
        rows = cursor.fetchall()
    return [dict(zip(("tenant_id", "name", "role", "status"), row, strict=True)) for row in rows]


def log_in(*, email: str, password: str, tenant_id: int | None = None, request=None, bearer=False):
    """`(user, membership, memberships, refresh token)`, or WrongLogin. Without a clinic, the last one used."""
    user = authenticate(request, username=email.strip().lower(), password=password)
    memberships = memberships_of(user) if user else []
    if not memberships:
        raise WrongLogin
    return _enter(user, memberships, tenant_id, request=request, event="login", bearer=bearer)


def switch(*, user, tenant_id: int, request=None, bearer=False):
    """Change to another clinic of the same person, or NotAMember."""
    return _enter(user, memberships_of(user), tenant_id, request=request, event="clinic_switched",
                  bearer=bearer)


def _enter(user, memberships, tenant_id, *, request, event, bearer=False):
    by_tenant = {entry["tenant_id"]: entry for entry in memberships}
    if tenant_id is not None and tenant_id not in by_tenant:
        raise NotAMember
    chosen = tenant_id or (user.last_tenant_id if user.last_tenant_id in by_tenant else None) or _first(memberships)
    if user.last_tenant_id != chosen:
        User.objects.filter(pk=user.pk).update(last_tenant_id=chosen)
    with tenancy.tenant_context(chosen), tenancy.atomic():
        member = Membership.objects.select_related("user", "tenant", "professional").get(user_id=user.pk)
        audit.log_security_event(event, by=member.actor, request=request)
        refresh = sessions.begin(membership=member, request=request, bearer=bearer)
    return user, member, memberships, refresh


def _first(memberships):
    active = [entry for entry in memberships if entry["status"] == Membership.Status.ACTIVE]
    return (active or memberships)[0]["tenant_id"]


@transaction.atomic
def register(*, email: str, password: str, name: str, clinic: str, role: str) -> None:
    """Ask to join a clinic, named by its slug: always pending, whatever role is asked for.

    The caller learns nothing of who exists: an address that is taken answers the same.
    """
    email = email.strip().lower()
    try:
        password_validation.validate_password(password, User(email=email, name=name))
    except ValidationError as fault:
        raise WeakPassword(fields={"password": fault.messages}) from fault
    tenant = Tenant.objects.filter(slug=clinic).first()
    user = User.objects.filter(email=email).first()
    if tenant is None:
        raise WeakPassword(fields={"clinic": [_("No hay una clínica con ese nombre.")]})
    if user is None:
        user = User.objects.create_user(email, password, name=name, created_at=clock.now())
    elif not user.check_password(password):
        return
    with tenancy.tenant_context(tenant.pk), tenancy.atomic():
        if not Membership.objects.filter(user=user).exists():
            Membership.objects.create(user=user, role=Role(role), created_at=clock.now())
            audit.log_security_event("registered", asked_role=role, user=user.pk)
