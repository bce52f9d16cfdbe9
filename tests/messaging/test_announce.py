"""Each change tells the clinic's screens once it is committed, with ids and no word of a patient."""
import json
from datetime import timedelta

import pytest

from clinics import live, tenancy
from clinics.access import SYSTEM
from messaging import handoff, inbox, outbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


@pytest.fixture
def told(monkeypatch, django_capture_on_commit_callbacks):
    """`told(doing)`: the frames that went out because of it, as `(tenant, event, ids)`."""
    frames = []

    class Sender:
        def tell(self, tenant_id, message):
            json.dumps(message)
            frame = message["frame"]
            frames.append((tenant_id, frame["event"], frame["ids"]))

    monkeypatch.setattr(live, "_sender", Sender)

    def of(doing):
        frames.clear()
        with django_capture_on_commit_callbacks(execute=True):
            doing()
        return list(frames)

    return of


def events(frames):
    return [event for _tenant, event, _ids in frames]


def test_a_patients_message(told, post, clinic):
    (frame,) = told(lambda: post("text"))
    (message,) = clinic.messages()
    assert frame == (clinic.tenant.pk, "NEW_MESSAGE", {"conversation": message.conversation_id, "message": message.pk})


def test_a_repeated_one_tells_nothing(told, post):
    post("text")
    assert told(lambda: post("text")) == []


def test_nothing_is_told_of_what_was_rolled_back(told, writes, clinic):
    writes("hola")

    def undone():
        with clinic, pytest.raises(ZeroDivisionError), tenancy.atomic():
            outbox.say(conversation=clinic.conversation(), text="hola", author="receptionist")
            handoff.take(conversation=clinic.conversation(), by=SYSTEM)
            raise ZeroDivisionError

    assert told(undone) == []


def test_a_turn_a_send_and_a_report(told, writes, clinic, at_noon, whatsapp, post):
    writes("hola")
    at_noon.shift(timedelta(seconds=9))
    assert events(told(clinic.turn)) == ["NEW_MESSAGE"]
    assert events(told(clinic.send)) == ["MESSAGE_SENT"]
    assert events(told(lambda: post("status", status="read"))) == ["MESSAGE_SENT"]
    assert events(told(lambda: post("status", status="delivered", event="evt_late"))) == []


def test_taking_and_giving_back(told, writes, clinic, secretary):
    writes("hola")
    row = clinic.conversation()

    def do(verb, **how):
        def doing():
            with clinic:
                verb(conversation=row, **how)

        return events(told(doing))

    assert do(handoff.take, by=secretary) == ["HUMAN_HANDOFF"]
    assert do(handoff.take, by=secretary) == []
    assert do(handoff.give_back, by=secretary) == ["HUMAN_OVERRIDE_CHANGED"]
    assert do(handoff.hand_off, by=secretary, reason="asked") == ["NEW_MESSAGE", "HUMAN_HANDOFF"]
    assert do(inbox.mark_read) == ["CHAT_UPDATED"]
    assert do(inbox.mark_read) == []


def test_an_echo_says_both(told, post):
    assert events(told(lambda: post("echo_created"))) == ["HUMAN_HANDOFF", "NEW_MESSAGE"]
