"""Deliveries of the last two minutes, in Redis in front of the unique key: it saves work and decides nothing.

A client of its own, kept open, that tries once and briefly: without Redis every delivery goes on to the database.
"""
import logging
import os
from functools import lru_cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from clinics import tenancy

log = logging.getLogger(__name__)
SECONDS = 120
PATIENCE = 0.5  # seconds for one answer


def before(channel, delivery) -> bool:
    return bool(_ask("exists", _name(channel, delivery)))


def remember(channel, delivery) -> None:
    """Call it when the delivery is committed, never before: one that failed must be taken when it comes again."""
    _ask("set", _name(channel, delivery), 1, SECONDS)


def _name(channel, delivery):
    return tenancy.key("seen", channel.pk, delivery)


def _ask(command, *how):
    try:
        return getattr(_client(os.getpid()), command)(*how)
    except redis.RedisError as fault:
        log.warning("seen deliveries cannot be asked: %s", type(fault).__name__)
        return None


@lru_cache(maxsize=1)
def _client(pid):
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=Retry(NoBackoff(), 0))
