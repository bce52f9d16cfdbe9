"""What changes a visit that stays, over HTTP: the API's answers and the panel's."""

import pytest

from agenda import booking
from agenda.models import Appointment
from clinics.access import Actor
from tests.agenda.conftest import TUESDAY, at
from tests.agenda.factories import AppointmentFactory, PatientFactory, TreatmentFactory

DAY = TUESDAY.isoformat()


@pytest.fixture
def visit(arrayan, bosque, people, within, frozen):
    with within(arrayan):
        return AppointmentFactory(
            professional=people["professional"].professional, treatment=TreatmentFactory(), patient=PatientFactory(),
            start_at=at(16))


@pytest.fixture
def row(arrayan, within, visit):
    def read():
        with within(arrayan):
            return Appointment.objects.get(pk=visit.pk)

    return read


@pytest.fixture
def elsewhere(arrayan, within, visit):
    """Another desk writes a reason meanwhile."""
    with within(arrayan):
        booking.edit(appointment=visit, version=1, reason="Dolor de muela", by=Actor(kind="staff", role="secretary"))


def url(visit, verb=""):
    return f"/api/v1/appointments/{visit.pk}{verb and '/'}{verb}"


def test_the_api_resizes(api_as, visit, row):
    answer = api_as("secretary").post(url(visit, "resize"), {"end_at": at(17).isoformat(), "version": 1})
    assert (answer.status_code, answer.json()["end_at"], answer.json()["version"]) == (
        200, "2026-11-24T17:00:00-03:00", 2)
    assert row().end_at == at(17)


@pytest.mark.parametrize(("verb", "body"), [
    ("resize", {"end_at": at(17).isoformat()}), ("back", {}), ("reschedule", {"start_at": at(17).isoformat()})])
def test_a_stale_version_is_answered_with_how_it_is_now(api_as, visit, row, elsewhere, verb, body):
    answer = api_as("secretary").post(url(visit, verb), body | {"version": 1})
    assert (answer.status_code, answer.json()["code"]) == (409, "stale_version")
    assert (answer.json()["appointment"]["reason"], answer.json()["appointment"]["version"]) == ("Dolor de muela", 2)
    assert (row().version, row().end_at) == (2, at(16, 30))


def test_details_are_patched(api_as, visit, row, elsewhere):
    api = api_as("secretary")
    stale = api.patch(url(visit), {"version": 1, "note": "Trae estudios"})
    assert (stale.status_code, stale.json()["appointment"]["reason"]) == (409, "Dolor de muela")
    assert api.patch(url(visit), {"version": 2, "note": "Trae estudios"}).json()["note"] == "Trae estudios"
    assert (row().reason, row().note) == ("Dolor de muela", "Trae estudios")
    assert api.patch(url(visit), {"note": "x"}).json()["fields"].keys() == {"version"}


def test_who_may_not_attend_edits_nothing(api_as, visit, row):
    for role in ("setter", "closer"):
        assert api_as(role).patch(url(visit), {"version": 1, "note": "x"}).status_code == 403
        assert api_as(role).post(url(visit, "back")).status_code == 403
    assert row().version == 1


def test_another_clinics_visit_is_not_found(api_as, visit, strangers):
    api = api_as("ceo", strangers["ceo"])
    assert api.patch(url(visit), {"version": 1, "note": "x"}).status_code == 404
    for verb in ("resize", "back"):
        assert api.post(url(visit, verb), {"end_at": at(17).isoformat()}).status_code == 404


def test_a_step_is_taken_back_from_the_panel(client_as, visit, row):
    client = client_as("secretary")
    client.post(f"/agenda/{visit.pk}/arrive")
    page = client.post(f"/agenda/{visit.pk}/back", {"version": 2}).content.decode()
    assert (row().status, row().arrived_at) == ("scheduled", None)
    assert "Deshacer el último paso" not in page
    assert "Deshacer el último paso" in client.post(f"/agenda/{visit.pk}/confirm").content.decode()


def test_the_panel_resizes_by_minutes_and_the_grid_by_its_edge(client_as, visit, row):
    client = client_as("secretary")
    assert client.post(
        f"/agenda/{visit.pk}/resize", {"minutes": "45", "version": "1"}, HTTP_HX_REQUEST="true").status_code == 200
    assert row().end_at == at(16, 45)
    dragged = client.post(f"/agenda/{visit.pk}/resize", {"end": f"{DAY}T17:00", "version": "2"})
    assert (dragged.status_code, row().end_at) == (200, at(17))
    refused = client.post(f"/agenda/{visit.pk}/resize", {"end": f"{DAY}T20:00", "version": "3"})
    assert (refused.status_code, refused.json()["code"], row().end_at) == (409, "outside_hours", at(17))
    for nonsense in ({}, {"minutes": "x"}, {"end": "ayer"}, {"minutes": "99999"}):
        answer = client.post(f"/agenda/{visit.pk}/resize", nonsense, HTTP_HX_REQUEST="true")
        assert 400 <= answer.status_code < 500, nonsense


def test_the_panel_shows_the_others_words_beside_ones_own(client_as, visit, row, elsewhere):
    answer = client_as("secretary").post(
        f"/agenda/{visit.pk}/edit", {"version": "1", "reason": "Control", "note": "", "urgency": ""})
    page = answer.content.decode()
    assert (answer.status_code, row().reason) == (409, "Dolor de muela")
    assert 'value="Control"' in page
    assert "Ahora dice: Dolor de muela" in page
    again = client_as("secretary").post(
        f"/agenda/{visit.pk}/edit", {"version": "2", "reason": "Control", "note": "", "urgency": "urgent"})
    assert (again.status_code, row().reason, row().urgency) == (200, "Control", "urgent")


def test_an_arrival_before_its_day_is_refused_in_the_panel(client_as, arrayan, within, visit, row):
    with within(arrayan):
        Appointment.objects.filter(pk=visit.pk).update(
            start_at=at(9, day=TUESDAY.replace(day=26)), end_at=at(10, day=TUESDAY.replace(day=26)))
    answer = client_as("secretary").post(f"/agenda/{visit.pk}/arrive")
    assert (answer.status_code, row().status) == (409, "scheduled")
    assert "El turno es del 26/11/2026" in answer.content.decode()
