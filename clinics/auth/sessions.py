"""A session: begun by a login, renewed by a refresh token that is good once, and ended at once for every door.

What asks is the row, on each request: an access token of an ended session opens nothing.
"""
import secrets
from datetime import timedelta

from django.db.models import Q
from rest_framework_simplejwt.tokens import RefreshToken

from clinics import audit, live, tenancy
from clinics.auth import tokens
from clinics.models import Membership, Session
from clinics.security import client_ip
from dentalogic.lib import clock

LONGEST = timedelta(days=30)  # however often it is renewed
# Two tabs renew at the same time with one cookie: the second gets what the first got.
GRACE = timedelta(seconds=20)
KEPT = timedelta(days=90)  # after its end


@tenancy.atomic
def begin(*, membership, request=None, bearer=False, second_factor=False) -> RefreshToken:
    """A new session of a member, in the tenant in scope."""
    now = clock.now()
    row = Session.objects.create(
        membership=membership, current=_jti(), bearer=bearer, second_factor=second_factor, started_at=now,
        renewed_at=now, expires_at=now + LONGEST, ip=client_ip(request) if request else None,
        agent=request.headers.get("User-Agent", "")[:200] if request else "")
    return _tokens(row, membership.user_id)


def of_token(named: tokens.Named) -> Session | None:
    """The session that a token names, if it holds, with its member; one query, in the scope of its tenant.

    A refresh token is taken too while it has not been replaced: a socket that comes back has nothing younger."""
    found = _held(named)
    return found.filter(Q(current=named.jti) | Q(previous=named.jti)).first() if named.renews else found.first()


def renew(text: str) -> RefreshToken | None:
    """A new pair for the session's current refresh token, else None. One that was replaced ends the session: it is in
    two hands. In a transaction of its own, so that the end holds whatever is answered."""
    named = tokens.read(text, RefreshToken)
    if named is None:
        return None
    with tenancy.tenant_context(named.tenant_id), tenancy.atomic():
        if not _held(named).exists():
            return None
        row = Session.objects.select_for_update().get(pk=named.session_id)
        return _renewed(row, named) if row.ended_at is None else None


def arrived(session, named: tokens.Named) -> None:
    """The pair that the last renewal gave is in use, so the one before is worth nothing now.

    Not before: an answer that a telephone lost on its way would end an honest session at the next renewal."""
    if session.previous and named.jti == session.current and clock.now() - session.renewed_at > GRACE:
        Session.objects.filter(pk=session.pk, current=named.jti).update(previous="")


def leave(request) -> None:
    """The request's own session ends: its person goes."""
    if request.session is not None:
        audit.log_security_event("logout", by=request.actor, request=request, session=request.session.pk)
        end(Session.objects.filter(pk=request.session.pk), why="logout")


@tenancy.atomic
def end(sessions, *, why: str) -> int:
    """End these sessions of the clinic in scope: their next request and their sockets. Returns how many."""
    members = set(sessions.filter(ended_at=None).values_list("membership_id", flat=True))
    ended = sessions.filter(ended_at=None).update(ended_at=clock.now(), ended_why=why)
    for member in members:
        live.recheck(member)
    return ended


@tenancy.atomic
def forget() -> int:
    """Delete the clinic's sessions that ended, or could no longer be renewed, long ago. Returns how many."""
    since = clock.now() - KEPT
    return Session.objects.filter(Q(ended_at__lt=since) | Q(expires_at__lt=since)).delete()[0]


def _held(named):
    return (
        Session.objects.open(clock.now())
        .select_related("membership__user", "membership__tenant", "membership__professional")
        .filter(pk=named.session_id, membership__user_id=named.user_id)
        .exclude(membership__status=Membership.Status.SUSPENDED).exclude(membership__user__is_active=False))


def _renewed(row, named):
    if named.jti == row.current:
        row.previous, row.current, row.renewed_at = row.current, _jti(), clock.now()
        row.save(update_fields=["previous", "current", "renewed_at"])
    elif named.jti != row.previous:
        end(Session.objects.filter(pk=row.pk), why="reused")
        audit.log_security_event("session.reused", severity="critical", session=row.pk, member=row.membership_id)
        return None
    return _tokens(row, named.user_id)


def _tokens(row, user_id):
    return tokens.issue(user_id=user_id, tenant_id=row.tenant_id, session_id=row.pk, jti=row.current)


def _jti():
    return secrets.token_hex(16)
