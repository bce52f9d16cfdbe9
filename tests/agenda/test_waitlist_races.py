"""Who waits, and the time that frees, with many hands at once: each on its own connection to the real database."""
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier, Lock

import pytest
from django.db import connection
from psycopg.rows import dict_row

from agenda import booking, tasks, waitlist
from agenda.models import Appointment, FreedTime, WaitlistEntry, WaitlistOffer
from clinics import tenancy
from clinics.access import Actor, receptionist
from dentalogic.lib import clock
from dentalogic.lib.refusals import Refusal
from tests.agenda import checker
from tests.agenda.conftest import TUESDAY, at
from tests.agenda.factories import PatientFactory, TreatmentFactory, UsualChairFactory
from tests.agenda.test_races import WEEK
from tests.conftest import owner_connection
from tests.factories import ProfessionalFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
DESK = Actor(kind="staff", role="secretary", holder="user:1")
OTHER_DESK = Actor(kind="staff", role="secretary", holder="user:2")
THURSDAY = TUESDAY + timedelta(days=2)
ROUNDS = 6


@pytest.fixture(autouse=True)
def enqueued(monkeypatch):
    asked = []
    monkeypatch.setattr(tasks.fill_freed_time, "later", lambda *, freed_id: asked.append(freed_id))
    return asked


@pytest.fixture
def cast(arrayan, bosque, within, frozen):
    with within(arrayan):
        return {"professional": ProfessionalFactory(), "other": ProfessionalFactory(), "treatment": TreatmentFactory(),
                "patients": [PatientFactory() for _ in range(4)]}


@pytest.fixture
def race(arrayan):
    def run(*verbs):
        start = Barrier(len(verbs))

        def together(verb):
            def called():
                start.wait(30)
                return verb()

            return called

        return at_once(lambda: tenancy.tenant_context(arrayan.pk), [together(verb) for verb in verbs])

    return run


def names(results):
    return Counter(type(one).__name__ for one in results)


def join(cast, patient=0, **others):
    return waitlist.join(patient=cast["patients"][patient], treatment=cast["treatment"], by=DESK, **others)


def freed(cast, start_at=None, professional=None):
    """A visit of that hour was cancelled: what is to be offered."""
    row = booking.book(
        patient=PatientFactory(), professional=professional or cast["professional"], treatment=cast["treatment"],
        start_at=start_at or at(15, day=THURSDAY), by=DESK)
    booking.cancel(appointment=row, by=DESK)
    return FreedTime.objects.latest("pk").pk


def offered(cast, patient=0, hour=15):
    entry = join(cast, patient)
    return waitlist.offer(
        entry=entry, professional=cast["professional"], start_at=at(hour, day=THURSDAY), by=DESK)


def offers(state=None):
    return list(WaitlistOffer.objects.filter(**({"state": state} if state else {})).with_names())


def standing():
    return list(Appointment.objects.exclude(status="cancelled"))


def test_one_freed_time_is_offered_once(cast, race, arrayan, within):
    with within(arrayan):
        for patient in range(4):
            join(cast, patient)
        found = freed(cast)
    race(*(partial(waitlist.fill, freed_id=found) for _ in range(4)))
    with within(arrayan):
        assert [(one.state, one.entry.patient) for one in offers()] == [("open", cast["patients"][0])]
        assert [one.status for one in standing()] == ["held"]


def test_two_times_that_free_at_once_are_not_both_the_same_persons(cast, race, arrayan, within):
    """Nor does the second take the first from them: it is the next one's, or nobody's until they pass."""
    for number in range(ROUNDS):
        day = THURSDAY + timedelta(days=7 * number)
        with within(arrayan):
            entry = join(cast)
            found = [freed(cast, at(15, day=day)), freed(cast, at(16, day=day), cast["other"])]
        results = race(*(partial(waitlist.fill, freed_id=pk) for pk in found))
        with within(arrayan):
            assert [one.state for one in offers() if one.entry_id == entry.pk] == ["open"], results
            assert Appointment.objects.filter(status="held").count() == 1
            waitlist.leave(entry=entry, by=DESK)


def test_two_desks_offer_one_time_to_two_people(cast, race, arrayan, within):
    with within(arrayan):
        entries = [join(cast, 0), join(cast, 1)]
    results = race(*(
        partial(waitlist.offer, 
            entry=entry, professional=cast["professional"], start_at=at(15, day=THURSDAY), by=DESK)
        for entry in entries))
    assert names(results) == {"WaitlistOffer": 1, "SlotTaken": 1}
    with within(arrayan):
        assert [one.status for one in standing()] == ["held"]


