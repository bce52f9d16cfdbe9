"""Google asked at the moment of the question: at once, within one deadline, hours first, and said when it did not
answer."""
import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from agenda import availability, booking
from agenda.calendars import asking, busy, health
from agenda.calendars import google as google_client
from agenda.models import Calendar, CalendarEvent
from clinics import tenancy
from dentalogic.lib import clock
from tests.agenda.calendars.conftest import again, connect, utc
from tests.agenda.conftest import TUESDAY, at
from tests.agenda.factories import PatientFactory, TreatmentFactory
from tests.factories import ProfessionalFactory

LAURA, BRUNO = "laura@clinica.example", "bruno@clinica.example"
SINCE, UNTIL = at(0), at(23, 59)


def live(*professionals):
    return busy.live(professionals or None, SINCE, UNTIL, clock.now())


def test_what_google_says_now_is_taken_in_the_search_and_in_the_booking(agenda):
    agenda.pulled()
    agenda.google.put(LAURA, "reunion", start=at(15), end=at(16))  # a moment ago: no pull has seen it
    assert "15:00" in agenda.starts(TUESDAY)
    answer = live(agenda.professional)
    assert answer.is_live and answer.freshness.said == busy.LIVE
    assert answer.spans == {agenda.professional.pk: [(at(15), at(16))]}
    offered = agenda.find(TUESDAY, live=answer.spans)
    assert offered.live and at(15) not in [one.start_at for one in offered]
    assert "15:00" not in agenda.starts(TUESDAY)
    with pytest.raises(booking.SlotTaken):
        agenda.book(at(15))


def test_what_was_deleted_a_moment_ago_is_free_and_can_be_booked(agenda):
    agenda.google.put(LAURA, "reunion", start=at(15), end=at(16))
    agenda.pulled()
    agenda.google.drop(LAURA, "reunion")
    answer = live(agenda.professional)
    assert at(15) in [one.start_at for one in agenda.find(TUESDAY, live=answer.spans)]
    assert agenda.book(at(15)).pk


def test_our_own_appointment_that_moved_here_and_not_yet_there_is_no_obstacle(agenda):
    row = agenda.book(at(15))
    agenda.told(row)
    booking.move(appointment=row, start_at=at(17), by=agenda.by)  # Google still shows 15:00
    answer = live(agenda.professional)
    assert answer.spans == {agenda.professional.pk: []}
    agenda.book(at(15), patient=PatientFactory())


def test_who_has_no_calendar_is_asked_nothing(scene, google):
    answer = live(scene.professional)
    assert (answer.is_live, answer.freshness.said, answer.spans) == (True, busy.NONE, {}) and google.asked == []


def test_each_calendar_is_asked_once_whatever_the_days(agenda):
    others = [connect(agenda.google, f"prof{number}@clinica.example") for number in range(4)]
    answer = busy.live(None, at(0), at(0) + timedelta(days=30), clock.now())
    assert len(agenda.google.asked) == 5 and answer.freshness.asked == 5
    assert set(answer.spans) == {agenda.professional.pk, *(one.professional_id for one in others)}


def test_they_are_asked_at_the_same_time(agenda):
    """Each waits until all have come: one after the other would never end."""
    for number in range(3):
        connect(agenda.google, f"prof{number}@clinica.example")
    together = threading.Barrier(4, timeout=20)
    agenda.google.on_call = lambda verb, path: together.wait()
    with override_settings(GOOGLE_LIVE_MILLISECONDS=20_000):
        assert live().is_live
    agenda.google.on_call = None


@pytest.mark.parametrize("trouble", ["hang", 500, 429, "cut", (403, "rateLimitExceeded")])
@override_settings(GOOGLE_LIVE_MILLISECONDS=2500)  # the one that is well has to be in time on a slow machine
def test_one_that_is_ill_is_served_by_the_mirror_and_named(agenda, trouble):
    connect(agenda.google, BRUNO)
    agenda.google.put(LAURA, "reunion", start=at(15), end=at(16))
    agenda.pulled()
    agenda.google.sick["laura"] = trouble
    answer = live()
    assert not answer.is_live and answer.freshness.said == busy.MIRROR
    assert [one.pk for one in answer.freshness.late] == [agenda.calendar.pk]
    assert agenda.professional.pk not in answer.spans and len(answer.spans) == 1
    assert str(agenda.professional) in answer.freshness.note
    offered = agenda.find(TUESDAY, live=answer.spans)
    assert not offered.live and at(15) not in [one.start_at for one in offered]  # nothing is invented
    assert again(agenda.calendar).failures == 1


@override_settings(GOOGLE_LIVE_MILLISECONDS=300)
def test_three_times_late_and_it_is_not_waited_for(agenda):
    agenda.google.sick["laura"] = "hang"
    for _time in range(3):
        live()
    asked = len(agenda.google.asked)
    answer = live()
    assert len(agenda.google.asked) == asked and answer.freshness.said == busy.MIRROR
    agenda.google.sick.clear()
    agenda.clock.shift(timedelta(seconds=31))
    health._known.clear()
    with override_settings(GOOGLE_LIVE_MILLISECONDS=4000):
        assert live().is_live


