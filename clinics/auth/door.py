"""The request's door: from the verified token to a member, a tenant in scope and one transaction."""
import asyncio
import logging
import re
from dataclasses import replace

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.db import Error, transaction
from django.http import JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework_simplejwt.tokens import RefreshToken

from clinics import audit, tenancy
from clinics.access import navigates
from clinics.auth import cookies, second_factor, sessions, tokens
from clinics.models import Membership

log = logging.getLogger(__name__)

# Doors of their own, or nothing of a clinic behind them. /auth/refresh renews in a transaction of its own: its answer
# of 401 must not undo the end of a session that was found in two hands.
OTHER_DOORS = ("/webhooks/", "/calendar/", "/static/", "/healthz", "/simulator/ycloud/", "/auth/refresh")
# They open transactions of their own, speak to others between them, and what they did stays done whatever they answer.
IN_PARTS = re.compile(r"/api/v1/conversations/\d+/tools/")
RECHECK_SECONDS = 30
PENDING_MAY = ("/pending", "/login", "/logout", "/switch", "/language", "/auth/", "/password/", "/email/")


def bearer_of(headers) -> str | None:
    """The token of a bearer header; None without one."""
    kind, _space, token = headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def presents(jar, headers) -> bool:
    """Whether there is anything that could name a session."""
    return bearer_of(headers) is not None or bool({settings.ACCESS_COOKIE, settings.REFRESH_COOKIE} & set(jar))


def named_by(jar, headers) -> tokens.Named | None:
    """For sockets: what the bearer header names, else a cookie. The refresh cookie will do, and is not renewed:
    whoever comes back after an hour has only that one."""
    bearer = bearer_of(headers)
    if bearer is not None:
        return tokens.read(bearer)
    return tokens.read(jar.get(settings.ACCESS_COOKIE, "")) or tokens.read(
        jar.get(settings.REFRESH_COOKIE, ""), RefreshToken)


def member_of_token(named: tokens.Named | None) -> Membership | None:
    """For sockets: the member whose session is named, with `.session` and `.named`, if they may see their clinic."""
    if named is None:
        return None
    with tenancy.tenant_context(named.tenant_id), tenancy.atomic():
        session = sessions.of_token(named)
    if session is None or not session.membership.is_active or second_factor.missing(session):
        return None
    session.membership.session, session.membership.named = session, replace(named, renews=False)
    return session.membership


@database_sync_to_async
def asked(named: tokens.Named | None) -> Membership | None:
    """`member_of_token` for a socket's event loop; gives its connection back, so a restarted database is no matter."""
    return member_of_token(named)


async def until_refused(member: Membership) -> None:
    """Return when the member is suspended, changes role or is gone: then the socket ends. What ends a session says so
    at once (`live.recheck`); this is for a time without Redis."""
    while True:
        await asyncio.sleep(RECHECK_SECONDS)
        if not await still(member):
            return


def still_active(member: Membership) -> bool:
    try:
        with tenancy.tenant_context(member.tenant_id), tenancy.atomic():
            session = sessions.of_token(member.named)
    except Error:
        log.warning("could not ask whether a socket's session still holds; asking again")
        return True
    return (
        session is not None and session.membership.is_active and session.membership.role == member.role
        and not second_factor.missing(session))


still = database_sync_to_async(still_active)


class RequestDoor(AuthenticationMiddleware):
    """One request, one transaction, rolled back on every answer of 400 or more; but for those that go IN_PARTS.

    It is Django's AuthenticationMiddleware by name only, so that the admin's check finds it.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        super().__init__(get_response)

    def __call__(self, request):
        request.user, request.member, request.actor, request.by_cookie = AnonymousUser(), None, None, False
        request.session = None
        if request.path.startswith(OTHER_DOORS):
            return self.get_response(request)
        bearer = bearer_of({"authorization": request.META.get("HTTP_AUTHORIZATION", "")})
        named = tokens.read(request.COOKIES.get(settings.ACCESS_COOKIE, "") if bearer is None else bearer)
        renewed = None
        if named is None and bearer is None:  # a form that was filled for long is not lost
            renewed = sessions.renew(request.COOKIES.get(settings.REFRESH_COOKIE, ""))
            named = tokens.read(str(renewed.access_token)) if renewed else None
        request.by_cookie = bearer is None
        response = self._inside(request, named) if named else None
        if response is None:  # nobody: outside every clinic
            request.by_cookie = False
            return self.get_response(request)
        if renewed and settings.ACCESS_COOKIE not in response.cookies:
            cookies.put(response, renewed)
        return response

    def _inside(self, request, named):
        """The answer to the member whose session is named; None when it does not hold."""
        with tenancy.tenant_context(named.tenant_id):
            parts = request.method == "POST" and IN_PARTS.match(request.path)
            with tenancy.atomic():
                member = self._arrived(request, named)
                if member is None:
                    return None
                if not parts:
                    response, kept = self._noted(request, member)
                    if response.status_code >= 400:
                        transaction.set_rollback(True)
            if parts:
                response, kept = self._noted(request, member)
            kept.write_of(request, response.status_code)
        return response

    @staticmethod
    def _arrived(request, named):
        request.session = sessions.of_token(named)
        if request.session is None:
            return None
        sessions.arrived(request.session, named)
        member = request.session.membership
        tenancy.remember_here(member.tenant)
        request.user, request.member, request.actor = member.user, member, member.actor
        return member

    def _noted(self, request, member):
        with audit.kept(request=request) as kept, timezone.override(member.tenant.zone):
            return self._answer(request), kept

    def _answer(self, request):
        if not request.member.is_active:
            if not request.path.startswith(PENDING_MAY):
                return self._first(request, "membership_pending", _("Tu cuenta espera que la activen."), "/pending")
        elif second_factor.missing(request.session) and not request.path.startswith(second_factor.MAY_WITHOUT):
            return self._first(
                request, second_factor.Required.code, second_factor.Required.detail, second_factor.PAGE)
        return self.get_response(request)

    @staticmethod
    def _first(request, code, detail, page):
        """Something comes before anything else: a page leads there, a program is told."""
        if request.path.startswith(("/api/", "/admin/core/")) or not navigates(request):
            return JsonResponse({"code": code, "detail": str(detail), "fields": {}}, status=403)
        return redirect(page)

    def process_request(self, request):
        """Nothing: __call__ has done it."""


class _Csrf(CsrfViewMiddleware):
    def _reject(self, request, reason):
        return reason


class DoorAuthentication(BaseAuthentication):
    """What the door found, for DRF. With the cookie, unsafe requests need X-CSRFToken."""

    def authenticate(self, request):
        django_request = request._request
        if getattr(django_request, "member", None) is None:
            return None
        if django_request.by_cookie:
            self._enforce_csrf(django_request)
        return django_request.user, django_request.member

    def authenticate_header(self, request):
        return "Bearer"

    @staticmethod
    def _enforce_csrf(request):
        check = _Csrf(lambda _request: None)
        check.process_request(request)
        if reason := check.process_view(request, None, (), {}):
            raise exceptions.PermissionDenied(_("Falta X-CSRFToken: %(reason)s") % {"reason": reason}, code="csrf")
