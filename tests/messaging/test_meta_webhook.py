"""Meta's doors: one app for many clinics, each change in its own; and a clinic's own app."""
import pytest
from django.db import OperationalError
from django.test import Client

from clinics import limits, routes, tenancy, vault
from messaging import inbox, webhooks, webhooks_meta
from messaging.models import Channel, ChatMessage, Conversation, InboundMessage
from messaging.providers import meta
from tests.fakes.whatsapp_meta import batch, change, contact, message, signed, status
from tests.messaging.factories import ChannelFactory

APP_SECRET, TOKEN, OWN_SECRET = "app_s3cret-1", "verifica-esto", "own-app-secret"
LINE, OTHER = "106540352242922", "206540352242922"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon", "fresh")]


@pytest.fixture
def fresh(monkeypatch, settings):
    monkeypatch.setattr(webhooks, "_known", {})
    settings.META_APP_SECRET, settings.META_VERIFY_TOKEN = APP_SECRET, TOKEN


@pytest.fixture
def lines(arrayan, bosque, within):
    """A number at Meta in each clinic, both proven."""

    def made(clinic, line, number, account):
        with within(clinic):
            row = ChannelFactory(
                provider="meta", number=number, phone_number_id=line, waba_id=account, proven_at="2026-11-01T00:00Z")
            routes.add(kind=webhooks_meta.LINE, address=line, row_id=row.pk)
            return row

    return {"arrayan": made(arrayan, LINE, "+5493415550100", "waba_1"),
            "bosque": made(bosque, OTHER, "+5493515550100", "waba_2")}


def post(body, *, secret=APP_SECRET, path="/webhooks/meta", headers=None):
    raw, signature = signed(body, secret)
    return Client().post(path, raw, content_type="application/json", headers=signature if headers is None else headers)


def texts(within, clinic):
    with within(clinic):
        return [row.text for row in ChatMessage.objects.order_by("pk")]


def from_line(line, *messages, **more):
    return change(line=line, contacts=[contact()], messages=list(messages), **more)


# Which clinic


def test_a_number_that_is_another_clinics_now_is_not_heard_by_the_first(lines, arrayan, bosque, within, monkeypatch):
    assert post(batch(from_line(LINE, message(text={"body": "antes"})))).status_code == 200
    with within(arrayan):
        routes.end(kind=webhooks_meta.LINE, row_id=lines["arrayan"].pk)
    with within(bosque):
        routes.add(kind=webhooks_meta.LINE, address=LINE, row_id=lines["bosque"].pk)
        Channel.objects.filter(pk=lines["bosque"].pk).update(phone_number_id=LINE)
    monkeypatch.setattr(webhooks, "STANDS_SECONDS", -1)
    assert post(batch(from_line(LINE, message(wamid="wamid.M2", text={"body": "ahora"})))).status_code == 200
    assert (texts(within, arrayan), texts(within, bosque)) == (["antes"], ["ahora"])


def test_one_delivery_of_two_clinics_lands_in_each_and_in_no_other(lines, arrayan, bosque, within):
    body = batch(
        from_line(LINE, message(text={"body": "para arrayán"})),
        from_line(OTHER, message(text={"body": "para bosque"})),
        from_line(LINE, message(wamid="wamid.M2", text={"body": "otra para arrayán"})))
    assert post(body).status_code == 200
    assert texts(within, arrayan) == ["para arrayán", "otra para arrayán"]
    assert texts(within, bosque) == ["para bosque"]  # the same id in another clinic is another message


def test_a_number_that_no_clinic_has_is_answered_200_and_kept_nowhere(lines, arrayan, bosque, within):
    assert post(batch(from_line("999", message()), from_line(OTHER, message()))).status_code == 200
    assert (texts(within, arrayan), texts(within, bosque)) == ([], ["hola"])


def test_a_number_that_was_never_proven_hears_nothing(arrayan, within):
    with within(arrayan):
        ChannelFactory(provider="meta", phone_number_id=LINE, waba_id="waba_1")
    assert post(batch(from_line(LINE, message()))).status_code == 200
    assert texts(within, arrayan) == []


