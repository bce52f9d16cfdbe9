"""A visit that stays and changes: how long it takes, what is written about it, a step taken back, an early arrival."""

from datetime import timedelta

import pytest

from agenda import booking, signals
from agenda.models import Appointment, Status
from clinics.models import SystemEvent
from tests.agenda.conftest import at
from tests.agenda.factories import AppointmentFactory, ChairFactory, PatientFactory, UsualChairFactory
from tests.factories import ProfessionalFactory

NAMES = ["booked", "moved", "cancelled", "confirmed", "completed", "missed", "changed", "stepped_back"]


@pytest.fixture
def heard():
    """What the verbs signal to the floors above."""
    caught = []
    ears = {name: lambda name=name, **sent: caught.append((name, sent["appointment"].pk)) for name in NAMES}
    for name, ear in ears.items():
        getattr(signals, name).connect(ear, sender=Appointment)
    yield caught
    for name, ear in ears.items():
        getattr(signals, name).disconnect(ear, sender=Appointment)


def test_a_visit_is_made_longer_into_free_time(scene, heard):
    row = scene.book(at(15))
    heard.clear()
    booking.resize(appointment=row, end_at=at(16), by=scene.by, version=1)
    row.refresh_from_db()
    assert (row.end_at, row.version, row.start_at) == (at(16), 2, at(15))
    assert heard == [("changed", row.pk)]
    with pytest.raises(booking.SlotTaken):
        scene.book(at(15, 30), patient=PatientFactory())


def test_a_visit_is_not_made_longer_into_another_or_after_hours(scene, heard):
    row, next_one = scene.book(at(15)), scene.book(at(15, 30), patient=PatientFactory())
    heard.clear()
    with pytest.raises(booking.SlotTaken):
        booking.resize(appointment=row, end_at=at(15, 45), by=scene.by)
    last = scene.book(at(18, 30), patient=PatientFactory())
    heard.clear()
    with pytest.raises(booking.OutsideHours):
        booking.resize(appointment=last, end_at=at(19, 30), by=scene.by)
    for end_at in (at(15, 30), at(15), at(15) + timedelta(hours=13)):
        with pytest.raises(booking.TooShort):
            booking.resize(appointment=next_one, end_at=end_at, by=scene.by)
    row.refresh_from_db()
    assert (row.end_at, row.version, heard) == (at(15, 30), 1, [])


def test_the_time_that_a_shorter_visit_gives_back_can_be_booked(scene):
    row = scene.book(at(15))
    booking.resize(appointment=row, end_at=at(15, 15), by=scene.by)
    assert scene.book(at(15, 15), patient=PatientFactory())


def test_the_chair_is_asked_too(scene):
    chair = ChairFactory()
    UsualChairFactory(professional=scene.professional, chair=chair)
    other = UsualChairFactory(chair=chair).professional
    row = scene.book(at(15))
    scene.book(at(15, 30), professional=other, patient=PatientFactory())
    with pytest.raises(booking.SlotTaken):
        booking.resize(appointment=row, end_at=at(16), by=scene.by)


def test_a_patient_is_not_kept_longer_than_until_their_next_visit(scene):
    row = scene.book(at(15))
    scene.book(at(15, 30), professional=ProfessionalFactory())
    with pytest.raises(booking.SlotTaken, match="El paciente ya tiene"):
        booking.resize(appointment=row, end_at=at(16), by=scene.by)


@pytest.mark.parametrize("status", Status.values)
def test_which_visits_are_resized(scene, status):
    held = {"held_until": at(23), "held_for": "user:9"} if status == "held" else {}
    row = AppointmentFactory(
        professional=scene.professional, treatment=scene.treatment, start_at=at(15), status=status, **held)
    if status in ("scheduled", "confirmed", "arrived", "seated"):
        assert booking.resize(appointment=row, end_at=at(16), by=scene.by).status == status
    else:
        with pytest.raises(booking.WrongState):
            booking.resize(appointment=row, end_at=at(16), by=scene.by)


def test_a_visit_under_way_may_take_longer(scene):
    row = AppointmentFactory(
        professional=scene.professional, treatment=scene.treatment, start_at=at(12), status="seated")
    scene.clock.move_to(at(12, 20))
    assert booking.resize(appointment=row, end_at=at(13), by=scene.by).end_at == at(13)


def test_a_length_that_was_given_moves_along(scene):
    row = booking.resize(appointment=scene.book(at(15)), end_at=at(16), by=scene.by)
    scene.book(at(17, 30), patient=PatientFactory())
    with pytest.raises(booking.SlotTaken):
        booking.move(appointment=row, start_at=at(17), by=scene.by)
    moved = booking.move(appointment=row, start_at=at(16, 30), by=scene.by)
    moved.refresh_from_db()
    assert (moved.start_at, moved.end_at) == (at(16, 30), at(17, 30))
    moved.treatment.refresh_from_db()
    assert moved.treatment.minutes == 30


