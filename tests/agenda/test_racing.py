"""Rows 1, 2, 14 and 16 of the failures: many connections want one span of the real database."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from time import sleep

import pytest
from django.db import connection

from agenda import booking
from agenda.models import Appointment, Status
from clinics import tenancy
from clinics.access import Actor
from tests.agenda.conftest import at
from tests.agenda.factories import PatientFactory, TreatmentFactory, UsualChairFactory
from tests.factories import ProfessionalFactory

pytestmark = pytest.mark.django_db(transaction=True)
DESK = Actor(kind="staff", role="secretary", holder="user:1")


@pytest.fixture
def cast(arrayan, bosque, within, frozen):
    with within(arrayan):
        return {"professional": ProfessionalFactory(), "treatment": TreatmentFactory(), "patients": [
            PatientFactory() for _ in range(50)]}


@pytest.fixture
def race(arrayan):
    """Run every call in a thread with a connection of its own, all at once; what each returned or refused."""

    def run(*calls):
        start = Barrier(len(calls))

        def one(call):
            try:
                with tenancy.tenant_context(arrayan.pk):
                    start.wait(30)
                    return call()
            except (booking.SlotTaken, booking.KeyReused) as refused:
                return refused
            finally:
                connection.close()

        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(one, calls))

    return run


def booker(cast, patient, start_at, **others):
    asked = {"professional": cast["professional"], "treatment": cast["treatment"], "by": DESK} | others
    return lambda: booking.book(patient=patient, start_at=start_at, **asked)


def rows(owner):
    return owner.execute("SELECT status, count(*) FROM appointments GROUP BY 1").fetchall()


def test_fifty_want_one_opening(cast, race, owner):
    results = race(*(booker(cast, patient, at(15)) for patient in cast["patients"]))
    assert Counter(type(one).__name__ for one in results) == {"Appointment": 1, "SlotTaken": 49}
    assert rows(owner) == [("scheduled", 1)]
    for refused in (one for one in results if isinstance(one, booking.SlotTaken)):
        assert refused.openings
        assert at(15) not in [opening.start_at for opening in refused.openings]


def test_unequal_spans_that_overlap(cast, race, owner, arrayan, within):
    with within(arrayan):
        long = TreatmentFactory(minutes=60)
    patients = iter(cast["patients"])
    results = race(*(
        booker(cast, next(patients), at(15) + timedelta(minutes=offset), treatment=treatment)
        for treatment, offsets in ((cast["treatment"], (0, 15, 30, 45)), (long, (0, 15, 30))) for offset in offsets))
    spans = owner.execute("SELECT start_at, end_at FROM appointments ORDER BY 1").fetchall()
    assert all(earlier[1] <= later[0] for earlier, later in zip(spans, spans[1:], strict=False))
    assert len(spans) == sum(isinstance(one, Appointment) for one in results) >= 1


def test_one_patient_two_professionals(cast, race, owner, arrayan, within):
    with within(arrayan):
        others = [ProfessionalFactory() for _ in range(9)]
    patient = cast["patients"][0]
    results = race(*(booker(cast, patient, at(15), professional=one) for one in others))
    assert Counter(type(one).__name__ for one in results) == {"Appointment": 1, "SlotTaken": 8}


def test_one_chair_two_professionals(cast, race, owner, arrayan, within):
    with within(arrayan):
        chair = UsualChairFactory().chair
        others = [UsualChairFactory(chair=chair).professional for _ in range(9)]
    results = race(*(
        booker(cast, patient, at(15), professional=one)
        for patient, one in zip(cast["patients"], others, strict=False)))
    assert Counter(type(one).__name__ for one in results) == {"Appointment": 1, "SlotTaken": 8}


@pytest.mark.parametrize("late", [timedelta(), timedelta(minutes=10)])
def test_an_owner_and_a_rival_around_the_end_of_a_hold(cast, race, owner, arrayan, within, frozen, late):
    with within(arrayan):
        booking.hold(
            professional=cast["professional"], treatment=cast["treatment"], start_at=at(15), holder="conversation:7",
            by=DESK)
    frozen.shift(late)
    mine, theirs, *_ = cast["patients"]
    results = race(
        booker(cast, mine, at(15), holder="conversation:7"), booker(cast, theirs, at(15)),
        booker(cast, theirs, at(15, 15)))
    booked = owner.execute("SELECT patient_id FROM appointments WHERE status = 'scheduled'").fetchall()
    assert rows(owner) == [("scheduled", 1)]
    if not late:
        assert booked == [(mine.pk,)]
    assert sum(isinstance(one, Appointment) for one in results) == 1


def test_a_late_commit_keeps_its_time(cast, race, owner):
    """The winner's transaction stays open after the verb: whoever asks meanwhile waits for it."""

    def slowly():
        with tenancy.atomic():
            row = booking.book(
                patient=cast["patients"][0], professional=cast["professional"], treatment=cast["treatment"],
                start_at=at(15), by=DESK)
            sleep(0.5)
        return row

    def after():
        sleep(0.1)
        return booker(cast, cast["patients"][1], at(15))()

    results = race(slowly, after)
    assert [type(one).__name__ for one in results] == ["Appointment", "SlotTaken"]
    assert rows(owner) == [("scheduled", 1)]


def test_one_key_posted_at_once(cast, race, owner):
    patient = cast["patients"][0]
    results = race(*(booker(cast, patient, at(15), key="user:1:k") for _ in range(8)))
    assert len({one.pk for one in results}) == 1
    assert rows(owner) == [("scheduled", 1)]


def test_two_swap_places(cast, race, owner, arrayan, within):
    """Moves in opposite directions between two columns lock them in one order."""
    with within(arrayan):
        other = ProfessionalFactory()
        pairs = [
            (booker(cast, cast["patients"][0], at(15))(), other),
            (booker(cast, cast["patients"][1], at(15), professional=other)(), cast["professional"]),
        ]
    results = race(*(
        lambda row=row, target=target: booking.move(appointment=row, professional=target, start_at=at(16), by=DESK)
        for row, target in pairs))
    assert all(isinstance(one, Appointment) for one in results)


def test_cancel_and_book(cast, race, owner, arrayan, within):
    with within(arrayan):
        row = booker(cast, cast["patients"][0], at(15))()
    race(lambda: booking.cancel(appointment=row, by=DESK), booker(cast, cast["patients"][1], at(15)))
    left = dict(rows(owner))
    assert left[Status.CANCELLED] == 1
    assert left.get(Status.SCHEDULED, 0) <= 1


def test_one_key_posted_at_once_for_different_professionals(cast, race, owner, arrayan, within):
    with within(arrayan):
        others = [ProfessionalFactory() for _ in range(8)]
    results = race(*(
        booker(cast, patient, at(15), professional=one, key="user:1:k")
        for patient, one in zip(cast["patients"], others, strict=False)))
    made = [one for one in results if not isinstance(one, booking.KeyReused)]
    assert (len(made), len(results)) == (1, 8)
    assert rows(owner) == [("scheduled", 1)]