def test_a_revoked_grant_is_said_and_the_mirror_stays(agenda):
    agenda.google.put(LAURA, "reunion", start=at(15), end=at(16))
    agenda.pulled()
    agenda.google.revokes(LAURA)
    assert not live().is_live
    calendar = again(agenda.calendar)
    assert (calendar.state, calendar.fault) == (Calendar.State.REVOKED, google_client.REVOKED)
    assert "15:00" not in agenda.starts(TUESDAY)
    asked = len(agenda.google.asked)
    answer = live()
    assert len(agenda.google.asked) == asked and answer.freshness.note
    assert busy.freshness().late == (calendar,)


def test_the_same_question_within_seconds_is_answered_once(agenda):
    with override_settings(GOOGLE_LIVE_FRESH=10):
        assert live().is_live and live().is_live
        assert len(agenda.google.asked) == 1
        assert live().spans == {agenda.professional.pk: []}
        busy.live(None, SINCE, UNTIL + timedelta(days=3), clock.now())  # a wider one is another
        assert len(agenda.google.asked) == 2
        busy.forget(agenda.calendar)
        live()
        assert len(agenda.google.asked) == 3


def test_asking_twice_writes_nothing_twice(agenda, django_assert_max_num_queries):
    agenda.google.put(LAURA, "reunion", start=at(15), end=at(16))
    live()
    rows = list(CalendarEvent.objects.values())
    live()
    assert list(CalendarEvent.objects.values()) == rows


def test_an_event_that_moved_out_of_the_window_is_pulled(agenda):
    agenda.google.put(LAURA, "reunion", start=at(15), end=at(16))
    agenda.pulled()
    agenda.google.put(LAURA, "reunion", start=utc(15, day=2, month=12), end=utc(16, day=2, month=12))
    live()
    assert again(agenda.calendar).pull_at <= clock.now()


def test_hours_come_first(agenda):
    """Where nobody attends, or everything is booked, Google is not asked."""
    sunday = TUESDAY + timedelta(days=5)
    assert asking.about(treatment=agenda.treatment, first=sunday, last=sunday).freshness.said == busy.NONE
    long = TreatmentFactory(minutes=600)
    assert asking.about(treatment=long, first=TUESDAY, last=TUESDAY).freshness.said == busy.NONE
    assert agenda.google.asked == []
    assert asking.about(treatment=agenda.treatment, first=TUESDAY, last=TUESDAY).freshness.said == busy.LIVE


def test_only_those_are_asked_who_could_be_booked(agenda):
    connect(agenda.google, BRUNO, professional=ProfessionalFactory(working_hours={}))
    asking.about(treatment=agenda.treatment, first=TUESDAY, last=TUESDAY)
    assert [one["path"] for one in agenda.google.asked] == [f"calendars/{LAURA}/events"]


def test_what_the_mirror_says_is_busy_does_not_keep_google_from_being_asked(agenda):
    agenda.google.put(LAURA, "todo", start=at(0), end=at(23))
    agenda.pulled()
    agenda.google.drop(LAURA, "todo")
    answer = asking.about(treatment=agenda.treatment, first=TUESDAY, last=TUESDAY)
    assert agenda.find(TUESDAY, live=answer.spans)


def test_what_was_looked_through_is_not_looked_through_again(agenda, django_assert_num_queries):
    """One search, of which Google's word is taken away: the same that a search with that word finds."""
    connect(agenda.google, BRUNO)
    agenda.google.put(LAURA, "reunion", start=at(15), end=at(16))
    agenda.google.put(BRUNO, "curso", start=at(9), end=at(12))
    agenda.pulled()
    agenda.google.sick["bruno"] = 503
    asked = {"treatment": agenda.treatment, "first": TUESDAY, "last": TUESDAY + timedelta(days=2)}
    answer = asking.about(**asked)
    in_the_morning = {"allows": lambda local: local.hour < 12}
    with django_assert_num_queries(0):
        found = asking.openings(answer, now=clock.now(), **asked)
        early = asking.openings(answer, now=clock.now(), **asked | in_the_morning)
        of_one_day = asking.openings(answer, now=clock.now(), **asked | {"last": TUESDAY})
    assert found == availability.find(**asked, now=clock.now(), live=answer.spans)
    assert of_one_day == availability.find(**asked | {"last": TUESDAY}, now=clock.now(), live=answer.spans)
    assert 0 < len(early) < len(found)
    assert early == availability.find(**asked | in_the_morning, now=clock.now(), live=answer.spans)
    assert at(15) not in [one.start_at for one in found if one.professional_id == agenda.professional.pk]
    assert not found.live and 0 < len(of_one_day) < len(found)


