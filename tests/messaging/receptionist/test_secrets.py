"""A clinic's keys are canaries: they reach the provider they are for, and nothing else that anybody reads."""
import json
import logging

import pytest
from django.db import connection

from clinics import vault
from clinics.tasks import TenantTask
from messaging.models import Channel
from messaging.receptionist import llm
from tests.architecture.test_schema import tenant_models
from tests.clinics.test_audit_routes import addresses
from tests.fakes.openai import Model, say

pytestmark = pytest.mark.django_db
SEND, SIGN, THINK = "yc-CANARIO-envio-7f3a", "whsec-CANARIO-firma-9b1c", "sk-CANARIO-modelo-2d4e"
SECRETS = (SEND, SIGN, THINK)


@pytest.fixture
def model(settings):
    peer = Model()
    settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL, settings.MODEL_TIMEOUT = "", peer.base, 5
    yield peer
    peer.close()
    llm._client(THINK, peer.base).close()
    llm._client.cache_clear()


@pytest.fixture
def keys(chat, whatsapp, arrayan, within):
    """The clinic's secrets are the canaries, on both sides of the wire."""
    whatsapp.key = SEND
    with within(arrayan):
        channel = Channel.objects.get()
        vault.put(channel.api_key_name, SEND)
        vault.put(channel.secret_name, SIGN)
        vault.put(llm.KEY_IN_VAULT, THINK)


@pytest.fixture
def enqueued(monkeypatch):
    messages, whole = [], TenantTask.later

    def heard(self, **said):
        messages.append(json.dumps(said))
        return whole(self, **said)

    monkeypatch.setattr(TenantTask, "later", heard)
    return messages


def stored(owner_of):
    """Every value of every table, as text, without the ciphertexts' own column."""
    with connection.cursor() as cursor:
        for model in tenant_models():
            cursor.execute(f'SELECT t::text FROM "{model._meta.db_table}" t WHERE tenant_id = %s', [owner_of.pk])
            yield from (row[0] for row in cursor.fetchall())


def clean(text):
    return not any(secret in text for secret in SECRETS)


def test_a_conversation_with_every_fault_tells_no_key(
        chat, clinic, keys, model, whatsapp, enqueued, caplog, capfd, arrayan, within):
    caplog.set_level(logging.DEBUG)
    model.then(say("Hola."), 401, 500, "nonsense", "cut")
    whatsapp.script.extend([
        {"status": 403, "code": SEND, "message": f"Invalid key {SEND}", "whatsappApiError": {
            "code": "131031", "error_data": {"details": f"key {SEND} locked"}}}, 401, 500])
    for text in ("hola", "quiero una limpieza", "¿hay mañana?", "dale"):
        chat.says(text)
        clinic.send()
    assert model.asked, "the model was spoken to"
    (refused,) = clinic.messages(error_code="131031")
    assert refused.error_text == "key … locked", "and the provider, which quoted the key"
    assert enqueued and all(map(clean, enqueued))
    assert clean(caplog.text)
    out, err = capfd.readouterr()
    assert clean(out) and clean(err)
    with within(arrayan):
        assert all(map(clean, stored(arrayan)))


@pytest.mark.parametrize("key", [f"{SEND}\n", f"{SEND}ñ", f"{SEND}\r\nX: y"])
def test_a_key_that_no_header_can_hold_is_not_quoted(chat, clinic, keys, whatsapp, arrayan, within, key, caplog):
    with within(arrayan):
        vault.put(Channel.objects.get().api_key_name, key)
    chat.says("hola")
    clinic.send()
    with within(arrayan):
        assert all(map(clean, stored(arrayan)))
    (message,) = clinic.messages(direction="out")[:1]
    assert message.error_code == "no_key" and clean(caplog.text)


def test_no_page_of_the_ceo_shows_one(chat, keys, client_as, arrayan, within):
    from django.urls import get_resolver  # noqa: PLC0415

    client, seen = client_as("ceo"), 0
    client.raise_request_exception = False
    admin = [f"admin/{name}" for name in ("", "clinics/", "messaging/", "messaging/channel/", "clinics/systemevent/")]
    for route in [route for route, _view in addresses(get_resolver().url_patterns) if "<" not in route] + admin:
        if route.startswith(("logout", "auth/logout")):
            continue
        response = client.get(f"/{route}")
        assert clean(response.content.decode(errors="replace")), route
        seen += response.status_code == 200
    assert seen > 15
    with within(arrayan):
        channel = Channel.objects.get()
    for path in (f"/admin/messaging/channel/{channel.pk}/change/", f"/settings/whatsapp/{channel.pk}/"):
        assert clean(client.get(path).content.decode(errors="replace"))
