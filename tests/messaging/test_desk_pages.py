"""What the inbox's pages offer beside reading and writing."""
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinics.models import SystemEvent
from messaging import canned, handoff
from messaging.models import CannedReply, ChatMessage, Conversation, Merge, Note, Template
from tests.agenda.factories import AppointmentFactory
from tests.messaging.factories import NOON, ConversationFactory, PatientMessageFactory
from tests.patients.factories import PatientFactory


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def talk(arrayan, bosque, within, people, channel, strangers):
    with within(bosque):
        ConversationFactory(profile_name="Bosquesa")
    with within(arrayan):
        row = ConversationFactory(
            channel=channel, patient=PatientFactory(first_name="Norma", last_name="Quiroga", phone="+5493416660139"),
            phone="+5493416660139")
        PatientMessageFactory(conversation=row)
        return row


@pytest.fixture
def desk(client_as, talk):
    client = client_as("secretary")
    assert client.post(f"/inbox/{talk.pk}/take").status_code == 204
    return client


@pytest.fixture
def sends(arrayan, within, talk):
    def make(**fields):
        with within(arrayan):
            return ChatMessage.objects.create(**{
                "conversation": talk, "direction": "out", "author": "staff", "text": "¿Venís?", "status": "sent",
                "created_at": NOON} | fields)

    return make


def text(response, status=200):
    assert response.status_code == status, response.content.decode()[-900:]
    return response.content.decode()


def shown(client, talk, what="thread", **asked):
    return text(client.get(f"/inbox/{talk.pk}/{what}", asked))


# Colleagues


def test_a_note_is_in_the_thread_and_looks_apart(desk, talk):
    assert desk.post(f"/inbox/{talk.pk}/note", {"text": "Llamar <b>tarde</b>"}).status_code == 204
    page = shown(desk, talk)
    assert "bub nt" in page
    assert "Llamar &lt;b&gt;tarde" in page
    refused = desk.post(f"/inbox/{talk.pk}/note", {"text": " "})
    assert (refused.status_code, refused.json()["code"]) == (400, "empty")


def test_a_note_may_be_left_whoever_attends(client_as, talk):
    client = client_as("ceo")
    assert "data-note" in shown(client, talk)
    assert client.post(f"/inbox/{talk.pk}/note", {"text": "ojo"}).status_code == 204
    assert client_as("setter").post(f"/inbox/{talk.pk}/note", {"text": "ojo"}).status_code == 404


def test_to_whom_it_may_be_passed(desk, talk, people, strangers):
    page = shown(desk, talk, "colleagues")
    assert people["ceo"].user.name in page
    assert people["secretary"].user.name not in page, "who has it"
    ceo = people["ceo"].user_id
    assert desk.post(f"/inbox/{talk.pk}/assign", {"user": ceo}).status_code == 204
    assert people["ceo"].user.name in shown(desk, talk)
    for nobody in (strangers["ceo"].user_id, people["setter"].user_id, "", "x"):
        assert desk.post(f"/inbox/{talk.pk}/assign", {"user": nobody}).status_code == 409


def test_who_is_given_it_is_told_once_they_look_no_more(desk, client_as, talk, people):
    desk.post(f"/inbox/{talk.pk}/assign", {"user": people["ceo"].user_id})
    ceo = client_as("ceo")
    assert "Te pasaron la conversación de Norma Quiroga" in text(ceo.get("/inbox/notices"))
    assert "Te pasaron" not in text(desk.get("/inbox/notices"))
    ceo.post(f"/inbox/{talk.pk}/seen")
    assert "Te pasaron" not in text(ceo.get("/inbox/notices"))


def test_an_emergency_is_in_the_bar_until_somebody_takes_it(client_as, talk, arrayan, within):
    with within(arrayan):
        Conversation.objects.filter(pk=talk.pk).update(
            triage_level="emergency", unread=1, waiting_since=NOON, attended_by="staff")
    client = client_as("secretary")
    assert "data-emergency" in text(client.get("/inbox/notices"))
    assert "data-emergency" not in text(client_as("setter").get("/inbox/notices"))
    client_as("ceo").post(f"/inbox/{talk.pk}/take")
    assert "data-emergency" not in text(client.get("/inbox/notices"))
    assert "Emergencia" in text(client.get("/inbox/list")), "the list still says how urgent it is"


