"""What each provider is sent, over HTTP, and what its errors mean: the same verbs, the same ends."""
import io
from functools import cache
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from dentalogic.lib.refusals import ProviderError
from messaging import providers
from messaging.models import Channel
from messaging.providers import meta, ycloud
from messaging.providers.base import AGAIN, Then
from tests.fakes.files import Files
from tests.fakes.whatsapp import WhatsApp
from tests.fakes.whatsapp_meta import TOKEN, Meta
from tests.messaging import meta_schemas

CONTRACT = Path(__file__).parents[2].parent / "shared" / "protocols" / "ycloud-openapi.yaml"
CAROLINA = "+5493415550139"


class Line:
    """A provider's fake, its slice, and a channel of ours there."""

    def __init__(self, name, fake, channel, key):
        self.name, self.fake, self.channel, self.key, self.slice = name, fake, channel, key, providers.of(channel)

    def send(self, verb, **said):
        how = {"channel": self.channel, "key": self.key, "to": CAROLINA, "external_id": "dl-7"} | said
        return getattr(self.slice, f"send_{verb}")(**how)


@pytest.fixture(params=["ycloud", "meta"])
def line(request, settings):
    if request.param == "ycloud":
        fake = WhatsApp()
        settings.YCLOUD_API_BASE = fake.base
        made = Line("ycloud", fake, Channel(number="+5493415550100"), fake.key)
    else:
        fake = Meta()
        settings.META_API_BASE = fake.base
        made = Line("meta", fake, Channel(
            provider="meta", number="+5493415550100", phone_number_id="106540352242922",
            waba_id="102290129340398"), TOKEN)
    yield made
    fake.close()


