"""Ajustes > WhatsApp and Automatizaciones: keys go in and never out, a message tries the way."""
import pytest

from clinics import routes, vault
from clinics.clinic import Invalid, NotYours
from clinics.models import SystemEvent
from messaging import automations, channels
from messaging.models import Automation, Channel, Turn

KEY, SECRET = "yc-clave-canario-0001", "whsec-canario-0002"
URL = "/settings/whatsapp/"


@pytest.fixture
def ceo(client_as):
    return client_as("ceo")


def connected(ceo, **changes):
    return ceo.post(URL, {"name": "Recepción", "number": "+54 9 341 555-0111", "api_key": KEY} | changes)


def kept(tenant, within, name):
    with within(tenant):
        return vault.get(name, purpose="test")


def test_a_number_is_connected_key_in_address_out(ceo, arrayan, within):
    response = connected(ceo)
    with within(arrayan):
        made = Channel.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, f"{URL}{made.pk}/?saved")
    assert (made.number, made.active, made.sandbox) == ("+5493415550111", True, False)
    assert routes.find("ycloud", made.public_id) == (arrayan.pk, made.pk)
    assert kept(arrayan, within, made.api_key_name) == KEY
    page = ceo.get(f"{URL}{made.pk}/").content.decode()
    assert f"http://testserver{made.webhook_path}" in page
    assert "Falta el secreto del webhook." in page
    assert KEY not in page


def test_secrets_are_rotated_and_never_shown(ceo, arrayan, within):
    connected(ceo)
    with within(arrayan):
        made = Channel.objects.get()
    assert ceo.post(f"{URL}{made.pk}/rotate", {"secret": SECRET, "api_key": ""}).status_code == 302
    assert (kept(arrayan, within, made.secret_name), kept(arrayan, within, made.api_key_name)) == (SECRET, KEY)
    ceo.post(f"{URL}{made.pk}/rotate", {"api_key": f" {KEY}-otra "})
    assert kept(arrayan, within, made.api_key_name) == f"{KEY}-otra"
    wrong = ceo.post(f"{URL}{made.pk}/rotate", {"secret": f"{SECRET} con espacios"})
    assert wrong.status_code == 422
    assert "sin espacios" in wrong.content.decode()
    assert ceo.post(f"{URL}{made.pk}/rotate", {}).status_code == 422
    for page in (wrong, ceo.get(f"{URL}{made.pk}/"), ceo.get(URL)):
        assert SECRET not in page.content.decode() and KEY not in page.content.decode()
    with within(arrayan):
        assert SECRET not in str(list(SystemEvent.objects.values())) and KEY not in str(
            list(SystemEvent.objects.values()))


@pytest.mark.parametrize(("changes", "field", "said"), [
    ({"name": " "}, "name", "Falta este dato."), ({"number": ""}, "number", "Falta este dato."),
    ({"number": "12"}, "number", "código del país"), ({"api_key": ""}, "api_key", "Falta este dato."),
    ({"api_key": "corta"}, "api_key", "sin espacios"), ({}, "number", "Ese número ya está conectado."),
])
def test_a_bad_value_is_said_and_what_is_no_secret_is_not_lost(ceo, arrayan, within, changes, field, said):
    connected(ceo)
    response = connected(ceo, **changes)
    page = response.content.decode()
    assert response.status_code == 422
    assert said in page.split(f'id="f-{field}-e"')[1][:300]
    assert KEY not in page
    with within(arrayan):
        assert Channel.objects.count() == 1


def test_a_test_message_goes_the_way_of_all_messages(ceo, channel, writes, whatsapp, clinic, at_noon, people):
    writes("hola", phone="+5493415550139")
    response = ceo.post(f"{URL}{channel.pk}/test", {"phone": "0341 15 555-0139"})
    assert response.status_code == 302
    message = clinic.messages(author="system")[0]
    assert response.headers["Location"] == f"{URL}{channel.pk}/?test={message.pk}"
    status = f"{URL}{channel.pk}/test/{message.pk}"
    assert "Saliendo…" in ceo.get(status).content.decode()
    clinic.send()
    assert [(body["to"], body["text"]["body"]) for body in whatsapp.sent] == [
        ("+5493415550139", "Mensaje de prueba de Clínica Arrayán: si lo ves, los envíos funcionan.")]
    assert "WhatsApp lo aceptó." in ceo.get(status).content.decode()


def test_a_test_that_fails_says_why(ceo, channel, writes, whatsapp, clinic, at_noon):
    writes("hola", phone="+5493415550139")
    ceo.post(f"{URL}{channel.pk}/test", {"phone": "+5493415550139"})
    whatsapp.script.append(401)
    clinic.send()
    assert "No salió." in ceo.get(f"{URL}{channel.pk}/test/{clinic.messages(author='system')[0].pk}").content.decode()


