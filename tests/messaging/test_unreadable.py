"""Failure 58: a renamed field was answered 200 and nothing happened. What cannot be read is kept, and told once an
hour for each shape, whichever field it is that was renamed."""
import pytest

from clinics.models import SystemEvent
from messaging import inbox
from messaging.models import InboundMessage
from messaging.providers import meta, ycloud
from tests import payloads

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


@pytest.mark.parametrize(("parse", "bodies"), [
    (ycloud.parse, [{**payloads.ycloud("text"), "type": "", "kind": f"x{number}", "id": f"e{number}"}
                    for number in range(3)]),
    (ycloud.parse, [{"whatsapp": number} for number in range(3)]),
    (meta.parse, [{"object": "whatsapp_business_account", "entries": [number]} for number in range(3)]),
    (meta.parse, [{"entry": [{"id": "1", "change": [number]}]} for number in range(3)]),
])
def test_it_is_kept_and_told_once(channel, within, arrayan, parse, bodies):
    with within(arrayan):
        for body in bodies:
            for event in parse(body):
                inbox.receive(channel=channel, event=event)
        assert [row.error for row in InboundMessage.objects.all()] == ["unreadable"] * 3
        assert SystemEvent.objects.filter(event="webhook_unreadable", severity="warning").count() == 1
