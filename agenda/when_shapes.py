"""Pieces -> what was asked. Each piece is a letter; a shape over the letters ("f D u D": from a day until a day)
says what to do with them, strongest first, until nothing is left."""

import re
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from agenda.when_hours import Clock
from agenda.when_terms import LIMITS, When
from agenda.when_words import Piece, Unclear, next_weekday


@dataclass
class Reading:
    pieces: list[Piece]
    today: date
    ranges: list[tuple[date, date]] = field(default_factory=list)
    singles: list[date] = field(default_factory=list)
    weekdays: set[int] = field(default_factory=set)
    excluded_days: set[date] = field(default_factory=set)
    excluded_weekdays: set[int] = field(default_factory=set)
    parts: list[str] = field(default_factory=list)
    clocks: list[time] = field(default_factory=list)
    first: date | None = None
    last: date | None = None
    since: time | None = None
    until: time | None = None
    near: time | None = None
    anything: bool = False

    def when(self) -> When | None:
        self._part_hint = next((p.value for p in self.pieces if p.kind == "P"), "")
        for shape, method in SHAPES:
            self._take(shape, method)
        days = self.ranges or self.singles or self.weekdays or self.excluded_days or self.excluded_weekdays
        bounds = self.first or self.last or self.since or self.until
        return self._combined() if days or bounds or self.parts or self.clocks or self.anything else None

    def _take(self, shape: re.Pattern, method: str) -> None:
        kinds = "".join(piece.kind for piece in self.pieces)
        while match := shape.search(kinds):
            getattr(self, method)(self.pieces[match.start() : match.end()])
            self.pieces[match.start() : match.end()] = [Piece("x")]
            kinds = "".join(piece.kind for piece in self.pieces)

    # Each takes the pieces of one shape.

    def week_of(self, pieces: list[Piece]) -> None:
        day = pieces[-1].value[0]
        monday = day - timedelta(days=day.weekday())
        self.ranges.append((max(monday, self.today), monday + timedelta(days=6)))

    def agree(self, pieces: list[Piece]) -> None:
        day = next(p.value[0] for p in pieces if p.kind == "D")
        span = next(p.value for p in pieces if p.kind == "D")
        weekday = next(p.value for p in pieces if p.kind == "W")
        if span[0] == span[1]:
            if day.weekday() != weekday:
                raise Unclear
            self.singles.append(day)
        else:
            self._within(span, weekday)

    def _within(self, span: tuple[date, date], weekday: int) -> None:
        days = [span[0] + timedelta(days=n) for n in range((span[1] - span[0]).days + 1)]
        found = [day for day in days if day.weekday() == weekday and day >= self.today]
        if not found:
            raise Unclear
        self.singles += found

    def exclude(self, pieces: list[Piece]) -> None:
        kinds = "".join(piece.kind for piece in pieces)
        if re.match(r"Dc+[DWL]", kinds) and kinds.endswith("n") and pieces[0].value[0] != pieces[0].value[1]:
            self.ranges.append(pieces[0].value)  # "esta semana, el viernes no": the week is wanted
            pieces = pieces[1:]
        for piece in pieces:
            if piece.kind == "W":
                self.excluded_weekdays.add(piece.value)
            elif piece.kind == "L":
                self.excluded_weekdays |= piece.value
            elif piece.kind == "D":
                low, high = piece.value
                self.excluded_days |= {low + timedelta(days=n) for n in range((high - low).days + 1)}

    def exclude_part(self, pieces: list[Piece]) -> None:
        part = next(p.value for p in pieces if p.kind == "P")
        if part == "morning":
            self.since = max(self.since or time(13), time(13))
        else:
            self.until = min(self.until or time(23, 59), LIMITS[part][0])

    def first_of_two(self, pieces: list[Piece]) -> None:
        """"El sábado a la mañana o el lunes a la tarde": one of them is inside what was asked."""
        self._part_hint = ""
        self.alone(pieces[:2])

    def day_other_part(self, pieces: list[Piece]) -> None:
        self.alone([pieces[0]])
        self.parts.append(pieces[-1].value)

    def _day(self, piece: Piece, end: int = 0) -> date:
        return next_weekday(self.today, piece.value) if piece.kind == "W" else piece.value[end]

    def between(self, pieces: list[Piece]) -> None:
        low, high = [p for p in pieces if p.kind in "DW"]
        start, end = self._day(low), self._day(high, 1)
        if end < start and high.kind == "W":
            end = next_weekday(start, high.value)
        if end < start or start < self.today:
            raise Unclear
        self.ranges.append((start, end))

    def weekday_run(self, pieces: list[Piece]) -> None:
        low, high = (p.value for p in pieces if p.kind == "W")
        if low >= high:
            raise Unclear
        if ahead := self.ranges_ahead():
            for weekday in range(low, high + 1):
                self._within(ahead[0], weekday)
        else:
            self.weekdays |= set(range(low, high + 1))

    def from_day(self, pieces: list[Piece]) -> None:
        self.first = self._day(pieces_day(pieces))

    def after_day(self, pieces: list[Piece]) -> None:
        self.first = self._day(pieces_day(pieces), 1) + timedelta(days=1)

    def before_day(self, pieces: list[Piece]) -> None:
        self.last = self._day(pieces_day(pieces)) - timedelta(days=1)
        if self.last < self.today:
            raise Unclear

    def until_day(self, pieces: list[Piece]) -> None:
        self.last = self._day(pieces_day(pieces), 1)

    def _clock(self, pieces: list[Piece], index: int = 0) -> time:
        clock: Clock = [p.value for p in pieces if p.kind == "T"][index]
        return clock.resolve(self._part_hint)

    def window(self, pieces: list[Piece]) -> None:
        start, end = self._clock(pieces), self._clock(pieces, 1)
        if start >= end:
            raise Unclear
        self.since, self.until = start, end

    def since_clock(self, pieces: list[Piece]) -> None:
        clock = self._clock(pieces)
        self.since = max(self.since or clock, clock)

    def until_clock(self, pieces: list[Piece]) -> None:
        clock = self._clock(pieces)
        self.until = min(self.until or clock, clock)

    def about(self, pieces: list[Piece]) -> None:
        clock = self._clock(pieces)
        self.since = clock.replace(hour=max(clock.hour - 1, 0))
        self.until = clock.replace(hour=min(clock.hour + 1, 23))
        self.near = clock

    def alone(self, pieces: list[Piece]) -> None:
        for piece in pieces:
            self._alone_day(piece) if piece.kind in "DWL" else self._alone_hour(piece)

    def _alone_day(self, piece: Piece) -> None:
        match piece.kind:
            case "D" if piece.value[0] != piece.value[1]:
                self.ranges.append(piece.value)
            case "D":
                self.singles.append(piece.value[0])
            case "W" if self.ranges_ahead():
                self._within(self.ranges_ahead()[0], piece.value)
            case "W":
                self.singles.append(next_weekday(self.today, piece.value))
            case "L":
                self.weekdays |= piece.value

    def _alone_hour(self, piece: Piece) -> None:
        match piece.kind:
            case "P":
                self.parts.append(piece.value)
            case "T":
                self.clocks.append(piece.value.resolve(self._part_hint))
            case "B" if self.since and self.until:
                raise Unclear
            case "B":
                self.since, self.until = piece.value
            case "S":
                self.since = piece.value
            case "U":
                self.until = piece.value
            case "q":
                self.anything = True

    def habit(self, pieces: list[Piece]) -> None:
        """"Los martes y jueves": the article is of all."""
        for piece in pieces:
            if piece.kind in "WL":
                self.weekdays |= {piece.value} if piece.kind == "W" else piece.value

    def ranges_ahead(self) -> list[tuple[date, date]]:
        """Weeks and months said anywhere in the words: "la semana que viene, el martes"."""
        return self.ranges + [p.value for p in self.pieces if p.kind == "D" and p.value[0] != p.value[1]]

    def _combined(self) -> When:
        first, last, days = self._span()
        at = self.clocks[0] if len(set(self.clocks)) == 1 else None
        since, until = self.since, self.until
        if len(set(self.clocks)) > 1:
            since, last_clock = min(self.clocks), max(self.clocks)
            until = last_clock.replace(minute=last_clock.minute + 1)
        parts = set(self.parts)
        part = self.parts[0] if len(parts) == 1 and not (at or since or until) else ""
        if len(parts) == 1 and (at or since or until) and not part:
            part = self._fitting_part(self.parts[0], at)
        if first and last and (last < first or last < self.today):
            raise Unclear
        return When(first, last, part, since, until, at, days, frozenset(self.weekdays),
                    frozenset(self.excluded_days), frozenset(self.excluded_weekdays), self.near)  # fmt: skip

    @staticmethod
    def _fitting_part(part: str, at: time | None) -> str:
        low, high = LIMITS[part]
        fits = at is None or (at >= low and (high is None or at < high))
        return part if fits else ""

    def _span(self) -> tuple[date | None, date | None, frozenset[date]]:
        singles = sorted({day for day in self.singles if day not in self.excluded_days})
        ranges = [] if singles and self._inside(singles) else self.ranges
        lows = [r[0] for r in ranges] + singles
        highs = [r[1] for r in ranges] + singles
        first = max(min(lows), self.today) if lows else self.first
        last = max(highs) if highs else self.last
        if lows and self.first:
            first = max(first, self.first)
        if highs and self.last:
            last = min(last, self.last)
        if first is None and (last or self.anything or self.weekdays):
            first = self.today
        run = ranges or not singles or (singles[-1] - singles[0]).days + 1 == len(singles)
        return first, last, frozenset() if run else frozenset(singles)

    def _inside(self, singles: list[date]) -> bool:
        return any(low <= day <= high for day in singles for low, high in self.ranges)


