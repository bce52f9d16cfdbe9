"""What Google's events mean for somebody's time; and an appointment as one. No database."""
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agenda.calendars import events, names
from tests.fakes.google import contract

BUENOS_AIRES = "America/Argentina/Buenos_Aires"


def read(zone=BUENOS_AIRES, **item):
    timed = {"start": {"dateTime": "2026-11-25T10:00:00-03:00"}, "end": {"dateTime": "2026-11-25T11:00:00-03:00"}}
    return events.read({"id": "a1", "status": "confirmed", **timed, **item}, zone=zone, tenant_id=7)


def day(first, last):
    return {"start": {"date": first}, "end": {"date": last}}


def test_times_are_instants():
    found = read()
    assert (found.start_at, found.end_at) == (
        datetime(2026, 11, 25, 13, tzinfo=UTC), datetime(2026, 11, 25, 14, tzinfo=UTC))
    assert found.busy and not found.all_day and found.instance_at == found.start_at


def test_a_time_without_an_offset_is_of_its_own_zone_or_the_calendars():
    naive = {"dateTime": "2026-11-25T10:00:00"}
    assert read(start=naive, end=naive | {"dateTime": "2026-11-25T12:00:00"}).start_at.hour == 13
    assert read(start=naive | {"timeZone": "Europe/Madrid"}).start_at.hour == 9


@pytest.mark.parametrize(("zone", "hours"), [
    (BUENOS_AIRES, 3), ("Europe/Madrid", -1), ("UTC", 0), ("Asia/Tokyo", -9), ("No/Where", 0)])
def test_a_whole_day_is_the_calendars_and_its_end_is_the_first_day_that_is_free(zone, hours):
    found = read(zone, **day("2026-11-25", "2026-11-26"))
    assert found.start_at == datetime(2026, 11, 25, tzinfo=UTC) + timedelta(hours=hours)
    assert found.end_at - found.start_at == timedelta(days=1) and found.all_day


@given(st.sampled_from(["America/Santiago", "America/Asuncion", "America/Havana", "America/New_York", BUENOS_AIRES]),
       st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(1, 9))
def test_whole_days_begin_and_end_where_the_calendars_days_do(zone, first, length):
    last = first + timedelta(days=length)
    found = read(zone, **day(first.isoformat(), last.isoformat()))
    local = ZoneInfo(zone)
    assert found.start_at.astimezone(local).date() == first
    assert (found.start_at - timedelta(seconds=1)).astimezone(local).date() == first - timedelta(days=1)
    assert (found.end_at - timedelta(seconds=1)).astimezone(local).date() == last - timedelta(days=1)


@pytest.mark.parametrize(("item", "busy"), [
    ({}, True), ({"transparency": "opaque"}, True), ({"transparency": "transparent"}, False),
    ({"status": "tentative"}, True),
    ({"attendees": [{"self": True, "responseStatus": "declined"}]}, False),
    ({"attendees": [{"self": True, "responseStatus": "needsAction"}]}, True),
    ({"attendees": [{"email": "x@y", "responseStatus": "declined"}, {"self": True, "responseStatus": "accepted"}]},
     True),
    ({"eventType": "outOfOffice"}, True), ({"eventType": "focusTime"}, True), ({"eventType": "birthday"}, False),
    ({"eventType": "workingLocation"}, False),
    ({"end": {"dateTime": "2026-11-25T10:00:00-03:00"}}, False),
])
def test_what_takes_time(item, busy):
    assert read(**item).busy is busy


def test_an_instance_is_named_by_where_it_was_first():
    found = read(originalStartTime={"dateTime": "2026-11-18T09:00:00-03:00"}, recurringEventId="a")
    assert found.instance_at == datetime(2026, 11, 18, 12, tzinfo=UTC)


def test_of_a_cancelled_event_only_the_id_is_needed():
    found = events.read({"id": "a1", "status": "cancelled"}, zone="UTC", tenant_id=7)
    assert found.cancelled and not found.busy and found.event_id == "a1"