def test_one_bad_change_does_not_stop_the_others_of_its_clinic_or_of_another(
        lines, arrayan, bosque, within, monkeypatch):
    """Row 58 of the failures."""
    from messaging import receipts

    monkeypatch.setattr(receipts, "find", lambda **_: 1 / 0)
    body = batch(
        change(line=LINE, statuses=[status("wamid.OUT1", "sent")]), from_line(LINE, message()),
        change(line=OTHER, statuses=[{"broken": True}, status("wamid.OUT2", "read")]), from_line(OTHER, message()))
    assert post(body).status_code == 200
    assert (texts(within, arrayan), texts(within, bosque)) == (["hola"], ["hola"])
    with within(arrayan):
        assert list(InboundMessage.objects.exclude(error="").values_list("error", flat=True)) == ["ZeroDivisionError"]


def test_when_one_clinic_cannot_be_written_the_others_are_and_all_come_again(
        lines, arrayan, bosque, within, monkeypatch):
    keep = inbox._keep

    def fails(channel, event, now):
        if channel.tenant_id == arrayan.pk:
            raise OperationalError("gone")
        return keep(channel, event, now)

    body = batch(from_line(LINE, message()), from_line(OTHER, message()))
    with monkeypatch.context() as patch:
        patch.setattr(inbox, "_keep", fails)
        assert post(body).status_code == 503
    assert (texts(within, arrayan), texts(within, bosque)) == ([], ["hola"])
    assert post(body).status_code == 200
    assert (texts(within, arrayan), texts(within, bosque)) == (["hola"], ["hola"])


def test_news_of_an_account_reach_its_own_clinics_channels(lines, arrayan, bosque, within):
    body = batch(("waba_1", change("account_update", line="", event="ACCOUNT_VIOLATION")))
    assert post(body).status_code == 200
    with within(arrayan):
        assert Channel.objects.get().health == "warning"
    with within(bosque):
        assert Channel.objects.get().health == ""
        assert not InboundMessage.objects.exists()


def test_who_has_no_phone_is_kept_and_answered_to_by_id(lines, clinic):
    """Row 62 of the failures."""
    assert post(batch(change(
        line=LINE, contacts=[contact(wa_id="")], messages=[message(sender="")]))).status_code == 200
    row = clinic.conversation()
    assert (row.phone, row.wa_user_id, row.address, row.shown_name) == ("", "AR.900100", "AR.900100", "Carolina Luque")


# Who is let in


@pytest.mark.parametrize("wrong", ["otro-secreto", "", None])
def test_without_the_apps_signature_nobody_is(lines, arrayan, within, wrong):
    headers = {} if wrong is None else None
    assert post(batch(from_line(LINE, message())), secret=wrong or "", headers=headers).status_code == 401
    assert texts(within, arrayan) == []


def test_without_an_apps_secret_nobody_is(lines, settings):
    settings.META_APP_SECRET = ""
    for secret in ("", APP_SECRET):
        assert post(batch(from_line(LINE, message())), secret=secret).status_code == 401


