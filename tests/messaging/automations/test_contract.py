"""Failure 54: what each rule sends, as it leaves: against the provider's published contract, where the provider itself
refuses a language, a name or a state that are not the template's."""
import pytest

from clinics import tenancy, vault
from messaging import outbox
from messaging.automations import kinds
from messaging.automations.kinds import Kind
from messaging.models import ChatMessage
from tests.fakes.whatsapp import WhatsApp
from tests.fakes.whatsapp_meta import TOKEN, Meta
from tests.messaging.automations.test_kinds import one_due
from tests.messaging.factories import ConversationFactory
from tests.messaging.test_sends import Line, check

LINE = "106540352242922"


@pytest.fixture(params=["ycloud", "meta"])
def line(request, settings, scene):
    fake = WhatsApp() if request.param == "ycloud" else Meta()
    settings.YCLOUD_API_BASE = settings.META_API_BASE = fake.base
    if request.param == "meta":
        with scene.within():
            type(scene.channel).objects.update(
                provider="meta", phone_number_id=LINE, waba_id="102290129340398")
            vault.put(scene.channel.api_key_name, TOKEN)
    yield Line(request.param, fake, scene.channel, TOKEN)
    fake.close()


def leaves(scene, line):
    """What the outbox posts of the case that is due; the body, and the message as it is afterwards."""
    runs = scene.tend()
    assert [run.state for run in runs] == ["sent"]
    with tenancy.tenant_context(scene.tenant.pk):
        outbox.send(conversation_id=runs[0].conversation_id)
    with scene.within():
        message = ChatMessage.objects.get(pk=runs[0].message_id)
    body, = line.fake.sent
    return body, message


@pytest.mark.parametrize("kind", list(kinds.RULES))
def test_failure_54_each_rules_template_is_what_the_provider_takes(scene, line, kind, desk):
    rule, row = kinds.RULES[kind], scene.on(kind)
    line.fake.templates = [{"name": row.name, "language": row.language, "status": "APPROVED"}]
    one_due(scene, kind, desk)
    body, message = leaves(scene, line)
    check(line, body)
    assert (message.status, message.error_code) == ("sent", "")
    assert message.provider_ref
    said = body["template"]
    assert (said["name"], said["language"]["code"]) == (rule.name, "es_AR")
    texts = [one["text"] for part in said["components"] if part["type"] == "body" for one in part["parameters"]]
    assert len(texts) == len(rule.fills) and all(texts)
    codes = [part["parameters"][0]["payload"] for part in said["components"] if part["type"] == "button"]
    assert len(codes) == len(rule.replies) == len(set(codes))
    assert body["to"].lstrip("+") == "5493415550139"
    if line.name == "ycloud":
        assert body["from"] == scene.channel.number


def test_failure_54_the_text_of_an_open_window_goes_with_its_buttons(scene, line, desk):
    scene.on(Kind.REMINDER, template=None)
    one_due(scene, Kind.REMINDER, desk)
    with scene.within():
        ConversationFactory(channel=scene.channel, phone="+5493415550139")
    body, message = leaves(scene, line)
    check(line, body)
    assert message.status == "sent" and body["type"] == "interactive"
    assert len(body["interactive"]["action"]["buttons"]) == 3


def test_failure_54_a_template_that_whatsapp_paused_since_is_shown_as_not_sent(scene, line, desk):
    row = scene.on(Kind.REMINDER)
    line.fake.templates = [{"name": row.name, "language": row.language, "status": "PAUSED"}]
    one_due(scene, Kind.REMINDER, desk)
    runs = scene.tend()
    with tenancy.tenant_context(scene.tenant.pk):
        outbox.send(conversation_id=runs[0].conversation_id)
    with scene.within():
        message = ChatMessage.objects.get(pk=runs[0].message_id)
    assert message.status == "failed" and message.error_code == "132015"
