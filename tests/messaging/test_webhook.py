"""The door that YCloud calls: who is let in, what is kept, and how often."""
import json
import logging
import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
import redis
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client

from clinics import tenancy, vault
from clinics.models import SystemEvent
from messaging import inbox, seen, webhooks
from messaging.models import ChatMessage, Conversation, InboundMessage
from tests import payloads
from tests.fakes.whatsapp import signed
from tests.messaging.factories import NOON, SECRET

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


def kept(clinic):
    with clinic, tenancy.atomic():
        return list(InboundMessage.objects.order_by("pk"))


def test_a_patients_message_becomes_one_message_and_a_turn_that_is_due(post, clinic):
    assert post("text").status_code == 200
    (message,) = clinic.messages()
    assert (message.text, message.author, message.status) == ("hola, quiero una limpieza", "patient", "received")
    conversation = clinic.conversation()
    assert (conversation.phone, conversation.wa_user_id) == ("+5493415550139", "AR.900100")
    assert conversation.profile_name == "Carolina Luque"
    assert conversation.unread == 1
    assert conversation.quiet_at == NOON + timedelta(seconds=8)
    assert [(row.provider_id, row.message_id) for row in kept(clinic)] == [("wamid.IN1", message.pk)]


@pytest.mark.parametrize("name", payloads.names())
def test_every_shape_is_kept_and_answered_200(post, clinic, name, owner):
    assert post(name).status_code == 200
    with clinic, tenancy.atomic():
        inbound = InboundMessage.objects.count()
    assert inbound == (0 if name == "status" else 1)  # a status is kept as a report


def test_the_same_message_again_changes_nothing(post, clinic):
    for number in range(3):
        assert post("text", event=f"evt_{number}").status_code == 200
    assert len(clinic.messages()) == 1
    assert clinic.conversation().unread == 1


def test_the_unique_key_decides_where_the_cache_forgot(post, clinic):
    post("text")
    cache.clear()
    assert post("text").status_code == 200
    assert len(clinic.messages()) == len(kept(clinic)) == 1


def test_a_message_is_not_seen_before_it_is_committed(post, clinic, monkeypatch):
    """A delivery that failed must be taken when it comes again."""
    with monkeypatch.context() as patch:
        patch.setattr(inbox, "_keep", lambda *_: (_ for _ in ()).throw(OperationalError("gone")))
        assert post("text").status_code == 503
    assert post("text").status_code == 200
    assert len(clinic.messages()) == 1


def test_without_a_cache_messages_are_taken_all_the_same(post, clinic, monkeypatch):
    nowhere = redis.Redis(port=1, retry=None)
    monkeypatch.setattr(seen, "_client", lambda pid: nowhere)
    assert post("text").status_code == 200
    assert post("text").status_code == 200
    assert len(clinic.messages()) == 1


# Who is let in


def test_a_bad_signature_is_401_and_nothing_is_kept(post, clinic):
    assert post("text", secret="whsec_other").status_code == 401
    assert post("text", headers={}).status_code == 401
    assert post("text", headers={"YCloud-Signature": ""}).status_code == 401
    assert kept(clinic) == []


@pytest.mark.parametrize("secret", ["", None])
def test_a_channel_without_a_secret_lets_nobody_in(post, channel, within, arrayan, secret):
    with within(arrayan):
        from clinics.models import Credential

        if secret is None:
            Credential.objects.filter(name=channel.secret_name).delete()
        else:
            vault.put(channel.secret_name, secret)
    assert post("text", secret="").status_code == 401
    assert post("text", headers={"YCloud-Signature": "t=,s="}).status_code == 401


def test_a_signature_counts_for_a_while_longer_than_the_retries(post, settings):
    hours = 3600
    assert post("text", stamp=NOON.timestamp() - 5.6 * hours).status_code == 200
    assert post("text", stamp=NOON.timestamp() - settings.WEBHOOK_MAX_AGE - 60).status_code == 401
    assert post("text", stamp=NOON.timestamp() + settings.WEBHOOK_MAX_AGE + 60).status_code == 401


def test_a_new_secret_counts_at_once(post, channel, within, arrayan, monkeypatch):
    assert post("text").status_code == 200
    with within(arrayan):
        vault.put(channel.secret_name, "whsec_new")
    monkeypatch.setattr(webhooks, "FRESH_SECONDS", -1)
    assert post("text", secret="whsec_new").status_code == 200
    assert post("text", secret=SECRET).status_code == 401


def test_an_address_that_leads_nowhere_is_404():
    raw, headers = signed(payloads.ycloud("text"), SECRET)
    for address in ("7d0c9c6e-6e0b-4d53-a1a1-6d2f4f4fd001", "x"):
        answer = Client().post(f"/webhooks/ycloud/{address}", raw, content_type="application/json", headers=headers)
        assert answer.status_code == 404


def test_a_channel_that_is_off_is_404(post, channel, within, arrayan):
    with within(arrayan):
        type(channel).objects.update(active=False)
    assert post("text").status_code == 404


def test_one_that_is_turned_off_is_not_heard_two_seconds_later(post, channel, within, arrayan, monkeypatch):
    assert post("text").status_code == 200
    with within(arrayan):
        type(channel).objects.update(active=False)
    now = webhooks.time.monotonic()
    monkeypatch.setattr(webhooks, "time", SimpleNamespace(monotonic=lambda: now + webhooks.STANDS_SECONDS + 0.1))
    assert post("text", wamid="wamid.IN2").status_code == 404
    with within(arrayan):
        type(channel).objects.update(active=True)
    assert post("text", wamid="wamid.IN3").status_code == 200


