"""What the simulator remembers: its own lists in the cache's server, none of the product's tables."""
import json
from functools import lru_cache

import redis
from django.conf import settings

KEPT = 300
SECONDS = 7 * 24 * 3600


@lru_cache(maxsize=1)
def _server():
    return redis.Redis.from_url(settings.REDIS_URL, decode_responses=True)


def _name(*parts):
    return ":".join(("simulator", settings.CACHES["default"].get("KEY_PREFIX", ""), *map(str, parts)))


def add(*name, item):
    """Append to a list, of which the last few hundred are kept."""
    key = _name(*name)
    with _server().pipeline() as pipe:
        pipe.rpush(key, json.dumps(item)).ltrim(key, -KEPT, -1).expire(key, SECONDS).execute()


def items(*name):
    return [json.loads(item) for item in _server().lrange(_name(*name), 0, -1)]


def put(*name, value):
    _server().set(_name(*name), json.dumps(value), ex=SECONDS)


def get(*name):
    value = _server().get(_name(*name))
    return None if value is None else json.loads(value)


def pop(*name):
    value = _server().getdel(_name(*name))
    return None if value is None else json.loads(value)


def forget(*name):
    """Everything under a name."""
    for key in _server().scan_iter(match=_name(*name) + "*"):
        _server().delete(key)
