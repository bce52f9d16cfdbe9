"""How a number is connected, looked after and told about, and how its secret is changed, at both providers."""
import json

import pytest
from django.test import Client

from clinics import routes, tenancy, vault
from clinics.models import SystemEvent
from dentalogic.lib.refusals import ProviderError
from messaging import channels, health, line_jobs, webhooks
from messaging.channels import CannotRotate, NumberTaken
from messaging.models import Channel
from tests import payloads
from tests.fakes.whatsapp import signed
from tests.fakes.whatsapp_meta import TOKEN, Meta
from tests.messaging.factories import SECRET, ChannelFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
LINE, ACCOUNT = "106540352242922", "102290129340398"


@pytest.fixture
def ceo(client_as):
    return client_as("ceo")


@pytest.fixture
def facebook(settings):
    fake = Meta()
    settings.META_API_BASE = fake.base
    yield fake
    fake.close()


def at_meta(**changes):
    return {"name": "Recepción", "number": "+54 9 341 555-0100", "phone_number_id": LINE, "waba_id": ACCOUNT,
            "api_key": TOKEN} | changes


def row(within, clinic, **which):
    with within(clinic):
        return Channel.objects.get(**which)


def look(within, clinic, channel):
    with tenancy.tenant_context(clinic.pk):
        return health.look(channel_id=channel.pk)


def unwell(within, clinic):
    with within(clinic):
        return [event.payload.get("code") for event in SystemEvent.objects.filter(event="channel.unwell")]


# Connected to Meta


def test_a_number_of_metas_is_connected_by_its_page(ceo, arrayan, within):
    response = ceo.post("/settings/whatsapp/?provider=meta", at_meta())
    made = row(within, arrayan)
    assert response.headers["Location"] == f"/settings/whatsapp/{made.pk}/?saved"
    assert (made.provider, made.number, made.phone_number_id, made.waba_id) == (
        "meta", "+5493415550100", LINE, ACCOUNT)
    page = ceo.get(f"/settings/whatsapp/{made.pk}/").content.decode()
    assert f"http://testserver/webhooks/meta/{made.public_id}" in page
    assert "Token de verificación" in page and "user_preferences" in page
    assert TOKEN not in page
    with within(arrayan):
        assert vault.get(made.api_key_name, purpose="test") == TOKEN


def test_where_the_installation_has_an_app_nothing_has_to_be_pasted(ceo, arrayan, within, settings):
    settings.META_APP_SECRET = "app-s3cret"
    ceo.post("/settings/whatsapp/?provider=meta", at_meta())
    page = ceo.get(f"/settings/whatsapp/{row(within, arrayan).pk}/").content.decode()
    assert "no hay nada que pegar" in page
    assert "Falta el secreto" not in page


@pytest.mark.parametrize(("changes", "field"), [
    ({"phone_number_id": "abc"}, "phone_number_id"), ({"waba_id": ""}, "waba_id"), ({"number": "12"}, "number"),
    ({"api_key": "x y z w q r"}, "api_key")])
def test_what_cannot_be_an_identifier_is_said(ceo, arrayan, within, changes, field):
    response = ceo.post("/settings/whatsapp/?provider=meta", at_meta(**changes))
    assert response.status_code == 422
    assert f'id="f-{field}-e"' in response.content.decode()
    with within(arrayan):
        assert not Channel.objects.exists()


def test_one_number_is_one_channel(here, people):
    how = {"by": people["ceo"].actor, "provider": "meta", "name": "X", "phone_number_id": LINE, "waba_id": ACCOUNT}
    channels.connect(**how, number="+5493415550100")
    for number, phone_number_id in (("+5493415550100", "999999"), ("+5493415550101", LINE)):
        with pytest.raises(NumberTaken):
            channels.connect(**how | {"number": number, "phone_number_id": phone_number_id})


def test_an_unknown_provider_is_not_found(ceo):
    assert ceo.get("/settings/whatsapp/?provider=telegram").status_code == 404


# Proven


