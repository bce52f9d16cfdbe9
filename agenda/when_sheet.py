"""A sheet of phrases and what each should be read as, and how many are. For `manage.py evaluate when`.

An hour says its part of the day: where a line gives one and no part, none is asked for. "Tipo 5" is the time 17:00.

A line is `{"now", "text"}` and one of `"date"`, `"from"` with `"to"`, `"none": true`; besides them `"time"`, `"part"`,
`"after"` or `"before"` where the phrase says one. Dates and instants are ISO, of the clinic; times are `HH:MM`.
"""
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from agenda.when import When, parse
from agenda.when_terms import LIMITS

CLOCK = {"time": "at", "after": "since", "before": "until"}


@dataclass(frozen=True, slots=True)
class Judged:
    text: str
    wanted: dict
    read: dict

    @property
    def agrees(self) -> bool:
        return _plain_part(self.wanted, self.read) == _plain_part(self.read, self.wanted)


def _plain_part(one: dict, other: dict) -> dict:
    """``one`` without a part of the day that the other does not give and that its own hour is in."""
    part, hour = one.get("part"), one.get("time")
    if not part or "part" in other or not one.keys() & CLOCK.keys():
        return one
    if hour and not When(part=part).allows_clock(time.fromisoformat(hour)):
        return one
    return {name: value for name, value in one.items() if name != "part"}


def judge(lines: Iterable[str]) -> list[Judged]:
    """Raises ValueError, with the line's number, for one that is not as above."""
    return [_judged(number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _judged(number, line):
    try:
        wanted = json.loads(line)
        now, text = datetime.fromisoformat(wanted.pop("now")), wanted.pop("text")
        if not wanted:
            raise KeyError("date, from and to, or none")
    except (KeyError, ValueError, AttributeError, TypeError) as fault:
        raise ValueError(f"line {number}: {fault}") from fault
    return Judged(text, _plain(wanted), _said(parse(text, today=now.date(), now_time=now.time()), now.date()))


def _plain(wanted):
    """The line's words as `_said` writes them: a day is a range of one."""
    if "date" in wanted:
        wanted = {"from": wanted["date"], "to": wanted["date"]} | wanted
        del wanted["date"]
    return wanted


def _said(when: When | None, today: date) -> dict:
    """As a line says it. "Cuando puedas" leaves every day open, which is to say none; "a partir del 20" has no end."""
    if when is None:
        return {"none": True}
    first = when.first if when.last or when.first != today else None
    days = {"from": first, "to": when.last if first else None}
    said = {word: day.isoformat() for word, day in days.items() if day}
    return said | _clocks(when) | ({"part": when.part} if when.part else {}) or {"none": True}


def _clocks(when: When) -> dict:
    if when.near:
        return {"time": f"{when.near:%H:%M}"}
    said = {word: value for word, name in CLOCK.items() if (value := getattr(when, name))}
    if when.part and said.get("after") == LIMITS[when.part][0]:  # said twice: "a la mañana no, a la tarde"
        del said["after"]
    return {word: f"{value:%H:%M}" for word, value in said.items()}