@cache
def components():
    return yaml.load(CONTRACT.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["components"]


def check(line, body):
    if line.name == "meta":
        return meta_schemas.check(meta_schemas.SEND, body)
    if not CONTRACT.exists():
        pytest.skip("YCloud's contract is not beside the project")
    schema = {"$ref": "#/components/schemas/WhatsappMessageSendRequest", "components": components()}
    return Draft202012Validator(schema).validate(body)


SAYS = {
    "text": {"text": "hola"},
    "buttons": {"text": "¿Cuál?", "buttons": [{"id": "of_1", "title": "Martes a las diez y media"}] * 4},
    "list": {"text": "Elegí", "button": "Ver los horarios que hay", "rows": [
        {"id": f"of_{n}", "title": "Martes 10:00", "description": "Dra. Paz", "section": "Martes"}
        for n in range(12)]},
    "template": {"name": "recordatorio", "language": "es_AR", "components": {
        "header": ["Hola"], "body": ["Carolina", "10:30"], "buttons": [{"index": 1, "payload": "tap:1"}]}},
    "media": {"kind": "document", "filename": "presupuesto.pdf", "reference": "media_1", "caption": "Va"},
}


@pytest.mark.parametrize("verb", SAYS)
def test_what_is_sent_is_what_they_take(line, verb):
    accepted = line.send(verb, **SAYS[verb])
    (body,) = line.fake.sent
    check(line, body)
    assert (accepted.provider_id[:6], bool(accepted.ref), body["to"]) == ("wamid.", True, CAROLINA)
    assert "dl-7" in (body.get("externalId"), body.get("biz_opaque_callback_data"))


def test_who_has_no_phone_is_written_to_by_their_id_and_what_is_quoted_is_named(line):
    line.send("text", text="hola", to="AR.900100", reply_to="wamid.IN1")
    (body,) = line.fake.sent
    check(line, body)
    assert (body["recipient"], "to" in body, body["context"]) == ("AR.900100", False, {"message_id": "wamid.IN1"})


def test_no_more_buttons_and_rows_than_whatsapp_shows_and_none_longer(line):
    line.send("buttons", **SAYS["buttons"])
    line.send("list", **SAYS["list"])
    taps, rows = (body["interactive"]["action"] for body in line.fake.sent)
    assert [len(tap["reply"]["title"]) for tap in taps["buttons"]] == [20] * 3
    (section,) = rows["sections"]
    assert (len(section["rows"]), len(rows["button"]), section["title"]) == (10, 20, "Martes")


def test_the_place_of_a_button_is_written_as_each_wants_it(line):
    line.send("template", **SAYS["template"])
    button = line.fake.sent[0]["template"]["components"][-1]
    assert button["index"] == (1 if line.name == "ycloud" else "1")
    assert button["parameters"] == [{"type": "payload", "payload": "tap:1"}]


@pytest.mark.parametrize("values", [[""], ["Carolina", "  "], ["\n"]])
def test_a_template_with_an_empty_value_never_leaves(line, values):
    with pytest.raises(ProviderError) as refused:
        line.send("template", name="recordatorio", language="es_AR", components={"body": values})
    assert refused.value.permanent
    assert line.fake.sent == line.fake.calls == []


def test_a_file_is_uploaded_and_sent_by_its_id(line):
    how = {"channel": line.channel, "key": line.key}
    given = line.slice.upload(**how, filename="presupuesto.pdf", mime="application/pdf", content=b"%PDF-1.7")
    assert line.fake.sent == []
    line.send("media", **SAYS["media"] | {"reference": given})
    (body,) = line.fake.sent
    (pk, uploaded), = line.fake.uploads.items()
    assert uploaded == ("presupuesto.pdf", "application/pdf", b"%PDF-1.7")
    assert body["document"] == {"id": pk, "caption": "Va", "filename": "presupuesto.pdf"}
    line.send("media", kind="audio", filename="a.ogg", reference=pk, caption="x")
    assert set(line.fake.sent[1]["audio"]) == {"id"}


def test_typing_marks_it_read(line):
    line.slice.typing(channel=line.channel, key=line.key, ref="wamid.IN1")
    assert line.fake.typed == (["wamid.IN1"] if line.name == "ycloud" else [("wamid.IN1", {"type": "text"})])


# What errors mean


@pytest.mark.parametrize(("step", "then", "permanent"), [
    (429, Then.AGAIN, False), (500, Then.PASSING, False), (503, Then.PASSING, False), ("130429", Then.AGAIN, False),
    ("131056", Then.RECIPIENT, False), ("131016", Then.PASSING, False), ("131047", Then.WINDOW, True),
    ("131026", Then.FINAL, True), ("131050", Then.OPTED_OUT, True), ("132001", Then.TEMPLATE, True),
    ("132015", Then.TEMPLATE, True), ("131051", Then.FINAL, True), ("131048", Then.HOLD, True),
    ("190", Then.OUT, True), ("131031", Then.OUT, True), ("131042", Then.OUT, True), ("999999", Then.FINAL, True),
])
def test_each_documented_code_has_its_end(line, step, then, permanent):
    line.fake.script.append(step)
    with pytest.raises(ProviderError) as refused:
        line.send("text", text="hola")
    assert (line.slice.meaning(refused.value.code), refused.value.permanent) == (then, permanent)
    assert permanent != (then in AGAIN)
    assert not refused.value.unknown


def test_how_long_to_wait_is_heard(line):
    line.fake.script.append((429, 17))
    with pytest.raises(ProviderError) as refused:
        line.send("text", text="hola")
    assert refused.value.retry_after == 17


def test_a_key_that_is_not_taken_stops_the_channel_and_is_quoted_nowhere(line):
    line.key = "otra-clave-canario"
    with pytest.raises(ProviderError) as refused:
        line.send("text", text="hola")
    assert line.slice.meaning(refused.value.code) == Then.OUT
    assert "canario" not in str(refused.value) + refused.value.code


@pytest.mark.parametrize("key", ["", None, "clave\ncon salto", "ñandú-clave"])
def test_what_is_no_key_is_never_put_in_a_header(line, key):
    line.key = key
    with pytest.raises(ProviderError) as refused:
        line.send("text", text="hola")
    assert (refused.value.code, line.fake.calls) == ("no_key", [])


def test_a_timeout_is_not_an_end(line, monkeypatch):
    from dentalogic.lib import http

    monkeypatch.setattr(http, "SECONDS", 0.3)
    monkeypatch.setattr(http.call, "__kwdefaults__", http.call.__kwdefaults__ | {"seconds": 0.3})
    line.fake.script.append("hang")
    with pytest.raises(ProviderError) as refused:
        line.send("text", text="hola")
    assert (refused.value.unknown, refused.value.permanent, len(line.fake.sent)) == (True, False, 1)


def test_a_sandbox_never_leaves_the_machine(line, settings):
    line.channel.sandbox = True
    line.send("text", text="hola")
    settings.YCLOUD_API_BASE, settings.META_API_BASE = "https://api.ycloud.com/v2", "https://graph.facebook.com"
    with pytest.raises(ProviderError) as refused:
        line.send("text", text="hola")
    assert refused.value.code == "sandbox"


def test_a_template_that_is_not_there_or_not_approved_is_refused_by_its_code(line):
    line.fake.templates = [
        {"name": "recordatorio", "language": "es_AR", "status": "APPROVED"},
        {"name": "pausada", "language": "es_AR", "status": "PAUSED"}]
    assert line.send("template", name="recordatorio", language="es_AR", components={}).ref
    for name, language, code in (("recordatorio", "es", "132001"), ("pausada", "es_AR", "132015")):
        with pytest.raises(ProviderError) as refused:
            line.send("template", name=name, language=language, components={})
        assert refused.value.code == code


def test_the_window_is_the_providers_too(line):
    line.fake.wrote = {CAROLINA: 0}
    line.send("text", text="hola")
    line.send("template", name="recordatorio", language="es_AR", components={})
    free, template = (line.fake.fares(body) for body in line.fake.sent)
    assert free == [("failed", "131047")]
    assert [status for status, _code in template] == ["sent", "delivered", "read"]


# What is asked of them


def test_templates_are_listed_to_their_last_page(line):
    line.fake.templates = [
        {"name": f"t{n}", "language": "es_AR", "status": "APPROVED", "category": "UTILITY", "wabaId": "w",
         "components": [{"type": "BODY", "text": "Hola {{1}}"}], "quality_score": {"score": "GREEN"},
         "qualityRating": "GREEN"} for n in range(230)]
    found = line.slice.templates(channel=line.channel, key=line.key)
    assert [one.name for one in found] == [f"t{n}" for n in range(230)]
    assert (found[0].status, found[0].category, found[0].quality) == ("APPROVED", "UTILITY", "GREEN")
    assert found[0].components[0]["text"] == "Hola {{1}}"


@pytest.mark.parametrize("answer", [b"<html>502</html>", b"[]", b"{}", b'{"items": null, "data": {}}'])
def test_what_is_no_list_is_not_the_word_that_all_is_gone(line, monkeypatch, answer):
    from dentalogic.lib import http

    monkeypatch.setattr(http, "call", lambda *_, **__: http.Answer(200, {}, answer))
    for verb in (line.slice.templates, line.slice.look):
        with pytest.raises(ProviderError) as refused:
            verb(channel=line.channel, key=line.key)
        assert not refused.value.permanent


def test_what_became_of_a_send_is_asked_where_it_can_be(line):
    sent = line.send("text", text="hola")
    how = {"channel": line.channel, "key": line.key}
    if line.name == "ycloud":
        found = line.slice.find_sent(**how, external_id="dl-7", ref=sent.ref)
        assert (found.status, found.provider_id, found.external_id) == ("queued", sent.provider_id, "dl-7")
        assert line.slice.find_sent(**how, external_id="dl-7", ref="out_99") is None
    assert line.slice.find_sent(**how, external_id="dl-7", ref="") is None


def test_a_number_that_its_key_reads_is_well(line):
    if line.name == "ycloud":
        line.fake.endpoints = [{"id": "wh_1", "url": f"https://x.example{line.channel.webhook_path}",
                                "status": "active"}]
    seen = line.slice.look(channel=line.channel, key=line.key)
    assert (seen.ok, seen.names_us, seen.quality, seen.code) == (True, True, "GREEN", "")
    if line.name == "meta":
        assert line.fake.subscribed == {"102290129340398"}


def test_one_that_it_does_not_is_not(line):
    line.channel.number, line.channel.phone_number_id = "+5493415550199", "999999999"
    assert line.slice.look(channel=line.channel, key=line.key).code == "number_missing"


def test_anothers_number_under_our_id_is_not_ours(settings):
    fake = Meta()
    settings.META_API_BASE = fake.base
    channel = Channel(provider="meta", number="+5493415550111", phone_number_id="106540352242922", waba_id="")
    try:
        seen = meta.look(channel=channel, key=TOKEN)
        assert (seen.ok, seen.names_us, seen.code) == (False, False, "number_differs")
    finally:
        fake.close()


@pytest.mark.parametrize("status", ["pending", "disabled"])
def test_an_endpoint_that_sleeps_is_found(settings, status):
    fake, channel = WhatsApp(), Channel(number="+5493415550100")
    settings.YCLOUD_API_BASE = fake.base
    how = {"channel": channel, "key": fake.key}
    try:
        assert ycloud.look(**how).code == "webhook_missing"
        fake.endpoints = [{"id": "wh_0", "url": "https://x.example/webhooks/ycloud/another", "status": "active"},
                          {"id": "wh_1", "url": f"https://x.example{channel.webhook_path}", "status": status}]
        seen = ycloud.look(**how)
        assert (seen.code, seen.webhook, seen.webhook_id) == (f"webhook_{status}", status, "wh_1")
    finally:
        fake.close()


# Files


@pytest.fixture
def hosts():
    made = []

    def make(**how):
        made.append(Files(**how))
        return made[-1]

    yield make
    for one in made:
        one.close()


def fetched(line, media, limit=1000):
    sink = io.BytesIO()
    return line.slice.fetch_media(channel=line.channel, key=line.key, media=media, sink=sink, limit=limit), sink


def announced(line, host, pk):
    line.fake.files = host
    return {"id": pk, "link": host.url(pk)}


def test_a_file_is_fetched_from_a_host_that_the_settings_name(line, hosts, settings):
    host = hosts(**({"header": "Authorization", "key": f"Bearer {TOKEN}"} if line.name == "meta" else {}))
    pk = host.put(b"OggS-voz", "audio/ogg; codecs=opus")
    settings.YCLOUD_MEDIA_HOSTS = settings.META_MEDIA_HOSTS = [host.origin]
    found, sink = fetched(line, announced(line, host, pk))
    assert (sink.getvalue(), found.mime, found.size, found.sha256) == (b"OggS-voz", "audio/ogg", 8, host.sha256(pk))
    assert "X-API-Key" not in host.seen[0]


def test_no_key_follows_a_redirect_to_another_host(line, hosts, settings):
    other = hosts()
    host = hosts(moved=other)
    pk = host.put(b"OggS")
    settings.YCLOUD_MEDIA_HOSTS = [host.origin, other.origin]
    settings.META_MEDIA_HOSTS = [host.origin]
    if line.name == "meta":  # which has one kind of host: those that want the token
        with pytest.raises(ProviderError) as refused:
            fetched(line, announced(line, host, pk))
        assert (refused.value.code, other.seen) == ("host", [])
    else:
        assert fetched(line, announced(line, host, pk))[1].getvalue() == b"OggS"
        assert not {"X-API-Key", "Authorization"} & set(other.seen[0])


def test_a_host_that_no_setting_names_is_never_asked(line, hosts):
    host = hosts()
    pk = host.put(b"OggS")
    with pytest.raises(ProviderError) as refused:
        fetched(line, announced(line, host, pk))
    assert (refused.value.permanent, host.seen) == (True, [])


def test_a_file_that_is_too_large_and_one_that_is_gone(line, hosts, settings):
    host = hosts()
    settings.YCLOUD_MEDIA_HOSTS = settings.META_MEDIA_HOSTS = [host.origin]
    pk = host.put(b"x" * 1001)
    with pytest.raises(ProviderError) as refused:
        fetched(line, announced(line, host, pk))
    assert refused.value.code == "too_large"
    host.gone.add(pk)
    with pytest.raises(ProviderError) as refused:
        fetched(line, announced(line, host, pk))
    assert (refused.value.code, refused.value.permanent) == ("404", True)
