"""Why a day has nothing: what is said to who asks for it, and when it is not the reason."""
from datetime import date, timedelta

import pytest

from agenda import closed
from agenda.closed import Closed
from tests.agenda.conftest import TUESDAY, at, hours
from tests.agenda.factories import ChairFactory, ClosureFactory
from tests.factories import ProfessionalFactory

CHRISTMAS = date(2026, 12, 25)  # a Friday
DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def clinic(here):
    here.working_hours = hours(mon="09:00-18:00", tue="09:00-18:00", wed="09:00-18:00", fri="09:00-18:00")
    here.save()
    return here


def close(first, days=1, **others):
    return ClosureFactory(**{
        "start_at": at(0, day=first), "end_at": at(0, day=first + days * DAY), "reason": "Vacaciones"} | others)


def test_a_national_holiday_by_its_name(clinic):
    assert closed.whole([CHRISTMAS]) == [Closed(CHRISTMAS, CHRISTMAS, True, "Navidad")]


def test_a_closure_by_its_reason_and_days_together(clinic):
    close(TUESDAY, days=2)
    close(TUESDAY + 3 * DAY, kind="holiday", reason="Día del odontólogo")
    week = [TUESDAY + n * DAY for n in range(4)]
    assert closed.whole(week) == [
        Closed(TUESDAY, TUESDAY + DAY, False, "Vacaciones"),
        Closed(TUESDAY + 3 * DAY, TUESDAY + 3 * DAY, True, "Día del odontólogo")]


def test_what_comes_back_every_year_is_named_each_time(clinic):
    close(date(2025, 12, 1), repeats="yearly", reason="Aniversario")
    assert [one.name for one in closed.whole([date(2026, 12, 1)])] == ["Aniversario"]


@pytest.mark.parametrize("days", [[TUESDAY], [date(2026, 11, 26)], [TUESDAY, CHRISTMAS], []])
def test_a_day_that_is_only_full_or_of_rest_or_beside_an_open_one_has_no_reason(clinic, days):
    assert closed.whole(days) == []


def test_a_part_of_a_day_ones_own_leave_and_a_chair_are_no_reason(clinic):
    close(TUESDAY, end_at=at(12))
    close(TUESDAY + DAY, professional=ProfessionalFactory(), kind="leave", reason="Licencia")
    close(TUESDAY + DAY, chair=ChairFactory())
    assert closed.whole([TUESDAY]) == closed.whole([TUESDAY + DAY]) == []


def test_opened_by_hand_is_open(clinic):
    close(CHRISTMAS, kind="open", usual_hours=True)
    assert closed.whole([CHRISTMAS]) == []


def test_a_clinic_that_works_on_holidays_names_none(clinic):
    clinic.closes_on_holidays = False
    clinic.save()
    assert closed.whole([CHRISTMAS]) == []