def test_metas_shared_app_leads_to_a_clinic_when_its_token_read_the_number_and_not_before(
        facebook, arrayan, within):
    with within(arrayan):
        made = ChannelFactory(provider="meta", phone_number_id=LINE, waba_id=ACCOUNT, secrets=("", TOKEN))
    assert routes.find(health.LINE, LINE) is None
    seen = look(within, arrayan, made)
    assert (seen.health, seen.quality, bool(seen.proven_at)) == ("ok", "GREEN", True)
    assert routes.find(health.LINE, LINE) == (arrayan.pk, made.pk)
    assert facebook.subscribed == {ACCOUNT}


def test_who_claims_anothers_number_hears_nothing_of_it(facebook, arrayan, bosque, within):
    with within(bosque):
        thief = ChannelFactory(
            provider="meta", number="+5493415550111", phone_number_id=LINE, waba_id="", secrets=("", TOKEN))
    assert look(within, bosque, thief).health_code == "number_differs"
    assert routes.find(health.LINE, LINE) is None
    with within(arrayan):
        owner = ChannelFactory(provider="meta", phone_number_id=LINE, waba_id=ACCOUNT, secrets=("", TOKEN))
    look(within, arrayan, owner)
    with within(bosque):
        Channel.objects.filter(pk=thief.pk).update(number="+5493415550100")
    assert look(within, bosque, thief).health_code == "number_taken"
    assert routes.find(health.LINE, LINE) == (arrayan.pk, owner.pk)


def test_off_a_number_may_be_another_clinics(facebook, arrayan, within, people):
    with within(arrayan):
        made = ChannelFactory(provider="meta", phone_number_id=LINE, waba_id=ACCOUNT, secrets=("", TOKEN))
    look(within, arrayan, made)
    with within(arrayan):
        channels.change(channel=made, active=False, by=people["ceo"].actor)
    assert routes.find(health.LINE, LINE) is None


def test_another_identifier_is_another_number(ceo, facebook, arrayan, within):
    with within(arrayan):
        made = ChannelFactory(provider="meta", phone_number_id=LINE, waba_id=ACCOUNT, secrets=("", TOKEN))
    look(within, arrayan, made)
    url = f"/settings/whatsapp/{made.pk}/meta"
    assert ceo.post(url, {"phone_number_id": "no", "waba_id": ACCOUNT}).status_code == 422
    assert ceo.post(url, {"phone_number_id": "306540352242922", "waba_id": ACCOUNT}).status_code == 302
    assert routes.find(health.LINE, LINE) is None
    assert row(within, arrayan).proven_at is None


def test_one_of_ycloud_has_no_identifier_there(ceo, channel):
    response = ceo.post(f"/settings/whatsapp/{channel.pk}/meta", {"phone_number_id": LINE, "waba_id": ACCOUNT})
    assert response.status_code == 422


# Looked after


@pytest.mark.parametrize(("status", "level"), [("pending", "warning"), ("disabled", "out")])
def test_an_endpoint_that_went_to_sleep_is_one_alert(whatsapp, channel, arrayan, within, ceo, status, level):
    url = f"https://clinic.example{channel.webhook_path}"
    whatsapp.endpoints = [{"id": "wh_1", "url": url, "status": "active"}]
    assert look(within, arrayan, channel).health == "ok"
    whatsapp.endpoints[0]["status"] = status
    for _time in range(3):
        seen = look(within, arrayan, channel)
    assert (seen.health, seen.health_code) == (level, f"webhook_{status}")
    assert unwell(within, arrayan) == [f"webhook_{status}"]
    page = ceo.get(f"/settings/whatsapp/{channel.pk}/").content.decode()
    assert health.words(seen) in page
    whatsapp.endpoints[0]["status"] = "active"
    assert look(within, arrayan, channel).health == "ok"


def test_a_key_that_is_not_taken_is_said_and_a_provider_that_is_down_is_not_the_numbers_fault(
        whatsapp, channel, arrayan, within, monkeypatch):
    whatsapp.key = "another"
    assert look(within, arrayan, channel).health_code == "key"
    whatsapp.key = "ycloud-test-key"
    whatsapp.endpoints = [{"id": "wh_1", "url": f"https://x{channel.webhook_path}", "status": "active"}]
    assert look(within, arrayan, channel).health == "ok"

    def down(**_):
        raise ProviderError("HTTP 503", permanent=False, code="503")

    monkeypatch.setattr("messaging.providers.ycloud.look", down)
    assert look(within, arrayan, channel).health == "ok"