def test_a_busy_number_is_not_asked_about_at_each_delivery(post, monkeypatch):
    asked = []
    monkeypatch.setattr(webhooks, "_stands", lambda *who: asked.append(who) or True)
    for number in range(3):
        assert post("text", wamid=f"wamid.IN{number}").status_code == 200
    assert asked == []


@pytest.mark.parametrize("said", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_an_hour_at_the_edge_of_the_calendar_is_none(post, clinic, said):
    """It could be stored, and never read again: the thread would open no more."""
    assert post("text", sendTime=said).status_code == 200
    assert clinic.messages()[0].sent_at == NOON


def test_only_a_post_of_a_bearable_size(channel, settings):
    path = f"/webhooks/ycloud/{channel.public_id}"
    assert Client().get(path).status_code == 405
    settings.WEBHOOK_MAX_BYTES = 1000
    raw, headers = signed(payloads.ycloud("text", text={"body": "x" * 1000}), SECRET)
    assert Client().post(path, raw, content_type="application/json", headers=headers).status_code == 413


def test_one_clinics_webhook_writes_nothing_in_another(post, clinic, bosque, within):
    post("text")
    with within(bosque):
        assert not Conversation.objects.exists()
        assert not ChatMessage.objects.exists()


# What cannot be read


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}", b'"\\ud800"',
                                 b'{"type": "x", "n": [NaN, Infinity, 1e999], "s": "\\u0000"}'])
def test_a_signed_body_of_any_kind_is_kept(post, clinic, raw):
    assert post(raw).status_code == 200
    assert len(kept(clinic)) == 1


def test_a_renamed_field_is_one_alert(post, clinic, caplog):
    for number in range(3):
        post("text", event=f"evt_{number}", wamid=f"wamid.{number}", text=None, txt={"body": "hola"})
    assert [message.kind for message in clinic.messages()] == ["unsupported"] * 3
    with clinic, tenancy.atomic():
        assert SystemEvent.objects.filter(event="webhook_unreadable", severity="warning").count() == 1
    assert len([record for record in caplog.records if record.levelno == logging.ERROR]) == 1


def test_a_broken_status_beside_a_message_does_not_drop_it(post, clinic, monkeypatch):
    from messaging import receipts

    monkeypatch.setattr(receipts, "find", lambda **_: 1 / 0)
    assert post([payloads.ycloud("status"), payloads.ycloud("text")]).status_code == 200
    assert [message.text for message in clinic.messages()] == ["hola, quiero una limpieza"]
    assert [(row.kind, row.error) for row in kept(clinic)] == [
        ("whatsapp.message.updated", "ZeroDivisionError"), ("text", "")]


def test_what_was_set_aside_may_come_again(post, clinic, monkeypatch):
    from django.core.cache import cache

    from messaging import receipts

    monkeypatch.setattr(receipts, "find", lambda **_: 1 / 0)
    post("status")
    cache.clear()
    assert post([payloads.ycloud("status"), payloads.ycloud("text")]).status_code == 200
    assert len(clinic.messages()) == 1, "and what came with it is not lost"


def test_no_word_of_a_patient_reaches_a_log_line(post, clinic, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    canary = "CANARIO-7f3a"
    post("text", text={"body": canary}, customerProfile={"name": canary})
    post("text", wamid=canary, type=canary, text=None)
    post({"id": "evt_c", "type": "whatsapp.inbound_message.received", "whatsappInbound": {"text": canary}})
    post(f'{{"{canary}'.encode())
    monkeypatch.setattr(inbox, "preview", lambda message: "\x00" + message.text)  # the database refuses it, with words
    post("text", wamid="wamid.other", text={"body": canary})
    assert canary not in caplog.text
    assert len(kept(clinic)) == 5


def test_the_hot_path_is_three_trips_to_the_database(post, django_assert_num_queries):
    """Find and lock the conversation, the message, its delivery with the conversation's news; besides them the
    savepoint and the scope, in and out."""
    post("text")
    with django_assert_num_queries(3 + 4):
        assert post("text", wamid="wamid.2", event="evt_2").status_code == 200


# At the same time


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("cached", [True, False])
def test_five_copies_at_once_make_one_message(post, clinic, monkeypatch, cached):
    if not cached:
        monkeypatch.setattr(seen, "_ask", lambda *_: None)
    gate, codes = threading.Barrier(5), []

    def copy():
        gate.wait()
        codes.append(post("text").status_code)
        connection.close()

    threads = [threading.Thread(target=copy) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [200] * 5
    assert len(clinic.messages()) == len(kept(clinic)) == 1
    assert clinic.conversation().unread == 1


@pytest.mark.django_db(transaction=True)
def test_eight_first_messages_at_once_make_one_conversation(post, clinic):
    gate, codes = threading.Barrier(8), []

    def first(number):
        gate.wait()
        codes.append(post("text", event=f"evt_{number}", wamid=f"wamid.{number}").status_code)
        connection.close()

    threads = [threading.Thread(target=first, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [200] * 8
    assert len(clinic.messages()) == 8
    assert clinic.conversation().unread == 8


def test_the_body_is_forgotten_after_a_month(post, clinic, at_noon):
    from messaging import tasks

    post("text")
    tasks.forget_payloads()
    assert kept(clinic)[0].payload["id"] == "evt_in_1"
    at_noon.shift(timedelta(days=31))
    tasks.forget_payloads()
    assert json.dumps(kept(clinic)[0].payload) == "{}"


def test_a_reports_body_is_forgotten_too(post, clinic, at_noon):
    from messaging import tasks
    from messaging.models import MessageStatus

    post("status")
    at_noon.shift(timedelta(days=31))
    tasks.forget_payloads()
    with clinic, tenancy.atomic():
        assert [row.payload for row in MessageStatus.objects.all()] == [{}]