def test_two_desks_offer_one_person_two_times(cast, race, arrayan, within):
    with within(arrayan):
        entry = join(cast)
    results = race(*(
        partial(waitlist.offer, 
            entry=entry, professional=who, start_at=at(hour, day=THURSDAY), by=DESK)
        for who, hour in ((cast["professional"], 15), (cast["other"], 17), (cast["professional"], 16))))
    assert names(results) == {"WaitlistOffer": 3}
    with within(arrayan):
        assert Counter(one.state for one in offers()) == {"open": 1, "withdrawn": 2}
        [held], [still] = standing(), offers("open")
        assert (held.held_for, held.start_at) == (entry.holder, still.start_at)


def test_two_yeses_are_one_booking(cast, race, arrayan, within):
    with within(arrayan):
        offer = offered(cast)
    results = race(*(partial(waitlist.accept, offer=offer, by=by) for by in (receptionist(1), DESK) * 4))
    assert names(results) == {"Appointment": 8}
    assert len({one.pk for one in results}) == 1
    with within(arrayan):
        assert [one.status for one in standing()] == ["scheduled"]


@pytest.mark.parametrize("has_a_visit", [False, True])
def test_a_yes_against_a_no(cast, race, arrayan, within, has_a_visit):
    for number in range(ROUNDS):
        with within(arrayan):
            visit = has_a_visit and booking.book(
                patient=cast["patients"][0], professional=cast["other"], treatment=cast["treatment"], by=DESK,
                start_at=at(10 + number % 3, day=THURSDAY + timedelta(days=1)))
            offer = offered(cast)
        verbs = [partial(waitlist.accept, offer=offer, by=receptionist(1)),
                 partial(waitlist.pass_on, offer=offer, by=DESK)]
        results = race(*(verbs if number % 2 else verbs[::-1]))
        assert names(results) in ({"Appointment": 1, "OfferGone": 1}, {"WaitlistOffer": 1, "OfferGone": 1}), results
        with within(arrayan):
            said = WaitlistOffer.objects.get(pk=offer.pk)
            rows = standing()
            assert [one.start_at == offer.start_at for one in rows] == (
                [True] if said.state == "accepted" else [False] if has_a_visit else []), said.state
            assert not visit or [one.pk for one in rows] == [visit.pk]
            for one in rows:
                booking.cancel(appointment=one, by=DESK)
            WaitlistEntry.objects.waiting().update(state="left")


def test_a_yes_against_the_end_of_the_offer(cast, race, arrayan, within, frozen):
    for number in range(ROUNDS):
        with within(arrayan):
            offer = offered(cast, hour=15)
        frozen.shift(timedelta(minutes=31))
        verbs = [partial(waitlist.accept, offer=offer, by=receptionist(1)), waitlist.expire]
        results = race(*(verbs if number % 2 else verbs[::-1]))
        with within(arrayan):
            state = WaitlistOffer.objects.get(pk=offer.pk).state
            assert (state, [one.status for one in standing()]) in (
                ("accepted", ["scheduled"]), ("expired", [])), results
            assert names(results)["Appointment"] == (state == "accepted"), results
            for one in standing():
                booking.cancel(appointment=one, by=DESK)
            WaitlistEntry.objects.waiting().update(state="left")
        frozen.shift(timedelta(minutes=-31))


@pytest.mark.parametrize("late", [0, 31])
def test_a_yes_against_anothers_booking(cast, race, arrayan, within, frozen, late):
    """While it is held there is no race; once it ran out, whoever is first has it, and the other hears so."""
    for number in range(ROUNDS):
        with within(arrayan):
            offer = offered(cast)
        frozen.shift(timedelta(minutes=late))
        verbs = [
            partial(waitlist.accept, offer=offer, by=receptionist(1)),
            partial(booking.book, 
                patient=cast["patients"][1], professional=cast["professional"], treatment=cast["treatment"],
                start_at=at(15, day=THURSDAY), by=OTHER_DESK)]
        results = race(*(verbs if number % 2 else verbs[::-1]))
        assert names(results) == {"Appointment": 1, "SlotTaken": 1}, results
        waitlist_won = isinstance(results[0 if number % 2 else 1], Appointment)
        assert late or waitlist_won
        with tenancy.tenant_context(arrayan.pk):
            waitlist.expire()
        with within(arrayan):
            assert WaitlistOffer.objects.get(pk=offer.pk).state == ("accepted" if waitlist_won else "expired")
            [row] = standing()
            assert row.patient == cast["patients"][0 if waitlist_won else 1]
            booking.cancel(appointment=row, by=DESK)
            WaitlistEntry.objects.waiting().update(state="left")
        frozen.shift(timedelta(minutes=-late))


