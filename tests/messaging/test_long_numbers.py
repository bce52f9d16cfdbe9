"""A number that no row has, of thousands of digits: Python refuses to read it. It names nothing; it is no fault of
ours."""
import pytest

from messaging.models import Channel
from tests.agenda.factories import AppointmentFactory, PatientFactory
from tests.messaging.factories import ConversationFactory

LONG = "9" * 5000


@pytest.fixture
def rows(channel, arrayan, within):
    with within(arrayan):
        return {"conversation": ConversationFactory(channel=Channel.objects.get()).pk, "channel": channel.pk,
                "patient": PatientFactory().pk, "appointment": AppointmentFactory().pk}


def test_it_names_nothing_wherever_it_is_read(client_as, people, rows):
    client, answers = client_as("ceo"), {}
    client.raise_request_exception = False
    for url in (
            "/inbox/?patient={long}", "/inbox/list?open={long}", "/inbox/{conversation}/thread?count={long}",
            "/inbox/{conversation}/templates?template={long}",
            "/settings/whatsapp/{channel}/?test={long}&asked={long}",
            "/settings/whatsapp/{channel}/health?asked={long}", "/settings/automations/reminder/?tried={long}",
            "/settings/templates/standing?asked={long}", "/cash/?made={long}", "/cash/pay/?appointment={long}",
            "/cash/pay/?patient={long}", "/agenda/new?patient={long}", "/agenda/print?professional={long}",
            "/patients/{patient}/?tab=record&corrects={long}", "/patients/{patient}/?corrects={long}"):
        answers[url] = client.get(url.format(long=LONG, **rows)).status_code
    for url, said in (
            ("/inbox/{conversation}/assign", {"user": LONG}), ("/inbox/{conversation}/link", {"patient": LONG}),
            ("/inbox/{conversation}/merge", {"other": LONG}), ("/inbox/{conversation}/template", {"template": LONG}),
            ("/switch", {"tenant": LONG, "clinic": LONG, "tenant_id": LONG}),
            ("/agenda/{appointment}/move", {"version": LONG, "start_at": "2026-11-25T10:00"}),
            ("/agenda/new", {"patient": LONG}), ("/agenda/" + LONG + "/confirm", {}),
            ("/cash/2026-11-24/close", {"n1000": LONG, "other": "0"}), ("/cash/pay/", {"patient": LONG}),
            ("/patients/{patient}/draft", {"corrects": LONG, "text": "x"})):
        answers[url] = client.post(url.format(**rows), said).status_code
    assert {url: status for url, status in answers.items() if status >= 500} == {}
