"""Bodies of any shape, read without a fall: what is missing, or of another kind than it should be, is empty."""
import hashlib
import json
import math
from datetime import UTC, datetime

from django.utils.dateparse import parse_datetime

YEARS = range(2000, 2101)  # what a calendar's edge would make of a zone can be stored, and not read again


def clean(value):
    """Without what PostgreSQL cannot keep: NUL, half surrogates, numbers that are none."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [clean(item) for item in value]
    if isinstance(value, dict):
        return {clean(key): clean(item) for key, item in value.items()}
    return value


def part(raw, name) -> dict:
    value = raw.get(name)
    return value if isinstance(value, dict) else {}


def parts(raw, name) -> list:
    """The list by that name, whatever is in it."""
    value = raw.get(name)
    return value if isinstance(value, list) else []


def text(raw, name) -> str:
    value = raw.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


LIMITS = {"latitude": 90, "longitude": 180}


def degrees(raw, name) -> float | None:
    """A latitude or a longitude, in a number or in its digits; none where it is no place on earth."""
    value = raw.get(name) if isinstance(raw, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if -LIMITS[name] <= found <= LIMITS[name] else None


def phone(raw, name) -> str:
    """With its plus, which some leave out."""
    number = text(raw, name)[:20]
    return f"+{number}" if number.isdigit() else number


def instant(raw, name) -> datetime | None:
    """RFC 3339 with its offset."""
    try:
        found = parse_datetime(text(raw, name))
    except ValueError:
        return None
    return found if found and found.tzinfo and found.year in YEARS else None


def moment(raw, name) -> datetime | None:
    """Unix seconds, in a string or not."""
    seconds = text(raw, name)
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) < 12):
        return None
    found = datetime.fromtimestamp(int(seconds), tz=UTC)
    return found if found.year in YEARS else None


def digest(raw) -> str:
    """Names what has no id of its own: the same again is the same."""
    return hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()