def test_who_knocks_too_often_without_a_signature_is_told_to_wait(lines, monkeypatch):
    monkeypatch.setitem(limits.RATES, "webhook-unsigned", limits.Rate(2))
    codes = [post(batch(from_line(LINE, message())), secret="x").status_code for _time in range(4)]
    assert codes == [401, 401, 429, 429]
    assert post(batch(from_line(LINE, message()))).status_code == 200


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[" * 50_000, b"[]", b"null", b'{"entry": [{"changes": [1]}]}'])
def test_a_signed_body_of_any_kind_is_answered_200(lines, raw):
    assert post(raw).status_code == 200


def test_a_body_has_a_bearable_size(lines, settings):
    settings.WEBHOOK_MAX_BYTES = 500
    assert post(batch(from_line(LINE, message(text={"body": "x" * 600})))).status_code == 413


@pytest.mark.parametrize(("asked", "status_code"), [
    ({"hub.mode": "subscribe", "hub.verify_token": TOKEN, "hub.challenge": "1158201444"}, 200),
    ({"hub.mode": "subscribe", "hub.verify_token": "otro", "hub.challenge": "1158201444"}, 403),
    ({"hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "1"}, 403),
    ({"hub.mode": "otra", "hub.verify_token": TOKEN, "hub.challenge": "1"}, 403), ({}, 403)])
def test_the_address_is_proven_with_the_token(asked, status_code):
    answer = Client().get("/webhooks/meta", asked)
    assert answer.status_code == status_code
    if status_code == 200:
        assert (answer.content, answer["Content-Type"]) == (b"1158201444", "text/plain; charset=utf-8")


def test_without_a_token_no_address_is_proven(settings):
    settings.META_VERIFY_TOKEN = ""
    asked = {"hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "1"}
    assert Client().get("/webhooks/meta", asked).status_code == 403


def test_other_verbs_are_not_for_it():
    assert Client().put("/webhooks/meta").status_code == 405


# A clinic's own app


@pytest.fixture
def own(lines, arrayan, within):
    row = lines["arrayan"]
    with within(arrayan):
        vault.put(row.secret_name, OWN_SECRET)
        routes.add(kind="meta", address=row.public_id, row_id=row.pk)
    return row


def test_it_is_signed_by_the_clinics_secret_and_no_other(own, arrayan, within):
    body, path = batch(from_line(LINE, message())), f"/webhooks/meta/{own.public_id}"
    assert post(body, path=path).status_code == 401
    assert post(body, path=path, secret="").status_code == 401
    assert post(body, path=path, secret=OWN_SECRET).status_code == 200
    assert texts(within, arrayan) == ["hola"]


def test_it_cannot_speak_for_another_clinics_number(own, arrayan, bosque, within):
    path = f"/webhooks/meta/{own.public_id}"
    assert post(batch(from_line(OTHER, message())), path=path, secret=OWN_SECRET).status_code == 200
    assert (texts(within, arrayan), texts(within, bosque)) == ([], [])
    with within(arrayan):
        (kept,) = InboundMessage.objects.all()
        assert (kept.error, kept.payload) == ("another_line", {})


def test_what_the_account_tells_of_the_clinics_second_number_is_that_numbers(own, arrayan, within):
    with within(arrayan):
        second = ChannelFactory(provider="meta", number="+5493415550101", phone_number_id="306540352242922")
    path = f"/webhooks/meta/{own.public_id}"
    assert post(batch(from_line("306540352242922", message())), path=path, secret=OWN_SECRET).status_code == 200
    with within(arrayan):
        assert Conversation.objects.get().channel_id == second.pk


def test_its_address_is_proven_with_a_token_of_its_own(own, lines):
    token = webhooks_meta.verify_token(own)
    assert token != webhooks_meta.verify_token(lines["bosque"])
    asked = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "7"}
    assert Client().get(f"/webhooks/meta/{own.public_id}", asked).content == b"7"
    assert Client().get(f"/webhooks/meta/{own.public_id}", asked | {"hub.verify_token": TOKEN}).status_code == 403
    assert Client().get("/webhooks/meta/7d0c9c6e-6e0b-4d53-a1a1-6d2f4f4fd001", asked).status_code == 404


def test_each_event_is_kept_once_however_often_it_comes(lines, arrayan, within):
    body = batch(from_line(LINE, message()), change(line=LINE, statuses=[status("wamid.OUT1", "read")]))
    for _time in range(3):
        assert post(body).status_code == 200
    assert texts(within, arrayan) == ["hola"]
    with within(arrayan), tenancy.atomic():
        assert InboundMessage.objects.count() == 1


def test_the_whole_way_there_and_back(lines, clinic, settings, at_noon):
    """A message in, an answer out by Meta, its ticks by webhook."""
    from tests.fakes.whatsapp_meta import Meta

    fake = Meta(key="ycloud-test-key")
    settings.META_API_BASE = fake.base
    try:
        post(batch(from_line(LINE, message())))
        at_noon.shift(9)
        clinic.turn()
        clinic.send()
        (sent,) = fake.sent
        assert (sent["to"], sent["text"]["body"]) == ("+5493415550139", "Hola, soy la recepcionista.")
        (ours,) = clinic.messages(direction="out")
        for report in fake.statuses("wamid.META1", sent, at=1795532500):
            assert post(batch(change(line=LINE, statuses=[report]))).status_code == 200
        (ours,) = clinic.messages(direction="out")
        assert (ours.status, ours.provider_id) == ("read", "wamid.META1")
    finally:
        fake.close()


def test_a_send_whose_answer_was_lost_is_found_by_the_name_we_gave_it(lines, clinic, at_noon):
    """No call of Meta's finds a message: only its reports, which give `biz_opaque_callback_data` back."""
    from messaging import outbox

    post(batch(from_line(LINE, message())))
    at_noon.shift(9)
    clinic.turn()
    (ours,) = clinic.messages(direction="out")
    with clinic:
        outbox._claimed(ours.conversation_id)
    post(batch(change(line=LINE, statuses=[status("wamid.LOST", "delivered", external_id=ours.external_id)])))
    (ours,) = clinic.messages(direction="out")
    assert (ours.status, ours.provider_id, ours.posting_since) == ("delivered", "wamid.LOST", None)
    assert meta.find_sent(channel=lines["arrayan"], key="k", external_id=ours.external_id, ref="") is None