@pytest.mark.parametrize("another", [{"urgency": "urgent"}, {"holder": "x"}, {"exclude": 1}, {"professionals": []},
                                     {"urgency": "urgent", "allows": lambda local: local.hour < 12},
                                     {"last": TUESDAY + timedelta(days=9)}])
def test_another_question_is_looked_through_by_itself(agenda, another):
    asked = {"treatment": agenda.treatment, "first": TUESDAY, "last": TUESDAY}
    answer = asking.about(**asked)
    agenda.book(at(15))
    assert asking.openings(answer, now=clock.now(), **asked | another) == availability.find(
        **asked | another, now=clock.now(), live=answer.spans)


@pytest.mark.parametrize("path", ["/agenda/finder", "/api/v1/availability"])
def test_a_request_looks_through_the_agenda_once(clinic, google, client_as, path):
    with CaptureQueriesContext(connections["default"]) as asked:
        answer = client_as("secretary").get(path, clinic["query"] | clinic["finder"])
    assert answer.status_code == 200 and len(google.asked) == 1
    assert len([one for one in asked if "treatment_professionals" in one["sql"]]) == 1


# --- no transaction is open while Google is spoken to


@pytest.mark.django_db(transaction=True)
def test_no_transaction_waits_for_google(google, arrayan, bosque, within, people, client_as, api_as):
    """The finder and the API, with real transactions: while Google thinks, no connection of ours is in one."""
    open_ones, ours = [], connections["default"]

    def look(verb, path):
        open_ones.append(ours.in_atomic_block)

    with within(arrayan):
        professional = ProfessionalFactory()
        connect(google, LAURA, professional=professional)
        treatment = TreatmentFactory()
        day = clock.today(tenancy.here().zone) + timedelta(days=7)
    google.on_call = look
    asked = {"treatment": treatment.pk, "from": day.isoformat(), "to": (day + timedelta(days=6)).isoformat()}
    answer = api_as("secretary").get("/api/v1/availability", asked)
    assert answer.status_code == 200 and answer.json()["calendars"] == busy.LIVE
    with override_settings(GOOGLE_LIVE_FRESH=0):
        page = client_as("secretary").get("/agenda/finder", {"treatment": treatment.pk, "day": day.isoformat()})
    assert page.status_code == 200 and len(google.asked) == 2
    assert open_ones == [False, False]


# --- the finder and the API


@pytest.fixture
def clinic(google, arrayan, within, people):
    with within(arrayan):
        row = connect(google, LAURA, professional=ProfessionalFactory())
        treatment = TreatmentFactory()
        day = clock.today(tenancy.here().zone) + timedelta(days=7)
    return {"calendar": row, "query": {
        "treatment": treatment.pk, "from": day.isoformat(), "to": (day + timedelta(days=6)).isoformat()},
        "finder": {"treatment": treatment.pk, "day": day.isoformat()}}


def test_the_api_says_whether_google_stands_behind_it(clinic, google, api_as):
    client = api_as("secretary")
    assert client.get("/api/v1/availability", clinic["query"]).json()["calendars"] == busy.LIVE
    google.sick["laura"] = 503
    answer = client.get("/api/v1/availability", clinic["query"]).json()
    assert answer["calendars"] == busy.MIRROR and answer["count"] > 0


def test_the_finder_says_it_too(clinic, google, client_as):
    client = client_as("secretary")
    said = "Google Calendar no contestó"
    assert said not in client.get("/agenda/finder", clinic["finder"]).content.decode()
    google.sick["laura"] = 503
    assert said in client.get("/agenda/finder", clinic["finder"]).content.decode()


def test_who_may_not_ask_makes_nobody_ask_google(clinic, google, client_as, client, api_as, people):
    client.get("/agenda/finder", clinic["finder"])
    client.get("/api/v1/availability", clinic["query"])
    client_as("setter").get("/agenda/finder", clinic["finder"])
    api_as("secretary").get("/api/v1/availability", {"treatment": "x"})
    api_as("secretary").post("/api/v1/availability", clinic["query"])
    assert google.asked == []


def test_the_other_clinics_calendars_are_not_asked(clinic, google, strangers, client_as, bosque, within):
    with within(bosque):
        treatment = TreatmentFactory()
        ProfessionalFactory()
    page = client_as("secretary", strangers["secretary"]).get("/agenda/finder", {"treatment": treatment.pk})
    assert page.status_code == 200 and google.asked == []


def test_the_agendas_page_says_whose_calendar_does_not_answer(clinic, google, client_as, arrayan, within):
    client = client_as("secretary")
    assert client.get("/agenda/calendars").content.strip() == b""
    with within(arrayan):
        Calendar.objects.update(state="revoked", fault=google_client.REVOKED)
    page = client.get("/agenda/calendars").content.decode()
    assert "no contestó" in page and "/settings/calendars/" not in page
    assert "/settings/calendars/" in client_as("ceo").get("/agenda/calendars").content.decode()
