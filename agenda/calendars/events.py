"""What a Google event means for somebody's time, and an appointment as an event. Pure: no database, no network."""
import uuid
from datetime import UTC, date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

APP = "dentalogic"
# never another: the ids of events that are there already come from it
NAMESPACE = uuid.UUID("6f1d3a52-0c0e-5b52-9b62-3c1c5c9d2e11")
# those that take time; a birthday or a place of work does not
TYPES = ("default", "focusTime", "outOfOffice", "fromGmail")


class Event(NamedTuple):
    """One event or one instance of a series. A cancelled one has nothing but its id for sure."""

    event_id: str
    instance_at: datetime | None
    start_at: datetime | None
    end_at: datetime | None
    all_day: bool
    busy: bool
    cancelled: bool
    etag: str
    appointment: int | None = None  # that it says it is; a copy of an event says so too


def event_id(tenant_id: int, appointment_id: int) -> str:
    """The same for ever, so that a repeated insert finds what the first one made. Hexadecimal is inside base32hex."""
    return uuid.uuid5(NAMESPACE, f"{tenant_id}:{appointment_id}").hex


def read(item: dict, *, zone: str, tenant_id: int) -> Event | None:
    """An item of `events.list`; None for one that has no times and is not cancelled. `zone` is the calendar's."""
    name, etag = item.get("id", ""), item.get("etag", "")[:100]
    ours = _ours(item, tenant_id)
    if item.get("status") == "cancelled":
        return Event(name, None, None, None, False, False, True, etag, ours)
    try:
        start_at, end_at = _instant(item["start"], zone), _instant(item["end"], zone)
        instance_at = _instant(item["originalStartTime"], zone) if "originalStartTime" in item else start_at
    except (KeyError, ValueError, TypeError):
        return None
    if not name or end_at < start_at:
        return None
    all_day = "date" in item["start"]
    busy = _takes_time(item) and start_at < end_at
    return Event(name, instance_at, start_at, end_at, all_day, busy, False, etag, ours)


def _takes_time(item) -> bool:
    declined = any(
        one.get("self") and one.get("responseStatus") == "declined" for one in item.get("attendees") or ())
    return (item.get("transparency") != "transparent" and not declined
            and item.get("eventType", "default") in TYPES)


def _instant(point: dict, zone: str) -> datetime:
    """An all-day event's edge is a midnight of the calendar's zone; the end's date is the first day that is free."""
    if "date" in point:
        return datetime.combine(date.fromisoformat(point["date"]), time(), zone_of(zone)).astimezone(UTC)
    found = datetime.fromisoformat(point["dateTime"])
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone_of(point.get("timeZone") or zone))
    return found.astimezone(UTC)


def zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _private(item) -> dict:
    return (item.get("extendedProperties") or {}).get("private") or {}


def _ours(item, tenant_id) -> int | None:
    """The appointment that this event is, by what we wrote into it. Who duplicates an event in Google copies that too:
    so its id must be the one that we would give."""
    said = _private(item)
    if said.get("app") != APP or said.get("tenant") != str(tenant_id) or not said.get("appointment", "").isdecimal():
        return None
    appointment_id = int(said["appointment"])
    return appointment_id if item.get("id") == event_id(tenant_id, appointment_id) else None


def version_of(item: dict) -> int:
    """The appointment's version that the event carries; 0 where it says none."""
    said = _private(item).get("version", "")
    return int(said) if said.isdecimal() else 0


def body(appointment, *, tenant_id: int, zone: str) -> dict:
    """The event of an appointment. Google learns when, a first name with an initial and the treatment: no document,
    phone, insurance, reason or note; and whoever the calendar is shared with sees it as busy."""
    return {
        "summary": _title(appointment), "status": "confirmed", "visibility": "private", "transparency": "opaque",
        "start": {"dateTime": appointment.start_at.astimezone(ZoneInfo(zone)).isoformat(), "timeZone": zone},
        "end": {"dateTime": appointment.end_at.astimezone(ZoneInfo(zone)).isoformat(), "timeZone": zone},
        "extendedProperties": {"private": {
            "app": APP, "tenant": str(tenant_id), "appointment": str(appointment.pk),
            "version": str(appointment.version)}},
    }


def _title(appointment) -> str:
    patient = appointment.patient
    if patient is None:
        return str(appointment.treatment)
    initial = f" {patient.last_name[:1]}." if patient.last_name else ""
    return f"{patient.first_name}{initial} · {appointment.treatment}"
