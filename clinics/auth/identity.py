"""Verbs of identity: log in, register, choose a clinic."""
from django.contrib.auth import authenticate
from django.core import signing
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from clinics import audit, limits, live, tenancy
from clinics.access import Role
from clinics.auth import mail, passwords, second_factor, sessions
from clinics.auth.memberships import memberships_of
from clinics.auth.passwords import WeakPassword
from clinics.models import Membership, Session, Tenant, User
from dentalogic.lib import clock
from dentalogic.lib.refusals import Refusal

TICKET = "dentalogic.second-step"
TICKET_SECONDS = 300


class WrongLogin(Refusal):
    """The same words whether the address or the password is wrong."""

    code = "wrong_login"
    status = 401
    detail = _("El correo o la contraseña no coinciden.")


class NotAMember(Refusal):
    code = "not_a_member"
    status = 404
    detail = _("No tenés una cuenta en esa clínica.")


class StaleTicket(Refusal):
    code = "stale_login"
    status = 401
    detail = _("Pasó mucho tiempo. Escribí de nuevo tu correo y tu contraseña.")


def log_in(*, email: str, password: str, tenant_id: int | None = None, code="", request=None, bearer=False):
    """`(user, membership, memberships, refresh token)`, or WrongLogin, CodeNeeded, WrongCode. Without a clinic, the
    last one used."""
    user = authenticate(request, username=email.strip().lower(), password=password)
    memberships = _open_to(user) if user else []
    if not memberships:
        raise WrongLogin
    return _shown(user, memberships, code, tenant_id, request=request, bearer=bearer)


def ticket_for(user) -> str:
    """What stands for the password for five minutes, in the second step of a login and nowhere else."""
    return signing.dumps({"user": user.pk, "hash": user.get_session_auth_hash()}, salt=TICKET)


def log_in_with_code(*, ticket: str, code: str, request=None):
    """The second step, as `log_in`."""
    try:
        said = signing.loads(ticket, salt=TICKET, max_age=TICKET_SECONDS)
    except signing.BadSignature as fault:
        raise StaleTicket from fault
    user = User.objects.filter(pk=said["user"], is_active=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), said["hash"]):
        raise StaleTicket
    memberships = _open_to(user)
    if not memberships:
        raise WrongLogin
    return _shown(user, memberships, code, None, request=request)


def _open_to(user):
    """The clinics that a login may enter. Where mail is configured, an address that nobody has confirmed and no
    clinic has activated enters none: else who registers a stranger's address would learn whether it was taken."""
    memberships = memberships_of(user)
    known = user.email_confirmed_at or any(entry["status"] == Membership.Status.ACTIVE for entry in memberships)
    return memberships if known or not mail.offered() else []


def _shown(user, memberships, code, tenant_id, *, request, bearer=False):
    shown = second_factor.demand(user, code)
    return _enter(user, memberships, tenant_id, request=request, event="login", bearer=bearer, shown=shown)


def switch(*, user, tenant_id: int, session=None, request=None, bearer=False):
    """Change to another clinic of the same person, or NotAMember."""
    shown = "app" if session and session.second_factor else ""
    return _enter(
        user, memberships_of(user), tenant_id, request=request, event="clinic_switched", bearer=bearer, shown=shown)


def _enter(user, memberships, tenant_id, *, request, event, shown, bearer=False):
    by_tenant = {entry["tenant_id"]: entry for entry in memberships}
    if tenant_id is not None and tenant_id not in by_tenant:
        raise NotAMember
    chosen = tenant_id or (user.last_tenant_id if user.last_tenant_id in by_tenant else None) or _first(memberships)
    if user.last_tenant_id != chosen:
        User.objects.filter(pk=user.pk).update(last_tenant_id=chosen)
    _end_replaced(request, bearer)
    with tenancy.tenant_context(chosen), tenancy.atomic():
        _still_theirs(user)
        member = Membership.objects.select_related("user", "tenant", "professional").get(user_id=user.pk)
        audit.log_security_event(event, by=member.actor, request=request)
        if shown == "recovery":
            audit.log_security_event("second_factor.recovery_used", by=member.actor, request=request,
                                     severity="warning", left=second_factor.codes_left(user))
        refresh = sessions.begin(membership=member, request=request, bearer=bearer, second_factor=bool(shown))
    return user, member, memberships, refresh


def _still_theirs(user):
    """What ends every session of a person waits for the one that begins, or is seen by it: a password that was right
    and has changed meanwhile begins none."""
    same = User.objects.select_for_update(no_key=True).filter(pk=user.pk, password=user.password, is_active=True)
    if same.first() is None:
        raise WrongLogin


def _end_replaced(request, bearer):
    """The session whose cookies the new one's take the place of: nobody would ever end it."""
    old = getattr(request, "session", None)
    if old is not None and request.by_cookie and not bearer:
        sessions.end(Session.objects.filter(pk=old.pk), why="replaced")


@tenancy.atomic
def end_own(*, rows, by) -> int:
    """Sessions of one's own in the clinic in scope. Returns how many ended."""
    ended = sessions.end(rows.filter(membership_id=by.membership_id), why="person")
    if ended:
        audit.log_security_event("session.ended", by=by, sessions=ended)
    return ended


def _first(memberships):
    active = [entry for entry in memberships if entry["status"] == Membership.Status.ACTIVE]
    return (active or memberships)[0]["tenant_id"]


def register(*, email: str, password: str, name: str, clinic: str, role: str, request=None) -> None:
    """Ask to join a clinic, named by its slug: always pending, whatever role is asked for.

    The caller learns nothing of who exists: an address that is taken answers the same, after one hash as well; who
    has the address is told by mail.
    """
    email = email.strip().lower()
    passwords.check(password, User(email=email, name=name))
    tenant = Tenant.objects.filter(slug=clinic).first()
    if tenant is None:
        raise WeakPassword(fields={"clinic": [_("No hay una clínica con ese nombre.")]})
    with transaction.atomic():
        user, made = _found_or_made(email, password, name)
        theirs = made or user.check_password(password)
        if theirs:
            _ask_to_join(user, tenant, role, request)
        _write_to(user, "confirm" if theirs and user.email_confirmed_at is None else "taken")


def _write_to(user, kind):
    """Not without end, whoever asks: the answer is the same."""
    try:
        limits.letter(user.email)
    except limits.TooMany:
        return
    mail.later(kind, user)


def _found_or_made(email, password, name):
    """`(person, whether new)`; of two requests for one address at once, one makes it."""
    user = User.objects.filter(email=email).first()
    if user:
        return user, False
    try:
        with transaction.atomic():
            return User.objects.create_user(email, password, name=name, created_at=clock.now()), True
    except IntegrityError:
        return User.objects.get(email=email), False


def _ask_to_join(user, tenant, role, request):
    with tenancy.tenant_context(tenant.pk), tenancy.atomic():
        if not Membership.objects.filter(user=user).exists():
            member = Membership.objects.create(user=user, role=Role(role), created_at=clock.now())
            audit.log_security_event("registered", request=request, asked_role=role, user=user.pk)
            live.say("STAFF_UPDATED", member=member.pk)
