"""A sheet of phrases and what each should be read as, and how many are. For `manage.py evaluate when`.

A line is `{"now", "text"}` and one of `"date"`, `"from"` with `"to"`, `"none": true`; besides them `"time"`, `"part"`,
`"after"` or `"before"` where the phrase says one. Dates and instants are ISO, of the clinic; times are `HH:MM`.
"""
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from agenda.when import When, parse

CLOCK = {"time": "at", "after": "since", "before": "until"}


@dataclass(frozen=True, slots=True)
class Judged:
    text: str
    wanted: dict
    read: dict

    @property
    def agrees(self) -> bool:
        return self.wanted == self.read


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
    return Judged(text, _plain(wanted), _said(parse(text, today=now.date(), now_time=now.time())))


def _plain(wanted):
    """The line's words as `_said` writes them: a day is a range of one."""
    if "date" in wanted:
        wanted = {"from": wanted["date"], "to": wanted["date"]} | wanted
        del wanted["date"]
    return wanted


def _said(when: When | None) -> dict:
    if when is None:
        return {"none": True}
    days = sorted(when.days) or [day for day in (when.first, when.last) if day]
    said = {"from": days[0].isoformat(), "to": days[-1].isoformat()} if days else {}
    said |= {word: f"{value:%H:%M}" for word, name in CLOCK.items() if (value := getattr(when, name))}
    return said | ({"part": when.part} if when.part else {})
