"""Our appointments in Google: one event each whatever happens, and none of what is not."""
from datetime import timedelta

import pytest

from agenda import booking
from agenda.calendars import events, google, pushes
from agenda.models import Appointment, Calendar, CalendarPush
from dentalogic.lib import clock
from tests.agenda.calendars.conftest import again, connect, utc
from tests.agenda.conftest import at
from tests.agenda.factories import PatientFactory, TreatmentFactory
from tests.factories import ProfessionalFactory


def there(agenda, calendar=None) -> list[tuple]:
    """What the calendar shows: `(summary, start)` of each event."""
    return [(one["summary"], one["start"]["dateTime"]) for one in agenda.google.events(
        (calendar or agenda.calendar).google_id)]


def do(agenda):
    pushes.push(calendar_id=agenda.calendar.pk)


def test_what_is_booked_is_one_event_with_the_id_that_is_its_own(agenda):
    row = agenda.book(at(15))
    row = again(row)
    assert row.google_calendar_event_id == events.event_id(agenda.tenant.pk, row.pk)
    assert row.google_calendar_sync_status == pushes.PENDING and there(agenda) == []
    do(agenda)
    assert len(there(agenda)) == 1 and again(row).google_calendar_sync_status == pushes.SYNCED
    assert agenda.google.events("laura@clinica.example")[0]["id"] == row.google_calendar_event_id
    do(agenda)
    assert agenda.google.count("POST", "/events") == 1


def test_a_hold_is_not_told_and_what_it_becomes_is(agenda):
    agenda.hold(at(15))
    assert CalendarPush.objects.count() == 0
    agenda.book(at(15), holder="conversation:7")
    do(agenda)
    assert len(there(agenda)) == 1


def test_moving_patches_the_same_event_with_its_real_length(agenda):
    row = agenda.book(at(15), treatment=TreatmentFactory(minutes=50))
    do(agenda)
    booking.move(appointment=row, start_at=at(17), by=agenda.by)
    do(agenda)
    event = agenda.google.events("laura@clinica.example")[0]
    assert (event["start"]["dateTime"], event["end"]["dateTime"]) == (
        "2026-11-24T17:00:00-03:00", "2026-11-24T17:50:00-03:00")
    assert agenda.google.count("POST", "/events") == 1 and agenda.google.count("PATCH", "/events/") == 1
    assert event["extendedProperties"]["private"]["version"] == "2"


def test_cancelling_deletes_it_and_a_repetition_is_no_fault(agenda):
    row = agenda.book(at(15))
    do(agenda)
    booking.cancel(appointment=row, by=agenda.by)
    agenda.google.drop("laura@clinica.example", again(row).google_calendar_event_id)  # somebody did it already
    do(agenda)
    assert there(agenda) == []
    assert CalendarPush.objects.get().next_try_at is None and again(row).google_calendar_sync_status == pushes.SYNCED


def test_cancelled_before_it_was_told_leaves_nothing(agenda):
    row = agenda.book(at(15))
    booking.cancel(appointment=row, by=agenda.by)
    do(agenda)
    assert there(agenda) == [] and CalendarPush.objects.get().next_try_at is None


def test_to_another_professional_it_leaves_one_calendar_and_comes_to_the_other(agenda):
    other = ProfessionalFactory(working_hours=None)
    theirs = connect(agenda.google, "bruno@clinica.example", professional=other)
    row = agenda.book(at(15))
    do(agenda)
    booking.move(appointment=row, start_at=at(16), professional=other, by=agenda.by)
    for calendar in (agenda.calendar, theirs):
        pushes.push(calendar_id=calendar.pk)
    assert there(agenda) == [] and len(there(agenda, theirs)) == 1
    booking.move(appointment=again(row), start_at=at(17), professional=agenda.professional, by=agenda.by)
    for calendar in (agenda.calendar, theirs):
        pushes.push(calendar_id=calendar.pk)
    assert len(there(agenda)) == 1 and there(agenda, theirs) == []  # the deleted event's id came again


def test_to_a_professional_without_a_calendar_it_leaves(agenda):
    row = agenda.book(at(15))
    do(agenda)
    booking.move(appointment=row, start_at=at(16), professional=ProfessionalFactory(working_hours=None), by=agenda.by)
    do(agenda)
    assert there(agenda) == []


@pytest.mark.parametrize("told", [500, 503, 429, (403, "rateLimitExceeded"), "cut"])
def test_trouble_that_passes_is_tried_again_and_makes_no_second_event(agenda, told):
    agenda.google.script.extend([told] * (3 if told == "cut" else 1))
    row = agenda.book(at(15))
    do(agenda)
    assert there(agenda) == [] and again(row).status == "scheduled"
    assert CalendarPush.objects.get().next_try_at > clock.now()
    agenda.clock.shift(timedelta(minutes=20))
    do(agenda)
    assert len(there(agenda)) == 1


