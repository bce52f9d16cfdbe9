"""A reminder is of the visit that stands: moved away and back it is reminded, and never twice of the hour that they
were last told. What will never go says so at once."""
from datetime import timedelta

import pytest

from agenda import booking
from messaging.automations.kinds import Kind
from messaging.models import AutomationRun, ChatMessage
from tests.messaging.automations.conftest import NOON, at


@pytest.fixture
def moved(scene, desk):
    """`moved(visit, hour)`: the desk moves it, and the rules have their round."""

    def move(visit, hour, *, round=True):
        with scene.within():
            visit.refresh_from_db()
            booking.move(appointment=visit, start_at=at(hour, day=25), by=desk)
        return scene.tend() if round else None

    return move


def went(scene):
    with scene.within():
        ChatMessage.objects.filter(status="queued").update(status="sent", provider_ref="x")


def hours(scene):
    return [message.text.split(" a las ")[1][:5] for message in scene.messages() if message.status != "cancelled"]


@pytest.fixture
def early(scene):
    """In the morning: the reminders of tomorrow are found, and not due yet."""
    scene.on(Kind.REMINDER)
    visit = scene.visit(at(10, day=25), created_at=NOON - timedelta(days=7))
    scene.clock.move_to(at(7))
    scene.tend()
    return visit


@pytest.mark.parametrize("rounds", [True, False])
def test_moved_away_and_back_before_its_hour_it_is_reminded_once(scene, early, moved, rounds):
    moved(early, 15, round=rounds)
    moved(early, 10, round=rounds)
    scene.clock.move_to(at(10, 6))
    scene.tend()
    scene.tend()
    assert hours(scene) == ["10:00"]
    assert {run.state for run in scene.runs()} <= {"sent", "unsent"}


def test_told_and_moved_back_before_anything_else_was_told_it_is_not_told_again(scene, early, moved):
    scene.clock.move_to(at(10, 6))
    scene.tend()
    went(scene)
    moved(early, 15, round=False)
    moved(early, 10)
    assert hours(scene) == ["10:00"]


def test_who_was_told_another_hour_meanwhile_is_told_the_one_that_stands(scene, early, moved):
    """The last that they read says 15:00, and they would come then."""
    scene.clock.move_to(at(10, 6))
    scene.tend()
    went(scene)
    moved(early, 15)
    went(scene)
    moved(early, 10)
    went(scene)
    scene.clock.shift(timedelta(minutes=6))
    scene.tend()
    assert hours(scene) == ["10:00", "15:00", "10:00"]
    moved(early, 15)
    assert hours(scene)[-1:] == ["15:00"] or scene.reasons()[-1][2] == "capped"  # three a day


def test_what_never_went_was_told_to_nobody(scene, early, moved):
    scene.clock.move_to(at(10, 6))
    scene.tend()
    went(scene)
    moved(early, 15)
    with scene.within():
        ChatMessage.objects.filter(status="queued").update(status="failed", error_code="131049")
    moved(early, 10)
    assert [run.state for run in scene.runs()] == ["sent", "sent"], "they have the one of 10:00"


def test_one_of_a_visit_that_is_no_more_says_so_at_once(scene, early, desk):
    with scene.within():
        booking.cancel(appointment=early, by=desk)
    scene.clock.shift(timedelta(minutes=1))
    scene.tend()
    assert scene.reasons() == [("reminder", "unsent", "changed")]


@pytest.mark.parametrize(("hour", "created", "reason"), [
    (9, at(17, day=24), "out_of_hours"),  # found at night, its hour is ten: the visit is at nine
    (22, at(20, 30, day=24), "fresh"),  # given at half past eight for ten: three hours are not there
])
def test_one_due_after_its_visit_never_waits(scene, hour, created, reason):
    scene.on(Kind.REMINDER)
    scene.visit(at(hour, day=25 if hour == 9 else 24), created_at=created)
    scene.clock.move_to(at(21, day=24))
    scene.tend()
    assert scene.reasons() == [("reminder", "unsent", reason)]


def test_what_nobody_decided_in_time_says_that_its_visit_is_over(scene, early):
    with scene.within():
        AutomationRun.objects.update(due_at=at(20, day=25))
    scene.clock.move_to(at(11, day=25))
    scene.tend()
    assert scene.reasons() == [("reminder", "unsent", "too_late")]
