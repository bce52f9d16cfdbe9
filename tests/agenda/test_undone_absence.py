"""An absence that was marked by mistake takes its time again, with what no constraint knows of: the buffer."""
from datetime import timedelta

import pytest

from agenda import booking
from agenda.models import Appointment
from clinics import tenancy
from clinics.access import Actor
from tests.agenda.conftest import at
from tests.agenda.factories import ClosureFactory, PatientFactory, TreatmentFactory, UsualChairFactory
from tests.races import at_once


@pytest.fixture
def missed(scene):
    type(scene.tenant).objects.filter(pk=scene.tenant.pk).update(buffer_minutes=15)
    tenancy.remember_here(type(scene.tenant).objects.get(pk=scene.tenant.pk))
    return booking.miss(appointment=scene.book(at(15)), by=scene.by)


def test_whoever_came_into_its_buffer_keeps_it(scene, missed):
    scene.book(at(15, 30), patient=PatientFactory())
    with pytest.raises(booking.SlotTaken) as refused:
        booking.step_back(appointment=missed, by=scene.by)
    assert refused.value.openings
    missed.refresh_from_db()
    assert missed.status == "no_show"


def test_beyond_the_buffer_it_is_theirs_again(scene, missed):
    scene.book(at(15, 45), patient=PatientFactory())
    assert booking.step_back(appointment=missed, by=scene.by).status == "scheduled"


def test_hours_that_were_closed_meanwhile_do_not_keep_a_mistake(scene, missed):
    ClosureFactory(start_at=at(14), end_at=at(18))
    assert booking.step_back(appointment=missed, by=scene.by).status == "scheduled"


@pytest.mark.django_db(transaction=True)
def test_two_of_one_chair_do_not_both_come_into_the_others_buffer(arrayan, bosque, within, frozen):
    """One is marked present again while the neighbour is booked into the buffer of it."""
    type(arrayan).objects.filter(pk=arrayan.pk).update(buffer_minutes=15)
    desk = Actor(kind="staff", role="secretary", holder="user:1")
    for number in range(6):
        with within(arrayan):
            seat, treatment = UsualChairFactory(), TreatmentFactory()
            neighbour = UsualChairFactory(chair=seat.chair).professional
            row = booking.book(patient=PatientFactory(), professional=seat.professional, treatment=treatment,
                               start_at=at(15), by=desk)
            row, other = booking.miss(appointment=row, by=desk), PatientFactory()
        back = lambda row=row: booking.step_back(appointment=row, by=desk)  # noqa: E731
        book = lambda other=other, neighbour=neighbour, treatment=treatment: booking.book(  # noqa: E731
            patient=other, professional=neighbour, treatment=treatment, start_at=at(15, 30), by=desk)
        results = at_once(lambda: tenancy.tenant_context(arrayan.pk), [back, book] if number % 2 else [book, back])
        assert sorted(type(one).__name__ for one in results) == ["Appointment", "SlotTaken"], results
        with within(arrayan):
            standing = Appointment.objects.exclude(status="no_show").filter(chair=seat.chair).order_by("start_at")
            assert all(two.start_at - one.end_at >= timedelta(minutes=15)
                       for one, two in zip(standing, standing[1:], strict=False))
