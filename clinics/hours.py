"""Working hours as the clinics write them: `{"0": {"enabled": true, "slots": [{"start": "09:00", "end": "13:00"}]}}`.

`"0"` is Monday; slots are sorted and do not overlap; `24:00` may end a day; a missing day is closed.
"""
import re
from datetime import date, time

from django.utils.translation import gettext as _

DAYS = [str(day) for day in range(7)]
ENGLISH = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
MIDNIGHT = time(0, 0)  # as an end: the day's last instant
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def closed_week() -> dict:
    return {}


def imported(value: dict) -> dict:
    """English day names become digits; everything else is left for `faults` to judge."""
    return {str(ENGLISH.index(k.lower())) if k.lower() in ENGLISH else k: v for k, v in value.items()}


def faults(value):
    """Yield `(path, text)` for everything that is not as it should be."""
    if not isinstance(value, dict):
        yield "", _("Tiene que ser un objeto con los días.")
        return
    for key, day in value.items():
        if key not in DAYS:
            yield key, _("El día va de 0 (lunes) a 6 (domingo).")
        elif not isinstance(day, dict) or set(day) != {"enabled", "slots"} or not isinstance(day["enabled"], bool):
            yield key, _("Cada día lleva enabled y slots.")
        elif not isinstance(day["slots"], list):
            yield f"{key}.slots", _("Tiene que ser una lista.")
        else:
            yield from _slot_faults(key, day["slots"])


def _slot_faults(key, slots):
    last = ""
    for position, slot in enumerate(slots):
        path = f"{key}.slots.{position}"
        if not isinstance(slot, dict) or set(slot) != {"start", "end"}:
            yield path, _("Cada tramo lleva start y end.")
            return
        start, end = slot["start"], slot["end"]
        if not (isinstance(start, str) and _CLOCK.fullmatch(start)):
            yield f"{path}.start", _("La hora se escribe HH:MM.")
            return
        if not (isinstance(end, str) and (_CLOCK.fullmatch(end) or end == "24:00")):
            yield f"{path}.end", _("La hora se escribe HH:MM.")
            return
        if end <= start:
            yield f"{path}.end", _("Tiene que terminar después de empezar.")
        if start < last:
            yield f"{path}.start", _("Los tramos van en orden y no se pisan.")
        last = end


def windows(value: dict, day: date) -> list[tuple[time, time]]:
    """The day's open stretches on the wall clock; an end of `MIDNIGHT` is the end of the day."""
    entry = (value or {}).get(str(day.weekday()))
    if not entry or not entry["enabled"]:
        return []
    return [(_clock(slot["start"]), _clock(slot["end"])) for slot in entry["slots"]]


def _clock(text):
    return MIDNIGHT if text == "24:00" else time.fromisoformat(text)
