"""Our bodies and the fake's against YCloud's published contract, where the file is at hand."""
from functools import cache
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from messaging.providers import ycloud
from messaging.providers.base import Unknown
from tests import payloads
from tests.fakes.whatsapp import WhatsApp, report

SHARED = Path(__file__).parents[2].parent / "shared" / "protocols"
CONTRACT = SHARED / "ycloud-openapi.yaml"
pytestmark = pytest.mark.skipif(not CONTRACT.exists(), reason="YCloud's contract is not beside the project")
NOT_IN_THE_CONTRACT = {"echo_echoes"}  # the guides name this event, the specification does not


@cache
def components():
    return yaml.load(CONTRACT.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["components"]


def check(schema, body):
    Draft202012Validator({"$ref": f"#/components/schemas/{schema}", "components": components()}).validate(body)


@pytest.mark.parametrize("name", sorted(set(payloads.names()) - NOT_IN_THE_CONTRACT))
def test_our_webhook_bodies_are_theirs(name):
    check("Event", payloads.ycloud(name))


@pytest.mark.parametrize("path", sorted(SHARED.glob("samples/ycloud_*.json")), ids=lambda path: path.stem)
def test_their_samples_are_read(path):
    import json

    body = json.loads(path.read_text())
    if "type" in body and "." in body["type"]:
        (event,) = ycloud.parse(body)
        assert type(event) is not Unknown


def test_what_we_send_is_what_they_take(settings):
    from messaging.models import Channel

    fake = WhatsApp()
    settings.YCLOUD_API_BASE = fake.base
    said = {"channel": Channel(number="+5493415550100"), "key": fake.key, "text": "hola", "external_id": "dl-1"}
    try:
        kept = []
        fake.on_send = kept.append
        ycloud.send_text(**said, to="+5493415550139")
        ycloud.send_text(**said, to="AR.900100")
        ycloud.send_buttons(**said, to="+5493415550139", buttons=[{"id": "of_1", "title": "Martes"}])
        assert len(fake.sent) == 3
        for body in fake.sent:
            check("WhatsappMessageSendRequest", body)
        for status in ("sent", "delivered", "read", "failed"):
            check("Event", report(kept[0], status))
    finally:
        fake.close()
