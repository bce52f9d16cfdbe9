"""GET /healthz: whether the installation works, and which part of it does not. No login, nothing secret."""
import logging
import time

import psycopg
import redis
from django.conf import settings
from django.db import connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from clinics.access import ANYONE, page

log = logging.getLogger(__name__)
PARTS = ("worker", "sender", "beat")
FRESH_SECONDS = 15  # each of them says that it lives every 2 seconds
KEPT_SECONDS = 1  # a flood of questions is not a flood of connections
_last = {"at": float("-inf"), "states": {}}


def lives(part: str):
    """Said by the workers and by beat: for a while from now on, this part is alive."""
    try:
        with _redis() as client:
            client.set(_key(part), "1", ex=FRESH_SECONDS)
    except redis.RedisError as fault:
        log.warning("%s cannot say that it lives: %s", part, type(fault).__name__)


@page(ANYONE)
@require_safe
@never_cache
def healthz(request):
    states = dict(_recent())
    down = [part for part, state in states.items() if state == "down"]
    status, code = ("down", 503) if down else ("ok", 200)
    return JsonResponse({"status": status, "down": down, "parts": states}, status=code)


def _recent():
    if time.monotonic() - _last["at"] > KEPT_SECONDS:
        _last.update(states=states(), at=time.monotonic())
    return _last["states"]


def states() -> dict[str, str]:
    """The state of each part: ok, down, or unknown (only the cache could tell, and it is down)."""
    return {"database": _database(), **_cache_and_signs_of_life()}


def _database():
    """On a connection of its own: a pool would wait for ten seconds, and a broken one may be its own fault."""
    try:
        with psycopg.connect(**connection.get_connection_params() | {"connect_timeout": 2}) as own:
            own.execute("SELECT 1")
    except psycopg.Error:
        return "down"
    return "ok"


def _cache_and_signs_of_life():
    try:
        with _redis() as client:
            signs = client.mget(*map(_key, PARTS))
    except redis.RedisError:
        return {"cache": "down"} | dict.fromkeys(PARTS, "unknown")
    return {"cache": "ok"} | {part: "ok" if sign else "down" for part, sign in zip(PARTS, signs, strict=True)}


def _redis():
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2, retry=None)


def _key(part):
    return f"dentalogic:lives:{part}"
