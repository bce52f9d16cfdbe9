"""What was asked of a visit's start, as values."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

LIMITS = {"morning": (time(0), time(13)), "afternoon": (time(13), time(19)), "evening": (time(19), None)}


@dataclass(frozen=True, slots=True)
class When:
    """What a visit's start must satisfy. An empty one means that anything suits.

    ``first`` to ``last`` are days, both included, None where open. ``days`` lists them where they are not a run.
    ``since <= clock < until``; ``at`` is an exact time.
    """

    first: date | None = None
    last: date | None = None
    part: str = ""
    since: time | None = None
    until: time | None = None
    at: time | None = None
    days: frozenset[date] = frozenset()
    weekdays: frozenset[int] = frozenset()
    excluded_days: frozenset[date] = frozenset()
    excluded_weekdays: frozenset[int] = frozenset()
    near: time | None = field(default=None, compare=False)  # the hour that ``since`` and ``until`` are about

    def allows_day(self, day: date) -> bool:
        return (
            (self.first is None or day >= self.first)
            and (self.last is None or day <= self.last)
            and (not self.days or day in self.days)
            and (not self.weekdays or day.weekday() in self.weekdays)
            and day not in self.excluded_days
            and day.weekday() not in self.excluded_weekdays
        )

    def allows_clock(self, clock: time) -> bool:
        low, high = LIMITS.get(self.part, (None, None))
        return (  # of every opening of two months: written out, it takes a third of the time
            (low is None or clock >= low)
            and (self.since is None or clock >= self.since)
            and (high is None or clock < high)
            and (self.until is None or clock < self.until)
            and (self.at is None or clock == self.at)
        )

    def allows(self, local: datetime) -> bool:
        """Whether a visit may start at this wall clock of the clinic."""
        return self.allows_day(local.date()) and self.allows_clock(local.time())

    @property
    def says_day(self) -> bool:
        return bool(self.first or self.last or self.weekdays or self.excluded_days or self.excluded_weekdays)

    @property
    def only_excludes(self) -> bool:
        return bool(self.excluded_days or self.excluded_weekdays) and not (self.first or self.last or self.weekdays)

    @property
    def says_hour(self) -> bool:
        return bool(self.part or self.since or self.until or self.at)
