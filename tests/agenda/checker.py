"""Whether an agenda is consistent, by looking at every pair of its rows: knows nothing of the engine or of SQL."""
from collections import defaultdict
from itertools import combinations

TAKING = {"held", "scheduled", "confirmed", "arrived", "seated", "completed"}
AHEAD = {"scheduled", "confirmed"}
STAMP = {"confirmed": "confirmed_at", "arrived": "arrived_at", "seated": "seated_at", "completed": "completed_at",
         "cancelled": "cancelled_at", "no_show": "no_show_at"}


def faults(rows, closures, *, now, zone, week, buffer):
    """What is wrong, in words. `rows` and `closures` are dicts of columns; `week` is {weekday: [(start, end)]}."""
    found = []
    taking = [row for row in rows if row["status"] in TAKING and not _ran_out(row, now)]
    for one, other in _near(taking):
        found += _of_pair(one, other, buffer)
    for row in rows:
        found += _of_row(row, closures, zone, week)
    keys = [row["idempotency_key"] for row in rows if row["idempotency_key"]]
    if len(keys) != len(set(keys)):
        found.append("one key made two rows")
    return found


def _ran_out(row, now):
    return row["status"] == "held" and row["held_until"] <= now


def _near(rows):
    """Pairs of one day, for no visit is longer."""
    days = defaultdict(list)
    for row in rows:
        days[row["start_at"].date()].append(row)
    for of_day in days.values():
        yield from combinations(of_day, 2)


def _of_pair(one, other, buffer):
    shared = [name for name in ("professional_id", "chair_id", "patient_id") if one[name] and one[name] == other[name]]
    if not shared or one["overbooked"] or other["overbooked"]:
        return
    first, second = sorted((one, other), key=lambda row: row["start_at"])
    names = f"{one['id']} and {other['id']} ({', '.join(shared)})"
    if first["end_at"] > second["start_at"]:
        yield f"{names} overlap"
    asked = [row["overbook_reason"] for row in (one, other)]
    if shared != ["patient_id"] and not any(asked) and first["end_at"] + buffer > second["start_at"]:
        yield f"{names} leave no buffer"


def _of_row(row, closures, zone, week):
    name = f"{row['id']} ({row['status']})"
    if row["end_at"] <= row["start_at"]:
        yield f"{name} ends before it starts"
    if row["status"] != "held" and row["patient_id"] is None:
        yield f"{name} has no patient"
    if row["status"] in STAMP and row[STAMP[row["status"]]] is None:
        yield f"{name} has no stamp"
    if row["status"] == "scheduled" and row["confirmed_at"]:
        yield f"{name} is confirmed and is not"
    if row["overbooked"] and not row["overbook_reason"]:
        yield f"{name} is overbooked for no reason"
    start, end = (moment.astimezone(zone).replace(tzinfo=None) for moment in (row["start_at"], row["end_at"]))
    windows = week.get(start.weekday(), ())
    if not any(opens <= start.time() and end.time() <= closes and end.date() == start.date()
               for opens, closes in windows):
        yield f"{name} is outside the hours: {start} to {end}"
    if row["status"] in AHEAD:
        for closure in closures:
            if closure["start_at"] < row["end_at"] and row["start_at"] < closure["end_at"] and closure[
                    "professional_id"] in (None, row["professional_id"]):
                yield f"{name} is in closure {closure['id']}"
