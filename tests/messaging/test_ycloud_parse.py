"""Whatever YCloud posts becomes events, and nothing it posts breaks the reader."""
import json

import pytest

from messaging.providers import ycloud
from messaging.providers.base import Echo, Message, NumberChanged, Reaction, Report, TemplateChanged, Unknown
from tests import payloads

VECTOR = (
    '{"id":"evt_1","type":"whatsapp.inbound_message.received","apiVersion":"v2",'
    '"createTime":"2026-11-22T12:00:00.000Z","whatsappInboundMessage":{"id":"in_1","wamid":"wamid.X","wabaId":"W",'
    '"from":"+5491155555555","to":"+5491100000000","type":"text","text":{"body":"Hola 👋 ñ"}}}'
).encode()
SIGNATURE = "6413ece327632f9ffdfd14f4b80e805817a15ea1e7c2a8be8b3cc9a7e236d290"


def only(body):
    (event,) = ycloud.parse(body)
    return event


def test_the_vector_of_the_provider_verifies():
    assert ycloud.sign(secret="whsec_test", stamp="1762224357", body=VECTOR) == SIGNATURE
    signed = ycloud.verify(secret="whsec_test", header=f"t=1762224357,s={SIGNATURE}", body=VECTOR)
    assert signed.at.timestamp() == 1762224357


@pytest.mark.parametrize("header", [
    None, "", "t=,s=", "s=" + SIGNATURE, "t=1762224357", f"t=1762224358,s={SIGNATURE}",
    f"t=1762224357,s={SIGNATURE[:-1]}",
    f"t=abc,s={SIGNATURE}", f"t=1762224357,s={SIGNATURE}ñ", "t=" + "9" * 40 + f",s={SIGNATURE}", f"t=²,s={SIGNATURE}",
])
def test_any_other_header_does_not(header):
    assert ycloud.verify(secret="whsec_test", header=header, body=VECTOR) is None


def test_without_a_secret_nothing_verifies():
    forged = ycloud.sign(secret="", stamp="1762224357", body=VECTOR)
    for secret in ("", None):
        assert ycloud.verify(secret=secret, header=f"t=1762224357,s={forged}", body=VECTOR) is None


def test_a_changed_byte_does_not_verify():
    changed = VECTOR.replace("ñ".encode(), b"n")
    assert ycloud.verify(secret="whsec_test", header=f"t=1762224357,s={SIGNATURE}", body=changed) is None


@pytest.mark.parametrize(("name", "kind", "text", "reply_id"), [
    ("text", "text", "hola, quiero una limpieza", ""),
    ("text_without_phone", "text", "hola, quiero una limpieza", ""),
    ("image", "image", "la muela que me duele", ""),
    ("audio", "audio", "", ""),
    ("document", "document", "", ""),
    ("sticker", "sticker", "", ""),
    ("location", "location", "Casa, Mitre 900", ""),
    ("button", "button", "Confirmar", "ap_7k"),
    ("button_reply", "button", "Martes 10:00", "of_7k_1"),
    ("list_reply", "button", "Jueves 15:00", "of_7k_2"),
    ("contacts", "contacts", "Otra Persona", ""),
    ("unsupported", "unsupported", "", ""),
])
def test_a_patients_message(name, kind, text, reply_id):
    event = only(payloads.ycloud(name))
    assert type(event) is Message
    assert (event.kind, event.text, event.media.get("reply_id", "")) == (kind, text, reply_id)
    assert (event.event_id, event.provider_id, event.ref) == ("evt_in_1", "wamid.IN1", "in_1")
    assert event.user_id == "AR.900100"
    assert event.phone == ("" if name == "text_without_phone" else "+5493415550139")
    assert event.sent_at.isoformat() == "2026-11-24T15:00:00+00:00"


