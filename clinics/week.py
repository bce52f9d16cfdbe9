"""The week of a form: what was typed day by day, kept as it was typed, and the working hours that it means.

Fields are `week-<day>-open` and, a row each, `week-<day>-from` and `week-<day>-to`.
"""
import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from clinics import hours

NAMES = (
    gettext_noop("Lunes"), gettext_noop("Martes"), gettext_noop("Miércoles"), gettext_noop("Jueves"),
    gettext_noop("Viernes"), gettext_noop("Sábado"), gettext_noop("Domingo"),
)
_TYPED = re.compile(r"(\d{1,2})(?:[:.h ]?(\d{2}))?\s*(?:hs?\.?)?", re.IGNORECASE | re.ASCII)


@dataclass
class Slot:
    start: str = ""
    end: str = ""
    fault: str = ""
    wrong: str = ""  # "start" or "end": where the focus goes


@dataclass
class Day:
    number: int
    enabled: bool = False
    slots: list[Slot] = field(default_factory=list)
    fault: str = ""

    @property
    def name(self):
        return _(NAMES[self.number])

    @property
    def rows(self):
        """What is shown: a closed or empty day has one blank row to begin with."""
        return self.slots or [Slot()]


@dataclass
class Week:
    days: list[Day]

    @classmethod
    def of(cls, value) -> "Week":
        """From working hours as they are kept."""
        stored = {str(number): (value or {}).get(str(number), {"enabled": False, "slots": []}) for number in range(7)}
        return cls([
            Day(int(key), day["enabled"], [Slot(**slot) for slot in day["slots"]]) for key, day in stored.items()])

    @classmethod
    def typed(cls, data) -> "Week":
        """From a POST; hours are read as people write them: `9`, `9.30`, `0930`, `9 hs`."""
        return cls([_day(data, number) for number in range(7)])

    def value(self) -> dict:
        return {
            str(day.number): {
                "enabled": day.enabled, "slots": [{"start": slot.start, "end": slot.end} for slot in day.slots]}
            for day in self.days if day.enabled or day.slots}

    def is_valid(self) -> bool:
        """Marks each fault where it was typed."""
        for path, text in hours.faults(self.value()):
            self.mark(path, text)
        for day in self.days:
            if day.enabled and not day.slots:
                day.fault = _("Poné de qué hora a qué hora, o dejalo cerrado.")
        return not self.faults

    def mark(self, path, text) -> None:
        """`path` as `hours.faults` says it: `0.slots.1.end`."""
        number, _slots, rest = path.partition(".slots.")
        day, (position, _dot, wrong) = self.days[int(number)], rest.partition(".")
        if position and not day.slots[int(position)].fault:
            day.slots[int(position)].fault, day.slots[int(position)].wrong = text, wrong
        elif not position:
            day.fault = text

    @property
    def faults(self) -> list[str]:
        """`martes, 2.º tramo: …`, in the order of the week."""
        found = []
        for day in self.days:
            found += [f"{day.name}: {day.fault}"] if day.fault else []
            found += [
                _("%(day)s, tramo %(number)s: %(fault)s") % {"day": day.name, "number": at, "fault": slot.fault}
                for at, slot in enumerate(day.slots, 1) if slot.fault]
        return found


def _day(data, number):
    typed = zip(data.getlist(f"week-{number}-from"), data.getlist(f"week-{number}-to"), strict=False)
    slots = [Slot(_hour(start), _hour(end, ends=True)) for start, end in typed if start.strip() or end.strip()]
    day = Day(number, f"week-{number}-open" in data, sorted(slots, key=lambda slot: slot.start))
    if not day.enabled and any(hours.faults({str(number): {"enabled": False, "slots": _plain(slots)}})):
        day.slots = []  # of a day that is closed, what cannot be kept is let go
    return day


def _plain(slots):
    return [{"start": slot.start, "end": slot.end} for slot in slots]


def _hour(text, *, ends=False) -> str:
    """`9` -> `09:00`; what is no hour stays as it was typed. Midnight as an end is the day's."""
    match = _TYPED.fullmatch(text.strip())
    if not match:
        return text.strip()[:12]
    said = f"{int(match[1]):02}:{match[2] or '00'}"
    return "24:00" if ends and said == "00:00" else said
