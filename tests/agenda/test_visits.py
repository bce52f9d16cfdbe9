"""The day of a visit: which step follows which, what is stamped, told and freed."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from psycopg.errors import DeadlockDetected

from agenda import booking
from agenda.models import Appointment, Status
from tests.agenda.conftest import at
from tests.agenda.factories import AppointmentFactory, PatientFactory

STEPS = {
    "confirm": ("confirmed", "confirmed_at", {"scheduled"}),
    "arrive": ("arrived", "arrived_at", {"scheduled", "confirmed"}),
    "seat": ("seated", "seated_at", {"scheduled", "confirmed", "arrived"}),
    "complete": ("completed", "completed_at", {"arrived", "seated"}),
    "miss": ("no_show", "no_show_at", {"scheduled", "confirmed"}),
    "cancel": ("cancelled", "cancelled_at", {"scheduled", "confirmed", "arrived"}),
}


def a_visit(scene, status, **values):
    held = {"held_until": at(23), "held_for": "user:9"} if status == "held" else {}
    return AppointmentFactory(
        professional=scene.professional, treatment=scene.treatment, patient=scene.patient, start_at=at(15),
        status=status, **held, **values)


@pytest.mark.parametrize("verb", STEPS)
@pytest.mark.parametrize("status", Status.values)
def test_each_step_from_each_state(scene, monkeypatch, verb, status):
    goes_to, stamp, comes_from = STEPS[verb]
    said = []
    monkeypatch.setattr("clinics.live.say", lambda event, **ids: said.append((event, ids)))
    row = a_visit(scene, status)
    if status not in comes_from:
        with pytest.raises(booking.WrongState):
            getattr(booking, verb)(appointment=row, by=scene.by)
        row.refresh_from_db()
        assert (row.status, getattr(row, stamp), row.version, said) == (status, None, 1, [])
        return
    getattr(booking, verb)(appointment=row, by=scene.by)
    row.refresh_from_db()
    assert (row.status, getattr(row, stamp), row.version) == (goes_to, at(12), 2)
    assert said == [("APPOINTMENT_UPDATED", {"appointment": row.pk, "professional": scene.professional.pk})]


@pytest.mark.parametrize("verb", STEPS)
def test_nothing_is_done_to_a_hold_that_ran_out(scene, verb):
    row = scene.hold(at(15))
    scene.clock.shift(timedelta(minutes=10))
    with pytest.raises(booking.HoldExpired):
        getattr(booking, verb)(appointment=row, by=scene.by)


def test_the_reason_of_a_cancellation_is_kept(scene):
    row = booking.cancel(appointment=scene.book(at(15)), reason="Viaja", by=scene.by)
    assert Appointment.objects.get().cancel_reason == row.cancel_reason == "Viaja"


@pytest.mark.parametrize(("now", "ends"), [
    (at(14, 55), at(15, 30)), (at(15), at(15, 30)), (at(15, 10), at(15, 10)), (at(15, 40), at(15, 30))])
def test_a_visit_that_ends_early_gives_the_rest_back(scene, now, ends):
    row = a_visit(scene, "seated")
    scene.clock.move_to(now)
    assert booking.complete(appointment=row, by=scene.by).end_at == ends


def test_the_time_given_back_can_be_booked(scene):
    row = a_visit(scene, "seated")
    scene.clock.move_to(at(15, 10))
    booking.complete(appointment=row, by=scene.by)
    assert scene.book(at(15, 15), patient=PatientFactory(), urgency="emergency")


def test_a_step_judges_the_row_as_it_is_now(scene, desk):
    row = a_visit(scene, "scheduled")
    stale = Appointment.objects.get(pk=row.pk)
    booking.cancel(appointment=row, by=desk)
    with pytest.raises(booking.WrongState):
        booking.arrive(appointment=stale, by=desk)


@pytest.mark.parametrize("step", ["confirm", "arrive", "cancel"])
def test_who_stands_between_two_that_wait_for_each_other_tries_again(scene, step):
    """PostgreSQL stops one of the three, whoever it is."""
    row, stopped = a_visit(scene, "scheduled"), []

    def stop(execute, sql, params, many, context):
        if "FOR UPDATE" in sql and not stopped:
            stopped.append(sql)
            raise OperationalError("deadlock detected") from DeadlockDetected("deadlock detected")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(stop):
        changed = getattr(booking, step)(appointment=row, by=scene.by)
    assert stopped and changed.version == row.version + 1