@pytest.mark.parametrize("name", ["echo_created", "echo_echoes", "echo_without_phone"])
def test_every_echo_is_of_the_person_it_was_sent_to(name):
    event = only(payloads.ycloud(name))
    assert type(event) is Echo
    assert (event.phone, event.user_id) in {("+5493415550139", ""), ("", "AR.900100")}
    assert event.text == "Hola Carolina, te atiendo yo"


def test_a_report():
    event = only(payloads.ycloud("status", status="failed", errorCode="131047", externalId="dl-7", whatsappApiError={
        "code": "131047", "error_data": {"details": "more than 24 hours"}}))
    assert type(event) is Report
    assert (event.status, event.error_code, event.error_text) == ("failed", "131047", "more than 24 hours")
    assert (event.external_id, event.provider_id, event.ref) == ("dl-7", "wamid.OUT1", "out_1")


def test_accepted_is_queued_and_played_is_read():
    assert only(payloads.ycloud("status", status="accepted")).status == "queued"
    assert only(payloads.ycloud("status", status="played")).status == "read"


def test_a_reaction_names_its_message_and_without_an_emoji_takes_it_back():
    given, back = only(payloads.ycloud("reaction")), only(payloads.ycloud("reaction_taken_back"))
    assert (type(given), given.target, given.emoji, given.by_staff) == (Reaction, "wamid.OUT1", "👍", False)
    assert (type(back), back.target, back.emoji, back.phone) == (Reaction, "wamid.OUT1", "", "+5493415550139")


def test_a_changed_number_names_the_old_and_the_new():
    event = only(payloads.ycloud("system"))
    assert (type(event), event.phone, event.user_id) == (NumberChanged, "+5493415550139", "AR.900100")
    assert (event.new_phone, event.new_user_id) == ("+5493415550140", "")


def test_a_templates_news():
    event = only(payloads.ycloud("template_reviewed"))
    assert type(event) is TemplateChanged
    assert (event.state.name, event.state.language, event.state.status) == ("recordatorio", "es_AR", "APPROVED")


def test_a_group_is_kept_and_not_acted_upon():
    event = only(payloads.ycloud("group"))
    assert type(event) is Unknown
    assert not event.alarming


@pytest.mark.parametrize("body", [
    payloads.ycloud("text", from_=None, fromUserId=None), {"type": "whatsapp.inbound_message.received", "id": "evt_x"},
    {"id": "evt_x", "type": "whatsapp.message.updated"}, payloads.ycloud("echo_created", to=None), {}, [1],
    "x", None, 7,
])
def test_a_known_event_that_cannot_be_read_alarms(body):
    event = only(body)
    assert type(event) is Unknown
    assert event.alarming


def test_a_text_without_its_text_is_still_a_message():
    event = only(payloads.ycloud("text", text=None, body="hola"))
    assert (type(event), event.kind, event.media) == (Message, "unsupported", {"type": "text"})


def test_a_batch_is_walked_whole():
    events = ycloud.parse([payloads.ycloud("status"), {"type": 3}, payloads.ycloud("text")])
    assert [type(event) for event in events] == [Report, Unknown, Message]


@pytest.mark.parametrize("name", payloads.names())
def test_any_part_may_be_missing_or_of_another_kind(name):
    """Each value of each body is taken out, and replaced by each kind of JSON: nothing raises, one event comes out."""
    whole = payloads.ycloud(name)
    for path in paths(whole):
        for value in (KeyError, None, 7, "x", [], {}, [{}], True, 1.5, "\x00\ud800"):
            body = json.loads(json.dumps(whole))
            place = body
            for key in path[:-1]:
                place = place[key]
            if value is KeyError:
                del place[path[-1]]
            else:
                place[path[-1]] = value
            event = only(body)
            json.dumps(event.raw, ensure_ascii=False).encode()
            assert "\x00" not in json.dumps(event.raw, ensure_ascii=False)


def paths(value, before=()):
    for key, inner in value.items():
        yield (*before, key)
        if isinstance(inner, dict):
            yield from paths(inner, (*before, key))
