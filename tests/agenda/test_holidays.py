"""National holidays, and what the clinic closes and opens by hand: by hand beats national, opened beats closed."""
from datetime import date, datetime, timedelta

import pytest
from django.utils import translation

from agenda import booking, holidays
from clinics import tenancy
from clinics.patients.models import Coverage, Insurer
from tests.agenda.conftest import TUESDAY, ZONE, at, hours
from tests.agenda.factories import ClosureFactory, PatientFactory, UsualChairFactory
from tests.factories import ProfessionalFactory

IMMACULATE = date(2026, 12, 8)  # a Tuesday
BRIDGE = date(2026, 12, 7)  # by decree of that year
CHRISTMAS = date(2026, 12, 25)
SUNDAY = date(2026, 11, 29)


def set_clinic(tenant, **values):
    for name, value in values.items():
        setattr(tenant, name, value)
    tenant.save()
    tenancy.remember_here(tenant)


def opened(first, last=None, **others):
    """By the clinic's wall clock; whole days, in the usual hours, unless hours are said."""
    span = {"start_at": at(0, day=first), "end_at": at(0, day=(last or first) + timedelta(days=1))}
    return ClosureFactory(**{"kind": "open", "reason": "", "usual_hours": True} | span | others)


def spelled(first, *words, **others):
    """`opened` with its own hours: "09:00", "13:00"."""
    start, end = (datetime.combine(first, datetime.strptime(word, "%H:%M").time(), ZONE) for word in words)  # noqa: DTZ007
    return opened(first, **{"start_at": start, "end_at": end, "usual_hours": False} | others)


def test_nobody_is_offered_or_booked_on_a_national_holiday(scene):
    assert scene.starts(date(2026, 12, 9))
    for day in (BRIDGE, IMMACULATE, CHRISTMAS):
        assert scene.starts(day) == []
        with pytest.raises(booking.OutsideHours):
            scene.book(at(10, day=day))


def test_it_is_the_country_of_the_clinic_and_the_clinic_may_not_close(scene):
    set_clinic(scene.tenant, country="UY")
    assert scene.starts(BRIDGE)
    assert scene.starts(CHRISTMAS) == []
    set_clinic(scene.tenant, country="AR", closes_on_holidays=False)
    assert scene.starts(IMMACULATE)
    assert holidays.named(scene.tenant, BRIDGE, CHRISTMAS) == {}


def test_a_region_has_holidays_of_its_own(scene):
    scene.tenant.country, scene.tenant.holiday_region = "BR", "SP"
    assert date(2026, 7, 9) in holidays.days(scene.tenant, date(2026, 7, 1), date(2026, 7, 31))
    scene.tenant.holiday_region = "nowhere"
    assert date(2026, 7, 9) not in holidays.days(scene.tenant, date(2026, 7, 1), date(2026, 7, 31))
    scene.tenant.country = "XX"
    assert holidays.days(scene.tenant, date(2026, 1, 1), date(2026, 12, 31)) == set()


def test_their_names_are_told_in_the_readers_language(scene):
    assert holidays.named(scene.tenant, IMMACULATE, IMMACULATE) == {IMMACULATE: "Inmaculada Concepción de María"}
    with translation.override("en"):
        assert holidays.named(scene.tenant, CHRISTMAS, CHRISTMAS) == {CHRISTMAS: "Christmas Day"}


def test_opened_by_hand_beats_national(scene):
    opened(IMMACULATE)
    assert scene.starts(IMMACULATE) == scene.starts(date(2026, 12, 9))
    assert scene.book(at(10, day=IMMACULATE))


def test_opened_with_its_hours_is_those_hours(scene):
    spelled(IMMACULATE, "08:00", "12:00")
    found = scene.starts(IMMACULATE)
    assert (found[0], found[-1]) == ("08:00", "11:30")
    with pytest.raises(booking.OutsideHours):
        scene.book(at(15, day=IMMACULATE))


def test_a_day_off_is_opened_with_hours_and_not_without(scene):
    opened(SUNDAY)
    assert scene.starts(SUNDAY) == []
    spelled(SUNDAY, "22:30", "23:30")
    assert scene.starts(SUNDAY) == ["22:30", "22:45", "23:00"]


def test_hours_opened_through_midnight(scene):
    spelled(SUNDAY, "23:00", "23:00", end_at=at(1, day=date(2026, 11, 30)))
    found = scene.starts(SUNDAY, date(2026, 11, 30))
    assert found[:7] == ["29 23:00", "29 23:15", "29 23:30", "29 23:45", "30 00:00", "30 00:15", "30 00:30"]


def test_opened_beats_closed_and_closed_beats_the_week(scene):
    ClosureFactory(start_at=at(0, day=TUESDAY), end_at=at(0, day=SUNDAY))
    assert scene.starts(TUESDAY, SUNDAY) == []
    opened(date(2026, 11, 26))
    assert {start[:2] for start in scene.starts(TUESDAY, SUNDAY)} == {"26"}


def test_opened_for_one_is_opened_for_nobody_else(scene):
    other = ProfessionalFactory()
    opened(IMMACULATE, professional=scene.professional)
    assert scene.starts(IMMACULATE)
    assert scene.starts(IMMACULATE, professionals=[other]) == []


