"""When a professional attends: the week, national holidays, what was closed by hand, what was opened by hand. Pure.

Opened by hand beats closed by hand beats national. What is opened for one professional beats what is closed for them
and for the clinic; what is opened for all beats what is closed for all, and leaves a person's own leave as it is.
A chair that is out of use is opened by nobody.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from agenda import slots
from clinics import hours

DAY = timedelta(days=1)
WEEKLY, YEARLY = "weekly", "yearly"
OPEN, USUAL, CLOSED = "open", "usual", "closed"


class ByHand(NamedTuple):
    """One time of a row of `closures`: closed, open the whole span, or open in the usual hours."""

    kind: str
    professional_id: int | None
    chair_id: int | None
    start_at: datetime
    end_at: datetime


@dataclass(frozen=True)
class Attendance:
    """Of one professional: hours by day of the zone, and the spans that these do not count in."""

    week: dict
    zone: ZoneInfo
    closed: list = field(default_factory=list)
    extra: dict = field(default_factory=dict)  # day -> windows that are open whatever the week says

    def windows(self, day: date) -> list[slots.Window]:
        """In order, none over another; an end of `MIDNIGHT` is the end of the day."""
        usual = hours.windows(self.week, day)
        return _joined([*usual, *self.extra[day]]) if day in self.extra else usual

    def open(self, first: date, last: date) -> list[tuple[datetime, datetime]]:
        """What is open from `first` to `last`, both included."""
        inside = [span for day in _days(first, last) for span in slots.spans(self.windows(day), day, self.zone)]
        return slots.minus(inside, self.closed)


def attendance(
    *, professional_id: int, chair_id: int | None, week: dict, by_hand: Iterable[ByHand], national: Iterable[date],
    zone: ZoneInfo,
) -> Attendance:
    rows = list(by_hand)
    own = [row for row in rows if row.professional_id == professional_id]
    every = [row for row in rows if row.professional_id is None and row.chair_id is None]
    closed = slots.minus(
        [*_spans(every, CLOSED), *((midnight(day, zone), midnight(day + DAY, zone)) for day in national)],
        [*_spans(every, OPEN, USUAL), *_spans(own, OPEN, USUAL)])
    closed += slots.minus(_spans(own, CLOSED), _spans(own, OPEN, USUAL))
    closed += _spans([row for row in rows if chair_id is not None and row.chair_id == chair_id], CLOSED)
    extra = {}
    for start_at, end_at in _spans([*every, *own], OPEN):
        for day, window in _by_day(start_at, end_at, zone):
            extra.setdefault(day, []).append(window)
    return Attendance(week, zone, closed, extra)


def times(start_at, end_at, repeats: str, until_on: date | None, *, since, until, zone) -> Iterator[tuple]:
    """The times of a row that touch `since` to `until`: its own span, and the same wall clock again.

    A day that a year lacks (29/2) is none. At a change of the clock the whole of a doubtful hour belongs to it.
    """
    if not repeats:
        if end_at > since and start_at < until:
            yield start_at, end_at
        return
    start, end = (instant.astimezone(zone).replace(tzinfo=None) for instant in (start_at, end_at))
    length, earliest = end - start, since.astimezone(zone).replace(tzinfo=None) - (end - start) - DAY
    latest = until.astimezone(zone).replace(tzinfo=None) + DAY
    for begins in _weekly(start, earliest) if repeats == WEEKLY else _yearly(start, earliest):
        if begins > latest or (until_on and begins.date() > until_on):
            return
        span = _instant(begins, zone, fold=0), _instant(begins + length, zone, fold=1)
        if span[1] > since and span[0] < until:
            yield span


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _weekly(start, earliest):
    begins = start + max(0, -((start - earliest) // timedelta(weeks=1)) - 1) * timedelta(weeks=1)
    while True:
        yield begins
        begins += timedelta(weeks=1)


def _yearly(start, earliest):
    for year in range(max(start.year, earliest.year), start.year + 200):
        try:
            yield start.replace(year=year)
        except ValueError:  # 29/2
            continue


def _instant(wall: datetime, zone: ZoneInfo, *, fold: int) -> datetime:
    return wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)


def _spans(rows, *kinds):
    return [(row.start_at, row.end_at) for row in rows if row.kind in kinds]


def _by_day(start_at, end_at, zone):
    """A span as windows of the days it runs through: `slots` counts its steps by the wall clock."""
    start, end = start_at.astimezone(zone).replace(tzinfo=None), end_at.astimezone(zone).replace(tzinfo=None)
    for day in _days(start.date(), end.date()):
        opens = start.time() if day == start.date() else time()
        closes = end.time() if day == end.date() else hours.MIDNIGHT
        if closes != time() and closes <= opens or day == end.date() and end.time() == time():
            continue
        yield day, (opens.replace(second=0, microsecond=0), closes.replace(second=0, microsecond=0))


def _joined(windows):
    joined = []
    for opens, closes in sorted(windows, key=lambda window: window[0]):
        if joined and (joined[-1][1] == hours.MIDNIGHT or opens <= joined[-1][1]):
            ends = {joined[-1][1], closes}
            joined[-1] = (joined[-1][0], hours.MIDNIGHT if hours.MIDNIGHT in ends else max(ends))
        else:
            joined.append((opens, closes))
    return joined


def _days(first, last):
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
