"""The mirror equals the calendar, whatever happened on the way."""
from datetime import date, timedelta

import pytest

from agenda import booking
from agenda.calendars import google, pulling, pushes
from agenda.models import Calendar, CalendarEvent, CalendarPush
from dentalogic.lib import clock
from tests.agenda.calendars.conftest import again, connect, mirrored, utc
from tests.agenda.conftest import TUESDAY, at

LAURA = "laura@clinica.example"


def test_first_all_of_it_then_what_changed(agenda):
    agenda.google.put(LAURA, "reunion", start=utc(13), end=utc(14))
    assert agenda.pulled() == [("reunion", utc(13), utc(14), True)]
    assert "timeMin" in agenda.google.asked[-1]["query"]
    agenda.google.put(LAURA, "nueva", start=utc(15), end=utc(16))
    agenda.google.put(LAURA, "reunion", start=utc(17), end=utc(18))  # moved
    assert agenda.pulled() == [("nueva", utc(15), utc(16), True), ("reunion", utc(17), utc(18), True)]
    query = agenda.google.asked[-1]["query"]
    assert "syncToken" in query and "timeMin" not in query
    agenda.google.drop(LAURA, "nueva")
    assert [one[0] for one in agenda.pulled()] == ["reunion"]


def test_a_token_that_is_too_old_lists_anew_and_drops_what_is_gone(agenda):
    for name in ("uno", "dos", "tres"):
        agenda.google.put(LAURA, f"{name}xx", start=utc(13), end=utc(14))
    agenda.pulled()
    agenda.google.drop(LAURA, "unoxx")
    agenda.google.drop(LAURA, "dosxx")
    agenda.google.forget_tokens()
    assert [one[0] for one in agenda.pulled()] == ["tresxx"]
    assert CalendarEvent.objects.count() == 1
    assert again(agenda.calendar).state == "active" and again(agenda.calendar).failures == 0


def test_a_resync_doubles_nothing(agenda):
    agenda.google.put(LAURA, "reunion", start=utc(13), end=utc(14))
    agenda.pulled()
    ids = list(CalendarEvent.objects.values_list("pk", flat=True))
    agenda.google.forget_tokens()
    agenda.pulled()
    assert list(CalendarEvent.objects.values_list("pk", flat=True)) == ids


def test_nothing_is_cleared_while_google_is_asked_anew(agenda):
    """410, then trouble: what was there is still there."""
    agenda.google.put(LAURA, "reunion", start=utc(13), end=utc(14))
    agenda.pulled()
    agenda.google.forget_tokens()
    agenda.google.script.extend([None, 500])
    assert len(agenda.pulled()) == 1
    assert again(agenda.calendar).fault == google.UNAVAILABLE


def test_across_pages_the_token_is_kept_with_the_items_or_not_at_all(agenda):
    agenda.google.page_size = 2
    for hour in range(5):
        agenda.google.put(LAURA, f"ev{hour}xx", start=utc(hour), end=utc(hour, 30))
    agenda.google.script.extend([None, None, 503])
    assert agenda.pulled() == [] and again(agenda.calendar).sync_token == ""
    assert len(agenda.pulled()) == 5 and again(agenda.calendar).sync_token


def test_whole_days_series_and_what_takes_no_time(agenda):
    agenda.google.put(LAURA, "feriado", start=date(2026, 11, 25), end=date(2026, 11, 26))
    agenda.google.put(LAURA, "libre", start=utc(13), end=utc(14), transparency="transparent")
    agenda.google.put(LAURA, "dicho", start=utc(14), end=utc(15),
                      attendees=[{"email": LAURA, "self": True, "responseStatus": "declined"}])
    agenda.google.put(LAURA, "curso_20261125", start=utc(15), end=utc(16), recurringEventId="curso",
                      originalStartTime={"dateTime": "2026-11-25T12:00:00Z"})
    agenda.google.put(LAURA, "cumple", start=date(2026, 11, 25), end=date(2026, 11, 26), eventType="birthday",
                      transparency="transparent")
    found = {event: (start, end, busy) for event, start, end, busy in agenda.pulled()}
    assert found == {
        "feriado": (utc(3), utc(3, day=26), True), "libre": (utc(13), utc(14), False),
        "dicho": (utc(14), utc(15), False), "curso_20261125": (utc(15), utc(16), True)}
    moved = CalendarEvent.objects.get(event_id="curso_20261125")
    assert moved.instance_at == utc(12)
    agenda.google.drop(LAURA, "curso_20261125")
    assert "curso_20261125" not in [one[0] for one in agenda.pulled()]


