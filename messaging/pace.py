"""How fast a number may send: a bucket in Redis that all workers take from, so that no limit of the provider is met.

Without Redis each process takes from a bucket of its own, a part of the whole.
"""
import logging
import os
import time
from functools import lru_cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from clinics import tenancy

log = logging.getLogger(__name__)
BURST = 0.5  # seconds' worth that may go at once
LONGEST = 2.0  # who would have to wait longer takes nothing, and comes again
ALONE = 4  # processes that may be sending when nobody can ask how many do
PATIENCE = 0.5  # seconds for one answer

# GCRA: one number is kept, the time when the bucket is empty again
_TAKE = """
local interval, burst, longest, rest, now =
  tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local wait = full - burst - now
if rest > 0 then
  full = math.max(full, now + burst + rest)
elseif wait > longest then
  return tostring(wait)
else
  full = full + interval
end
redis.call('SET', KEYS[1], string.format('%.6f', full), 'EX', math.ceil(full - now) + 1)
return tostring(wait)
"""
_own: dict = {}


def wait(channel, *, template=False) -> float:
    """Seconds to wait before the next POST of this number; more than LONGEST means: not now, and nothing was taken."""
    waits = [_take(_name(channel), 1 / max(1, settings.OUTBOX_PACE[channel.provider]))]
    if template and waits[0] <= LONGEST:
        waits.append(_take(_name(channel, "template"), 1 / max(1, settings.OUTBOX_TEMPLATE_PACE)))
    return max(0.0, *waits)


def rest(channel, seconds) -> None:
    """The provider said that this number is too fast: nobody sends on it for a while."""
    _take(_name(channel), 1.0, rest=seconds)


def _name(channel, kind="any"):
    return tenancy.key("pace", channel.pk, kind)


def _take(name, interval, *, rest=0.0):
    try:
        said = _client(os.getpid()).eval(_TAKE, 1, name, interval, BURST, LONGEST, rest, time.time())
        return float(said)
    except redis.RedisError as fault:
        log.warning("the pace is kept by each process alone: %s", type(fault).__name__)
        return _take_alone(name, interval * ALONE, rest)


def _take_alone(name, interval, rest):
    now = time.time()
    full = max(_own.get(name, 0), now)
    wait = full - BURST - now
    if rest:
        _own[name] = max(full, now + BURST + rest)
    elif wait <= LONGEST:
        _own[name] = full + interval
    return wait


@lru_cache(maxsize=1)
def _client(pid):
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=Retry(NoBackoff(), 0))