@pytest.mark.parametrize("item", [
    {"start": {}}, {"start": None}, {"start": {"dateTime": "soon"}}, {"end": {"date": "2026-13-01"}}, {"id": ""},
    {"end": {"dateTime": "2026-11-25T09:00:00-03:00"}}])
def test_what_cannot_be_read_is_nothing_rather_than_a_guess(item):
    assert read(**item) is None


def appointment(**others):
    return SimpleNamespace(**{
        "pk": 5, "version": 3, "start_at": datetime(2026, 11, 25, 13, tzinfo=UTC),
        "end_at": datetime(2026, 11, 25, 13, 40, tzinfo=UTC), "treatment": "Limpieza", "reason": "le duele la 26",
        "note": "debe plata", "patient": SimpleNamespace(first_name="Ana", last_name="Quiroga", phone="+54934155501",
                                                         dni="30111222", insurance="OSDE")} | others)


def test_the_id_is_the_same_for_ever_and_as_google_wants_it():
    assert events.event_id(1, 5) == "8c44d2df6656564f8337683cd6180154"
    assert events.event_id(1, 5) == events.event_id(1, 5)
    assert len({events.event_id(1, 5), events.event_id(1, 6), events.event_id(2, 5), events.event_id(11, 5)}) == 4
    assert set(events.event_id(1, 5)) <= set("0123456789abcdefghijklmnopqrstuv")


def test_google_learns_when_and_little_of_who():
    body = events.body(appointment(), tenant_id=7, zone=BUENOS_AIRES)
    contract("Event").validate(body)
    assert body["summary"] == "Ana Q. · Limpieza" and body["visibility"] == "private"
    assert body["start"] == {"dateTime": "2026-11-25T10:00:00-03:00", "timeZone": BUENOS_AIRES}
    said = str(body)
    for secret in ("Quiroga", "30111222", "555", "OSDE", "duele", "plata"):
        assert secret not in said


def ours(**others):
    body = events.body(appointment(), tenant_id=7, zone=BUENOS_AIRES)
    return events.read({"id": events.event_id(7, 5), **body, **others}, zone=BUENOS_AIRES, tenant_id=7)


def test_our_own_event_is_known_by_what_we_wrote_and_its_id():
    assert ours().appointment == 5
    assert ours(id="copied1").appointment is None  # who duplicates an event in Google copies what we wrote too
    assert ours(extendedProperties={"private": {"app": "dentalogic", "tenant": "8", "appointment": "5"}}
                ).appointment is None
    assert ours(summary="Otra cosa", id=events.event_id(7, 5)).appointment == 5  # never by its text


# --- which calendar is whose


def whose(last, first, *choices):
    listed = [{"id": one.partition("|")[0], "name": one.partition("|")[2] or one} for one in choices]
    return names.suggested(SimpleNamespace(last_name=last, first_name=first), listed)


@pytest.mark.parametrize(("last", "first", "choices", "expected"), [
    ("Pérez", "Laura", ["a|Dra. PEREZ", "b|Dr. Gómez"], "a"),
    ("Pérez", "Laura", ["a|Agenda Dra. Laura Pérez", "b|Pérez"], "a"),
    ("Pérez", "Laura", ["laura.perez@clinica.example|Consultorio", "b|Personal"], "laura.perez@clinica.example"),
    ("Ibáñez Soto", "Inés", ["a|Od. Ines Ibanez Soto", "b|Ibáñez"], "a"),
    ("Pérez", "Laura", ["a|Pérez", "b|Dr. Perez"], ""),
    ("Pérez", "Laura", ["a|Laura", "b|Feriados"], ""),
    ("Pérez", "Laura", [], ""),
    ("Doctor", "Ana", ["a|Dr. Doctor"], ""),
])
def test_a_calendar_is_suggested_by_name_without_titles_and_accents(last, first, choices, expected):
    assert whose(last, first, *choices) == expected
