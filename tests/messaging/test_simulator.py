"""The phone and the provider of the simulator, against the real door, over HTTP."""
import io
import json
import threading
import time
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clinics import tenancy
from dentalogic.lib.refusals import ProviderError
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


# Lists, templates, files


def test_a_list_is_tapped_and_comes_back_as_a_lists_reply(phone, clinic, channel):
    from messaging.providers import ycloud

    phone("write", text="hola")
    ycloud.send_list(
        channel=channel, key="ycloud-test-key", to=WHO["phone"], text="Elegí", button="Ver", external_id="dl-1",
        rows=[{"id": "of_1", "title": "Martes 10:00", "description": "Dra. Paz"}])
    assert phone.state()["messages"][-1]["buttons"] == [{"id": "of_1", "title": "Martes 10:00"}]
    phone("write", text="Martes 10:00", reply_id="of_1")
    tap = clinic.messages(direction="in")[-1]
    assert (tap.kind, tap.reply_id, tap.reply_to.startswith("wamid.simout")) == ("button", "of_1", True)


def test_a_template_of_the_account_goes_out_of_the_window_and_is_read_on_the_phone(phone, clinic, channel):
    from messaging.providers import ycloud

    known = {one.name: one for one in ycloud.templates(channel=channel, key="ycloud-test-key")}
    assert known["recordatorio_turno"].status == "APPROVED"
    how = {"channel": channel, "key": "ycloud-test-key", "to": WHO["phone"], "language": "es_AR"}
    ycloud.send_template(**how, name="recordatorio_turno", external_id="dl-1", components={
        "body": ["Carolina", "Carolina Luque", "Arrayán", "martes", "10:30", "Dra. Paz", "Mitre 1"],
        "buttons": [{"index": 0, "payload": "tap:1"}]})
    shown = phone.state()["messages"][-1]
    assert "Hola Carolina." in shown["text"]
    assert shown["buttons"][0]["id"] == "tap:1"
    phone("write", text="Confirmar", reply_id="tap:1")
    assert clinic.messages(direction="in")[-1].reply_id == "tap:1"
    with pytest.raises(ProviderError):
        ycloud.send_template(**how, name="no_existe", external_id="dl-2", components={})


def test_a_file_of_the_phone_is_fetched_and_one_of_ours_arrives(phone, clinic, channel, live_server, client_as):
    from messaging.providers import ycloud

    client = client_as("ceo")
    file = SimpleUploadedFile("muela.png", b"\x89PNG\r\n\x1a\n-", content_type="image/png")
    answer = client.post("/simulator/api/attach", {**WHO, "text": "miren", "file": file}, headers={
        "host": urlsplit(live_server.url).netloc})
    assert answer.json() == {"status": 200}
    (message,) = clinic.messages()
    assert (message.kind, message.text) == ("image", "miren")
    sink = io.BytesIO()
    fetched = ycloud.fetch_media(
        channel=channel, key="ycloud-test-key", media=message.media, sink=sink, limit=1000)
    assert sink.getvalue() == b"\x89PNG\r\n\x1a\n-"
    assert (fetched.mime, fetched.sha256) == ("image/png", message.media["sha256"])
    who = {"channel": channel, "key": "ycloud-test-key"}
    given = ycloud.upload(**who, filename="presupuesto.pdf", mime="application/pdf", content=b"%PDF-1.7")
    ycloud.send_media(
        **who, to=WHO["phone"], kind="document", filename="presupuesto.pdf", reference=given, external_id="dl-2")
    assert phone.state()["messages"][-1]["file"]["name"] == "presupuesto.pdf"


def test_the_account_has_its_number_and_its_webhook(phone, channel):
    from messaging.providers import ycloud

    seen = ycloud.look(channel=channel, key="ycloud-test-key")
    assert (seen.ok, seen.webhook, seen.names_us, seen.quality) == (True, "active", True, "GREEN")
