"""Failure 54: a template is sent as WhatsApp approved it, or not at all; and what the provider tells of it is kept."""
import pytest

from clinics import access, tenancy
from dentalogic.lib.refusals import ProviderError
from messaging import outbox, providers, template_shape, templates
from messaging.models import Channel, ChatMessage, Template
from messaging.providers.base import TemplateState
from tests.messaging.automations.conftest import NOON, components
from tests.messaging.factories import ConversationFactory


def shape(text, **parts):
    return template_shape.read([{"type": "BODY", "text": text}, *parts.get("more", [])])


@pytest.fixture
def thread(scene):
    """A conversation whose window never opened, and `make(…)` a template of its number."""
    with scene.within():
        scene.row = ConversationFactory(channel=scene.channel, last_inbound_at=None)

    def make(text="Hola {{1}}, {{2}}.", **changes):
        with scene.within():
            return Template.objects.create(**{
                "channel": scene.channel, "name": "hola", "language": "es_AR", "category": "utility",
                "status": "approved", "components": components(text), "synced_at": NOON} | changes)

    def send(template, values, **more):
        with scene.within():
            return templates.send(conversation=scene.row, template=template, values=values, by=access.SYSTEM, **more)

    scene.make, scene.send = make, send
    return scene


# Pure


@pytest.mark.parametrize(("text", "count"), [
    ("Hola", 0), ("Hola {{1}}", 1), ("{{ 2 }} y {{1}} y {{2}}", 2), ("{{nombre}}", 1)])
def test_variables_are_counted_once_each(text, count):
    assert shape(text).body_count == count


