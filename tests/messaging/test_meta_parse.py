"""Meta's bodies into events: every entry, change, message and status of a delivery, whatever its shape."""
import json
import random

import pytest

from messaging.providers import meta
from messaging.providers.base import (
    ChannelHealth,
    Echo,
    Edited,
    Message,
    NumberChanged,
    Preference,
    Reaction,
    Report,
    Revoked,
    TemplateChanged,
    Unknown,
)
from tests.fakes.whatsapp_meta import batch, change, contact, message, status
from tests.messaging import meta_schemas
from tests.messaging.test_ycloud_parse import VECTOR

LINE, ACCOUNT = "106540352242922", "102290129340398"


def only(*changes):
    (event,) = meta.parse(batch(*changes))
    return event


def said(kind="text", **content):
    return only(change(contacts=[contact()], messages=[message(kind, **content)]))


def test_the_vector_of_the_provider_verifies():
    signature = "sha256=2e5851fbab8acd0344881ab3de1d61d2f6e4d01d9fdac3746f9a2063829ca424"
    assert meta.sign(secret="app_s3cret", body=VECTOR) == signature
    assert meta.verify(secret="app_s3cret", header=signature, body=VECTOR)
    for header in (None, "", "sha256=", signature[7:], signature[:-1] + "5", signature + "ñ", signature.upper()):
        assert meta.verify(secret="app_s3cret", header=header, body=VECTOR) is None
    assert meta.verify(secret="app_s3cret", header=signature, body=VECTOR.replace("ñ".encode(), b"n")) is None


@pytest.mark.parametrize("secret", ["", None])
def test_without_a_secret_nothing_verifies(secret):
    assert meta.verify(secret=secret, header=meta.sign(secret="", body=VECTOR), body=VECTOR) is None


@pytest.mark.parametrize(("kind", "content", "expected"), [
    ("text", {"text": {"body": "hola"}}, ("text", "hola", "")),
    ("audio", {"audio": {"id": "1003", "mime_type": "audio/ogg; codecs=opus", "voice": True}}, ("audio", "", "")),
    ("image", {"image": {"id": "1", "mime_type": "image/jpeg", "caption": "mi muela"}}, ("image", "mi muela", "")),
    ("document", {"document": {"id": "1", "mime_type": "application/pdf", "filename": "rx.pdf"}}, (
        "document", "", "")),
    ("sticker", {"sticker": {"id": "1", "mime_type": "image/webp"}}, ("sticker", "", "")),
    ("location", {"location": {"latitude": -34.6, "longitude": -58.3, "name": "Obelisco"}}, (
        "location", "Obelisco", "")),
    ("contacts", {"contacts": [{"name": {"formatted_name": "Ana Paz"}}]}, ("contacts", "Ana Paz", "")),
    ("button", {"button": {"payload": "tap:1", "text": "Confirmar"}}, ("button", "Confirmar", "tap:1")),
    ("interactive", {"interactive": {"type": "list_reply", "list_reply": {"id": "of_1", "title": "Martes"}}}, (
        "button", "Martes", "of_1")),
    ("unsupported", {"errors": [{"code": 131051}]}, ("unsupported", "", "")),
    ("order", {"order": {"catalog_id": "1"}}, ("order", "", "")),
])
def test_a_patients_message(kind, content, expected):
    event = said(kind, **content)
    assert type(event) is Message
    assert (event.kind, event.text, event.media.get("reply_id", "")) == expected
    assert (event.phone, event.user_id, event.name) == ("+5493415550139", "AR.900100", "Carolina Luque")
    assert (event.line, event.account, event.provider_id, event.ref) == (LINE, ACCOUNT, "wamid.M1", "wamid.M1")
    assert event.sent_at.isoformat() == "2026-11-24T15:00:00+00:00"


def test_what_it_quotes_and_the_advertisement_it_came_from():
    event = said(text={"body": "quiero"}, context={"id": "wamid.OUT1"}, referral={"ctwa_clid": "c1", "source_id": "7"})
    assert (event.reply_to, event.referral["ctwa_clid"]) == ("wamid.OUT1", "c1")


def test_who_has_no_phone_is_known_by_their_id_and_who_has_no_id_by_their_phone():
    no_phone = only(change(contacts=[contact(wa_id="")], messages=[message(sender="")]))
    assert (no_phone.phone, no_phone.user_id) == ("", "AR.900100")
    no_id = only(change(contacts=[contact(user_id="")], messages=[message()]))
    assert (no_id.phone, no_id.user_id, no_id.name) == ("+5493415550139", "", "Carolina Luque")
    no_contact = only(change(messages=[message()]))
    assert (no_contact.phone, no_contact.name) == ("+5493415550139", "")


def test_of_two_people_in_one_change_each_has_their_own_name():
    two = meta.parse(batch(change(
        contacts=[contact(), contact(wa_id="5493415550140", user_id="AR.2", name="Norma")],
        messages=[message(), message(wamid="wamid.M2", sender="5493415550140")])))
    assert [(one.phone, one.name, one.user_id) for one in two] == [
        ("+5493415550139", "Carolina Luque", "AR.900100"), ("+5493415550140", "Norma", "AR.2")]