def test_typing_tells_a_number_and_its_name_is_asked_for(desk, client_as, talk, people):
    assert desk.post(f"/inbox/{talk.pk}/types").status_code == 204
    name = people["secretary"].user.name
    assert text(client_as("ceo").get(f"/inbox/{talk.pk}/typing/{people['secretary'].user_id}")) == name
    assert client_as("ceo").get(f"/inbox/{talk.pk}/typing/999999").status_code == 404


# Writing


def test_a_message_for_later_waits_apart_and_may_be_cancelled(desk, talk, arrayan, within):
    said = text(desk.get(f"/inbox/{talk.pk}/hour", {"when": "en 2 horas"}))
    assert "Hoy 14:00" in said
    assert "solo sale una plantilla" in text(desk.get(f"/inbox/{talk.pk}/hour", {"when": "pasado mañana 9:00"}))
    assert "Falta la hora" in text(desk.get(f"/inbox/{talk.pk}/hour", {"when": "mañana"}))
    assert desk.post(f"/inbox/{talk.pk}/write", {"text": "Acordate", "when": "en 2 horas"}).status_code == 204
    refused = desk.post(f"/inbox/{talk.pk}/write", {"text": "Acordate", "when": "mañana"})
    assert (refused.status_code, refused.json()["code"]) == (400, "no_hour")
    page = shown(desk, talk)
    assert page.count("Acordate") == 1
    assert "bub staff" not in page
    with within(arrayan):
        pk = ChatMessage.objects.outbound().get().pk
    assert desk.post(f"/inbox/message/{pk}/cancel").status_code == 204
    assert "Acordate" not in shown(desk, talk)


def test_canned_replies_come_with_what_is_known(desk, talk, arrayan, within, people):
    with within(arrayan):
        by = people["secretary"].actor
        canned.keep(shortcut="hola", text="Hola {nombre}", by=by)
        canned.keep(shortcut="turno", text="Te esperamos el {fecha}", by=by)
    page = shown(desk, talk, "replies")
    assert 'data-text="Hola Norma"' in page
    assert "falta fecha" in page
    assert 'href="/settings/replies/"' in page


@pytest.fixture
def template(arrayan, within, channel):
    with within(arrayan):
        return Template.objects.create(
            channel=channel, name="retomar", language="es_AR", category="utility", status="approved", synced_at=NOON,
            components=[{"type": "BODY", "text": "Hola {{1}}, te esperamos el {{2}}."}])


def test_once_the_window_is_closed_a_template_is_chosen(desk, client_as, talk, template, arrayan, within):
    with time_machine.travel(NOON + timedelta(hours=25), tick=False):
        desk = client_as("secretary")
        page = shown(desk, talk)
        assert "data-write" not in page
        assert f'data-load="/inbox/{talk.pk}/templates"' in page
        part = shown(desk, talk, "templates")
        assert "Hola Norma, te esperamos el {{2}}." in part
        assert "disabled" in part
        part = shown(desk, talk, "templates", template=template.pk, value=["Norma", "jueves"])
        assert "te esperamos el jueves." in part
        assert "disabled" not in part
        few = desk.post(f"/inbox/{talk.pk}/template", {"template": template.pk, "value": ["Norma"]})
        assert (few.status_code, few.json()["code"]) == (400, "template_values")
        sent = desk.post(f"/inbox/{talk.pk}/template", {"template": template.pk, "value": ["Norma", "jueves"]})
        assert sent.status_code == 204
        assert desk.post(f"/inbox/{talk.pk}/template", {"template": 10**17}).status_code == 400
        assert "bub tpl" in shown(desk, talk)
    with within(arrayan):
        assert Conversation.objects.get(pk=talk.pk).waiting_since is None, "somebody answered"


