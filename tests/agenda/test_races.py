"""The races that the failures name, each with separate clients; then two thousand random operations, whose agenda a
brute-force checker finds consistent."""
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from threading import Barrier, Event, Lock

import pytest
from django.db import connection
from psycopg.rows import dict_row

from agenda import availability, booking, closing
from agenda.models import Appointment, Closure
from clinics import tenancy
from clinics.access import Actor, receptionist
from dentalogic.lib import clock
from dentalogic.lib.refusals import Refusal
from tests.agenda import checker
from tests.agenda.conftest import TUESDAY, at
from tests.agenda.factories import PatientFactory, TreatmentFactory, UsualChairFactory
from tests.conftest import owner_connection
from tests.factories import ProfessionalFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
DESK = Actor(kind="staff", role="secretary", holder="user:1")
OTHER_DESK = Actor(kind="staff", role="secretary", holder="user:2")
CEO = Actor(kind="staff", role="ceo", holder="user:3")
WEDNESDAY = TUESDAY + timedelta(days=1)
ROUNDS = 8
WEEK = {day: [(time(9), time(13)), (time(14), time(19))] for day in range(5)}


@pytest.fixture
def race(arrayan):
    return lambda *verbs: at_once(lambda: tenancy.tenant_context(arrayan.pk), _together(verbs))


def _together(verbs):
    start = Barrier(len(verbs))

    def waiting(verb):
        def called():
            start.wait(30)
            return verb()

        return called

    return [waiting(verb) for verb in verbs]


@pytest.fixture
def cast(arrayan, bosque, within, frozen):
    with within(arrayan):
        usual = UsualChairFactory()
        return {"professional": usual.professional, "chair": usual.chair,
                "neighbour": UsualChairFactory(chair=usual.chair).professional, "treatment": TreatmentFactory(),
                "patients": [PatientFactory() for _ in range(ROUNDS)]}


def book(cast, patient, start_at, **others):
    asked = {"professional": cast["professional"], "treatment": cast["treatment"], "by": DESK} | others
    return lambda: booking.book(patient=patient, start_at=start_at, **asked)


def made(results):
    return [one for one in results if isinstance(one, Appointment)]


def steps():
    """A morning's and an afternoon's hours, one a round."""
    return [at(hour, day=WEDNESDAY) for hour in (9, 10, 11, 12, 14, 15, 16, 17)]


def test_two_professionals_of_one_chair_keep_the_buffer_between_their_patients(cast, race, arrayan, within):
    type(arrayan).objects.filter(pk=arrayan.pk).update(buffer_minutes=15)
    for number, start_at in enumerate(steps()[:6]):
        results = race(
            book(cast, cast["patients"][0], start_at),
            book(cast, cast["patients"][1], start_at + timedelta(minutes=30), professional=cast["neighbour"]))
        assert len(made(results)) == 1, (number, results)
        with within(arrayan):
            Appointment.objects.all().update(status="cancelled")


def test_staff_and_the_receptionist_want_spans_that_overlap(cast, race, arrayan, within):
    """Unequal ones: what she holds and books, against what staff writes down."""
    with within(arrayan):
        long = TreatmentFactory(minutes=60)

    def by_chat(patient, start_at):
        def both():
            asked = {"professional": cast["professional"], "treatment": cast["treatment"], "start_at": start_at,
                     "holder": "conversation:7", "by": receptionist(7)}
            booking.hold(**asked)
            return booking.book(patient=patient, **asked)

        return both

    for start_at in steps()[::2]:
        results = race(
            by_chat(cast["patients"][0], start_at + timedelta(minutes=30)),
            book(cast, cast["patients"][1], start_at, treatment=long))
        assert Counter(type(one).__name__ for one in results) == {"Appointment": 1, "SlotTaken": 1}, results


def test_a_visit_is_confirmed_once(cast, race, arrayan, within):
    with within(arrayan):
        row = book(cast, cast["patients"][0], at(15))()
    results = race(*(lambda: booking.confirm(appointment=row, by=DESK) for _ in range(8)))
    assert Counter(type(one).__name__ for one in results) == {"Appointment": 1, "WrongState": 7}
    with within(arrayan):
        assert (Appointment.objects.get().status, Appointment.objects.get().version) == ("confirmed", 2)


