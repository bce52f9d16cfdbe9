"""Rows 4 to 12, 15 and 28 of the failures: one engine, hours first, the whole span, notice, any is the union."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agenda import availability, booking
from agenda.models import Appointment, Status
from clinics import tenancy
from tests.agenda.conftest import TUESDAY, at, hours
from tests.agenda.factories import (
    AppointmentFactory,
    ChairFactory,
    ClosureFactory,
    PatientFactory,
    TreatmentFactory,
    TreatmentProfessionalFactory,
    UsualChairFactory,
)
from tests.factories import ProfessionalFactory

WEDNESDAY = date(2026, 11, 25)


def set_clinic(tenant, **values):
    for name, value in values.items():
        setattr(tenant, name, value)
    tenant.save()


def test_openings_are_on_the_step_inside_the_hours_after_the_notice(scene):
    assert scene.starts() == [
        "14:00", "14:15", "14:30", "14:45", "15:00", "15:15", "15:30", "15:45", "16:00", "16:15", "16:30", "16:45",
        "17:00", "17:15", "17:30", "17:45", "18:00", "18:15", "18:30",
    ]


def test_split_shift_keeps_the_pause_free(scene):
    found = scene.starts(WEDNESDAY)
    assert found[0] == "09:00"
    assert {"12:30", "14:00", "18:30"} <= set(found)
    assert not {"12:45", "13:00", "13:45", "18:45", "19:00"} & set(found)


def test_a_professional_has_hours_of_their_own(scene):
    scene.professional.working_hours = hours(mon="14:00-18:00", wed="14:00-18:00")
    scene.professional.save()
    found = scene.find(TUESDAY, TUESDAY + timedelta(days=13))
    shown = {opening.start_at.astimezone(scene.tenant.zone) for opening in found}
    assert {day.weekday() for day in shown} == {0, 2}
    assert min(day.hour for day in shown) == 14
    with pytest.raises(booking.OutsideHours):
        scene.book(at(10, day=WEDNESDAY))


def test_no_hours_means_closed(scene):
    scene.professional.working_hours = {}
    scene.professional.save()
    assert scene.find(TUESDAY, TUESDAY + timedelta(days=30)) == []


def test_nobody_named_is_the_union_of_each_named(scene):
    other = ProfessionalFactory(working_hours=hours(tue="16:00-17:00"))
    busy = scene.book(at(15))
    alone = scene.find(professionals=[scene.professional]) + scene.find(professionals=[other])
    every = scene.find(professionals=None)
    assert sorted(every, key=repr) == sorted(alone, key=repr)
    assert every == sorted(every, key=lambda opening: (opening.start_at, opening.professional_id))
    assert busy.start_at not in {one.start_at for one in every if one.professional_id == scene.professional.pk}


def test_only_who_does_the_treatment(scene):
    other = ProfessionalFactory()
    TreatmentProfessionalFactory(treatment=scene.treatment, professional=other)
    assert {one.professional_id for one in scene.find(professionals=None)} == {other.pk}
    assert scene.find() == []
    with pytest.raises(booking.NotBookable):
        scene.book(at(15))


def test_an_inactive_professional_is_not_offered(scene):
    scene.professional.active = False
    scene.professional.save()
    assert scene.find() == []
    with pytest.raises(booking.NotBookable):
        scene.book(at(15))


@pytest.mark.parametrize("status", ["scheduled", "confirmed", "arrived", "seated", "completed"])
def test_what_takes_time_is_not_offered(scene, status):
    AppointmentFactory(professional=scene.professional, treatment=scene.treatment, start_at=at(16), status=status)
    found = scene.starts()
    assert "15:30" in found
    assert not {"15:45", "16:00", "16:15"} & set(found)
    assert "16:30" in found


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.NO_SHOW])
def test_what_takes_no_time_is_offered(scene, status):
    AppointmentFactory(professional=scene.professional, treatment=scene.treatment, start_at=at(16), status=status)
    assert "16:00" in scene.starts()


def test_the_whole_span_must_fit(scene):
    scene.treatment.minutes = 60
    scene.treatment.save()
    scene.book(at(16))
    found = scene.starts()
    assert not {"15:15", "15:30", "15:45", "18:15", "18:30"} & set(found)
    assert {"15:00", "17:00", "18:00"} <= set(found)


def test_the_buffer_stays_free_on_both_sides(scene):
    set_clinic(scene.tenant, buffer_minutes=15)
    scene.book(at(16))
    found = scene.starts()
    assert not {"15:30", "16:30"} & set(found)
    assert {"15:15", "16:45", "18:15"} <= set(found)
    assert "18:30" not in found
    with pytest.raises(booking.SlotTaken):
        scene.book(at(15, 30), patient=PatientFactory())


def test_a_hold_is_an_obstacle_for_others_until_it_runs_out(scene):
    scene.hold(at(16))
    assert "16:00" not in scene.starts()
    assert "16:00" in scene.starts(holder="conversation:7")
    assert "16:00" not in scene.starts(holder="conversation:8")
    scene.clock.shift(timedelta(minutes=10))
    assert "16:00" in scene.starts()


def test_the_visit_that_moves_is_no_obstacle_to_itself(scene):
    row = scene.book(at(16))
    assert "16:15" in scene.starts(exclude=row.pk)


def test_closures_of_the_clinic_of_one_professional_and_of_a_chair(scene):
    other = ProfessionalFactory()
    chair = UsualChairFactory(professional=scene.professional).chair
    ClosureFactory(start_at=at(14), end_at=at(15))
    ClosureFactory(start_at=at(15), end_at=at(16), professional=other)
    ClosureFactory(start_at=at(16), end_at=at(17), chair=chair)
    ClosureFactory(start_at=at(17), end_at=at(18), chair=ChairFactory())
    mine, theirs = scene.starts(), scene.starts(professionals=[other])
    assert (mine[0], mine[3], mine[-1]) == ("15:00", "17:00", "18:30")
    assert theirs[0] == "16:00"
    with pytest.raises(booking.OutsideHours):
        scene.book(at(16))


def test_a_chair_in_use_by_another_professional(scene):
    chair = UsualChairFactory(professional=scene.professional).chair
    other = UsualChairFactory(chair=chair).professional
    row = scene.book(at(16), professional=other)
    assert row.chair == chair
    assert "16:00" not in scene.starts()
    with pytest.raises(booking.SlotTaken) as refused:
        scene.book(at(16), patient=PatientFactory())
    assert refused.value.openings


def test_notice_and_horizon(scene):
    set_clinic(scene.tenant, minimum_notice=180, horizon_days=2)
    assert scene.starts()[0] == "15:00"
    with pytest.raises(booking.TooSoon):
        scene.book(at(14, 45))
    found = scene.find(TUESDAY, date(2026, 12, 10))
    days = {opening.start_at.astimezone(scene.tenant.zone).date() for opening in found}
    assert days == {TUESDAY, WEDNESDAY, date(2026, 11, 26)}
    assert scene.book(at(18, 30, day=date(2026, 11, 26)))
    with pytest.raises(booking.BeyondHorizon):
        scene.book(at(9, day=date(2026, 11, 27)))


def test_an_emergency_needs_no_notice_and_takes_the_least(scene):
    scene.treatment.minutes, scene.treatment.minutes_min = 60, 30
    scene.treatment.save()
    assert scene.find(urgency="emergency")[0].start_at == at(12)
    row = scene.book(at(12, 15), urgency="emergency")
    assert row.end_at == at(12, 45)
    with pytest.raises(booking.TooSoon):
        scene.book(at(11, 45), urgency="emergency")


@pytest.mark.parametrize(("hour", "minute"), [(0, 30), (12, 0), (21, 30), (23, 55)])
def test_the_earliest_day_is_the_same_by_every_way_of_asking(scene, hour, minute):
    scene.clock.move_to(at(hour, minute))
    earliest = scene.find(TUESDAY, TUESDAY + timedelta(days=30))[0]
    by_day = [scene.find(TUESDAY + timedelta(days=offset)) for offset in range(3)]
    assert next(day for day in by_day if day)[0] == earliest
    assert scene.find(TUESDAY, TUESDAY + timedelta(days=6), professionals=None)[0] == earliest


def test_hours_that_run_through_midnight(scene):
    set_clinic(scene.tenant, working_hours=hours(tue="20:00-24:00", wed="00:00-02:00"))
    found = scene.starts()
    assert {"23:30", "23:45"} <= set(found)
    assert scene.starts(WEDNESDAY)[-1] == "01:30"
    row = scene.book(at(23, 45))
    assert row.end_at == at(0, 15, day=WEDNESDAY)
    with pytest.raises(booking.SlotTaken):
        scene.book(at(0, 0, day=WEDNESDAY), patient=PatientFactory())
    assert scene.starts(WEDNESDAY)[0] == "00:15"


@pytest.mark.parametrize(("zone", "day"), [
    ("America/New_York", date(2027, 3, 14)), ("America/New_York", date(2026, 11, 1)),
    ("America/Santiago", date(2026, 9, 6)), ("America/Santiago", date(2027, 4, 4)),
    ("America/Asuncion", date(2024, 10, 6)), ("Europe/Madrid", date(2027, 3, 28)),
    ("Europe/Madrid", date(2026, 10, 25)),
])
def test_on_a_change_day_visits_neither_move_nor_overlap(scene, zone, day):
    set_clinic(scene.tenant, timezone=zone, working_hours=hours(**dict.fromkeys(
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "00:00-24:00")))
    scene.clock.move_to(datetime.combine(day, datetime.min.time(), UTC) - timedelta(days=2))
    found = scene.find(day)
    starts = [opening.start_at for opening in found]
    assert len(set(starts)) == len(starts)
    walls = [start.astimezone(ZoneInfo(zone)) for start in starts]
    assert all(wall.date() == day and wall.minute % 15 == 0 for wall in walls)
    assert all(opening.end_at - opening.start_at == timedelta(minutes=30) for opening in found)
    nine = datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo(zone))
    row = scene.book(nine)
    row.refresh_from_db()
    assert row.start_at.astimezone(ZoneInfo(zone)).hour == 9
    assert row.end_at - row.start_at == timedelta(minutes=30)


@pytest.mark.parametrize("buffer", [0, 10])
def test_every_opening_can_be_booked_at_once(scene, buffer):
    week = hours(tue="09:00-13:00 14:00-16:30", wed="22:00-24:00")
    set_clinic(scene.tenant, buffer_minutes=buffer, working_hours=week)
    chair = UsualChairFactory(professional=scene.professional).chair
    other = UsualChairFactory(chair=chair).professional
    scene.book(at(14, 45), professional=other)
    ClosureFactory(start_at=at(15, 40), end_at=at(15, 50), professional=scene.professional)
    offered = scene.find(TUESDAY, TUESDAY + timedelta(days=7), professionals=None)
    assert offered
    professionals = {one.pk: one for one in (scene.professional, other)}
    for opening in offered:
        row = scene.book(
            opening.start_at, professional=professionals[opening.professional_id], patient=PatientFactory())
        assert (row.start_at, row.end_at) == (opening.start_at, opening.end_at)
        Appointment.objects.filter(pk=row.pk).update(status=Status.CANCELLED)


@pytest.mark.parametrize("professionals", [1, 10])
@pytest.mark.parametrize("rows", [1, 30])
def test_three_queries_whatever_is_asked(scene, django_assert_num_queries, professionals, rows):
    for _ in range(professionals - 1):
        UsualChairFactory()
    for n in range(rows):
        AppointmentFactory(
            professional=scene.professional, treatment=scene.treatment, patient=scene.patient,
            start_at=at(9, day=WEDNESDAY) + timedelta(days=n))
        ClosureFactory(start_at=at(20) + timedelta(days=n), end_at=at(21) + timedelta(days=n))
    tenancy.remember_here(None)
    with django_assert_num_queries(3):
        availability.find(
            treatment=scene.treatment, first=TUESDAY, last=TUESDAY + timedelta(days=30), now=at(12), holder="user:1")


def test_reading_writes_nothing(scene):
    scene.hold(at(16))
    scene.clock.shift(timedelta(hours=1))
    before = list(Appointment.objects.values_list("pk", "status", "version"))
    scene.find(TUESDAY, TUESDAY + timedelta(days=30), professionals=None)
    assert list(Appointment.objects.values_list("pk", "status", "version")) == before


def test_the_other_clinic_is_no_obstacle(scene, bosque, within):
    with within(bosque):
        busy = AppointmentFactory(start_at=at(16))
        ClosureFactory(start_at=at(14), end_at=at(19))
        treatment = TreatmentFactory()
    assert busy.pk
    assert "16:00" in scene.starts()
    assert len(scene.starts()) == 19
    assert scene.find(treatment=treatment, professionals=[busy.professional_id]) == []
