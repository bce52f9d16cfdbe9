"""What the desk does to a visit whose professional has a calendar: what it is offered, what Google hears at once."""
from datetime import timedelta

import pytest

from agenda import booking
from agenda.calendars import pushes
from agenda.models import CalendarPush
from clinics import tenancy
from clinics.access import SYSTEM
from dentalogic.lib import clock
from tests.agenda.calendars.conftest import connect
from tests.agenda.conftest import at
from tests.agenda.factories import PatientFactory, TreatmentFactory
from tests.factories import ProfessionalFactory

LAURA = "laura@clinica.example"


def told(agenda):
    """Everything that was asked for has been told."""
    pushes.push(calendar_id=agenda.calendar.pk)
    assert not CalendarPush.objects.filter(next_try_at__isnull=False).exists()


def due():
    return set(CalendarPush.objects.filter(next_try_at__isnull=False).values_list("appointment", flat=True))


def test_what_is_written_about_a_visit_is_told_at_once(agenda):
    row = agenda.book(at(15))
    told(agenda)
    booking.edit(appointment=row, version=1, reason="Control", by=agenda.by)
    assert due() == {row.pk}


def test_what_becomes_ordinary_again_is_told_at_once(agenda):
    visit = agenda.book(at(15))
    over = agenda.book(at(15, 15), patient=PatientFactory(), overbook_reason="Dolor")
    told(agenda)
    booking.cancel(appointment=visit, by=agenda.by)
    over.refresh_from_db()
    assert not over.overbooked
    assert due() == {visit.pk, over.pk}


@pytest.mark.parametrize("verb", ["confirm", "arrive", "seat", "step_back", "resize", "move", "miss"])
def test_every_other_verb_tells_at_once_too(agenda, verb):
    row = agenda.book(at(15))
    if verb == "step_back":
        row = booking.confirm(appointment=row, by=agenda.by)
    told(agenda)
    given = {"resize": {"end_at": at(16)}, "move": {"start_at": at(16)}}.get(verb, {})
    getattr(booking, verb)(appointment=row, by=agenda.by, **given)
    assert due() == {row.pk}


@pytest.fixture
def visit(google, arrayan, bosque, within, people, frozen):
    """Next week, with a professional whose calendar a meeting came to that no copy knows of."""
    with within(arrayan):
        professional = ProfessionalFactory()
        connect(google, LAURA, professional=professional)
        day = clock.today(tenancy.here().zone) + timedelta(days=7)
        google.put(LAURA, "reunion", start=at(9, day=day), end=at(12, day=day))
        return booking.book(patient=PatientFactory(), professional=professional, treatment=TreatmentFactory(),
                            start_at=at(15, day=day), by=SYSTEM)


def panel(client, visit, words="", **more):
    day = visit.start_at.astimezone(at(0).tzinfo)
    page = client.get(f"/agenda/{visit.pk}/reschedule", {"when": words or f"{day:%d/%m}"} | more)
    assert page.status_code == 200, page.content
    return page.content.decode()


def test_what_a_visit_may_move_to_is_asked_of_google(client_as, google, visit):
    page = panel(client_as("secretary"), visit)
    assert [one["path"] for one in google.asked] == [f"calendars/{LAURA}/events"]
    assert f'T12:00","professional":"{visit.professional_id}"' in page
    assert f'T09:00","professional":"{visit.professional_id}"' not in page
    assert "Google Calendar no contestó" not in page


def test_where_google_does_not_answer_the_panel_says_so(client_as, google, visit):
    google.sick["laura"] = 503
    assert "Google Calendar no contestó" in panel(client_as("secretary"), visit)


def test_who_may_not_move_it_makes_nobody_ask(client_as, google, visit, strangers):
    for client in (client_as("setter"), client_as("ceo", strangers["ceo"])):
        assert client.get(f"/agenda/{visit.pk}/reschedule").status_code in (403, 404)
    assert google.asked == []


def test_the_hours_that_a_refusal_names_say_that_they_are_of_a_copy(api_as, client_as, google, visit):
    asked = {"patient": visit.patient_id, "professional": visit.professional_id, "treatment": visit.treatment_id,
             "start_at": visit.start_at.isoformat()}
    refused = api_as("secretary").post("/api/v1/appointments", asked).json()
    assert (refused["code"], refused["calendars"]) == ("slot_taken", "mirror")
    zone = at(0).tzinfo
    page = client_as("secretary").post("/agenda/new", asked | {
        "day": f"{visit.start_at.astimezone(zone):%Y-%m-%d}", "hour": f"{visit.start_at.astimezone(zone):%H:%M}"})
    assert "última copia de Google Calendar" in page.content.decode()
    assert google.asked == []  # a refusal waits for nobody


def test_where_there_is_no_calendar_nothing_is_said_of_one(api_as, arrayan, within, people, bosque, frozen):
    with within(arrayan):
        row = booking.book(patient=PatientFactory(), professional=ProfessionalFactory(), treatment=TreatmentFactory(),
                           start_at=at(15), by=SYSTEM)
    asked = {"patient": row.patient_id, "professional": row.professional_id, "treatment": row.treatment_id,
             "start_at": row.start_at.isoformat()}
    assert api_as("secretary").post("/api/v1/appointments", asked).json()["calendars"] == "none"
