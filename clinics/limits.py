"""How often anybody may ask: `RATES` is every limit there is. django-ratelimit counts in Redis, in fixed windows.

Without Redis the limits that stand before a secret hold in each process by itself, and the rest opens.
"""
import hashlib
import ipaddress
import logging
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django_ratelimit.core import get_usage
from redis import RedisError
from rest_framework.throttling import BaseThrottle

from clinics import audit
from clinics.security import client_ip
from dentalogic.lib.refusals import Refusal

log = logging.getLogger(__name__)

MINUTE, HOUR = 60, 3600
AWAY_SECONDS = 2  # a Redis that did not answer is not waited for again by each request


@dataclass(frozen=True)
class Rate:
    times: int
    holds: bool = False  # without Redis, in this process
    seconds: int = MINUTE


RATES = {
    # Ten people behind one address log in; one attacker, over many accounts, does not.
    "login": Rate(5, holds=True),  # by account with address
    "login-address": Rate(30, holds=True),
    # Of a second factor, by account. Three of a million are good at a time: who has the password guesses for years.
    "code": Rate(5, holds=True),
    "code-hour": Rate(20, holds=True, seconds=HOUR),
    "password": Rate(5, holds=True),  # asked again for a change, by account
    "mail": Rate(3, holds=True),  # links asked for, by address; letters, by whom they go to
    "mail-hour": Rate(10, holds=True, seconds=HOUR),
    "register": Rate(3, holds=True),  # by address
    "refresh": Rate(10),  # by session
    "list": Rate(100),  # of the API, each by user
    "partial": Rate(600),  # pages and their pieces, by user
    "tool": Rate(60),  # the receptionist's, in a person's hands, by user: each is a turn, and may ask Google
    "model": Rate(5),  # tried by a person's button, by user: each is a question that may be charged
    "webhook": Rate(1200),  # by channel
    "webhook-unsigned": Rate(60),  # by address
    "feed": Rate(60),  # of a calendar, by address: a program comes each quarter of an hour
}
NOT_PAGES = ("/api/", "/auth/", "/static/", "/admin/core/")
OF_LISTS = ("/api/v1/", "/admin/core/")


class TooMany(Refusal):
    code = "throttled"
    status = 429
    detail = _("Demasiados intentos. Esperá un minuto.")

    def __init__(self, seconds):
        minutes = -(-seconds // MINUTE)
        super().__init__(_("Demasiados intentos. Esperá %(minutes)s minutos.") % {"minutes": minutes}
                         if minutes > 1 else None)
        self.headers = {"Retry-After": str(seconds)}


def check(name: str, who, *, request=None) -> None:
    """Count one of `who`; TooMany when they are used up. With a member's request their clinic's audit is told."""
    if seconds := over(name, who, request=request):
        raise TooMany(seconds)


def login(request, account: str) -> None:
    """Before a password is looked at. Both are counted whatever the first one says."""
    here = address(request)
    _both(over("login", f"{account.strip().lower()} {here}"), over("login-address", here))


def code(user_id: int) -> None:
    """Before a code of a second factor is looked at."""
    _both(over("code", user_id), over("code-hour", user_id))


def letter(email: str) -> None:
    """Before somebody is written to."""
    to = email.strip().lower()
    _both(over("mail", to), over("mail-hour", to))


def _both(*waits):
    if any(waits):
        raise TooMany(max(waits))


def address(request) -> str:
    """Whom an address stands for: a whole /64 where addresses are plenty."""
    here = client_ip(request)
    if here is None or ":" not in here:
        return here or "-"
    return str(ipaddress.ip_network(f"{here}/64", strict=False).network_address)


def over(name: str, who, *, request=None) -> int:
    """Count one of `who`: the seconds to wait when that is too many, else 0."""
    if not settings.RATELIMIT_ENABLE:
        return 0
    rate = RATES[name]
    counted = _in_redis(name, str(who), rate)
    if counted is None:
        counted = _in_process(name, str(who), rate) if rate.holds else (0, 0)
    count, seconds = counted
    if count == rate.times + 1:
        _tell(name, request)
    return max(1, seconds) if count > rate.times else 0


def _tell(name, request):
    """Once for each window."""
    log.warning("the limit of %s is reached", name)
    if getattr(request, "member", None) is not None:
        audit.survives("limit.reached", severity="warning", by=request.actor, request=request, code=name)


_away = {"until": float("-inf")}


def _in_redis(name, who, rate):
    """`(count, seconds left)`, or None when it cannot be counted there."""
    if time.monotonic() < _away["until"]:
        return None
    try:
        usage = get_usage(
            None, group=name, key=lambda _group, _request: who, rate=(rate.times, rate.seconds), increment=True)
    except (RedisError, OSError) as fault:
        _away["until"] = time.monotonic() + AWAY_SECONDS
        log.warning("limits are counted in this process only: %s", type(fault).__name__)
        return None
    return usage and (usage["count"], usage["time_left"])


def _in_process(name, who, rate):
    cache, key = caches["process"], hashlib.sha256(f"{name} {who}".encode()).hexdigest()
    cache.add(key, 0, rate.seconds)
    return cache.incr(key), rate.seconds


class ListThrottle(BaseThrottle):
    """Every list of the API, an alias with the list it stands for."""

    def allow_request(self, request, view):
        asked = request._request
        if request.method in ("GET", "HEAD") and is_list(asked.path, asked.resolver_match.route):
            check("list", f"{_person(asked)} {type(view).__module__}.{type(view).__name__}", request=asked)
        return True


def is_list(path: str, route: str) -> bool:
    """An address of the API that ends in a name, and not in one thing's id."""
    return path.startswith(OF_LISTS) and not route.rpartition("/")[2].startswith("<")


def _person(request):
    member = getattr(request, "member", None)
    return f"user {member.user_id}" if member else f"address {address(request)}"


class LimitsMiddleware:
    """Pages and their pieces by user, behind the door that knows who it is; and each 429 says when to come again."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 429:
            response.headers.setdefault("Retry-After", str(MINUTE))
        return response

    def process_view(self, request, view, args, kwargs):
        if request.member is None or request.path.startswith(NOT_PAGES):
            return None
        seconds = over("partial", request.member.user_id, request=request)
        return self._refused(request, seconds) if seconds else None

    def process_exception(self, request, exception):
        if isinstance(exception, TooMany):
            return self._refused(request, int(exception.headers["Retry-After"]))
        return None

    @staticmethod
    def _refused(request, seconds):
        response = render(request, "clinics/error.html", {"status": 429, "detail": TooMany.detail}, status=429)
        response.headers["Retry-After"] = str(seconds)
        return response