def test_opened_for_all_leaves_a_leave_and_a_broken_chair_standing(scene):
    usual = UsualChairFactory()
    span = {"start_at": at(0, day=IMMACULATE), "end_at": at(0, day=date(2026, 12, 9))}
    ClosureFactory(**span, professional=scene.professional, kind="leave")
    ClosureFactory(**span, chair=usual.chair, kind="block")
    opened(IMMACULATE)
    assert scene.starts(IMMACULATE) == []
    assert scene.starts(IMMACULATE, professionals=[usual.professional]) == []
    opened(IMMACULATE, professional=scene.professional)
    opened(IMMACULATE, professional=usual.professional)
    assert scene.starts(IMMACULATE)
    assert scene.starts(IMMACULATE, professionals=[usual.professional]) == []


def test_a_block_of_several_days(scene):
    friday = date(2026, 11, 27)
    ClosureFactory(start_at=at(16, day=TUESDAY), end_at=at(11, day=friday), professional=scene.professional)
    found = scene.starts(TUESDAY, friday)
    assert [found[0], found[6], found[7]] == ["24 14:00", "24 15:30", "27 11:00"]


def test_every_week_until_its_last_day(scene):
    ClosureFactory(
        start_at=at(14, day=date(2026, 11, 4)), end_at=at(17, day=date(2026, 11, 4)), repeats="weekly",
        until_on=date(2026, 12, 2))  # a Wednesday
    wednesdays = [date(2026, 11, 25), date(2026, 12, 2), date(2026, 12, 9)]
    assert ["16:00" in scene.starts(day) for day in wednesdays] == [False, False, True]
    assert "16:00" in scene.starts(date(2026, 11, 26))


def test_every_year_and_a_day_that_not_every_year_has(scene):
    set_clinic(scene.tenant, horizon_days=365 * 3)
    founded = date(2020, 12, 17)
    ClosureFactory(start_at=at(0, day=founded), end_at=at(0, day=date(2020, 12, 19)), repeats="yearly")
    ClosureFactory(start_at=at(0, day=date(2024, 2, 29)), end_at=at(0, day=date(2024, 3, 1)), repeats="yearly")
    found = {opening.start_at.astimezone(ZONE).date() for opening in scene.find(
        date(2026, 12, 14), date(2026, 12, 20)) + scene.find(date(2027, 3, 1)) + scene.find(date(2028, 2, 28),
                                                                                          date(2028, 3, 1))}
    assert found == {date(2026, 12, 14), date(2026, 12, 15), date(2026, 12, 16), date(2027, 3, 1), date(2028, 3, 1)}


def test_what_opens_may_repeat(scene):
    spelled(date(2026, 11, 7), "09:00", "12:00", repeats="weekly")  # Saturdays
    assert scene.starts(date(2026, 11, 28))[-1] == "11:30"


def test_a_repeating_one_keeps_the_wall_clock_over_a_change(scene):
    set_clinic(scene.tenant, timezone="America/New_York", country="XX", working_hours=hours(sun="08:00-12:00"))
    zone = scene.tenant.zone
    ClosureFactory(
        start_at=datetime(2026, 11, 29, 9, tzinfo=zone), end_at=datetime(2026, 11, 29, 10, tzinfo=zone),
        repeats="weekly")
    scene.clock.move_to(datetime(2027, 3, 10, 12, tzinfo=zone))
    assert scene.starts(date(2027, 3, 14)) == ["08:00", "08:15", "08:30", *(
        f"{hour:02d}:{minute:02d}" for hour in (10, 11) for minute in (0, 15, 30, 45) if (hour, minute) < (11, 45))]


def test_the_insurers_delay_is_the_engines_earliest_day(scene):
    slow = Insurer.objects.create(name="IAPOS", folded="iapos", delay_days=3)
    Coverage.objects.create(insurer=slow, treatment_code=scene.treatment.code, delay_days=6)
    other = type(scene.treatment).objects.create(code="X", name="Otro", folded="otro", minutes=30)

    def first(**asked):
        return min(one.start_at for one in scene.find(TUESDAY, TUESDAY + timedelta(days=20), **asked)).astimezone(
            ZONE).date()

    assert first() == TUESDAY
    assert first(insurer=slow.pk) == TUESDAY + timedelta(days=6)
    assert first(insurer=slow.pk, treatment=other) == TUESDAY + timedelta(days=3)
    assert first(insurer=slow.pk, urgency="urgent") == TUESDAY
    assert scene.find(TUESDAY, TUESDAY + timedelta(days=5), insurer=slow.pk) == []
    scene.clock.move_to(at(23, 55))
    assert first(insurer=slow.pk) == TUESDAY + timedelta(days=6)


def test_what_an_insurer_delays_is_neither_held_nor_named_instead(scene):
    slow = Insurer.objects.create(name="IAPOS", folded="iapos", delay_days=3)
    friday = TUESDAY + timedelta(days=3)
    with pytest.raises(booking.TooSoon):
        scene.hold(at(18, day=friday - timedelta(days=1)), insurer=slow.pk)
    scene.book(at(9, day=friday))
    with pytest.raises(booking.SlotTaken) as refused:
        scene.hold(at(9, day=friday), insurer=slow.pk)
    assert refused.value.openings
    assert min(one.start_at for one in refused.value.openings) > at(9, day=friday)


def test_the_other_clinics_rows_open_and_close_nothing_here(scene, bosque, within):
    with within(bosque):
        opened(IMMACULATE)
        ClosureFactory(start_at=at(0, day=date(2026, 11, 4)), end_at=at(0, day=date(2026, 11, 5)), repeats="weekly")
    assert scene.starts(IMMACULATE) == []
    assert scene.starts(date(2026, 11, 25))
    assert PatientFactory().pk