def test_our_own_appointments_take_no_time_in_the_mirror(agenda):
    row = agenda.book(at(15))
    agenda.told(row)
    agenda.pulled()
    event = CalendarEvent.objects.get()
    assert event.appointment_id == row.pk
    booking.cancel(appointment=row, by=agenda.by)
    assert "15:00" in agenda.starts()  # Google still has it; here its time is free
    pushes.push(calendar_id=agenda.calendar.pk)
    agenda.pulled()
    assert CalendarEvent.objects.count() == 0


def test_one_id_in_two_calendars_and_two_clinics(agenda, bosque, within):
    """A meeting of two professionals has one id in both calendars; somebody else's may have it in another clinic."""
    other = connect(agenda.google, "bruno@clinica.example")
    for name in (LAURA, "bruno@clinica.example"):
        agenda.google.put(name, "equipo", start=utc(13), end=utc(14))
    agenda.pulled()
    pulling.pull(calendar_id=other.pk)
    with within(bosque):
        theirs = connect(agenda.google, "marta@bosque.example")
        agenda.google.put("marta@bosque.example", "equipo", start=utc(13), end=utc(14))
        pulling.pull(calendar_id=theirs.pk)
        assert len(mirrored(theirs)) == 1
    assert len(mirrored(agenda.calendar)) == len(mirrored(other)) == 1
    agenda.google.drop(LAURA, "equipo")
    agenda.pulled()
    assert mirrored(agenda.calendar) == [] and len(mirrored(other)) == 1
    with within(bosque):
        assert len(mirrored(theirs)) == 1


def test_an_event_with_the_id_of_our_appointment_in_another_calendar_is_foreign(agenda):
    row = agenda.book(at(15))
    agenda.told(row)
    other = connect(agenda.google, "bruno@clinica.example")
    agenda.google.put("bruno@clinica.example", again(row).google_calendar_event_id, start=utc(13), end=utc(14))
    pulling.pull(calendar_id=other.pk)
    assert CalendarEvent.objects.get(calendar=other).appointment_id is None


def test_what_was_moved_or_deleted_in_google_is_put_back(agenda):
    row = agenda.book(at(15))
    agenda.told(row)
    event_id = again(row).google_calendar_event_id
    event = agenda.google.calendars[LAURA]["events"][event_id]
    agenda.clock.shift(timedelta(minutes=1))
    agenda.google._keep(LAURA, event | {"start": {"dateTime": "2026-11-24T18:00:00-03:00"},
                                        "end": {"dateTime": "2026-11-24T18:30:00-03:00"}})
    agenda.pulled()
    pushes.push(calendar_id=agenda.calendar.pk)
    assert agenda.google.events(LAURA)[0]["start"]["dateTime"] == "2026-11-24T15:00:00-03:00"
    agenda.clock.shift(timedelta(minutes=1))
    agenda.google.drop(LAURA, event_id)
    agenda.pulled()
    pushes.push(calendar_id=agenda.calendar.pk)
    assert len(agenda.google.events(LAURA)) == 1
    asked = agenda.google.count("PATCH", "/events/")
    agenda.clock.shift(timedelta(minutes=1))
    agenda.pulled()  # our own echo
    pushes.push(calendar_id=agenda.calendar.pk)
    assert agenda.google.count("PATCH", "/events/") == asked


def test_an_event_that_we_wrote_before_it_was_disconnected_is_taken_up_again(agenda):
    row = agenda.book(at(15))
    agenda.told(row)
    CalendarPush.objects.all().delete()
    booking.cancel(appointment=row, by=agenda.by)
    agenda.pulled()
    assert CalendarEvent.objects.get().appointment_id == row.pk
    pushes.push(calendar_id=agenda.calendar.pk)
    assert agenda.google.events(LAURA) == []


def test_an_older_answer_undoes_no_newer_one(agenda):
    from agenda.calendars import mirror

    agenda.google.put(LAURA, "reunion", start=utc(13), end=utc(14))
    agenda.pulled()
    mirror.replace(agenda.calendar, [], asked_at=clock.now() - timedelta(seconds=5))
    assert len(mirrored(agenda.calendar)) == 1
    mirror.replace(agenda.calendar, [], asked_at=clock.now() + timedelta(seconds=5))
    assert mirrored(agenda.calendar) == []