def test_who_wants_no_marketing_gets_none(desk, talk, template, arrayan, within):
    with within(arrayan):
        Template.objects.update(category="marketing")
        Conversation.objects.filter(pk=talk.pk).update(marketing_opt_out_at=NOON)
    assert "no recibir promociones" in shown(desk, talk, "templates", value=["Norma", "jueves"])
    refused = desk.post(f"/inbox/{talk.pk}/template", {"template": template.pk, "value": ["Norma", "jueves"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "opted_out")


def test_without_templates_the_page_says_so(desk, talk):
    assert "todavía no tiene plantillas aprobadas" in shown(desk, talk, "templates")


# What became of it


def test_what_failed_says_why_and_what_can_be_done(desk, talk, sends, client_as):
    sends(status="failed", error_code="131026", error_text="Ese número no tiene WhatsApp.")
    page = shown(desk, talk)
    assert "Ese número no tiene WhatsApp." in page
    assert "/again" in page
    with time_machine.travel(NOON + timedelta(hours=25), tick=False):
        page = shown(client_as("secretary"), talk)
        assert "/again" not in page
        assert "data-choose" in page


def test_what_is_in_doubt_is_settled_by_a_person(desk, talk, sends, arrayan, within):
    message = sends(status="queued", error_code="in_doubt")
    page = shown(desk, talk)
    assert "Sí llegó" in page
    assert "Enviar otra vez" in page
    assert desk.post(f"/inbox/message/{message.pk}/arrived").status_code == 204
    assert "No sabemos" not in shown(desk, talk)
    assert desk.post(f"/inbox/message/{message.pk}/arrived").status_code == 409


def test_every_kind_of_message_is_shown(desk, talk, arrayan, within):
    with within(arrayan):
        first = PatientMessageFactory(conversation=talk, text="¿Cuánto sale?", provider_id="wamid.1")
        for fields in (
                {"text": "Esto", "reply_to": "wamid.1"}, {"text": "y esto", "reply_to": "wamid.gone"},
                {"kind": "location", "text": "Casa", "media": {"latitude": -32.95, "longitude": -60.64}},
                {"kind": "location", "text": "Mal", "media": {"latitude": "javascript:alert(1)", "longitude": 1}},
                {"kind": "unsupported", "text": "", "media": {"type": "poll"}}, {"kind": "revoked", "text": ""},
                {"kind": "contacts", "text": "Dr. Paz", "media": {"contacts": [{}]}},
                {"text": "Ahora", "former_text": "Antes", "edited_at": NOON},
                {"text": "Bien", "reactions": {"staff": {"emoji": "👍"}, "patient": {"emoji": ""}}},
                {"text": "Vi el aviso", "referral": {"headline": "Blanqueamiento"}}):
            PatientMessageFactory(conversation=talk, **fields)
        assert first.pk
    page = shown(desk, talk)
    for said in ("¿Cuánto sale?</blockquote>", "un mensaje anterior", "openstreetmap.org", "no se puede mostrar acá",
                 "Eliminó este mensaje", "Dr. Paz", "Antes decía", "👍", "Llegó por Blanqueamiento"):
        assert said in page, said
    assert "javascript:" not in page


# Whose


def test_whose_it_is_and_two_made_one(desk, talk, arrayan, within, channel):
    with within(arrayan):
        lola = PatientFactory(first_name="Lola", last_name="Quiroga", phone="+5493416660139")
        other = ConversationFactory(channel=channel, patient=PatientFactory(first_name="Elsa", last_name="Bravo"))
    page = shown(desk, talk, "whose")
    assert "Lola Quiroga" in page
    assert "Es quien escribe" in page
    assert desk.post(f"/inbox/{talk.pk}/link", {"patient": lola.pk}).status_code == 204
    assert "Lola Quiroga" in shown(desk, talk)
    page = shown(desk, talk, "whose", q="bravo")
    assert f'data-value="{other.pk}"' in page
    assert desk.post(f"/inbox/{talk.pk}/merge", {"other": other.pk}).status_code == 204
    assert desk.get(f"/inbox/{other.pk}/")["Location"] == f"/inbox/{talk.pk}/"
    with within(arrayan):
        merge = Merge.objects.get()
    assert f"/inbox/merge/{merge.pk}/undo" in shown(desk, talk, "whose")
    assert desk.post(f"/inbox/merge/{merge.pk}/undo").status_code == 204
    assert desk.post(f"/inbox/{talk.pk}/unlink").status_code == 204
    assert "Todavía no es paciente" in shown(desk, talk)
    for what, body in (("link", {"patient": 10**17}), ("merge", {"other": "x"}), ("link", {})):
        assert desk.post(f"/inbox/{talk.pk}/{what}", body).json()["code"] == "nothing_chosen"


def test_who_may_not_say_whose_it_is_is_not_asked(client_as, talk, people, arrayan, within):
    client = client_as("professional")
    assert client.get(f"/inbox/{talk.pk}/whose").status_code == 403
    assert "/whose" in text(client_as("ceo").get(f"/inbox/{talk.pk}/thread"))
    with within(arrayan):
        AppointmentFactory(patient=talk.patient, professional=people["professional"].professional)
    assert "/whose" not in text(client.get(f"/inbox/{talk.pk}/thread"))


# Ajustes


def test_canned_replies_are_kept_in_their_page(client_as, people, arrayan, within):
    client = client_as("secretary")
    assert client.post("/settings/replies/", {"shortcut": "hola", "text": "Hola {nombre}"}).status_code == 302
    wrong = text(client.post("/settings/replies/", {"shortcut": "hola", "text": "{apodo}"}), 422)
    assert "Ya hay una respuesta con ese atajo." in wrong
    assert "No conocemos {apodo}" in wrong
    with within(arrayan):
        pk = CannedReply.objects.get().pk
    assert "Hola {nombre}" in text(client.get(f"/settings/replies/{pk}/"))
    assert client.post(f"/settings/replies/{pk}/remove").status_code == 302
    assert client_as("professional").get("/settings/replies/").status_code == 403


# How much it asks


@pytest.mark.parametrize("what", ["thread", "colleagues", "replies", "templates", "whose?q=a"])
def test_the_questions_do_not_grow_with_the_rows(desk, talk, arrayan, within, channel, what, people, sends):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(f"/inbox/{talk.pk}/{what}").status_code == 200
        return len(queries)

    def more(count, start):
        for n in range(start, start + count):
            with within(arrayan):
                PatientMessageFactory(conversation=talk, kind="image", text="", reply_to="x")
                Note.objects.create(conversation=talk, text="nota", created_at=NOON, author_id=people["ceo"].user_id)
                CannedReply.objects.create(shortcut=f"r{n}", text="Hola {nombre}", changed_at=NOON)
                Template.objects.create(
                    channel=channel, name=f"t{n}", language="es_AR", status="approved", synced_at=NOON,
                    components=[{"type": "BODY", "text": "Hola"}])
                ConversationFactory(channel=channel, patient=PatientFactory(first_name="Ana"))
            sends(status="queued", scheduled_at=NOON + timedelta(hours=n + 1))

    desk.get(f"/inbox/{talk.pk}/{what}")
    more(1, 0)
    one = asked()
    more(30, 1)
    assert asked() == one


def test_each_act_leaves_its_row(desk, talk, arrayan, within, people):
    desk.post(f"/inbox/{talk.pk}/note", {"text": "ojo"})
    desk.post(f"/inbox/{talk.pk}/unlink")
    desk.post(f"/inbox/{talk.pk}/assign", {"user": people["ceo"].user_id})
    with within(arrayan):
        handoff.give_back(conversation=talk, by=people["ceo"].actor)
        events = set(SystemEvent.objects.values_list("event", flat=True))
    assert {"conversation_taken", "conversation_noted", "conversation_linked", "conversation_passed",
            "conversation_given_back"} <= events