def test_a_visit_moves_to_where_another_is_booked(cast, race, arrayan, within):
    for number, start_at in enumerate(steps()[::2]):
        mine, theirs = cast["patients"][0], cast["patients"][1]
        with within(arrayan):
            row = book(cast, mine, start_at)()
        to = start_at + timedelta(minutes=45)
        move = lambda row=row, to=to: booking.move(appointment=row, start_at=to, by=OTHER_DESK)  # noqa: E731
        results = race(*((move, book(cast, theirs, to)) if number % 2 else (book(cast, theirs, to), move)))
        assert len(made(results)) == 1, results
        with within(arrayan):
            Appointment.objects.all().update(status="cancelled")


def test_two_desks_move_one_visit(cast, race, arrayan, within):
    with within(arrayan):
        row = book(cast, cast["patients"][0], at(15))()
    results = race(*(
        lambda to=to: booking.move(appointment=row, start_at=at(to), version=row.version, by=DESK)
        for to in (16, 17, 18)))
    assert Counter(type(one).__name__ for one in results) == {"Appointment": 1, "StaleVersion": 2}
    with within(arrayan):
        assert Appointment.objects.get().start_at == made(results)[0].start_at


def test_what_was_cancelled_is_booked_again_by_one(cast, race, arrayan, within):
    with within(arrayan):
        row = book(cast, cast["patients"][0], at(15))()
        booking.cancel(appointment=row, by=DESK)
    results = race(*(book(cast, patient, at(15)) for patient in cast["patients"][1:]))
    assert Counter(type(one).__name__ for one in results) == {"Appointment": 1, "SlotTaken": ROUNDS - 2}


def test_moved_and_cancelled_at_once(cast, race, arrayan, within):
    """Either it moves and is then cancelled, or it is cancelled and does not move; its times are free."""
    for start_at in steps()[:3]:
        with within(arrayan):
            row = book(cast, cast["patients"][0], start_at)()
        race(lambda row=row: booking.cancel(appointment=row, by=DESK),
             lambda row=row, to=start_at + timedelta(minutes=30): booking.move(
                 appointment=row, start_at=to, by=OTHER_DESK))
        with within(arrayan):
            assert Appointment.objects.get(pk=row.pk).status == "cancelled"
            assert book(cast, cast["patients"][1], start_at)()
            assert book(cast, cast["patients"][2], start_at + timedelta(minutes=30))()


@pytest.mark.parametrize(("change", "said"), [
    ({"start_at": at(9, 15, day=WEDNESDAY)}, "overlap"), ({"start_at": at(9, 35, day=WEDNESDAY)}, "leave no buffer"),
    ({"start_at": at(8, day=WEDNESDAY), "end_at": at(8, 30, day=WEDNESDAY)}, "outside the hours"),
    ({"end_at": at(13, 15, day=WEDNESDAY)}, "outside the hours"), ({"patient_id": None}, "has no patient"),
    ({"status": "confirmed"}, "has no stamp"), ({"start_at": at(11, day=WEDNESDAY)}, "is in closure"),
    ({"overbooked": True}, "for no reason"), ({"idempotency_key": "k"}, "one key"),
])
def test_the_checker_sees_what_is_wrong(change, said):
    row = dict.fromkeys(["chair_id", *checker.STAMP.values()]) | {
        "id": 1, "status": "scheduled", "professional_id": 1, "patient_id": 1, "overbooked": False,
        "overbook_reason": "", "idempotency_key": "k", "start_at": at(9, day=WEDNESDAY),
        "end_at": at(9, 30, day=WEDNESDAY)}
    other = row | {"id": 2, "patient_id": 2, "idempotency_key": None, "start_at": at(10, day=WEDNESDAY),
                   "end_at": at(12, day=WEDNESDAY)}
    closures = [{"id": 3, "start_at": at(11, 30, day=WEDNESDAY), "end_at": at(12, day=WEDNESDAY),
                 "professional_id": None if "start_at" in change else 9}]
    about = {"now": at(8, day=WEDNESDAY), "zone": at(8).tzinfo, "week": WEEK, "buffer": timedelta(minutes=10)}
    assert checker.faults([row, other], [], **about) == []
    wrong = checker.faults([row, other | change], closures if said == "is in closure" else [], **about)
    assert wrong
    assert any(said in one for one in wrong), wrong