@pytest.mark.parametrize(("phone", "hours", "said"), [
    ("+5493415550139", 25, "no nos escribieron en las últimas 24 h"),
    ("+5493415550140", 0, "no nos escribieron en las últimas 24 h"), ("hola", 0, "código de área"),
    ("", 0, "Falta este dato."),
])
def test_a_test_that_whatsapp_would_not_take_is_told_before(ceo, channel, writes, at_noon, clinic, phone, hours, said):
    writes("hola", phone="+5493415550139")
    at_noon.shift(hours * 3600)
    response = ceo.post(f"{URL}{channel.pk}/test", {"phone": phone})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert clinic.messages(author="system") == []


def test_off_nothing_comes_in_and_nothing_goes_out(ceo, channel, writes, post, whatsapp, clinic, at_noon, monkeypatch):
    from messaging import webhooks

    writes("hola", phone="+5493415550139")
    ceo.post(f"{URL}{channel.pk}/test", {"phone": "+5493415550139"})
    assert ceo.post(f"{URL}{channel.pk}/switch").status_code == 302
    monkeypatch.setattr(webhooks, "_known", {})  # what this process remembers of it for half a minute
    assert post("text").status_code == 404
    clinic.send()
    assert (whatsapp.sent, clinic.messages(author="system")[0].error_code) == ([], "channel_off")
    ceo.post(f"{URL}{channel.pk}/switch")
    assert post("text").status_code == 200


def test_a_channel_is_renamed(ceo, channel, within, arrayan):
    assert ceo.post(f"{URL}{channel.pk}/name", {"name": " Consultas "}).status_code == 302
    assert ceo.post(f"{URL}{channel.pk}/name", {"name": ""}).status_code == 422
    with within(arrayan):
        assert Channel.objects.get(pk=channel.pk).name == "Consultas"


def test_another_clinics_number_is_not_found(ceo, bosque, within, channel, writes, clinic, at_noon):
    with within(bosque):
        theirs = Channel.objects.get()
    for url in ("", "name", "switch", "rotate", "test"):
        method = ceo.post if url else ceo.get
        assert method(f"{URL}{theirs.pk}/{url}", {"name": "X"}).status_code == 404, url
    writes("hola")
    message = clinic.messages()[0]
    assert ceo.get(f"{URL}{channel.pk}/test/{message.pk}").status_code == 404  # a patient's message is no test


def test_the_verbs_refuse_by_role_and_by_field(here, people):
    row = Channel.objects.create(number="+5493415550111", name="X")
    for role in ("professional", "secretary", "setter", "closer"):
        by = people[role].actor
        for verb in (lambda by=by: channels.connect(number="+5493415550112", name="Y", by=by),
                     lambda by=by: channels.rotate(channel=row, secret=SECRET, by=by),
                     lambda by=by: channels.change(channel=row, active=False, by=by),
                     lambda by=by: channels.send_test(channel=row, phone="+5493415550139", by=by),
                     lambda by=by: automations.switch(kind="receptionist", enabled=False, by=by)):
            with pytest.raises(NotYours):
                verb()
    with pytest.raises(Invalid) as refused:
        channels.connect(number="12", name=" ", api_key="x y", by=people["ceo"].actor)
    assert set(refused.value.fields) == {"number", "name", "api_key"}


# Automations


def test_the_receptionist_attends_until_she_is_switched_off(ceo, channel, writes, clinic, receptionist, at_noon):
    writes("hola")
    at_noon.shift(9)
    assert clinic.turn().outcome == Turn.Outcome.ANSWERED
    assert ceo.post("/settings/automations/", {"kind": "receptionist"}).status_code == 302
    assert "Apagada" in ceo.get("/settings/automations/").content.decode()
    writes("¿están?", phone="+5493415550177")
    at_noon.shift(9)
    assert clinic.turn(phone="+5493415550177") is None
    row = clinic.conversation(phone="+5493415550177")
    assert (row.attended_by, row.handoff_reason, row.quiet_at, row.claim) == ("staff", "receptionist_off", None, None)
    assert row.waiting_since is not None
    assert len(receptionist.calls) == 1
    assert len(clinic.messages(direction="out")) == 1  # nothing is said to the second
    ceo.post("/settings/automations/", {"kind": "receptionist", "enabled": "on"})
    writes("hola", phone="+5493415550188")
    at_noon.shift(9)
    assert clinic.turn(phone="+5493415550188").outcome == Turn.Outcome.ANSWERED


def test_one_clinics_switch_is_not_the_others(ceo, bosque, within):
    ceo.post("/settings/automations/", {"kind": "receptionist"})
    with within(bosque):
        assert automations.is_on("receptionist")


def test_a_switch_is_audited_once(ceo, arrayan, within):
    for _again in range(2):
        ceo.post("/settings/automations/", {"kind": "receptionist"})
    with within(arrayan):
        assert SystemEvent.objects.filter(event="automation.switched").count() == 1
        assert Automation.objects.count() == 1


def test_an_unknown_automation_is_not_found(ceo):
    assert ceo.post("/settings/automations/", {"kind": "cafetera"}).status_code == 404


def test_a_number_that_another_release_took_is_switched_all_the_same(here, people):
    row = Channel.objects.create(number="no es un número", name="X")
    assert not channels.change(channel=row, active=False, by=people["ceo"].actor).active