def test_a_yes_while_the_visit_that_would_move_changes_hands(cast, race, arrayan, within):
    """The desk gives it to another professional, or cancels it, at that moment: there is one visit in the end."""
    for number in range(ROUNDS):
        with within(arrayan):
            visit = booking.book(
                patient=cast["patients"][0], professional=cast["other"], treatment=cast["treatment"], by=DESK,
                start_at=at(11, day=THURSDAY + timedelta(days=1)))
            third, offer = ProfessionalFactory(), offered(cast)
        desks = (
            partial(booking.move, appointment=visit, start_at=visit.start_at, professional=third, by=OTHER_DESK),
            partial(booking.cancel, appointment=visit, by=OTHER_DESK))
        results = race(partial(waitlist.accept, offer=offer, by=receptionist(1)), desks[number % 2])
        assert isinstance(results[0], Appointment), results
        with within(arrayan):
            rows = standing()
            at_the_offered = [one for one in rows if one.start_at == offer.start_at]
            moved_away_after = number % 2 == 0 and isinstance(results[1], Appointment)
            cancelled_after = number % 2 and isinstance(results[1], Appointment) and not rows
            assert len(rows) == 1 or cancelled_after, (rows, results)
            assert at_the_offered or moved_away_after or cancelled_after, results
            assert WaitlistOffer.objects.get(pk=offer.pk).state == "accepted"
            for one in rows:
                booking.cancel(appointment=one, by=DESK)


def test_a_visit_that_two_cancel_frees_its_time_once(cast, race, arrayan, within):
    with within(arrayan):
        join(cast)
        row = booking.book(patient=cast["patients"][1], professional=cast["professional"], by=DESK,
                           treatment=cast["treatment"], start_at=at(15, day=THURSDAY))
    results = race(*(partial(booking.cancel, appointment=row, by=by) for by in (DESK, OTHER_DESK) * 2))
    assert names(results) == {"Appointment": 1, "WrongState": 3}
    with within(arrayan):
        [found] = FreedTime.objects.all()
        waitlist.fill(freed_id=found.pk)
        assert [one.state for one in offers()] == ["open"]


def test_who_leaves_while_they_are_being_offered_something(cast, race, arrayan, within):
    for number in range(ROUNDS):
        with within(arrayan):
            entry, found = join(cast), freed(cast, at(15, day=THURSDAY + timedelta(days=7 * number)))
        race(partial(waitlist.leave, entry=entry, by=DESK), partial(waitlist.fill, freed_id=found))
        with within(arrayan):
            entry.refresh_from_db()
            assert entry.state == "left"
            assert (offers("open"), standing()) == ([], [])


def test_two_who_join_at_once_wait_once(cast, race, arrayan, within):
    results = race(*(lambda: join(cast) for _ in range(4)))
    assert names(results) == {"WaitlistEntry": 1, "AlreadyWaiting": 3}


