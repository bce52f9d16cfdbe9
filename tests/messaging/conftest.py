import sys
import types
from datetime import timedelta
from importlib import import_module

import pytest
import time_machine
from django.test import Client

from clinics import tenancy
from messaging import outbox, turns
from messaging.models import ChatMessage, Conversation
from messaging.providers import ycloud
from messaging.providers.base import Message
from tests import payloads
from tests.fakes.whatsapp import WhatsApp, signed
from tests.messaging.factories import NOON, SECRET, ChannelFactory


class Said:
    """What the receptionist of these tests answers; her own tests are beside hers."""

    def __init__(self, *texts, handed_off=False):
        self.texts, self.handed_off = list(texts), handed_off


@pytest.fixture(autouse=True)
def receptionist(monkeypatch):
    """Stands in for the one who thinks: `receptionist.answers = ["…"]`, or a function of the call."""
    import_module("dentalogic.urls")  # whose pages read of her, and are not to find her stand-in first
    stand_in = types.SimpleNamespace(answers=["Hola, soy la recepcionista."], calls=[])

    def answer(**call):
        stand_in.calls.append(call)
        found = stand_in.answers
        return found(**call) if callable(found) else Said(*found)

    module = types.SimpleNamespace(answer=answer)
    monkeypatch.setitem(sys.modules, "messaging.receptionist", types.SimpleNamespace(answer=module))
    return stand_in


@pytest.fixture
def whatsapp(settings):
    server = WhatsApp()
    settings.YCLOUD_API_BASE = server.base
    yield server
    server.close()


@pytest.fixture
def at_noon():
    """The clock stands at Tuesday noon until it is moved: `at_noon.shift(9)`."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def channel(arrayan, bosque, within):
    """Of Arrayán; Bosque has one too, so that a leak has something to leak."""
    with within(bosque):
        ChannelFactory(number="+5493515550100")
    with within(arrayan):
        return ChannelFactory()


@pytest.fixture
def post(channel):
    """`post("text", wamid="w2")` or `post(body)`: a signed webhook through the real door; the answer."""

    def send(body, secret=SECRET, headers=None, stamp=None, **changes):
        body = payloads.ycloud(body, **changes) if isinstance(body, str) else body
        raw, signature = signed(body, secret, stamp=stamp)
        return Client().post(
            f"/webhooks/ycloud/{channel.public_id}", raw, content_type="application/json",
            headers=signature if headers is None else headers)

    return send


@pytest.fixture
def writes(channel):
    """`writes("hola")`: the patient wrote it; for tests that begin behind the door."""
    from messaging import inbox

    counter = iter(range(1, 1000))

    def write(text, *, phone="+5493415550139", sent_at=None, **more):
        number = next(counter)
        event = Message(
            event_id=f"evt_{number}", kind=more.pop("kind", "text"), raw={}, provider_id=f"wamid.W{number}",
            ref=f"in_{number}", phone=phone, name="Carolina", text=text, sent_at=sent_at, **more)
        with tenancy.tenant_context(channel.tenant_id):
            return inbox.receive(channel=channel, event=event)

    return write


class Clinic:
    """What the worker does, done by hand: no test waits for a queue."""

    def __init__(self, tenant):
        self.tenant, self.scopes = tenant, []

    def __enter__(self):
        self.scopes.append(tenancy.tenant_context(self.tenant.pk))
        self.scopes[-1].__enter__()
        return self

    def __exit__(self, *fault):
        self.scopes.pop().__exit__(*fault)

    def conversation(self, **which):
        with self, tenancy.atomic():
            return Conversation.objects.select_related("channel", "patient").get(**which)

    def messages(self, **which):
        with self, tenancy.atomic():
            return list(ChatMessage.objects.filter(**which).select_related("conversation__channel").order_by("pk"))

    def row(self, message):
        """As it is now."""
        return self.messages(pk=message.pk)[0]

    def turn(self, **which):
        row = self.conversation(**which)
        with self:
            return turns.take(row.pk)

    def send(self, **which):
        row = self.conversation(**which)
        with self:
            outbox.send(conversation_id=row.pk)

    def change(self, **changes):
        with self, tenancy.atomic():
            Conversation.objects.update(**changes)


@pytest.fixture
def clinic(arrayan):
    return Clinic(arrayan)


@pytest.fixture
def talking(writes, clinic):
    """A patient who wrote; their conversation."""
    writes("hola")
    return clinic.conversation()


@pytest.fixture
def say(clinic, talking):
    """`say("hola")`: the receptionist said it, and it waits in the outbox."""

    def speak(text, **more):
        with clinic:
            return outbox.say(conversation=talking, text=text, author="receptionist", **more)

    return speak


@pytest.fixture
def secretary(people, within, arrayan):
    with within(arrayan):
        return people["secretary"].actor


@pytest.fixture
def answered(writes, clinic, at_noon):
    """A patient who wrote at noon and got an answer that waits in the outbox; its row."""
    writes("hola")
    at_noon.shift(timedelta(seconds=9))
    clinic.turn()
    return clinic.messages(direction="out")[0]


__all__ = ["Said", "ycloud"]
