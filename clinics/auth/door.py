"""The request's door: from the verified token to a member, a tenant in scope and one transaction."""
import asyncio
import logging

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError, transaction
from django.http import JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication

from clinics import audit, tenancy
from clinics.auth import cookies, sessions, tokens
from clinics.models import Membership

log = logging.getLogger(__name__)

# Doors of their own, or nothing of a clinic behind them.
OTHER_DOORS = ("/webhooks/", "/static/", "/healthz", "/simulator/ycloud/")
RECHECK_SECONDS = 30
PENDING_MAY = ("/pending", "/login", "/logout", "/switch", "/auth/")


def token_of(jar, headers) -> str:
    """The access token of a bearer header, else of the cookie, else ""."""
    kind, _space, bearer = headers.get("authorization", "").partition(" ")
    return bearer.strip() if kind.lower() == "bearer" else jar.get(settings.ACCESS_COOKIE, "")


def member_of_token(token: str) -> Membership | None:
    """For sockets: the active member that a token speaks for, with `.session`."""
    named = tokens.read(token)
    if named is None:
        return None
    with tenancy.tenant_context(named.tenant_id), tenancy.atomic():
        session = sessions.of_token(named)
    if session is None or not session.membership.is_active:
        return None
    session.membership.session, session.membership.named = session, named
    return session.membership


@database_sync_to_async
def asked(token: str) -> Membership | None:
    """`member_of_token` for a socket's event loop; gives its connection back, so a restarted database is no matter."""
    return member_of_token(token)


async def until_refused(member: Membership) -> None:
    """Return when the member is suspended, changes role or is gone: then the socket ends."""
    while True:
        await asyncio.sleep(RECHECK_SECONDS)
        try:
            if not await still(member):
                return
        except OperationalError:
            log.warning("could not ask whether a socket's member is still active; asking again")


def still_active(member: Membership) -> bool:
    with tenancy.tenant_context(member.tenant_id), tenancy.atomic():
        session = sessions.of_token(member.named)
    return session is not None and session.membership.is_active and session.membership.role == member.role


still = database_sync_to_async(still_active)


class RequestDoor(AuthenticationMiddleware):
    """One request, one transaction, rolled back on every answer of 400 or more.

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
        authorization = request.META.get("HTTP_AUTHORIZATION", "")
        bearer = authorization.lower().startswith("bearer ")
        found = tokens.read(token_of(request.COOKIES, {"authorization": authorization}))
        renewed = None
        if found is None and not bearer:  # a form that was filled for long is not lost
            renewed = sessions.renew(request.COOKIES.get(settings.REFRESH_COOKIE, ""))
            found = tokens.read(str(renewed.access_token)) if renewed else None
        if found is None:
            return self.get_response(request)
        request.by_cookie = not bearer
        response = self._inside(request, found)
        if renewed and request.member is not None and settings.ACCESS_COOKIE not in response.cookies:
            cookies.put(response, renewed)
        return response

    def _inside(self, request, named):
        with tenancy.tenant_context(named.tenant_id):
            with tenancy.atomic():
                request.session = sessions.of_token(named)
                member = request.session.membership if request.session else None
                if member is not None:
                    tenancy.remember_here(member.tenant)
                    request.user, request.member, request.actor = member.user, member, member.actor
                with audit.kept() as lasting, timezone.override(member.tenant.zone if member else None):
                    response = self._answer(request)
                if response.status_code >= 400:
                    transaction.set_rollback(True)
            if response.status_code >= 400:
                lasting.write_again()
            if response.status_code == 403 and request.member is not None:
                audit.log_security_event("refused", by=request.actor, request=request, severity="warning")
        return response

    def _answer(self, request):
        member = request.member
        if member is None or member.is_active or request.path.startswith(PENDING_MAY):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            body = {"code": "membership_pending", "detail": _("Tu cuenta espera que la activen."), "fields": {}}
            return JsonResponse(body, status=403)
        return redirect("/pending")

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