def test_a_preview_reads_as_the_patient_does():
    read = template_shape.read([
        {"type": "HEADER", "format": "TEXT", "text": "Turno de {{1}}"}, {"type": "BODY", "text": "{{2}} y {{1}}."},
        {"type": "FOOTER", "text": "Clínica"}, {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Mapa"}]}])
    assert read.count == 3
    assert template_shape.render(read, ["Ana", "uno", "dos"]) == "Turno de Ana\ndos y uno.\nClínica"
    assert template_shape.render(read, ["Ana"]) == "Turno de Ana\n{{2}} y {{1}}.\nClínica"


OURS = [{"id": "yes", "title": "Confirmar"}, {"id": "move", "title": "Reprogramar"}, {"id": "no", "title": "Cancelar"}]


@pytest.mark.parametrize(("titles", "codes"), [
    (["Confirmar", "Reprogramar", "Cancelar"], ["yes", "move", "no"]),
    (["Cancelar turno", "Confirmo", "Cambiar de día"], ["no", "yes", "move"]),
    (["Necesito reprogramar", "CANCELAR", "Sí, voy"], ["move", "no", "yes"]),
    (["No, cancelar", "Sí, confirmo"], ["no", "yes"]), (["A", "B"], ["yes", "move"]),
    (["A", "B", "C", "Confirmar"], ["move", "no", "", "yes"]), ([], [])])
def test_a_button_does_what_is_written_on_it_wherever_it_is(titles, codes):
    read = template_shape.read([{"type": "BODY", "text": "x"}, {"type": "BUTTONS", "buttons": [
        {"type": "QUICK_REPLY", "text": title} for title in titles]}])
    assert template_shape.by_title(read, OURS) == codes
    sent = template_shape.parameters(read, [], codes)["buttons"]
    assert sent == [{"index": place, "payload": code} for place, code in enumerate(codes) if code]


def test_a_no_is_no_yes_though_it_says_the_same_words():
    read = template_shape.read([{"type": "BODY", "text": "x"}, {"type": "BUTTONS", "buttons": [
        {"type": "QUICK_REPLY", "text": title} for title in ("No lo quiero", "Sí lo quiero")]}])
    assert template_shape.by_title(read, [
        {"id": "y", "title": "Sí, lo quiero"}, {"id": "n", "title": "No, gracias"}]) == ["n", "y"]


def test_codes_go_to_the_quick_replies_wherever_they_are():
    read = template_shape.read([{"type": "BODY", "text": "x"}, {"type": "BUTTONS", "buttons": [
        {"type": "URL", "text": "Mapa", "url": "https://x.example"}, {"type": "QUICK_REPLY", "text": "Sí"},
        {"type": "QUICK_REPLY", "text": "No"}]}])
    assert template_shape.parameters(read, [], ["a", "b"])["buttons"] == [
        {"index": 1, "payload": "a"}, {"index": 2, "payload": "b"}]


def test_a_heading_is_no_longer_than_whatsapp_takes():
    read = template_shape.read([
        {"type": "HEADER", "format": "TEXT", "text": "Turno de {{1}}"}, {"type": "BODY", "text": "x"}])
    assert template_shape.fits(read, ["x" * 51]) and not template_shape.fits(read, ["x" * 52])


def test_a_value_goes_in_one_line():
    assert template_shape.parameters(shape("{{1}}"), ["uno\n\ndos\t     tres "])["body"] == ["uno dos tres"]


@pytest.mark.parametrize("odd", [None, [], "x", [None], [{"type": "BODY"}], [{"type": 3, "text": []}], {}])
def test_odd_components_are_no_fault_and_cannot_be_sent(odd):
    assert template_shape.why_not(template_shape.read(odd))


@pytest.mark.parametrize("more", [
    [{"type": "HEADER", "format": "IMAGE"}],
    [{"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Ver", "url": "https://x.example/{{1}}"}]}]])
def test_what_we_cannot_fill_says_why(more):
    assert template_shape.why_not(shape("Hola", more=more))
    assert template_shape.why_not(shape("Hola {{nombre}}"))


# Sending


def test_a_template_is_sent_in_its_own_language_with_its_mirror(thread):
    said = thread.send(thread.make(language="es_MX"), ["Ana", "mañana"])
    assert said.text == "Hola Ana, mañana." and said.author == ChatMessage.Author.TEMPLATE
    assert said.template["language"] == "es_MX" and said.template["components"]["body"] == ["Ana", "mañana"]


@pytest.mark.parametrize("status", [one for one in Template.Status.values if one != "approved"])
def test_one_that_is_not_approved_does_not_go(thread, status):
    template = thread.make(status=status)
    with pytest.raises(templates.NotUsable) as refused:
        thread.send(template, ["Ana", "mañana"])
    assert str(refused.value) == templates.why_not(template) != ""
    assert thread.messages() == []


@pytest.mark.parametrize("values", [[], ["Ana"], ["Ana", ""], ["Ana", " \n "], ["Ana", "mañana", "más"]])
def test_missing_empty_and_too_many_values_are_refused(thread, values):
    with pytest.raises(templates.WrongValues):
        thread.send(thread.make(), values)
    assert thread.messages() == []


def test_another_numbers_template_is_refused(thread):
    with thread.within():
        other = Channel.objects.create(number="+5493415550111", name="Otro")
    with pytest.raises(templates.NotUsable):
        thread.send(thread.make(channel=other), ["Ana", "mañana"])


def test_marketing_respects_who_opted_out(thread):
    with thread.within():
        type(thread.row).objects.update(marketing_opt_out_at=NOON)
    with pytest.raises(outbox.OptedOut):
        thread.send(thread.make(category="marketing"), ["Ana", "mañana"])


def test_the_same_key_is_one_message(thread):
    template = thread.make()
    assert thread.send(template, ["Ana", "x"], key="k").pk == thread.send(template, ["Ana", "y"], key="k").pk


# From the provider


def state(name, **more):
    return TemplateState(**{
        "name": name, "language": "es_AR", "category": "UTILITY", "status": "APPROVED",
        "components": components("Hola {{1}}"), "quality": "GREEN"} | more)


@pytest.fixture
def provider(scene, monkeypatch):
    """`provider.has` is what the provider answers, or a fault."""
    def answer(**_asked):
        if isinstance(answer.has, Exception):
            raise answer.has
        return answer.has

    monkeypatch.setattr(providers.of(scene.channel), "templates", answer)
    return answer


def sync(scene):
    with tenancy.tenant_context(scene.tenant.pk):
        return templates.sync(channel=scene.channel)


def rows(scene):
    with scene.within():
        return {row.name: row for row in Template.objects.all()}


def test_a_sync_brings_changes_and_marks_what_is_gone(scene, provider):
    provider.has = [state("uno"), state("dos", status="PENDING")]
    assert sync(scene) == 2
    scene.clock.shift(60)
    provider.has = [state("dos", category="MARKETING"), state("tres", status="REJECTED", reason="INVALID_FORMAT")]
    sync(scene)
    found = rows(scene)
    assert {name: row.status for name, row in found.items()} == {
        "uno": "deleted", "dos": "approved", "tres": "rejected"}
    assert found["dos"].is_marketing and found["tres"].reason == "INVALID_FORMAT"
    assert found["dos"].quality == "green"


def test_a_sync_asks_as_much_for_thirty_as_for_one(scene, provider):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked(count):
        provider.has = [state(f"t{number}") for number in range(count)]
        with CaptureQueriesContext(connection) as seen:
            sync(scene)
        return len(seen)

    asked(1)
    assert asked(1) == asked(30)


def test_a_provider_that_does_not_answer_leaves_them_and_says_so(scene, provider):
    provider.has = [state("uno")]
    sync(scene)
    provider.has = ProviderError("no", permanent=False, code="503")
    with pytest.raises(ProviderError):
        sync(scene)
    with scene.within():
        assert Channel.objects.get(pk=scene.channel.pk).templates_fault == "503"
    assert rows(scene)["uno"].status == "approved"
    provider.has = [state("uno")]
    sync(scene)
    with scene.within():
        assert Channel.objects.get(pk=scene.channel.pk).templates_fault == ""


def test_the_provider_is_asked_in_no_transaction(scene, provider, monkeypatch):
    from django.db import connection

    depth = []
    monkeypatch.setattr(providers.of(scene.channel), "templates", lambda **_: depth.append(
        getattr(connection, "tenant_in_force", None)) or [])
    sync(scene)
    assert depth == [None]


def test_a_change_that_is_told_is_kept_and_what_it_does_not_say_stays(scene, provider):
    provider.has = [state("uno")]
    sync(scene)
    with scene.within():
        templates.changed(channel=scene.channel, state=TemplateState(name="uno", language="es_AR", status="PAUSED"))
        templates.changed(channel=scene.channel, state=TemplateState(name="uno", language="es_AR", quality="RED"))
        templates.changed(channel=scene.channel, state=TemplateState(name="nada", language="es_AR", status="PAUSED"))
    found = rows(scene)
    assert set(found) == {"uno"}
    assert (found["uno"].status, found["uno"].quality, found["uno"].category) == ("paused", "red", "utility")
    assert found["uno"].components


@pytest.mark.parametrize("told", [{"status": "REINSTATED"}, {"status": "FLAGGED"}, {}])
def test_a_change_that_we_cannot_read_makes_us_ask(scene, provider, monkeypatch, told):
    """Its parts may have changed: with the old ones it would be refused, and no reminder would go out."""
    provider.has = [state("uno")]
    sync(scene)
    asked = []
    monkeypatch.setattr(templates, "ask_again", asked.append)
    with scene.within():
        templates.changed(channel=scene.channel, state=TemplateState(name="uno", language="es_AR", **told))
    assert (rows(scene)["uno"].status, asked) == ("approved", [scene.channel])


def test_the_other_clinics_templates_stay_theirs(scene, provider, bosque, within):
    with within(bosque):
        theirs = Template.objects.create(
            channel=Channel.objects.get(), name="uno", language="es_AR", status="approved", synced_at=NOON)
    provider.has = []
    sync(scene)
    with within(bosque):
        assert Template.objects.get(pk=theirs.pk).status == "approved"
