"""Changed hours cancel nothing: whoever changes them is told which visits they no longer have."""
from datetime import timedelta

import pytest

from agenda import availability, booking, outside
from clinics import clinic, professionals
from clinics.access import Actor
from dentalogic.lib import clock
from tests.agenda.conftest import TUESDAY, at, hours
from tests.agenda.factories import ChairFactory, ClosureFactory, PatientFactory, TreatmentFactory, UsualChairFactory
from tests.factories import ProfessionalFactory

CEO = Actor(kind="staff", role="ceo", holder="user:1")
WEDNESDAY = TUESDAY + timedelta(days=1)


@pytest.fixture
def given(scene):
    """Three visits of the professional's: this afternoon, tomorrow morning and tomorrow afternoon."""
    return [scene.book(start_at, patient=PatientFactory())
            for start_at in (at(15), at(9, day=WEDNESDAY), at(15, day=WEDNESDAY))]


def test_nothing_is_outside_what_it_was_given_in(scene, given):
    assert outside.visits() == []


def test_the_clinics_hours(scene, given):
    clinic.configure(by=CEO, working_hours=hours(tue="09:00-18:00", wed="09:00-13:00"))
    assert outside.visits() == [given[2]]
    own = hours(mon="09:00-18:00")
    professionals.change(professional=scene.professional, by=CEO, working_hours=own)
    assert outside.visits() == given
    assert outside.visits(scene.professional) == given
    assert outside.visits(ProfessionalFactory()) == []
    assert all(row.status == "scheduled" for row in given)


def test_a_visit_of_which_only_a_part_is_left_is_outside(scene, given):
    clinic.configure(by=CEO, working_hours=hours(tue="09:00-15:15", wed="09:00-18:00"))
    assert outside.visits() == [given[0]]


def test_their_own_hours_hold_whatever_the_clinics_become(scene, given):
    professionals.change(professional=scene.professional, by=CEO, working_hours=hours(
        tue="09:00-18:00", wed="09:00-18:00"))
    clinic.configure(by=CEO, working_hours=hours(mon="09:00-18:00"))
    assert outside.visits() == []


def test_what_is_closed_counts_and_what_is_opened_by_hand_does_not(scene, given):
    ClosureFactory(start_at=at(14, day=WEDNESDAY), end_at=at(18, day=WEDNESDAY), professional=scene.professional)
    chair = ChairFactory()
    UsualChairFactory(professional=scene.professional, chair=chair)
    ClosureFactory(start_at=at(8, day=WEDNESDAY), end_at=at(10, day=WEDNESDAY), chair=chair)
    assert outside.visits() == given[1:]
    clinic.configure(by=CEO, working_hours=hours(mon="09:00-18:00"))
    ClosureFactory(start_at=at(14), end_at=at(17), kind="open")
    assert outside.visits() == given[1:]


def test_who_stopped_attending_has_all_theirs_outside(scene, given):
    professionals.change(professional=scene.professional, by=CEO, active=False)
    assert outside.visits() == given


def test_what_is_over_or_cancelled_is_nobodys_worry(scene, given):
    booking.cancel(appointment=given[2], by=scene.by)
    clinic.configure(by=CEO, working_hours=hours(mon="09:00-18:00"))
    scene.clock.move_to(at(16))
    assert outside.visits() == [given[1]]


def test_it_says_what_the_engine_says(scene, given):
    """A visit is outside where its own time would not be offered again."""
    clinic.configure(by=CEO, working_hours=hours(tue="14:00-18:00", wed="10:00-15:20"))
    found = outside.visits()
    for row in given:
        place = availability.place(availability.Wanted(
            row.treatment, row.professional, row.start_at, clock.now(), exclude=row.pk))
        assert (row in found) == (not place.open), row


def test_as_many_queries_for_one_as_for_thirty(scene, given, django_assert_num_queries):
    clinic.configure(by=CEO, working_hours=hours(mon="09:00-18:00"))
    with django_assert_num_queries(3):
        assert outside.visits()
    clinic.configure(by=CEO, working_hours=hours(**dict.fromkeys(("mon", "tue", "wed"), "09:00-20:00")))
    for _ in range(20):
        scene.book(at(17, day=WEDNESDAY), professional=ProfessionalFactory(), patient=PatientFactory())
    clinic.configure(by=CEO, working_hours=hours(mon="09:00-18:00"))
    with django_assert_num_queries(3):
        assert len(outside.visits()) == 23


@pytest.fixture
def visit(arrayan, bosque, within, people, frozen):
    with within(bosque):
        booking.book(patient=PatientFactory(last_name="Bosquesa"), professional=ProfessionalFactory(),
                     treatment=TreatmentFactory(), start_at=at(15), by=CEO)
    with within(arrayan):
        return booking.book(
            patient=PatientFactory(last_name="Quiroga"), professional=people["professional"].professional,
            treatment=TreatmentFactory(), start_at=at(15), by=CEO)


def test_the_pages_that_change_hours_list_them(client_as, visit, arrayan, bosque, within, strangers):
    client, url = client_as("ceo"), "/agenda/outside"
    for page in ("/settings/", "/settings/professionals/", f"/settings/professionals/{visit.professional_id}/"):
        assert f'hx-get="{url}' in client.get(page).content.decode(), page
    assert client.get(url).content.decode().strip() == ""
    for tenant in (arrayan, bosque):
        type(tenant).objects.filter(pk=tenant.pk).update(working_hours=hours(mon="09:00-18:00"))
    page = client.get(url).content.decode()
    assert "1 turno quedó fuera del horario" in page
    assert "Quiroga" in page
    assert "Bosquesa" not in page
    assert "Quiroga" in client.get(url, {"professional": visit.professional_id}).content.decode()
    for wrong in ("x", "0", "999999"):
        assert client.get(url, {"professional": wrong}).status_code == 404
    assert client_as("secretary").get(url).status_code == 403
    assert client_as("ceo", strangers["ceo"]).get(url, {"professional": visit.professional_id}).status_code == 404
