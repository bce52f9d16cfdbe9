from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from dentalogic.lib import clock

BUENOS_AIRES = ZoneInfo("America/Argentina/Buenos_Aires")


@pytest.mark.parametrize(("instant", "day"), [
    ("2026-11-24T03:30:00+00:00", date(2026, 11, 24)),  # 00:30 in the clinic
    ("2026-11-25T00:30:00+00:00", date(2026, 11, 24)),  # 21:30
    ("2026-11-25T02:55:00+00:00", date(2026, 11, 24)),  # 23:55
])
def test_today_is_the_clinics_today(instant, day):
    with time_machine.travel(instant, tick=False):
        assert clock.today(BUENOS_AIRES) == day


def test_what_is_played_back_stands_still_and_lets_go():
    then = datetime(2026, 11, 24, 12, tzinfo=BUENOS_AIRES)
    with clock.standing_at(then):
        assert clock.now() == then and clock.now().tzinfo is UTC
        with clock.standing_at(then + timedelta(hours=1)):
            assert clock.now() == then + timedelta(hours=1)
        assert clock.now() == then
    assert clock.now() != then


def test_outside_development_nobody_moves_it(settings):
    with pytest.raises(RuntimeError):
        clock.shift(timedelta(hours=24))


def test_in_development_the_shift_is_everybodys(settings, monkeypatch):
    settings.DEVELOPMENT = True
    monkeypatch.setattr(clock, "_shift", timedelta())
    with time_machine.travel("2026-11-24T12:00:00+00:00", tick=False):
        clock.shift(timedelta(hours=24))
        monkeypatch.setattr(clock, "_read_at", -1000.0)
        assert clock.now() == datetime(2026, 11, 25, 12, tzinfo=UTC)
        clock.shift(timedelta())
        monkeypatch.setattr(clock, "_read_at", -1000.0)
        assert clock.now() == datetime(2026, 11, 24, 12, tzinfo=UTC)
    monkeypatch.undo()


@pytest.mark.parametrize(("text", "day"), [
    ("2026-11-24", date(2026, 11, 24)), ("9999-12-31", None), ("0001-01-01", None), ("24/11", None), ("", None)])
def test_a_day_of_an_address(text, day):
    assert clock.day_of(text) == day
