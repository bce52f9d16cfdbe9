from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import time_machine

from agenda import availability, booking
from clinics.access import Actor, receptionist
from tests.agenda.factories import PatientFactory, TreatmentFactory
from tests.factories import ProfessionalFactory

ZONE = ZoneInfo("America/Argentina/Buenos_Aires")
TUESDAY = date(2026, 11, 24)


def at(hour, minute=0, day=TUESDAY, zone=ZONE):
    """An instant by the clinic's wall clock; 24/11/2026 unless told."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)


def hours(**days):
    """`hours(mon="14:00-18:00", tue="09:00-13:00 14:00-18:00")`."""
    names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    return {
        str(names.index(name)): {
            "enabled": True,
            "slots": [dict(zip(("start", "end"), slot.split("-"), strict=True)) for slot in slots.split()],
        }
        for name, slots in days.items()
    }


@pytest.fixture
def frozen(noon):
    """The clock stands at Tuesday 24/11/2026, 12:00."""
    with time_machine.travel(noon, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk():
    return Actor(kind="staff", role="secretary", holder="user:1")


@pytest.fixture
def robot():
    return receptionist(7)


@pytest.fixture
def scene(here, frozen, desk):
    """One professional, one treatment of 30 minutes, one patient, and short ways to ask and to book."""
    made = SimpleNamespace(
        tenant=here, professional=ProfessionalFactory(), treatment=TreatmentFactory(), patient=PatientFactory(),
        by=desk, clock=frozen)

    def find(first=TUESDAY, last=None, **others):
        asked = {"treatment": made.treatment, "professionals": [made.professional], "now": datetime.now(ZONE)} | others
        return availability.find(first=first, last=last or first, **asked)

    def starts(*args, **others):
        """What `find` answers, by the clinic's wall clock: "15:30", with the day in front where several are asked."""
        several = len(args) > 1 or "last" in others
        return [
            opening.start_at.astimezone(made.tenant.zone).strftime("%d %H:%M" if several else "%H:%M")
            for opening in find(*args, **others)
        ]

    def book(start_at, **others):
        asked = {"professional": made.professional, "treatment": made.treatment, "by": desk}
        return booking.book(start_at=start_at, **{"patient": made.patient} | asked | others)

    def hold(start_at, **others):
        asked = {
            "professional": made.professional, "treatment": made.treatment, "holder": "conversation:7", "by": desk}
        return booking.hold(start_at=start_at, **asked | others)

    made.find, made.starts, made.book, made.hold = find, starts, book, hold
    made.tomorrow = TUESDAY + timedelta(days=1)
    return made
