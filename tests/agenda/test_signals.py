"""What each verb tells the floors above: one signal each, with its row and its actor, and none where it refused."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.dispatch import Signal

from agenda import booking, signals
from agenda.models import Appointment
from tests.agenda.conftest import at
from tests.agenda.factories import PatientFactory

NAMES = [name for name, value in vars(signals).items() if isinstance(value, Signal) and name != "waitlist_offered"]
VERBS = {  # verb: its signal, what it takes, the steps before it
    "book": ("booked", None, ()),
    "move": ("moved", {"start_at": at(16)}, ()),
    "resize": ("changed", {"end_at": at(16)}, ()),
    "edit": ("changed", {"version": 1, "reason": "Dolor"}, ()),
    "confirm": ("confirmed", {}, ()),
    "arrive": (None, {}, ()),
    "seat": (None, {}, ()),
    "complete": ("completed", {}, ("arrive",)),
    "cancel": ("cancelled", {}, ()),
    "miss": ("missed", {}, ()),
    "step_back": ("stepped_back", {}, ("arrive",)),
}


@pytest.fixture
def heard():
    caught = []
    ears = {
        name: lambda name=name, **sent: caught.append((name, sent["appointment"].pk, sent["by"])) for name in NAMES}
    for name, ear in ears.items():
        getattr(signals, name).connect(ear, sender=Appointment)
    yield caught
    for name, ear in ears.items():
        getattr(signals, name).disconnect(ear, sender=Appointment)


def run(scene, verb, row):
    _signal, given, _before = VERBS[verb]
    if verb == "book":
        return scene.book(at(17), patient=PatientFactory())
    return getattr(booking, verb)(appointment=row, by=scene.by, **given)


def visit(scene, verb):
    row = scene.book(at(15))
    for step in VERBS[verb][2]:
        row = getattr(booking, step)(appointment=row, by=scene.by)
    return row


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_sends_exactly_one(scene, heard, verb):
    row = visit(scene, verb)
    heard.clear()
    row = run(scene, verb, row)
    name = VERBS[verb][0]
    assert heard == ([(name, row.pk, scene.by)] if name else [])


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "book"])
def test_a_refused_verb_sends_none(scene, heard, verb):
    row = booking.cancel(appointment=visit(scene, verb), by=scene.by)
    heard.clear()
    with pytest.raises((booking.WrongState, booking.StaleVersion)):
        run(scene, verb, row)
    assert heard == []


@pytest.mark.parametrize("verb", VERBS)
def test_what_is_rolled_back_told_nobody_outside(scene, verb, monkeypatch, django_capture_on_commit_callbacks):
    """Receivers write in the verb's transaction; frames and jobs wait for its commit."""
    told = []
    monkeypatch.setattr("clinics.live.Sender.tell", lambda _self, _tenant, message: told.append(message))
    row = visit(scene, verb)
    with django_capture_on_commit_callbacks(execute=True):
        try:
            with transaction.atomic():
                run(scene, verb, row)
                raise InterruptedError
        except InterruptedError:
            pass
    assert told == []
    row.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        run(scene, verb, row)
    assert len(told) == 1


def test_holds_send_nothing(scene, heard):
    scene.hold(at(15))
    booking.release(holder="conversation:7")
    assert heard == []


def test_what_a_receiver_refuses_does_not_happen(scene):
    def ear(**_sent):
        raise booking.WrongState

    signals.cancelled.connect(ear, sender=Appointment)
    try:
        row = scene.book(at(15) + timedelta(days=1))
        with pytest.raises(booking.WrongState):
            booking.cancel(appointment=row, by=scene.by)
    finally:
        signals.cancelled.disconnect(ear, sender=Appointment)
    row.refresh_from_db()
    assert row.status == "scheduled"