def test_an_answer_that_was_lost_makes_no_second_event(agenda):
    row = agenda.book(at(15))
    body = events.body(row, tenant_id=agenda.tenant.pk, zone=agenda.tenant.timezone)
    client = google.Client(google.Grant("oauth", agenda.google.grant("laura@clinica.example")))
    client.insert("laura@clinica.example", again(row).google_calendar_event_id, body)  # it was done; nobody knows
    do(agenda)
    assert len(there(agenda)) == 1 and again(row).google_calendar_sync_status == pushes.SYNCED
    verbs = [one["verb"] for one in agenda.google.asked[-3:]]
    assert verbs == ["POST", "GET", "PATCH"]


def test_somebody_elses_event_under_our_id_is_never_written_over(agenda):
    row = agenda.book(at(15))
    agenda.google.put("laura@clinica.example", again(row).google_calendar_event_id, start=utc(9), end=utc(10),
                      summary="Clase de yoga")
    do(agenda)
    assert [one[0] for one in there(agenda)] == ["Clase de yoga"]
    assert again(row).google_calendar_sync_status == pushes.FAILED


def test_one_wrong_event_does_not_stop_the_others(agenda):
    first, second = agenda.book(at(15)), agenda.book(at(16), patient=PatientFactory())
    agenda.google.script.append(400)
    do(agenda)
    assert again(first).google_calendar_sync_status == pushes.FAILED
    assert again(second).google_calendar_sync_status == pushes.SYNCED
    pushes.reconcile()
    assert CalendarPush.objects.get(appointment=first).next_try_at is None  # not tried for ever
    booking.move(appointment=first, start_at=at(17), by=agenda.by)
    do(agenda)
    assert again(first).google_calendar_sync_status == pushes.SYNCED


def test_a_calendar_that_may_not_be_written_says_so_and_is_still_read(agenda):
    agenda.google.calendars["laura@clinica.example"]["role"] = "reader"
    agenda.book(at(15))
    do(agenda)
    calendar = again(agenda.calendar)
    assert not calendar.writes and calendar.is_active
    asked = len(agenda.google.asked)
    agenda.clock.shift(timedelta(hours=1))
    do(agenda)
    assert len(agenda.google.asked) == asked


def test_a_revoked_grant_stops_and_says_so(agenda):
    agenda.google.revokes("laura@clinica.example")
    row = agenda.book(at(15))
    do(agenda)
    calendar = again(agenda.calendar)
    assert calendar.state == Calendar.State.REVOKED and calendar.fault == google.REVOKED
    asked = len(agenda.google.asked)
    do(agenda)
    pushes.reconcile()
    assert len(agenda.google.asked) == asked and again(row).status == "scheduled" and pushes.due() == []


def test_what_a_verb_forgot_to_tell_is_found(agenda):
    row = agenda.book(at(15))
    do(agenda)
    Appointment.objects.filter(pk=row.pk).update(start_at=at(17), end_at=at(17, 30), version=9)
    pushes.reconcile()
    do(agenda)
    assert there(agenda)[0][1] == "2026-11-24T17:00:00-03:00"
    Appointment.objects.filter(pk=row.pk).update(status="cancelled", version=10)
    pushes.reconcile()
    do(agenda)
    assert there(agenda) == []


def test_reconciling_what_agrees_does_nothing(agenda):
    agenda.book(at(15))
    do(agenda)
    pushes.reconcile()
    assert pushes.due() == []


def test_a_change_while_it_is_told_is_told_too(agenda):
    row = agenda.book(at(15))

    work = pushes._claimed(agenda.calendar.pk)
    pushes._tell(work)
    Appointment.objects.filter(pk=row.pk).update(version=2)
    CalendarPush.objects.update(next_try_at=clock.now() + timedelta(seconds=1))
    pushes._done(work)
    push = CalendarPush.objects.get()
    assert push.next_try_at is not None and push.version == 1


def test_two_workers_do_not_tell_the_same(agenda):
    agenda.book(at(15))
    assert pushes._claimed(agenda.calendar.pk) is not None
    assert pushes._claimed(agenda.calendar.pk) is None
    agenda.clock.shift(timedelta(minutes=5))
    assert pushes._claimed(agenda.calendar.pk) is not None  # the first one's worker is dead


def test_the_other_clinics_appointment_of_the_same_number_is_another_event(agenda, bosque):
    assert events.event_id(agenda.tenant.pk, 5) != events.event_id(bosque.pk, 5)


def test_due_names_the_calendars_that_have_something_to_be_told(agenda):
    assert pushes.due() == []
    agenda.book(at(15))
    assert pushes.due() == [agenda.calendar.pk]
    do(agenda)
    assert pushes.due() == []


def test_where_there_is_no_calendar_nothing_is_asked(scene, django_assert_num_queries):
    row = scene.book(at(15))
    with django_assert_num_queries(0):
        pushes.follow(row)
    assert row.google_calendar_event_id == ""