def test_only_one_pulls_at_a_time_and_a_dead_one_is_taken_over(agenda):
    first = pulling._claimed(agenda.calendar.pk)
    assert first is not None and pulling._claimed(agenda.calendar.pk) is None
    agenda.clock.shift(timedelta(minutes=3))
    second = pulling._claimed(agenda.calendar.pk)
    assert second is not None
    listing = google.Listing([], "UTC", "late-token")
    pulling._stored(first, listing, True)  # it lives after all: what it brings is not taken
    assert again(agenda.calendar).sync_token == ""
    pulling._stored(second, listing, True)
    assert again(agenda.calendar).sync_token == "late-token"


def test_a_notice_that_comes_while_it_is_pulled_pulls_once_more(agenda):
    claim = pulling._claimed(agenda.calendar.pk)
    agenda.clock.shift(timedelta(seconds=1))
    pulling.wanted(agenda.calendar)
    pulling._stored(claim, google.Listing([], "UTC", "t"), True)
    assert pulling.due() == [agenda.calendar.pk]
    agenda.pulled()
    assert pulling.due() == []


def test_the_periodic_pull_is_due_again(agenda, settings):
    agenda.pulled()
    agenda.clock.shift(timedelta(seconds=settings.GOOGLE_PULL_SECONDS + 1))
    assert pulling.due() == [agenda.calendar.pk]


def test_the_window_is_listed_anew_before_it_ends(agenda):
    agenda.pulled()
    agenda.clock.shift(timedelta(days=40))
    agenda.pulled()
    assert "syncToken" in agenda.google.asked[-1]["query"]
    agenda.clock.shift(timedelta(days=20))
    agenda.pulled()
    assert "timeMin" in agenda.google.asked[-1]["query"]


@pytest.mark.parametrize(("trouble", "state", "fault"), [
    ((404, "notFound"), Calendar.State.REFUSED, google.MISSING),
    ((403, "forbidden"), Calendar.State.REFUSED, google.FORBIDDEN),
    (500, Calendar.State.ACTIVE, google.UNAVAILABLE)])
def test_what_no_retry_helps_stops_it_and_is_said(agenda, trouble, state, fault):
    agenda.google.script.append(trouble)
    agenda.pulled()
    calendar = again(agenda.calendar)
    assert (calendar.state, calendar.fault, calendar.pulling_since) == (state, fault, None)


def test_three_failures_in_a_row_let_it_rest_and_one_success_wakes_it(agenda):
    agenda.google.sick[LAURA] = 503
    for _time in range(3):
        agenda.pulled()
    calendar = again(agenda.calendar)
    assert calendar.is_paused(clock.now()) and pulling.due() == []
    asked = len(agenda.google.asked)
    agenda.pulled()
    assert len(agenda.google.asked) == asked
    agenda.clock.shift(timedelta(seconds=31))
    agenda.pulled()  # still ill: it rests longer
    assert again(agenda.calendar).paused_until > clock.now() + timedelta(seconds=45)
    agenda.clock.shift(timedelta(minutes=2))
    del agenda.google.sick[LAURA]
    agenda.pulled()
    calendar = again(agenda.calendar)
    assert (calendar.failures, calendar.fault, calendar.paused_until) == (0, "", None)


def test_what_the_mirror_holds_is_not_offered_nor_bookable(agenda):
    agenda.google.put(LAURA, "reunion", start=at(15), end=at(16))
    assert "15:00" in agenda.starts(TUESDAY)
    agenda.pulled()
    offered = agenda.starts(TUESDAY)
    assert "15:00" not in offered and "15:45" not in offered and "16:00" in offered
    with pytest.raises(booking.SlotTaken):
        agenda.book(at(15, 30))


def test_one_event_that_cannot_be_read_does_not_stop_the_others(agenda):
    agenda.google.put(LAURA, "raroxx", start=utc(13), end=utc(14))
    agenda.google.calendars[LAURA]["events"]["raroxx"]["end"] = {"dateTime": "2026-11-25T13:00:00-23:59"}
    agenda.google.put(LAURA, "reunion", start=utc(15), end=utc(16))
    names = [one[0] for one in agenda.pulled()]
    assert "reunion" in names