def test_a_visit_that_changes_hands_meanwhile_is_confirmed_all_the_same(arrayan, cast, within, owner):
    row = at_once(lambda: tenancy.tenant_context(arrayan.pk), [book(cast, cast["patients"][0], steps()[0])])[0]
    moved, waited_for = Event(), Event()

    def move():
        with tenancy.atomic():
            booking.move(appointment=row, start_at=row.start_at, professional=cast["neighbour"], by=DESK)
            moved.set()
            assert waited_for.wait(30)

    def confirm():
        assert moved.wait(30)
        return booking.confirm(appointment=row, by=OTHER_DESK)

    def look():
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        assert moved.wait(30)
        while owner.execute(waiting).fetchone() == (0,):
            pass
        waited_for.set()

    confirmed = at_once(lambda: tenancy.tenant_context(arrayan.pk), [move, confirm, look])[1]
    assert (confirmed.status, confirmed.professional) == ("confirmed", cast["neighbour"])


def test_a_hold_that_was_let_go_is_refused_to_whoever_still_sees_it(arrayan, cast, within):
    with within(arrayan):
        row = booking.hold(professional=cast["professional"], treatment=cast["treatment"], start_at=steps()[0],
                           holder="conversation:1", by=receptionist(1))
        booking.release(holder="conversation:1")
        with pytest.raises(booking.HoldExpired):
            booking.cancel(appointment=row, by=DESK)