def test_every_level_is_walked():
    events = meta.parse(batch(
        change(messages=[message(), message(wamid="wamid.M2")], statuses=[status("wamid.OUT1", "sent")],
               errors=[{"code": 130501}]),
        ("waba_2", change(line="222222222", statuses=[status("wamid.OUT2", "read"), status("wamid.OUT3", "failed")]))))
    assert [(type(one), one.line, one.account) for one in events] == [
        (Message, LINE, ACCOUNT), (Message, LINE, ACCOUNT), (Report, LINE, ACCOUNT), (Unknown, LINE, ACCOUNT),
        (Report, "222222222", "waba_2"), (Report, "222222222", "waba_2")]


def test_a_report_with_its_reason_and_its_price():
    failed = only(change(statuses=[status("wamid.OUT1", "failed", code="131047", external_id="dl-7")]))
    assert (failed.status, failed.error_code, failed.error_text) == ("failed", "131047", "why")
    assert (failed.external_id, failed.provider_id, failed.event_id) == (
        "dl-7", "wamid.OUT1", "wamid.OUT1:failed:1795532460")
    assert (failed.phone, failed.pricing) == ("+5493415550139", {})
    sent = only(change(statuses=[status("wamid.OUT1", "sent")]))
    assert sent.pricing["category"] == "utility"
    assert only(change(statuses=[status("wamid.OUT1", "played")])).status == "read"


def test_the_same_report_again_is_the_same_and_another_status_is_another():
    first, again, other = (only(change(statuses=[status("wamid.OUT1", what)])).event_id for what in (
        "sent", "sent", "read"))
    assert first == again != other


@pytest.mark.parametrize("field", ["smb_message_echoes", "message_echoes"])
def test_an_echo_is_of_the_person_it_was_sent_to(field):
    echo = {"id": "wamid.E1", "from": "5493415550100", "to": "5493415550139", "timestamp": "1795532400",
            "type": "text", "text": {"body": "te atiendo yo"}}
    event = only(change(field, message_echoes=[echo]))
    assert (type(event), event.phone, event.text, event.provider_id) == (
        Echo, "+5493415550139", "te atiendo yo", "wamid.E1")


def test_what_changes_a_message():
    given = said("reaction", reaction={"message_id": "wamid.OUT1", "emoji": "👍"})
    assert (type(given), given.target, given.emoji) == (Reaction, "wamid.OUT1", "👍")
    assert said("reaction", reaction={"message_id": "wamid.OUT1"}).emoji == ""
    edited = said("edit", edit={"original_message_id": "wamid.M0", "message": {"type": "text", "text": {
        "body": "el miércoles"}}})
    assert (type(edited), edited.target, edited.text) == (Edited, "wamid.M0", "el miércoles")
    revoked = said("revoke", revoke={"original_message_id": "wamid.M0"})
    assert (type(revoked), revoked.target, revoked.by_staff) == (Revoked, "wamid.M0", False)


def test_who_has_another_number_or_another_id():
    moved = said("system", system={"type": "user_changed_number", "wa_id": "5493415550140", "user_id": "AR.2"})
    assert (type(moved), moved.phone, moved.new_phone, moved.new_user_id) == (
        NumberChanged, "+5493415550139", "+5493415550140", "AR.2")
    renamed = only(change("user_id_update", user_id_update=[
        {"wa_id": "5493415550139", "user_id": {"previous": "AR.1", "current": "AR.2"}, "timestamp": "1795532400"}]))
    assert (type(renamed), renamed.user_id, renamed.new_user_id, renamed.new_phone) == (
        NumberChanged, "AR.1", "AR.2", "")
    other = said("system", system={"type": "customer_identity_changed", "body": "x"})
    assert (type(other), other.kind) == (Message, "system")


@pytest.mark.parametrize(("value", "stop"), [("stop", True), ("resume", False)])
def test_who_wants_no_marketing(value, stop):
    event = only(change("user_preferences", user_preferences=[
        {"wa_id": "5493415550139", "category": "marketing_messages", "value": value, "timestamp": 1795532400}]))
    assert (type(event), event.stop, event.phone) == (Preference, stop, "+5493415550139")


def test_a_templates_news():
    event = only(change(
        "message_template_status_update", line="", event="PAUSED", message_template_name="recordatorio",
        message_template_language="es_AR", message_template_id=7, reason="NONE"))
    assert type(event) is TemplateChanged
    assert (event.state.name, event.state.language, event.state.status, event.state.reason) == (
        "recordatorio", "es_AR", "PAUSED", "")
    assert (event.line, event.account) == ("", ACCOUNT)
    event = only(change(
        "template_category_update", line="", new_category="MARKETING", message_template_name="recordatorio",
        message_template_language="es_AR"))
    assert (event.state.category, event.state.status) == ("MARKETING", "")


