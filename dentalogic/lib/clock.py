"""The only reader of the time, so that a frozen test, a played dialogue and the simulator can move it."""
import time
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from redis import RedisError

YEARS = range(2000, 2101)
SHIFT_KEY = "clock:shift"
_standing = ContextVar("standing clock", default=None)
_shift = timedelta()
_read_at = -1.0


def _shifted():
    """How far the simulator has moved the clock; asked of the cache once a second."""
    global _shift, _read_at
    if time.monotonic() - _read_at > 1:
        _read_at = time.monotonic()
        with suppress(RedisError):  # down: the shift that was last known
            _shift = timedelta(seconds=cache.get(SHIFT_KEY) or 0)
    return _shift


def outside() -> datetime:
    """The present of the world, which the simulator does not move: the phone that shows a code counts by it."""
    return _standing.get() or datetime.now(UTC)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    if standing := _standing.get():
        return standing
    instant = datetime.now(UTC)
    return instant + _shifted() if settings.DEVELOPMENT and not settings.BENCH else instant


def today(zone: ZoneInfo) -> date:
    """The clinic's today."""
    return now().astimezone(zone).date()


def day_of(text: str) -> date | None:
    """An ISO date of this century, or None: the ends of the calendar overflow what is computed from them."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


@contextmanager
def standing_at(instant: datetime):
    """For what is played back: inside, `now()` is this instant. Aware."""
    token = _standing.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _standing.reset(token)


def shift(by: timedelta) -> None:
    """Move the clock of the whole installation. Development only; zero puts it back."""
    global _read_at
    if not settings.DEVELOPMENT:
        raise RuntimeError("the clock moves in development only")
    total = _shifted() + by if by else timedelta()
    cache.set(SHIFT_KEY, total.total_seconds(), None)
    _read_at = -1.0
