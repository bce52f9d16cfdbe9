"""A treatment of several sessions: the rest booked at its gap, moved and cancelled together, all or none."""

from datetime import timedelta

import pytest

from agenda import booking, series
from agenda.models import Appointment, Series
from clinics.access import SYSTEM
from tests.agenda.conftest import TUESDAY, ZONE, at
from tests.agenda.factories import ClosureFactory, PatientFactory, TreatmentFactory
from tests.factories import ProfessionalFactory
from tests.patients.factories import InsurerFactory


def day(n):
    return TUESDAY + timedelta(days=n)


@pytest.fixture
def course(scene):
    """Three sessions a week apart; the first is tomorrow at 15."""
    return scene.book(at(15, day=day(1)), treatment=TreatmentFactory(sessions=3, gap_days=7))


def times(rows):
    return [f"{row.start_at.astimezone(ZONE):%d/%m %H:%M}" for row in rows]


def test_the_rest_is_booked_at_its_gap(scene, course):
    made = series.book_rest(appointment=course, by=scene.by)
    assert times(made) == ["02/12 15:00", "09/12 15:00"]
    assert [(row.session, row.patient, row.professional) for row in series.visits(made[0].series)] == [
        (n, scene.patient, scene.professional) for n in (1, 2, 3)]
    assert [row.status for row in Appointment.objects.all()] == ["scheduled"] * 3
    with pytest.raises(series.NothingLeft):
        series.book_rest(appointment=Appointment.objects.get(pk=course.pk), by=scene.by)


def test_where_there_is_no_room_it_is_the_nearest_hour_or_the_next_day(scene, course):
    scene.book(at(14, 45, day=day(8)), patient=PatientFactory(), treatment=TreatmentFactory(minutes=60))
    ClosureFactory(start_at=at(0, day=day(15)), end_at=at(0, day=day(16)))
    made = series.book_rest(appointment=course, by=scene.by)
    assert times(made) == ["02/12 14:15", "10/12 15:00"]


def test_all_or_none(scene, course):
    ClosureFactory(start_at=at(0, day=day(9)), end_at=at(0, day=day(60)))
    with pytest.raises(series.NoRoom):
        series.book_rest(appointment=course, by=scene.by)
    assert (Appointment.objects.count(), Series.objects.count()) == (1, 0)


def test_a_treatment_of_one_session_has_no_rest(scene):
    with pytest.raises(series.NotOfSeveral):
        series.book_rest(appointment=scene.book(at(15)), by=scene.by)
    with pytest.raises(booking.WrongState):
        row = scene.book(at(16), treatment=TreatmentFactory(sessions=2), patient=PatientFactory())
        series.book_rest(appointment=booking.cancel(appointment=row, by=scene.by), by=scene.by)


def test_a_session_that_was_cancelled_is_given_again(scene, course):
    made = series.book_rest(appointment=course, by=scene.by)
    booking.cancel(appointment=made[0], by=scene.by)
    again = series.book_rest(appointment=Appointment.objects.get(pk=course.pk), by=scene.by)
    assert (times(again), again[0].session) == (["02/12 15:00"], 2)


@pytest.mark.parametrize(("days", "moves_to"), [
    (2, ["04/12 16:00", "11/12 15:00"]),
    (-1, ["01/12 16:00", "09/12 15:00"]),  # 8/12 is a national holiday
])
def test_the_rest_moves_by_as_many_days(scene, course, days, moves_to):
    made = series.book_rest(appointment=course, by=scene.by)
    scene.clock.move_to(at(8))
    moved = series.move_rest(appointment=made[0], start_at=at(16, day=day(8 + days)), by=scene.by)
    assert times(moved) == moves_to
    course.refresh_from_db()
    assert times([course]) == ["25/11 15:00"]
    assert [row.pk for row in moved] == [row.pk for row in made]


def test_another_hour_of_the_same_day_moves_one_alone(scene, course):
    made = series.book_rest(appointment=course, by=scene.by)
    assert times(series.move_rest(appointment=made[0], start_at=at(17, day=day(8)), by=scene.by)) == ["02/12 17:00"]
    made[1].refresh_from_db()
    assert times([made[1]]) == ["09/12 15:00"]


def test_none_moves_where_one_cannot(scene, course):
    made = series.book_rest(appointment=course, by=scene.by)
    ClosureFactory(start_at=at(0, day=day(16)), end_at=at(0, day=day(60)))
    with pytest.raises(series.NoRoom):
        series.move_rest(appointment=made[0], start_at=at(15, day=day(9)), by=scene.by)
    assert times(series.visits(made[0].series)) == ["25/11 15:00", "02/12 15:00", "09/12 15:00"]


def test_the_rest_is_cancelled(scene, course):
    made = series.book_rest(appointment=course, by=scene.by)
    series.cancel_rest(appointment=made[0], by=scene.by, reason="Se muda")
    assert {row.pk: row.status for row in Appointment.objects.all()} == {
        course.pk: "scheduled", made[0].pk: "cancelled", made[1].pk: "cancelled"}


@pytest.fixture
def visit(arrayan, bosque, people, within, frozen):
    with within(arrayan):
        return booking.book(
            patient=PatientFactory(), professional=people["professional"].professional, start_at=at(15, day=day(1)),
            treatment=TreatmentFactory(sessions=3, gap_days=7), by=SYSTEM)


