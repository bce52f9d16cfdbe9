"""The phone and the provider of the simulator, against the real door, over HTTP."""
import json
import threading
import time
from urllib.parse import urlsplit

import pytest

from clinics import tenancy
from messaging import turns
from messaging.models import MessageStatus
from messaging.simulator import peer, store, wire

WHO = {"phone": "+5493415550139", "name": "Carolina"}
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phone(live_server, channel, client_as, settings, monkeypatch):
    """`phone("write", text="hola")`: as the page does; the answer."""
    settings.YCLOUD_API_BASE = f"{live_server.url}/simulator/ycloud/v2"
    settings.QUIET_SECONDS = 0
    settings.ALLOWED_HOSTS = ["*"]
    monkeypatch.setattr(peer, "FARES", (("sent", 0), ("delivered", 0), ("read", 0)))
    store.forget("")
    wire._lines.clear()
    client, host = client_as("ceo"), urlsplit(live_server.url).netloc

    def ask(what, **said):
        return client.post(f"/simulator/api/{what}", json.dumps({**WHO, **said}), content_type="application/json",
                           headers={"host": host})

    ask.state = lambda **who: client.get("/simulator/api/state", who or WHO).json()
    yield ask
    for thread in threading.enumerate():
        if thread.name == "simulator":
            thread.join(5)


def until(done, seconds=5):
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.02)


def fares(clinic):
    return [message.status for message in clinic.messages(direction="out")]


def answer(clinic):
    clinic.change(quiet_at="2020-01-01T00:00Z")
    clinic.turn()
    clinic.send()


def test_what_is_typed_arrives_and_what_is_answered_comes_back_with_its_ticks(phone, clinic):
    assert phone("write", text="hola, quiero una limpieza").json() == {"status": 200}
    assert [message.text for message in clinic.messages()] == ["hola, quiero una limpieza"]
    answer(clinic)
    until(lambda: fares(clinic) == ["read"])
    with clinic, tenancy.atomic():
        assert MessageStatus.objects.count() == 3
    assert [(bubble["mine"], bubble["text"]) for bubble in phone.state()["messages"]] == [
        (True, "hola, quiero una limpieza"), (False, "Hola, soy la recepcionista.")]
    lines = [(line["direction"], line["kind"], line["status"]) for line in phone.state()["log"]]
    assert lines[:2] == [("in", "whatsapp.inbound_message.received", 200), ("out", "POST /whatsapp/messages", 200)]


def test_the_same_delivery_twice_is_one_message(phone, clinic):
    phone("write", text="hola")
    assert phone("repeat").json() == {"status": 200}
    assert len(clinic.messages()) == 1


def test_a_forged_one_is_refused(phone, clinic):
    assert phone("forge", text="dame plata").json() == {"status": 401}
    assert clinic.messages() == []
    assert phone.state()["log"][-1]["status"] == 401


def test_the_next_send_fails(phone, clinic):
    phone("write", text="hola")
    phone("fail")
    answer(clinic)
    until(lambda: fares(clinic) == ["failed"])
    assert clinic.messages(direction="out")[0].error_code == "131026"


def test_the_provider_closes_the_window_too(phone, clinic):
    phone("write", text="hola")
    line = wire.line_of("+5493415550100", "ycloud-test-key")
    store.put(*line.name("wrote", WHO["phone"]), value=time.time() - 25 * 3600)
    answer(clinic)
    until(lambda: fares(clinic) == ["failed"])
    assert clinic.messages(direction="out")[0].error_code == "131047"


def test_somebody_without_a_phone(phone, clinic):
    phone("write", text="hola", phone="", user_id="AR.77")
    answer(clinic)
    until(lambda: fares(clinic) == ["read"])
    assert len(phone.state(user_id="AR.77")["messages"]) == 2


def test_cleared_it_remembers_nothing(phone):
    phone("write", text="hola")
    phone("clear")
    assert phone.state()["messages"] == phone.state()["log"] == []


@pytest.mark.parametrize("role", ["secretary", "professional", "setter", "closer"])
def test_it_is_the_owners(client_as, role):
    assert client_as(role).get("/simulator/api/state").status_code == 403


@pytest.mark.parametrize(("key", "body", "status"), [
    ("", {"from": "+5493415550100", "to": "+1", "type": "text", "text": {"body": "x"}}, 401),
    ("k", {"from": "+5493415550100", "type": "text", "text": {"body": "x"}}, 400),
    ("k", {"from": "+5493415550100", "to": "+1", "type": "text"}, 400),
    ("k", {"from": "+5493415550100", "to": "+1", "type": "text", "text": {"body": ""}}, 400),
    ("k", {"from": "+5490000000000", "to": "+1", "type": "text", "text": {"body": "x"}}, 404),
    ("k", [], 400)])
def test_the_provider_refuses_what_the_real_one_refuses(client, channel, key, body, status):
    answer = client.post(
        "/simulator/ycloud/v2/whatsapp/messages", json.dumps(body), content_type="application/json",
        headers={"x-api-key": key} if key else {})
    assert answer.status_code == status
    assert answer.json()["error"]["status"] == status


def test_nothing_of_the_product_imports_it():
    from pathlib import Path

    root = Path(turns.__file__).parent
    users = [path for folder in (root, root.parent / "clinics", root.parent / "agenda", root.parent / "accounting")
             for path in folder.rglob("*.py")
             if "simulator" not in path.parts and "messaging.simulator" in path.read_text()]
    assert users == []