def pieces_day(pieces: list[Piece]) -> Piece:
    return next(p for p in pieces if p.kind in "DW")


_D = "[DW]"
SHAPES = [
    (re.compile(shape), method)
    for shape, method in (
        (r"kj?D", "week_of"),
        (rf"{_D}Pn[cx]*P", "day_other_part"),
        (rf"{_D}P[oc]+{_D}[PT]|{_D}T[oc]+{_D}[PT]", "first_of_two"),
        (rf"n?i[dj]?t?(?:{_D}|L)(?:[oc]*i(?:{_D}|L))*", "exclude"),
        (rf"m[dj]?t?(?:{_D}|L)(?:[omnic]+(?:{_D}|L))*|n[dj]?t?(?:{_D}|L)(?:[omni]+(?:{_D}|L))*(?!n)", "exclude"),
        (rf"(?:{_D}|L)(?:[oc](?:{_D}|L))*P?x?n(?!{_D}n)", "exclude"),
        (r"[mni]P", "exclude_part"),
        (r"Pn", "exclude_part"),
        (r"n[at]T|nfT", "until_clock"),
        (r"n[bu]T", "since_clock"),
        (r"nu[dj]?[DW]", "from_day"),
        (r"d?WtW(?<!jWtW)", "weekday_run"),
        (rf"[fedj][dj]?{_D}[tuo][dj]?t?{_D}", "between"),
        (r"e?TotT|[fed]T[tuo]+T|eToT", "window"),
        (rf"[fdj]*{_D}g", "from_day"),
        (rf"f[dj]?{_D}", "from_day"),
        (rf"a[dj]?t?{_D}", "after_day"),
        (rf"b[dj]?t?{_D}", "before_day"),
        (rf"u[dj]?{_D}", "until_day"),
        (rf"{_D}t{_D}", "between"),
        (r"[fd]*Tg|fd?T|at?d?T", "since_clock"),
        (r"bt?d?T|ut?d?T", "until_clock"),
        (r"rT", "about"),
        (r"WD|DW|W[dj]+D|Dcc?W(?![DWoc])", "agree"),
        (r"L(?:[oc]+[WL])+", "habit"),
        (r"[DWLPTBSUq]", "alone"),
    )
]
