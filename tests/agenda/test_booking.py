"""Rows 2, 3, 8, 11, 12, 13 and 16 of the failures, one actor at a time; test_racing has the rest."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from agenda import booking, signals
from agenda.models import Appointment, Status
from tests.agenda.conftest import TUESDAY, at
from tests.agenda.factories import AppointmentFactory, PatientFactory, TreatmentFactory
from tests.factories import ProfessionalFactory

pytestmark = pytest.mark.usefixtures("scene")


@pytest.fixture
def told(monkeypatch):
    """What the verbs say to the screens."""
    said = []
    monkeypatch.setattr("clinics.live.say", lambda event, **ids: said.append((event, ids)))
    return said


@pytest.fixture
def heard():
    """What the verbs signal to the floors above."""
    caught = []
    names = ["booked", "moved", "cancelled", "confirmed", "completed", "missed"]
    ears = {name: lambda name=name, **sent: caught.append((name, sent["appointment"].pk)) for name in names}
    for name, ear in ears.items():
        getattr(signals, name).connect(ear, sender=Appointment)
    yield caught
    for name, ear in ears.items():
        getattr(signals, name).disconnect(ear, sender=Appointment)


def test_book(scene, told, heard):
    row = scene.book(at(15), reason="Control")
    row.refresh_from_db()
    assert (row.status, row.source, row.patient, row.reason) == (Status.SCHEDULED, "desk", scene.patient, "Control")
    assert (row.start_at, row.end_at) == (at(15), at(15, 30))
    assert row.start_at.isoformat() == "2026-11-24T18:00:00+00:00"
    assert told == [("NEW_APPOINTMENT", {"appointment": row.pk, "professional": scene.professional.pk})]
    assert heard == [("booked", row.pk)]


def test_the_length_comes_from_the_treatment(scene):
    for minutes, start_at in ((20, at(14)), (90, at(15))):
        row = scene.book(start_at, treatment=TreatmentFactory(minutes=minutes), patient=PatientFactory())
        assert row.end_at - row.start_at == timedelta(minutes=minutes)


def test_overlaps_are_refused_with_other_openings(scene, told):
    scene.book(at(15))
    told.clear()
    with pytest.raises(booking.SlotTaken) as refused:
        scene.book(at(15, 15), patient=PatientFactory())
    answer = refused.value.as_dict()
    assert answer["code"] == "slot_taken"
    assert [one["start_at"] for one in answer["openings"]] == [
        "2026-11-24T14:30:00-03:00", "2026-11-24T15:30:00-03:00", "2026-11-24T15:45:00-03:00",
        "2026-11-24T16:00:00-03:00",
    ]
    assert told == []
    assert Appointment.objects.count() == 1


def test_a_patient_is_in_one_place_at_a_time(scene):
    scene.book(at(15))
    with pytest.raises(booking.SlotTaken, match="El paciente ya tiene"):
        scene.book(at(15, 15), professional=ProfessionalFactory())


@pytest.mark.parametrize(("start_at", "refusal"), [
    (at(11, 45), booking.TooSoon),
    (at(13, 45), booking.TooSoon),
    (at(19), booking.OutsideHours),
    (at(18, 45), booking.OutsideHours),
    (at(15, 5), booking.OutsideHours),
    (at(15) + timedelta(seconds=1), booking.OutsideHours),
    (at(15) + timedelta(days=4), booking.OutsideHours),
    (at(15) + timedelta(days=91), booking.BeyondHorizon),
])
def test_book_and_move_refuse_the_same(scene, start_at, refusal):
    with pytest.raises(refusal):
        scene.book(start_at)
    row = scene.book(at(16))
    with pytest.raises(refusal):
        booking.move(appointment=row, start_at=start_at, by=scene.by)
    with pytest.raises(refusal):
        scene.hold(start_at)
    row.refresh_from_db()
    assert (row.start_at, row.version) == (at(16), 1)


@pytest.mark.parametrize("now", [at(21, 30), at(23, 30), at(23, 59), at(0, day=TUESDAY + timedelta(days=1)),
                                 at(0, 1, day=TUESDAY + timedelta(days=1))])
def test_late_at_night_a_future_visit_is_not_past(scene, now):
    """Row 11: at 21:30 it is tomorrow in UTC; and on both sides of midnight."""
    scene.clock.move_to(now)
    assert scene.book(at(9, day=scene.tomorrow))
    with pytest.raises(booking.TooSoon):
        scene.book(at(18, 30), patient=PatientFactory())


def test_naive_instants_are_a_fault(scene):
    with pytest.raises(ValueError, match="aware"):
        scene.book(at(15).replace(tzinfo=None))


def test_what_is_not_bookable(scene, robot):
    with pytest.raises(booking.NotBookable):
        scene.book(at(15), treatment=TreatmentFactory(active=False))
    surgery = TreatmentFactory(bookable=False)
    with pytest.raises(booking.NotBookable):
        scene.book(at(15), treatment=surgery, by=robot)
    assert scene.book(at(15), treatment=surgery)
    with pytest.raises(booking.NotBookable):
        scene.book(at(16), patient=PatientFactory(status="archived"))


def test_the_same_key_is_the_same_appointment(scene, told):
    first = scene.book(at(15), key="user:1:a")
    assert scene.book(at(15), key="user:1:a") == first
    booking.move(appointment=first, start_at=at(17, 30), by=scene.by)
    assert scene.book(at(15), key="user:1:a") == first  # what was asked then, whatever became of it
    assert scene.book(at(16), key="user:1:b", patient=PatientFactory()) != first
    assert [event for event, _ids in told] == ["NEW_APPOINTMENT", "APPOINTMENT_UPDATED", "NEW_APPOINTMENT"]


@pytest.mark.parametrize("other", ["start_at", "professional", "treatment", "patient", "reason", "urgency"])
def test_a_key_that_was_used_for_another_thing_is_refused(scene, told, other):
    scene.book(at(15), key="user:1:a")
    made = {"start_at": lambda: at(17), "reason": lambda: "Dolor", "urgency": lambda: "urgent",
            "professional": ProfessionalFactory, "treatment": TreatmentFactory, "patient": PatientFactory}
    with pytest.raises(booking.KeyReused):
        scene.book(**{"start_at": at(15), "key": "user:1:a", other: made[other]()})
    assert (Appointment.objects.count(), len(told)) == (1, 1)


def test_a_hold_becomes_the_booking_of_its_holder(scene, told):
    held = scene.hold(at(15), source="whatsapp")
    assert (held.status, held.patient, held.held_until) == (Status.HELD, None, at(12, 10))
    with pytest.raises(booking.SlotTaken):
        scene.book(at(15), holder="user:1")
    row = scene.book(at(15), holder="conversation:7", source="whatsapp")
    row.refresh_from_db()
    assert (row.pk, row.status, row.held_for, row.held_until) == (held.pk, Status.SCHEDULED, "", None)
    assert Appointment.objects.count() == 1
    assert [event for event, _ids in told] == ["APPOINTMENT_UPDATED", "NEW_APPOINTMENT"]


def test_a_holder_holds_one_time(scene):
    first = scene.hold(at(15))
    scene.clock.shift(timedelta(minutes=5))
    again = scene.hold(at(15))
    assert (again.pk, again.held_until) == (first.pk, at(12, 15))
    other = scene.hold(at(16))
    assert list(Appointment.objects.values_list("pk", flat=True)) == [other.pk]
    booked = scene.book(at(17), holder="conversation:7")
    assert list(Appointment.objects.values_list("pk", flat=True)) == [booked.pk]


def test_an_expired_hold_falls_to_whoever_wants_its_time(scene):
    scene.hold(at(15))
    scene.clock.shift(timedelta(minutes=10))
    row = scene.book(at(15, 15))
    assert list(Appointment.objects.all()) == [row]
    with pytest.raises(booking.SlotTaken):
        scene.book(at(15), holder="conversation:7", patient=PatientFactory())


def test_an_expired_hold_that_nobody_wanted_is_still_its_holders(scene):
    held = scene.hold(at(15))
    scene.clock.shift(timedelta(minutes=30))
    assert scene.book(at(15), holder="conversation:7").pk == held.pk


def test_release(scene, told):
    scene.hold(at(15))
    other = scene.hold(at(16), holder="conversation:8")
    assert booking.release(holder="conversation:7") == 1
    assert booking.release(holder="conversation:7") == 0
    assert list(Appointment.objects.all()) == [other]
    assert "15:00" in scene.starts()
    assert len(told) == 3


def test_release_leaves_what_is_booked(scene):
    row = scene.book(at(15), holder="conversation:7")
    assert booking.release(holder="conversation:7") == 0
    assert Appointment.objects.get() == row


def test_move_keeps_the_row(scene, told, heard):
    row = booking.confirm(appointment=scene.book(at(15)), by=scene.by)
    told.clear()
    heard.clear()
    other = ProfessionalFactory()
    moved = booking.move(appointment=row, start_at=at(17), professional=other, by=scene.by)
    moved.refresh_from_db()
    assert (moved.pk, moved.start_at, moved.end_at, moved.professional) == (row.pk, at(17), at(17, 30), other)
    assert (moved.status, moved.confirmed_at, moved.version) == (Status.SCHEDULED, None, row.version + 1)
    assert told == [("APPOINTMENT_UPDATED", {"appointment": row.pk, "professional": other.pk})]
    assert heard == [("moved", row.pk)]
    assert "15:00" in scene.starts()
    assert scene.book(at(15), patient=PatientFactory())


def test_move_over_its_own_time(scene):
    row = scene.book(at(15))
    assert booking.move(appointment=row, start_at=at(15, 15), by=scene.by).start_at == at(15, 15)


def test_moved_to_the_time_that_it_has_it_stays_confirmed_and_nobody_hears_of_it(scene, told, heard):
    """A drag let go where it began, or a move sent twice."""
    row = booking.confirm(appointment=scene.book(at(15)), by=scene.by)
    told.clear()
    heard.clear()
    same = booking.move(appointment=row, start_at=at(15), professional=row.professional, by=scene.by)
    assert (same.status, same.confirmed_at, same.version) == (Status.CONFIRMED, row.confirmed_at, row.version)
    assert (told, heard) == ([], [])


def test_move_into_taken_time_changes_nothing(scene):
    row, other = scene.book(at(15)), scene.book(at(16), patient=PatientFactory())
    with pytest.raises(booking.SlotTaken) as refused:
        booking.move(appointment=row, start_at=at(16, 15), by=scene.by)
    assert at(15) in {one.start_at for one in refused.value.openings} | {at(15)}
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.start_at, other.start_at) == (at(15), at(16))


def test_move_of_what_has_changed_is_refused(scene):
    row = scene.book(at(15))
    booking.move(appointment=row, start_at=at(16), by=scene.by, version=1)
    with pytest.raises(booking.StaleVersion):
        booking.move(appointment=row, start_at=at(17), by=scene.by, version=1)
    assert booking.move(appointment=row, start_at=at(17), by=scene.by).version == 3


@pytest.mark.parametrize("verb", [booking.cancel, booking.miss])
def test_time_that_is_given_up_can_be_booked_again(scene, verb):
    verb(appointment=scene.book(at(15)), by=scene.by)
    assert "15:00" in scene.starts()
    assert scene.book(at(15), patient=PatientFactory())


def test_the_constraint_decides_without_any_verb(scene):
    """Each of the three refuses a bare insert, of unequal spans too."""
    row = scene.book(at(15))
    patient, professional = PatientFactory(), ProfessionalFactory()
    for taken in ({"patient": patient, "professional": row.professional}, {"patient": row.patient,
                                                                         "professional": professional}):
        with pytest.raises(IntegrityError, match="_free"), transaction.atomic():
            AppointmentFactory(treatment=scene.treatment, start_at=at(14, 45), end_at=at(15, 5), **taken)
    AppointmentFactory(treatment=scene.treatment, start_at=at(14, 45), end_at=at(15), patient=patient,
                       professional=row.professional)


def test_nobody_is_booked_when_the_transaction_is_rolled_back(scene, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        scene.book(at(15))
        transaction.set_rollback(True)
    assert callbacks == []
    assert not Appointment.objects.exists()
