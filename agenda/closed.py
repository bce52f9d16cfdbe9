"""Why the clinic attends nobody on a day: for whoever asks for that day and hears that nothing is free."""
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from agenda import holidays, hours
from agenda.models import Closure
from agenda.walls import bounds
from clinics import hours as week
from clinics import tenancy


class Closed(NamedTuple):
    """A day or a run of days with one reason. `name`: the holiday's, or the closure's reason, "" where it has none."""

    first: date
    last: date
    holiday: bool
    name: str


def whole(days: Iterable[date]) -> list[Closed]:
    """The reasons, in order, where the whole clinic is closed on each of these days that it otherwise attends on; else
    nothing: a day that is full, a weekday of rest and one professional's leave are no such reason."""
    asked = sorted(set(days))
    if not asked:
        return []
    clinic = tenancy.here()
    attendance, rows, national = _attendance(clinic, asked)
    found = []
    for day in asked:
        reason = _reason(day, rows, national, clinic.zone)
        if attendance.open(day, day):
            return []
        if reason and (day in national or week.windows(clinic.working_hours, day)):
            found.append(Closed(day, day, *reason))
    return _runs(found)


def windows(days: Iterable[date]) -> dict[date, list[tuple[str, str]]]:
    """When the clinic attends on each of these days, holidays and closures heeded: ("09:00", "13:00")."""
    asked = sorted(set(days))
    if not asked:
        return {}
    clinic = tenancy.here()
    attendance = _attendance(clinic, asked)[0]
    return {day: [tuple(_clock(at, day, clinic.zone) for at in span) for span in attendance.open(day, day)]
            for day in asked}


def _clock(instant, day, zone) -> str:
    local = instant.astimezone(zone)
    return f"{local:%H:%M}" if local.date() == day else "24:00"


def _attendance(clinic, asked):
    national = holidays.named(clinic, asked[0], asked[-1])
    since, until = bounds(asked[0], asked[-1], clinic.zone)
    rows = list(Closure.objects.touching(since, until).filter(professional=None, chair=None).order_by("start_at"))
    attendance = hours.attendance(
        professional_id=0, chair_id=None, week=clinic.working_hours, national=national, zone=clinic.zone,
        by_hand=[one for row in rows for one in row.times(since, until, clinic.zone)])
    return attendance, rows, national


def _reason(day, rows, national, zone) -> tuple[bool, str] | None:
    if day in national:
        return True, national[day]
    since, until = bounds(day, day, zone)
    closing = next((row for row in rows if not row.opens and row.times(since, until, zone)), None)
    return closing and (closing.kind == Closure.Kind.HOLIDAY, closing.reason)


def _runs(found) -> list[Closed]:
    runs = []
    for one in found:
        if runs and runs[-1][2:] == one[2:] and (one.first - runs[-1].last).days == 1:
            runs[-1] = runs[-1]._replace(last=one.last)
        else:
            runs.append(one)
    return runs