def test_each_number_is_asked_every_ten_minutes_and_one_of_the_tests_never(
        whatsapp, channel, arrayan, within, at_noon, monkeypatch):
    asked = []
    monkeypatch.setattr(line_jobs.look, "later", lambda **ids: asked.append(ids["channel_id"]))
    with within(arrayan):
        ChannelFactory(number="+5493415550102", sandbox=True)
    line_jobs.look_after()
    assert channel.pk in asked and len(asked) == 2  # and Bosque's own
    look(within, arrayan, channel)
    asked.clear()
    line_jobs.look_after()
    assert channel.pk not in asked
    at_noon.shift(601)
    line_jobs.look_after()
    assert channel.pk in asked


def test_news_of_the_number_are_an_alert_and_good_news_its_end(post, channel, arrayan, within):
    def news(number, **changes):
        body = {"id": f"evt_q{number}", "type": "whatsapp.phone_number.quality_updated", "apiVersion": "v2",
                "createTime": "2026-11-24T15:00:00.000Z", "whatsappPhoneNumber": {
                    "phoneNumber": "+5493415550100", "wabaId": "waba_1"} | changes}
        assert post(body).status_code == 200
        return row(within, arrayan, pk=channel.pk)

    seen = news(1, qualityRating="RED", qualityUpdateEvent="FLAGGED")
    assert (seen.health, seen.health_code) == ("warning", "FLAGGED")
    assert unwell(within, arrayan) == ["FLAGGED"]
    assert news(2, qualityRating="GREEN", qualityUpdateEvent="UNFLAGGED").health == "ok"
    gone = {"id": "evt_b", "type": "whatsapp.business_account.updated", "apiVersion": "v2",
            "createTime": "2026-11-24T15:00:00.000Z", "whatsappBusinessAccount": {
                "id": "waba_1", "updateEvent": "DISABLED_UPDATE", "banState": "DISABLE"}}
    assert post(gone).status_code == 200
    seen = row(within, arrayan, pk=channel.pk)
    assert (seen.health, seen.health_code) == ("out", "DISABLE")
    assert "bloqueó" in health.words(seen)


def test_looking_does_not_take_back_what_the_provider_said_itself(whatsapp, channel, arrayan, within, ceo):
    with within(arrayan):
        Channel.objects.filter(pk=channel.pk).update(health="warning", health_code="ACCOUNT_VIOLATION")
    whatsapp.endpoints = [{"id": "wh_1", "url": f"https://x{channel.webhook_path}", "status": "active"}]
    assert look(within, arrayan, channel).health_code == "ACCOUNT_VIOLATION"
    response = ceo.post(f"/settings/whatsapp/{channel.pk}/look")  # a person saw to it
    assert "asked=" in response.headers["Location"]
    assert "Le preguntamos a YCloud" in ceo.get(response.headers["Location"]).content.decode()
    assert look(within, arrayan, channel).health == "ok"
    piece = ceo.get(f"/settings/whatsapp/{channel.pk}/health?asked=1").content.decode()
    assert "Funciona." in piece and "every 2s" not in piece


@pytest.mark.parametrize("code", sorted(health.FOUND) + ["RED", "FLAGGED", "DOWNGRADE", "SOMETHING_NEW"])
def test_whatever_is_wrong_is_said_in_words(code):
    for level in ("warning", "out"):
        said = health.words(Channel(health=level, health_code=code))
        assert len(said) > 20
    assert health.words(Channel(health="ok")) == health.words(Channel()) == ""


def test_the_list_says_which_number_is_not_well(ceo, channel, arrayan, within):
    with within(arrayan):
        Channel.objects.filter(pk=channel.pk).update(health="out", health_code="key")
    assert "No funciona" in ceo.get("/settings/whatsapp/").content.decode()


# Another secret


def hears(channel, secret, event):
    raw, headers = signed(payloads.ycloud("text", event=event, wamid=event), secret)
    return Client().post(
        f"/webhooks/ycloud/{channel.public_id}", raw, content_type="application/json", headers=headers).status_code