@pytest.mark.parametrize(("field", "value", "level", "code"), [
    ("phone_number_quality_update", {"event": "FLAGGED", "display_phone_number": "5493415550100"}, "warning",
     "FLAGGED"),
    ("phone_number_quality_update", {"event": "UNFLAGGED"}, "ok", "UNFLAGGED"),
    ("account_update", {"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "SPAM"}}, "warning",
     "ACCOUNT_VIOLATION"),
    ("account_update", {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}}, "out", "DISABLE"),
    ("account_update", {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}}, "ok", "REINSTATE"),
    ("account_alerts", {"alert_severity": "CRITICAL", "alert_type": "OBA_REJECTED"}, "warning", "OBA_REJECTED"),
    ("account_review_update", {"decision": "APPROVED"}, "ok", "APPROVED"),
])
def test_news_of_the_number_and_the_account(field, value, level, code):
    event = only(change(field, line="", **value))
    assert type(event) is ChannelHealth
    assert (event.level, event.code) == (level, code)


@pytest.mark.parametrize("made", [
    change("calls", calls=[{"id": "wacid.1"}]), change("history", history=[{"metadata": {"phase": 0}}]),
    change("group_lifecycle_update", groups=[{}]), change("something_new", x=1),
    change(messages=[message(group_id="g1")]),
])
def test_what_is_not_acted_upon_is_kept_in_silence(made):
    event = only(made)
    assert (type(event), event.alarming, event.line) == (Unknown, False, LINE)


@pytest.mark.parametrize("made", [
    change(), change(messages=[]), change(messages=["x"]), change(messages=[{"id": "wamid.1", "type": "text"}]),
    change(statuses=[{"id": "wamid.1"}]), change(statuses=[7]), {"field": "messages"}, {"value": {}}, "x", 7, None,
    change("user_preferences", user_preferences=[{"value": "stop"}]), change("message_template_status_update"),
    change("smb_message_echoes", message_echoes=[{"id": "wamid.1"}]),
])
def test_a_known_change_that_cannot_be_read_alarms(made):
    event = only(made)
    assert (type(event), event.alarming) == (Unknown, True)


@pytest.mark.parametrize("body", [{}, [], "x", 7, None, {"entry": []}, {"entry": [1]}, {"entry": [{"id": "1"}]},
                                  {"entry": [{"changes": "x"}]}])
def test_a_body_of_any_kind_is_one_alarm(body):
    (event,) = meta.parse(body)
    assert (type(event), event.alarming) == (Unknown, True)


def test_one_that_cannot_be_read_does_not_stop_the_others():
    events = meta.parse(batch(change(messages=[message(), {"id": 7}, "x", message(wamid="wamid.M2")]), "x", change(
        statuses=[None, status("wamid.OUT1", "sent")])))
    assert [type(one) for one in events] == [Message, Unknown, Unknown, Message, Unknown, Unknown, Report]


WHOLE = [
    batch(change(contacts=[contact()], messages=[message(kind, **content)])) for kind, content in (
        ("text", {"text": {"body": "hola"}, "context": {"id": "w"}, "referral": {"ctwa_clid": "c"}}),
        ("image", {"image": {"id": "1", "mime_type": "image/png"}}),
        ("reaction", {"reaction": {"message_id": "w", "emoji": "👍"}}),
        ("edit", {"edit": {"original_message_id": "w", "message": {"type": "text", "text": {"body": "b"}}}}),
        ("system", {"system": {"type": "user_changed_number", "wa_id": "549"}}),
        ("interactive", {"interactive": {"type": "button_reply", "button_reply": {"id": "1", "title": "t"}}}))
] + [
    batch(change(statuses=[status("w", "failed"), status("w", "sent")])),
    batch(change("account_update", line="", event="X", ban_info={"waba_ban_state": "DISABLE"})),
    batch(change("message_template_status_update", line="", event="APPROVED", message_template_name="a",
                 message_template_language="es")),
    batch(change("user_preferences", user_preferences=[{"wa_id": "549", "value": "stop"}])),
    batch(change("user_id_update", user_id_update=[{"wa_id": "549", "user_id": {"current": "a"}}])),
    batch(change("smb_message_echoes", message_echoes=[
        {"id": "w", "to": "549", "type": "text", "text": {"body": "x"}}])),
]


@pytest.mark.parametrize("whole", WHOLE, ids=range(len(WHOLE)))
def test_any_part_may_be_missing_or_of_another_kind(whole):
    """Each value of each body is taken out, and replaced by each kind of JSON: nothing raises, something comes out."""
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
            events = meta.parse(body)
            assert events
            for event in events:
                json.dumps(event.raw, ensure_ascii=False).encode()
                assert len(event.event_id) <= 200 and len(event.kind) <= 80


def paths(value, before=()):
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*before, key)
        if isinstance(inner, dict | list):
            yield from paths(inner, (*before, key))


def test_our_bodies_are_as_the_documentation_has_them():
    for whole in random.Random(1).sample(WHOLE[:3] + WHOLE[5:7], 5):
        meta_schemas.check(meta_schemas.WEBHOOK, whole)
