"""Row 2 of the failures: overbooking is a right with a reason and an audit row, never a hole."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from agenda import booking
from agenda.models import Appointment
from clinics.models import SystemEvent
from tests.agenda.conftest import at
from tests.agenda.factories import AppointmentFactory, PatientFactory, UsualChairFactory
from tests.factories import ProfessionalFactory


@pytest.fixture
def pair(scene):
    """A visit at 15:00 and one overbooked on it at 15:15."""
    visit = scene.book(at(15))
    over = scene.book(at(15, 15), patient=PatientFactory(), overbook_reason="Dolor, viene de lejos")
    return visit, over


def test_overbooked_with_its_reason_and_an_audit_row(scene, pair):
    _visit, over = pair
    over.refresh_from_db()
    assert (over.overbooked, over.overbook_reason) == (True, "Dolor, viene de lejos")
    event = SystemEvent.objects.get(event="agenda.overbooked")
    assert event.payload == {"appointment": over.pk}, "why is on the visit: a text has no place here"


def test_a_free_time_is_not_overbooked(scene):
    row = scene.book(at(15), overbook_reason="Por las dudas")
    assert (row.overbooked, row.overbook_reason) == (False, "")
    assert not SystemEvent.objects.exists()


def test_hours_and_notice_hold_for_it_too(scene):
    with pytest.raises(booking.OutsideHours):
        scene.book(at(20), overbook_reason="Urgente")
    with pytest.raises(booking.TooSoon):
        scene.book(at(12), overbook_reason="Urgente")


def test_the_patient_may_be_the_one_who_is_taken(scene):
    scene.book(at(15))
    assert scene.book(at(15), professional=ProfessionalFactory(), overbook_reason="Interconsulta").overbooked


def test_no_reason_no_row(scene):
    with pytest.raises(IntegrityError, match="appointments_overbook_reason"), transaction.atomic():
        AppointmentFactory(professional=scene.professional, treatment=scene.treatment, overbooked=True)


def test_its_time_is_not_offered(scene, pair):
    assert not {"15:00", "15:15", "15:30"} & set(scene.starts())
    with pytest.raises(booking.SlotTaken):
        scene.book(at(15, 30), patient=PatientFactory())


@pytest.mark.parametrize("gone", ["cancel", "miss", "move", "complete"])
def test_it_becomes_ordinary_when_what_it_overlapped_goes_away(scene, pair, gone):
    visit, over = pair
    if gone == "move":
        booking.move(appointment=visit, start_at=at(17), by=scene.by)
    elif gone == "complete":
        booking.arrive(appointment=visit, by=scene.by)
        scene.clock.move_to(at(15, 10))
        booking.complete(appointment=visit, by=scene.by)
    else:
        getattr(booking, gone)(appointment=visit, by=scene.by)
    over.refresh_from_db()
    assert (over.overbooked, over.version) == (False, 2)
    with pytest.raises(IntegrityError, match="appointments_professional_free"), transaction.atomic():
        AppointmentFactory(
            professional=scene.professional, treatment=scene.treatment, start_at=at(15, 30), end_at=at(16))


def test_it_stays_while_anything_overlaps_it(scene, pair):
    visit, over = pair
    other = Appointment.objects.filter(pk=visit.pk)
    other.update(end_at=visit.end_at - timedelta(minutes=10))
    second = AppointmentFactory(
        professional=scene.professional, treatment=scene.treatment, start_at=at(15, 30), end_at=at(16))
    booking.cancel(appointment=visit, by=scene.by)
    over.refresh_from_db()
    assert over.overbooked
    booking.cancel(appointment=second, by=scene.by)
    over.refresh_from_db()
    assert not over.overbooked


def test_a_chair_that_becomes_free_counts_too(scene):
    chair = UsualChairFactory(professional=scene.professional).chair
    other = UsualChairFactory(chair=chair).professional
    visit = scene.book(at(15))
    over = scene.book(at(15), professional=other, patient=PatientFactory(), overbook_reason="Un solo sillón")
    assert over.overbooked
    booking.cancel(appointment=visit, by=scene.by)
    over.refresh_from_db()
    assert not over.overbooked


def test_moving_it_makes_it_ordinary(scene, pair):
    row = booking.move(appointment=pair[1], start_at=at(17), by=scene.by)
    assert (row.overbooked, row.overbook_reason) == (False, "")