def test_the_api_gives_moves_and_cancels_sessions(api_as, visit, strangers):
    api, url = api_as("secretary"), f"/api/v1/appointments/{visit.pk}/sessions"
    assert api_as("ceo", strangers["ceo"]).post(url).status_code == 404
    made = api.post(url)
    assert (made.status_code, [one["session"] for one in made.json()]) == (201, [2, 3])
    assert len({one["series"] for one in made.json()}) == 1
    assert api.post(url).json()["code"] == "nothing_left"
    moved = api.post(f"{url}/reschedule", {"start_at": at(15, day=day(3)).isoformat()})
    assert [one["start_at"][:10] for one in moved.json()] == ["2026-11-27", "2026-12-04", "2026-12-11"]
    gone = api.post(f"{url}/cancel", {"reason": "Se muda"})
    assert [one["status"] for one in gone.json()] == ["cancelled"] * 3


def test_the_panel_gives_and_cancels_sessions(client_as, visit):
    client = client_as("secretary")
    assert "Lleva 3 sesiones" in client.get(f"/agenda/panel/{visit.pk}").content.decode()
    page = client.post(f"/agenda/{visit.pk}/sessions/book").content.decode()
    assert "Sesión 1 de 3" in page
    assert "Dar las sesiones que faltan" not in page
    client.post(f"/agenda/{visit.pk}/sessions/cancel", {"reason": "x"})
    assert "Cancelado" in client.get(f"/agenda/panel/{visit.pk}").content.decode()
    assert client_as("setter").post(f"/agenda/{visit.pk}/sessions/book").status_code in (403, 404)


def test_the_panel_moves_the_sessions_that_follow(client_as, visit):
    client = client_as("secretary")
    url = f"/agenda/{visit.pk}"
    assert 'name="rest"' not in client.get(f"{url}/reschedule").content.decode()
    client.post(f"{url}/sessions/book")
    assert "Correr otros tantos días las 2 sesiones que siguen" in client.get(f"{url}/reschedule").content.decode()
    page = client.post(
        f"{url}/move", {"start": f"{day(3)}T15:00", "rest": "1", "version": "1"}, headers={"HX-Request": "true"})
    assert page.status_code == 200
    found = client.get(f"/agenda/panel/{visit.pk}").content.decode()
    assert [f"{day(n):%d/%m}" in found or f"{day(n):%-d/%-m}" in found for n in (10, 17)] == [True, True]


def test_a_refused_move_of_the_rest_keeps_what_was_asked(client_as, visit, arrayan, within):
    client = client_as("secretary")
    client.post(f"/agenda/{visit.pk}/sessions/book")
    with within(arrayan):
        ClosureFactory(start_at=at(0, day=day(9)), end_at=at(0, day=day(60)))
    page = client.post(f"/agenda/{visit.pk}/move", {"start": f"{day(3)}T15:00", "rest": "1", "version": "1"},
                       headers={"HX-Request": "true"})
    assert page.status_code == 409
    assert "No hay lugar para todas las sesiones" in page.content.decode()
    assert 'name="rest" value="1" checked' in page.content.decode()


def test_a_professional_changes_no_session_that_is_a_colleagues(api_as, client_as, visit, arrayan, within):
    with within(arrayan):
        made = series.book_rest(appointment=visit, by=SYSTEM)
        booking.move(appointment=made[1], start_at=at(10, day=day(16)), professional=ProfessionalFactory(), by=SYSTEM)
    api, url = api_as("professional"), f"/api/v1/appointments/{visit.pk}/sessions"
    wanted = {"start_at": at(15, day=day(3)).isoformat()}
    assert [api.post(f"{url}/cancel").status_code, api.post(f"{url}/reschedule", wanted).status_code] == [403, 403]
    page, form = client_as("professional"), {"start": f"{day(3)}T15:00", "rest": "1", "version": "1"}
    assert page.post(f"/agenda/{visit.pk}/sessions/cancel").status_code == 403
    assert page.post(f"/agenda/{visit.pk}/move", form, headers={"HX-Request": "true"}).status_code == 403
    with within(arrayan):
        assert {row.status for row in Appointment.objects.all()} == {"scheduled"}
        assert times(series.visits(made[0].series_id)) == ["25/11 15:00", "02/12 15:00", "10/12 10:00"]


def test_the_one_that_moves_may_change_hands(scene, course):
    made = series.book_rest(appointment=course, by=scene.by)
    other = ProfessionalFactory()
    moved = series.move_rest(appointment=made[0], start_at=at(15, day=day(9)), professional=other, by=scene.by)
    assert [row.professional for row in moved] == [other, scene.professional]
    assert times(moved) == ["03/12 15:00", "10/12 15:00"]


def test_sessions_wait_for_the_insurer_too(scene):
    InsurerFactory(name="OSDE", delay_days=20)
    row = scene.book(at(15, day=day(1)), patient=PatientFactory(insurance="OSDE"), urgency="urgent",
                     treatment=TreatmentFactory(sessions=2, gap_days=7))
    assert times(series.book_rest(appointment=row, by=scene.by)) == ["14/12 15:00"]
