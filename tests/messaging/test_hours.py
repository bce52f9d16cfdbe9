"""`mañana 9:00` is an instant of the clinic's wall."""
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from messaging import hours

NOON = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # a Tuesday, 12:00 there
ZONE = ZoneInfo("America/Argentina/Buenos_Aires")


@pytest.mark.parametrize(("said", "meant"), [
    ("mañana 9:00", "25/11 09:00"), ("9:00", "25/11 09:00"), ("18:30", "24/11 18:30"), ("hoy 18hs", "24/11 18:00"),
    ("el jueves a las 10 y media", "26/11 10:30"), ("25/11 15:30", "25/11 15:30"), ("en 2 horas", "24/11 14:00"),
    ("en 40 minutos", "24/11 12:40"), ("en media hora", "24/11 12:30"), ("dentro de una hora", "24/11 13:00"),
    ("a las 5 de la tarde", "24/11 17:00"),
])
def test_what_is_understood(said, meant):
    assert f"{hours.read(said, now=NOON, zone=ZONE).astimezone(ZONE):%d/%m %H:%M}" == meant


@pytest.mark.parametrize(("said", "refusal"), [
    ("mañana", hours.NoHour), ("el jueves a la tarde", hours.NoHour), ("", hours.NoHour),
    ("cuando puedas", hours.NoHour),
    ("hoy 9:00", hours.Past), ("después de las 17", hours.NoHour), ("esta semana a las 9", hours.NoHour),
])
def test_what_is_not_is_asked_again(said, refusal):
    with pytest.raises(refusal):
        hours.read(said, now=NOON, zone=ZONE)