class Hands:
    """One of several who work at once on the same agenda, at random: with the eyes of a moment ago."""

    def __init__(self, tenant, world, seed, done):
        self.tenant, self.world, self.dice, self.done = tenant, world, random.Random(seed), done
        self.holder = f"conversation:{seed}"

    def work(self, operations):
        try:
            with tenancy.tenant_context(self.tenant.pk):
                for _number in range(operations):
                    self.step()
        finally:
            connection.close()

    def step(self):
        verb = self.dice.choices(list(self.VERBS), list(self.VERBS.values()))[0]
        try:
            made = getattr(self, verb)()
        except Refusal as refused:
            self.done(verb, refused.code)
        else:
            self.done(verb, "nothing" if made is None else "done")

    def when(self):
        hour = self.dice.choice([9, 10, 11, 12, 14, 15, 16, 17, 18])
        return at(hour, self.dice.choice([0, 15, 30, 45]), day=WEDNESDAY + timedelta(days=self.dice.randrange(2)))

    def wish(self):
        return {"professional": self.dice.choice(self.world["professionals"]), "start_at": self.when(),
                "treatment": self.dice.choice(self.world["treatments"])}

    def one(self, *statuses):
        with tenancy.atomic():
            rows = list(Appointment.objects.filter(status__in=statuses).with_names().order_by("pk"))
        return self.dice.choice(rows) if rows else None

    def book(self):
        return booking.book(patient=self.dice.choice(self.world["patients"]), by=DESK, **self.wish())

    def book_what_is_offered(self):
        with tenancy.atomic():
            day, wish = WEDNESDAY + timedelta(days=self.dice.randrange(2)), self.wish()
            found = availability.find(
                treatment=wish["treatment"], professionals=[wish["professional"]], first=day, last=day,
                now=clock.now())
        if not found:
            return None
        wish["start_at"] = self.dice.choice(found).start_at
        return booking.book(patient=self.dice.choice(self.world["patients"]), by=DESK, **wish)

    def repeat(self):
        """The same key again and again, from every hand."""
        key = f"user:1:{self.dice.randrange(20)}"
        patient, professional = self.world["patients"][0], self.world["professionals"][0]
        start_at = at(9 + int(key[7:]) % 4, day=WEDNESDAY)
        return booking.book(patient=patient, professional=professional, treatment=self.world["treatments"][0],
                            start_at=start_at, by=DESK, key=key)

    def overbook(self):
        return booking.book(
            patient=self.dice.choice(self.world["patients"]), by=DESK, overbook_reason="dolor", **self.wish())

    def hold(self):
        return booking.hold(holder=self.holder, by=receptionist(1), **self.wish())

    def take_the_hold(self):
        with tenancy.atomic():
            row = Appointment.objects.held_by(self.holder).with_names().first()
        if row is None:
            return None
        return booking.book(
            patient=self.dice.choice(self.world["patients"]), professional=row.professional, treatment=row.treatment,
            start_at=row.start_at, holder=self.holder, by=receptionist(1))

    def let_go(self):
        return booking.release(holder=self.holder)

    def move(self):
        row = self.one("scheduled", "confirmed")
        wish = self.wish()
        return row and booking.move(
            appointment=row, start_at=wish["start_at"], by=DESK, version=self.dice.choice([None, row.version]),
            professional=self.dice.choice([None, wish["professional"]]))

    def resize(self):
        row = self.one("scheduled", "confirmed")
        return row and booking.resize(
            appointment=row, end_at=row.end_at + timedelta(minutes=self.dice.choice([-15, 15, 30])), by=DESK)

    def confirm(self):
        row = self.one("scheduled", "confirmed")
        return row and booking.confirm(appointment=row, by=DESK)

    def cancel(self):
        row = self.one("scheduled", "confirmed")
        return row and booking.cancel(appointment=row, by=DESK)

    def close(self):
        start_at = self.when()
        return closing.close(start_at=start_at, end_at=start_at + timedelta(minutes=30), by=CEO,
                             professional=self.dice.choice([None, *self.world["professionals"]]))

    def reopen(self):
        with tenancy.atomic():
            row = Closure.objects.first()
        return row and (closing.reopen(closure=row, by=CEO) or True)

    VERBS = {"book": 22, "book_what_is_offered": 14, "repeat": 4, "overbook": 4, "hold": 12, "take_the_hold": 8,
             "let_go": 2, "move": 14, "resize": 6, "confirm": 5, "cancel": 12, "close": 2, "reopen": 2}


@pytest.mark.parametrize("buffer", [0, 10])
def test_random_operations_at_once_leave_a_consistent_agenda(arrayan, bosque, within, frozen, buffer):
    """A thousand without a buffer, a thousand with one."""
    hands, operations = 8, 125
    type(arrayan).objects.filter(pk=arrayan.pk).update(buffer_minutes=buffer)
    with within(arrayan):
        first, second = UsualChairFactory(), UsualChairFactory()
        shared = UsualChairFactory(chair=first.chair).professional
        world = {
            "professionals": [first.professional, second.professional, shared, ProfessionalFactory()],
            "treatments": [TreatmentFactory(minutes=minutes) for minutes in (30, 45, 60)],
            "patients": [PatientFactory() for _ in range(12)]}
    said, guard = Counter(), Lock()

    def done(verb, how):
        with guard:
            said[verb, how] += 1

    with ThreadPoolExecutor(hands) as pool:
        list(pool.map(lambda seed: Hands(arrayan, world, seed, done).work(operations), range(hands)))

    assert sum(said.values()) == hands * operations
    for verb in ("book", "move", "cancel", "hold", "take_the_hold", "resize"):
        assert said[verb, "done"], said
    with owner_connection(row_factory=dict_row) as owner:
        rows = owner.execute("SELECT * FROM appointments").fetchall()
        closures = owner.execute("SELECT * FROM closures").fetchall()
    assert len(rows) > 50
    found = checker.faults(
        rows, closures, now=clock.now(), zone=arrayan.zone, week=WEEK, buffer=timedelta(minutes=buffer))
    assert found == [], found