def test_the_old_secret_counts_for_a_day_beside_the_new_one(channel, arrayan, within, people, at_noon, monkeypatch):
    monkeypatch.setattr(webhooks, "KNOWN_SECONDS", -1)
    with within(arrayan):
        channels.rotate(channel=channel, secret="whsec_second_one", by=people["ceo"].actor)
    assert [hears(channel, secret, f"e{number}") for number, secret in enumerate(
        (SECRET, "whsec_second_one", "whsec_third_one"))] == [200, 200, 401]
    at_noon.shift(25 * 3600)
    assert [hears(channel, secret, f"f{number}") for number, secret in enumerate(
        (SECRET, "whsec_second_one"))] == [401, 200]


def test_ycloud_is_asked_for_another_secret(ceo, whatsapp, channel, arrayan, within, monkeypatch, people):
    with pytest.raises(CannotRotate), within(arrayan):
        channels.ask_new_secret(channel=channel, by=people["ceo"].actor)
    whatsapp.endpoints = [{"id": "wh_1", "url": f"https://x{channel.webhook_path}", "status": "active"}]
    look(within, arrayan, channel)
    asked = []
    monkeypatch.setattr(line_jobs.change_secret, "later", lambda **ids: asked.append(ids))
    assert ceo.post(f"/settings/whatsapp/{channel.pk}/new-secret").headers["Location"].endswith("?secret")
    assert asked == [{"channel_id": channel.pk}]
    change_secret(arrayan, channel)
    with within(arrayan):
        assert vault.get(channel.secret_name, purpose="test") == "whsec_00000001"
        assert vault.get(channel.former_secret_name, purpose="test") == SECRET
    assert [hears(channel, secret, f"e{number}") for number, secret in enumerate(
        (SECRET, "whsec_00000001"))] == [200, 200]


def test_a_change_whose_answer_was_lost_is_found(whatsapp, channel, arrayan, within, monkeypatch):
    from dentalogic.lib import http

    whatsapp.endpoints = [{"id": "wh_1", "url": "https://x", "status": "active"}]
    with within(arrayan):
        Channel.objects.filter(pk=channel.pk).update(webhook_id="wh_1")
    monkeypatch.setattr(http.call, "__kwdefaults__", http.call.__kwdefaults__ | {"seconds": 0.3})
    whatsapp.script.append("lost")
    change_secret(arrayan, channel)
    with within(arrayan):
        assert vault.get(channel.secret_name, purpose="test") == "whsec_00000001"


def change_secret(clinic, channel):
    with tenancy.tenant_context(clinic.pk):
        channels.change_secret(channel_id=channel.pk)


def test_only_who_holds_the_keys_changes_them(client_as, channel):
    for role in ("professional", "secretary", "setter", "closer"):
        for path in ("new-secret", "rotate", "look", "meta", "health"):
            client = client_as(role)
            method = client.get if path == "health" else client.post
            assert method(f"/settings/whatsapp/{channel.pk}/{path}").status_code == 403


def test_no_secret_of_either_provider_is_in_a_page_an_event_or_a_log(
        ceo, arrayan, within, people, caplog, facebook, settings):
    made = []
    with within(arrayan):
        made.append(channels.connect(
            by=people["ceo"].actor, number="+5493415550144", name="X", api_key="CANARIO-clave-1",
            secret="CANARIO-secreto-1"))
        made.append(channels.connect(
            by=people["ceo"].actor, provider="meta", number="+5493415550145", name="X", phone_number_id="123456",
            waba_id=ACCOUNT, api_key="CANARIO-token-1", secret="CANARIO-app-1"))
        channels.rotate(channel=made[0], secret="CANARIO-secreto-2", by=people["ceo"].actor)
    look(within, arrayan, made[1])
    seen = "".join(ceo.get(f"/settings/whatsapp/{one.pk}/").content.decode() for one in made)
    with within(arrayan):
        seen += json.dumps(list(SystemEvent.objects.values("event", "payload")), default=str)
        seen += str(list(Channel.objects.values()))
    assert "CANARIO" not in seen + caplog.text




def test_the_bell_tells_the_ceo_and_nobody_else(client_as, channel, arrayan, within):
    with within(arrayan):
        Channel.objects.filter(pk=channel.pk).update(health="out", health_code="webhook_disabled")
    assert "nada llega" in client_as("ceo").get("/inbox/notices").content.decode()
    assert "nada llega" not in client_as("secretary").get("/inbox/notices").content.decode()