class Hands:
    """One of several who work at once on the list and on the agenda under it, at random."""

    def __init__(self, tenant, world, seed, done):
        self.tenant, self.world, self.dice, self.done, self.seed = tenant, world, random.Random(seed), done, seed

    def work(self, operations):
        try:
            with tenancy.tenant_context(self.tenant.pk):
                for _number in range(operations):
                    self.step()
        finally:
            connection.close()

    def step(self):
        verb = self.dice.choice(self.VERBS)
        try:
            made = getattr(self, verb)()
        except Refusal as refused:
            self.done(verb, refused.code)
        else:
            self.done(verb, "nothing" if made is None else "done")

    def pick(self, rows):
        with tenancy.atomic():
            found = list(rows().order_by("pk"))
        return self.dice.choice(found) if found else None

    def wish(self):
        hour, minute = self.dice.choice([9, 10, 11, 15, 16]), self.dice.choice([0, 15, 30])
        return {"professional": self.dice.choice(self.world["professionals"]),
                "start_at": at(hour, minute, day=THURSDAY + timedelta(days=self.dice.randrange(2)))}

    def book(self):
        return booking.book(patient=self.dice.choice(self.world["patients"]), by=DESK,
                            treatment=self.dice.choice(self.world["treatments"]), **self.wish())

    def cancel(self):
        row = self.pick(lambda: Appointment.objects.filter(status="scheduled").with_names())
        return row and booking.cancel(appointment=row, by=DESK)

    def move(self):
        row = self.pick(lambda: Appointment.objects.filter(status="scheduled").with_names())
        return row and booking.move(appointment=row, by=OTHER_DESK, **self.wish())

    def join(self):
        return waitlist.join(
            patient=self.dice.choice(self.world["patients"]), treatment=self.dice.choice(self.world["treatments"]),
            professional=self.dice.choice([None, *self.world["professionals"]]), by=DESK)

    def leave(self):
        row = self.pick(WaitlistEntry.objects.waiting)
        return row and waitlist.leave(entry=row, by=DESK)

    def fill(self):
        row = self.pick(lambda: FreedTime.objects.filter(look_at__isnull=False))
        return row and (waitlist.fill(freed_id=row.pk) or None)

    def offer(self):
        row = self.pick(WaitlistEntry.objects.waiting)
        return row and waitlist.offer(entry=row, by=OTHER_DESK, **self.wish())

    def accept(self):
        row = self.pick(WaitlistOffer.objects.open)
        return row and waitlist.accept(offer=row, by=receptionist(1))

    def pass_on(self):
        row = self.pick(WaitlistOffer.objects.open)
        return row and waitlist.pass_on(offer=row, by=DESK)

    def runs_out(self):
        row = self.pick(lambda: WaitlistOffer.objects.open().select_related("entry"))
        if row:
            with tenancy.atomic():
                WaitlistOffer.objects.filter(pk=row.pk).update(expires_at=clock.now())
            with tenancy.atomic():
                Appointment.objects.held_by(row.entry.holder).update(held_until=clock.now())

    def expire(self):
        waitlist.expire()

    VERBS = ("book", "book", "cancel", "cancel", "move", "join", "join", "leave", "fill", "fill", "fill", "offer",
             "offer", "accept", "accept", "pass_on", "runs_out", "expire")


@pytest.mark.parametrize("buffer", [0, 10])
def test_random_hands_on_the_list_leave_it_in_step_with_the_agenda(arrayan, bosque, within, frozen, buffer):
    hands, operations = 6, 70
    type(arrayan).objects.filter(pk=arrayan.pk).update(buffer_minutes=buffer)
    with within(arrayan):
        first = UsualChairFactory()
        world = {
            "professionals": [
                first.professional, UsualChairFactory(chair=first.chair).professional, ProfessionalFactory()],
            "treatments": [TreatmentFactory(minutes=minutes) for minutes in (30, 45)],
            "patients": [PatientFactory() for _ in range(10)]}
    said, guard = Counter(), Lock()

    def done(verb, how):
        with guard:
            said[verb, how] += 1

    with ThreadPoolExecutor(hands) as pool:
        list(pool.map(lambda seed: Hands(arrayan, world, seed, done).work(operations), range(hands)))
    for verb in ("accept", "fill", "offer", "pass_on", "cancel"):
        assert said[verb, "done"], said
    with within(arrayan):
        Appointment.objects.expired(clock.now()).discard()  # as the next who wants the time would
    with owner_connection(row_factory=dict_row) as owner:
        rows = owner.execute("SELECT * FROM appointments").fetchall()
        entries = owner.execute("SELECT * FROM waitlist_entries").fetchall()
        made = owner.execute("SELECT * FROM waitlist_offers").fetchall()
    assert checker.faults(
        rows, [], now=clock.now(), zone=arrayan.zone, week=WEEK, buffer=timedelta(minutes=buffer)) == []
    waits = {one["id"]: one for one in entries}
    held = Counter(one["held_for"] for one in rows if one["status"] == "held")
    alive = [one for one in made if one["state"] == "open" and one["expires_at"] > clock.now()]
    assert held == Counter(f"waitlist:{one['entry_id']}" for one in alive)
    assert {waits[one["entry_id"]]["state"] for one in made if one["state"] == "open"} <= {"waiting"}
    booked = Counter(one["entry_id"] for one in made if one["state"] == "accepted")
    assert booked == Counter(one["id"] for one in entries if one["state"] == "booked")
