"""Hours minus closures minus busy time = openings. Pure arithmetic: no ORM, no clock.

Hours are wall clocks of a zone, everything else is instants. Inside, instants are whole seconds of UTC: they
compare and add without a zone, so a daylight-saving day needs no rule of its own beyond the two edges below.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from math import ceil, floor
from typing import NamedTuple
from zoneinfo import ZoneInfo

Window = tuple[time, time]
Hours = Callable[[date], Iterable[Window]] | Mapping[date, Iterable[Window]]

DAY_MINUTES = 24 * 60


class Span(NamedTuple):
    start_at: datetime
    end_at: datetime


def openings(
    *,
    hours: Hours,
    closures: Iterable[tuple[datetime, datetime]] = (),
    busy: Iterable[tuple[datetime, datetime]] = (),
    minutes: int,
    step: int = 15,
    first: date,
    last: date,
    zone: ZoneInfo,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
) -> list[Span]:
    """Every span of ``minutes`` that starts on the step of the wall clock, in order, as instants of UTC.

    ``first`` and ``last`` are days of the zone, both included. An end of 00:00 in ``hours`` is the next midnight.
    Starts ``s`` satisfy ``not_before <= s <= not_after``. A wall-clock time that happens twice is its first instant.
    """
    if minutes <= 0 or step <= 0:
        raise ValueError("minutes and step are positive")
    windows = list(_windows(hours, first, last, zone))
    free = _minus(_merged((opens, closes) for opens, closes, *_ in windows), _merged(_seconds(closures, busy)))
    earliest = ceil(not_before.timestamp()) if not_before else None
    latest = floor(not_after.timestamp()) if not_after else None
    starts = (start for window in windows for start in _starts(window, step, zone))
    return [
        Span(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(start + minutes * 60, UTC))
        for start in _fitting(starts, free, minutes * 60)
        if (earliest is None or start >= earliest) and (latest is None or start <= latest)
    ]


def clear(spans: Iterable[tuple[datetime, datetime]], busy: Iterable[tuple[datetime, datetime]]) -> list[bool]:
    """Of each span, whether no busy one lies over it. What `openings` gives without `busy` and is clear of it is what
    it gives with it: each start is judged by itself."""
    blocked = _merged(_seconds(busy))
    ends = [end for _start, end in blocked]
    return [_is_clear(start, end, blocked, bisect_right(ends, start)) for start, end in _seconds(spans)]


def _is_clear(start, end, blocked, at) -> bool:
    return at == len(blocked) or end <= blocked[at][0]


def minus(spans: Iterable[tuple[datetime, datetime]], others: Iterable[tuple[datetime, datetime]]) -> list[tuple]:
    """What of `spans` no other span covers, in order, as instants of UTC."""
    return _minus(_merged(_in_utc(spans)), _merged(_in_utc(others)))


def spans(windows: Iterable[Window], day: date, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """A day's windows as instants of UTC."""
    return [(datetime.fromtimestamp(opens, UTC), datetime.fromtimestamp(closes, UTC))
            for opens, closes, *_ in _windows({day: windows}, day, day, zone)]


def _in_utc(spans):
    return [(start_at.astimezone(UTC), end_at.astimezone(UTC)) for start_at, end_at in spans]


def _windows(hours: Hours, first: date, last: date, zone: ZoneInfo) -> Iterator[tuple[int, int, date, int, int]]:
    """Yield (opens, closes, day, first minute, last minute): seconds of UTC, then minutes of the day's wall clock."""
    of_day = hours if callable(hours) else lambda day: hours.get(day, ())
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        for begins, ends in sorted(of_day(day)):
            low = begins.hour * 60 + begins.minute
            high = ends.hour * 60 + ends.minute or DAY_MINUTES
            closes = _instant(day, high, zone, fold=0)
            opens = _instant(day, low, zone, fold=1 if low else 0)  # a day begins with its first midnight
            if opens >= closes:
                opens = _instant(day, low, zone, fold=0)
            if opens < closes:
                yield opens, closes, day, low, high


def _instant(day: date, minute: int, zone: ZoneInfo, *, fold: int) -> int:
    """Seconds of UTC of a wall clock; one that the clock skips is the instant of the change."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    later, sooner = _utc(wall, zone, 0), _utc(wall, zone, 1)
    if later == sooner:
        return later
    if later < sooner:
        return sooner if fold else later
    before = datetime.fromtimestamp(sooner, zone).utcoffset()
    while later - sooner > 1:
        middle = (later + sooner) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == before:
            sooner = middle
        else:
            later = middle
    return later


def _utc(wall: datetime, zone: ZoneInfo, fold: int) -> int:
    return int(wall.replace(tzinfo=zone, fold=fold).timestamp())


def _starts(window: tuple[int, int, date, int, int], step: int, zone: ZoneInfo) -> Iterator[int]:
    opens, closes, day, low, high = window
    first = -(-low // step) * step
    if closes - opens == (high - low) * 60:
        yield from range(opens + (first - low) * 60, closes, step * 60)
        return
    for minute in range(first, high, step):
        start = _on_change_day(day, minute, zone, opens)
        if start is not None and start < closes:
            yield start


def _on_change_day(day: date, minute: int, zone: ZoneInfo, opens: int) -> int | None:
    """The first instant, not before ``opens``, that shows this wall clock; None where the clock skips it."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    for fold in (0, 1):
        start = _utc(wall, zone, fold)
        if start >= opens and datetime.fromtimestamp(start, zone).replace(tzinfo=None) == wall:
            return start
    return None


def _seconds(*lists: Iterable[tuple[datetime, datetime]]) -> Iterator[tuple[int, int]]:
    for spans in lists:
        for start_at, end_at in spans:
            yield floor(start_at.timestamp()), ceil(end_at.timestamp())


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            if end > merged[-1][1]:
                merged[-1] = (merged[-1][0], end)
        elif start < end:
            merged.append((start, end))
    return merged


def _minus(windows: list[tuple[int, int]], blocked: list[tuple[int, int]]) -> list[tuple[int, int]]:
    free, at = [], 0
    for opens, closes in windows:
        while at < len(blocked) and blocked[at][1] <= opens:
            at += 1
        inside = []
        for start, end in blocked[at:]:
            if start >= closes:
                break
            inside.append((start, end))
        edges = [(opens, opens), *inside, (closes, closes)]
        free += [(left, right) for (_, left), (right, _) in pairwise(edges) if left < right]
    return free


def _fitting(starts: Iterator[int], free: list[tuple[int, int]], length: int) -> Iterator[int]:
    at, previous = 0, None
    for start in starts:
        while at < len(free) and free[at][1] < start + length:
            at += 1
        if at == len(free):
            return
        if free[at][0] <= start and (previous is None or start > previous):
            previous = start
            yield start