def test_what_shrinks_out_of_an_overlap_is_ordinary_again(scene):
    scene.book(at(15, 30))
    over = scene.book(at(15), patient=PatientFactory())
    over = booking.resize(appointment=over, end_at=at(15, 20), by=scene.by)
    late = scene.book(at(15, 15), patient=PatientFactory(), overbook_reason="Dolor")
    booking.resize(appointment=over, end_at=at(15, 15), by=scene.by)
    late.refresh_from_db()
    assert late.overbooked  # the visit of 15:30 still has part of its time
    assert not booking.resize(appointment=late, end_at=at(15, 30), by=scene.by).overbooked


def test_the_row_must_be_the_one_that_was_looked_at(scene):
    row = scene.book(at(15))
    booking.edit(appointment=row, version=1, reason="Control", by=scene.by)
    for verb, given in (
            (booking.edit, {"reason": "Dolor"}), (booking.resize, {"end_at": at(16)}),
            (booking.move, {"start_at": at(16)}), (booking.step_back, {})):
        with pytest.raises(booking.StaleVersion):
            verb(appointment=row, version=1, by=scene.by, **given)
    row.refresh_from_db()
    assert (row.reason, row.version, row.end_at) == ("Control", 2, at(15, 30))


def test_details_are_edited(scene, heard):
    row = scene.book(at(15))
    heard.clear()
    booking.edit(appointment=row, version=1, reason="Control", note="Viene con su hija", urgency="urgent", by=scene.by)
    row.refresh_from_db()
    assert (row.reason, row.note, row.urgency, row.version) == ("Control", "Viene con su hija", "urgent", 2)
    assert heard == [("changed", row.pk)]
    assert SystemEvent.objects.get(event="agenda.edited").payload["changed"] == ["reason", "note", "urgency"]
    booking.edit(appointment=row, version=2, reason="Control", by=scene.by)
    row.refresh_from_db()
    assert (row.version, heard) == (2, [("changed", row.pk)])  # nothing was changed: nothing is told
    with pytest.raises(TypeError):
        booking.edit(appointment=row, version=2, status="completed", by=scene.by)


def test_each_step_is_taken_back_to_the_one_before(scene, heard):
    row = scene.book(at(15))
    for verb in ("confirm", "arrive", "seat", "complete"):
        row = getattr(booking, verb)(appointment=row, by=scene.by)
    seen = []
    for _ in range(4):
        heard.clear()
        row = booking.step_back(appointment=row, by=scene.by)
        row.refresh_from_db()
        seen.append(row.status)
        assert heard == [("stepped_back", row.pk)]
    assert seen == ["seated", "arrived", "confirmed", "scheduled"]
    assert [row.confirmed_at, row.arrived_at, row.seated_at, row.completed_at] == [None] * 4
    with pytest.raises(booking.WrongState):
        booking.step_back(appointment=row, by=scene.by)
    assert SystemEvent.objects.filter(event="agenda.stepped_back").count() == 4


def test_a_step_that_was_skipped_is_not_stepped_back_to(scene):
    row = booking.seat(appointment=scene.book(at(15)), by=scene.by)
    assert booking.step_back(appointment=row, by=scene.by).status == "scheduled"


def test_what_is_cancelled_stays_so(scene):
    row = booking.cancel(appointment=scene.book(at(15)), by=scene.by)
    with pytest.raises(booking.WrongState):
        booking.step_back(appointment=row, by=scene.by)


def test_who_was_marked_absent_comes_back_if_the_time_is_still_theirs(scene):
    row = booking.miss(appointment=booking.confirm(appointment=scene.book(at(15)), by=scene.by), by=scene.by)
    row = booking.step_back(appointment=row, by=scene.by)
    assert (row.status, row.no_show_at) == ("confirmed", None)
    booking.miss(appointment=row, by=scene.by)
    other = scene.book(at(15), patient=PatientFactory())
    with pytest.raises(booking.SlotTaken):
        booking.step_back(appointment=row, by=scene.by)
    row.refresh_from_db()
    assert (row.status, other.status) == ("no_show", "scheduled")


@pytest.mark.parametrize("verb", ["arrive", "seat", "miss"])
def test_nobody_arrives_on_a_day_that_has_not_come(scene, verb, heard):
    row = scene.book(at(9, day=scene.tomorrow))
    heard.clear()
    with pytest.raises(booking.NotToday, match="El turno es del 25/11/2026"):
        getattr(booking, verb)(appointment=row, by=scene.by)
    row.refresh_from_db()
    assert (row.status, row.version, heard) == ("scheduled", 1, [])
    scene.clock.move_to(at(0, 1, day=scene.tomorrow))  # the clinic's day; UTC has been in it for three hours
    assert getattr(booking, verb)(appointment=row, by=scene.by)
