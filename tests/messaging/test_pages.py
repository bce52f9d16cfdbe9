"""The inbox's pages: who sees which conversation, the two groups, the thread, taking and giving back, writing."""
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agenda.models import Appointment
from messaging import listing, threads
from messaging.models import ChatMessage, Conversation, Turn, TurnStep
from tests.agenda.factories import AppointmentFactory
from tests.messaging.factories import NOON, ConversationFactory, PatientMessageFactory
from tests.patients.factories import PatientFactory


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def talk(arrayan, bosque, within, people, channel, strangers):
    """A patient of Arrayán who wrote; somebody wrote to Bosque too."""
    with within(bosque):
        ConversationFactory(profile_name="Bosquesa", last_message_text="hola")
    with within(arrayan):
        patient = PatientFactory(first_name="Norma", last_name="Quiroga")
        row = ConversationFactory(
            channel=channel, patient=patient, last_message_text="hola", unread=2, triage_level="urgent",
            triage_reasons=["dolor que no deja dormir"])
        PatientMessageFactory(conversation=row, text="hola, me <b>duele</b>")
        return row


@pytest.fixture
def row(arrayan, within, talk):
    def read():
        with within(arrayan):
            return Conversation.objects.get(pk=talk.pk)

    return read


def text(response, status=200):
    assert response.status_code == status, response.content.decode()[-900:]
    return response.content.decode()


def test_the_page_has_one_heading_and_no_inline_code(client_as, talk):
    page = text(client_as("secretary").get(f"/inbox/{talk.pk}/"))
    assert page.count("<h1") == 1
    assert 'role="log"' in page
    assert "style=" not in page
    assert "<script>" not in page
    assert "me &lt;b&gt;duele" in page


@pytest.mark.parametrize("role", ["ceo", "secretary"])
def test_the_desk_sees_every_conversation(client_as, talk, role):
    page = text(client_as(role).get("/inbox/"))
    assert "Norma Quiroga" in page
    assert "Bosquesa" not in page


def test_a_professional_sees_their_patients_alone(client_as, talk, people, arrayan, within):
    client = client_as("professional")
    assert "Norma Quiroga" not in text(client.get("/inbox/"))
    assert client.get(f"/inbox/{talk.pk}/").status_code == 404
    with within(arrayan):
        AppointmentFactory(
            patient=talk.patient, professional=people["professional"].professional, status="cancelled")
    assert client.get(f"/inbox/{talk.pk}/").status_code == 404, "a visit that was not is no treatment"
    with within(arrayan):
        AppointmentFactory(patient=talk.patient, professional=people["professional"].professional)
    assert "Norma Quiroga" in text(client.get("/inbox/"))
    assert client.get(f"/inbox/{talk.pk}/thread").status_code == 200


@pytest.mark.parametrize("role", ["setter", "closer"])
def test_nobody_elses_leads_are_shown(client_as, talk, role):
    client = client_as(role)
    assert "Norma Quiroga" not in text(client.get("/inbox/"))
    assert "Norma Quiroga" not in text(client.get("/inbox/notices"))
    assert client.get(f"/inbox/{talk.pk}/thread").status_code == 404


@pytest.mark.parametrize("verb", ["take", "give-back", "write", "seen"])
def test_another_clinics_people_reach_nothing(client_as, strangers, talk, row, verb):
    client = client_as("ceo", strangers["ceo"])
    assert client.get(f"/inbox/{talk.pk}/").status_code == 404
    assert client.post(f"/inbox/{talk.pk}/{verb}", {"text": "hola"}).status_code == 404
    assert row().unread == 2
    assert "Norma Quiroga" not in text(client.get("/inbox/list"))


def test_those_who_need_somebody_come_first_the_longest_wait_first(client_as, talk, channel, arrayan, within):
    with within(arrayan):
        for name, wait, more in (
            ("Asked Early", 30, {"attended_by": "staff"}), ("Asked Late", 5, {"attended_by": "staff"}),
            ("In Danger", 1, {"triage_level": "emergency"}),
        ):
            ConversationFactory(
                channel=channel, profile_name=name, waiting_since=NOON - timedelta(minutes=wait), **more)
        ConversationFactory(channel=channel, profile_name="Just Talking", triage_level="routine")
    page = text(client_as("secretary").get("/inbox/list"))
    names = ("Necesitan a alguien ahora", "In Danger", "Asked Early", "Asked Late", "Las demás", "Just Talking")
    places = [page.index(name) for name in names]
    assert places == sorted(places)
    assert "Emergencia" in page
    assert "espera 30 min" in page
    in_danger = page[page.index("In Danger"):page.index("Asked Early")]
    assert "Recepcionista" not in in_danger
    assert "Recepcionista" in page[page.index("Just Talking"):]


def test_the_list_counts_conversations_as_its_filter_does(client_as, talk, arrayan, within, channel):
    with within(arrayan):
        ConversationFactory(channel=channel, profile_name="Ana", unread=7)
    page = text(client_as("secretary").get("/inbox/list"))
    assert "2 conversaciones sin leer" in page
    assert "Sin leer 2<" in page


def test_the_bar_says_who_waits(client_as, talk, arrayan, within, channel):
    with within(arrayan):
        danger = ConversationFactory(
            channel=channel, profile_name="Tadeo", triage_level="emergency", waiting_since=NOON)
    page = text(client_as("secretary").get("/inbox/notices"))
    assert f'data-emergency="{danger.pk}-' in page
    assert "1 sin leer" in page


def test_filters_and_search(client_as, talk, people, channel, arrayan, within):
    with within(arrayan):
        ConversationFactory(channel=channel, profile_name="Nueva Persona")
        ConversationFactory(channel=channel, profile_name="Mía Propia", attended_by="staff",
                            assigned_to=people["secretary"].user)
    client = client_as("secretary")

    def names(**asked):
        page = text(client.get("/inbox/list", asked))
        return {name for name in ("Norma Quiroga", "Nueva Persona", "Mía Propia") if name in page}

    assert names(show="unread") == {"Norma Quiroga"}
    assert names(show="mine") == {"Mía Propia"}
    assert names(show="new") == {"Nueva Persona", "Mía Propia"}
    assert names(q="quiro") == {"Norma Quiroga"}
    assert names(show="nonsense") == {"Norma Quiroga", "Nueva Persona", "Mía Propia"}


def test_taken_it_may_be_written_in_given_back_it_may_not(client_as, talk, row):
    client = client_as("secretary")
    assert "Tomar conversación" in text(client.get(f"/inbox/{talk.pk}/thread"))
    refused = client.post(f"/inbox/{talk.pk}/write", {"text": "hola"})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_taken")

    assert client.post(f"/inbox/{talk.pk}/take").status_code == 204
    page = text(client.get(f"/inbox/{talk.pk}/thread"))
    assert "La atendés vos" in page
    assert "<textarea" in page
    assert "La atiende" in text(client_as("ceo").get(f"/inbox/{talk.pk}/thread"))
    assert client.post(f"/inbox/{talk.pk}/write", {"text": "Vení ahora", "key": "k"}).status_code == 204

    assert client.post(f"/inbox/{talk.pk}/give-back").status_code == 204
    assert row().attended_by == "receptionist"
    assert client.post(f"/inbox/{talk.pk}/write", {"text": "otra"}).status_code == 409


def test_a_double_click_is_one_message(client_as, talk, arrayan, within):
    client = client_as("secretary")
    client.post(f"/inbox/{talk.pk}/take")
    for _twice in range(2):
        assert client.post(f"/inbox/{talk.pk}/write", {"text": "Vení ahora", "key": "k1"}).status_code == 204
    with within(arrayan):
        assert ChatMessage.objects.filter(direction="out").count() == 1


def test_after_a_day_the_composer_locks_and_the_server_refuses(client_as, talk):
    client = client_as("secretary")
    client.post(f"/inbox/{talk.pk}/take")
    with time_machine.travel(NOON + timedelta(hours=24, seconds=1), tick=False):
        client = client_as("secretary")
        page = text(client.get(f"/inbox/{talk.pk}/thread"))
        assert "Pasaron más de 24 h" in page
        assert "data-write" not in page
        refused = client.post(f"/inbox/{talk.pk}/write", {"text": "hola"})
    assert (refused.status_code, refused.json()["code"]) == (409, "window_closed")


def test_a_failed_message_says_so_in_itself_and_may_go_again(client_as, talk, arrayan, within):
    with within(arrayan):
        failed = ChatMessage.objects.create(
            conversation=talk, direction="out", author="staff", text="¿Venís?", status="failed", created_at=NOON)
    client = client_as("secretary")
    assert "No salió." in text(client.get(f"/inbox/{talk.pk}/thread"))
    assert client.post(f"/inbox/message/{failed.pk}/again").status_code == 204
    assert client_as("setter").post(f"/inbox/message/{failed.pk}/again").status_code == 404
    with within(arrayan):
        assert ChatMessage.objects.get(pk=failed.pk).status == "queued"


def test_reading_marks_it_read(client_as, talk, row):
    assert client_as("secretary").post(f"/inbox/{talk.pk}/seen").status_code == 204
    assert row().unread == 0


def step(turn, position, tool, result, **more):
    return TurnStep.objects.create(
        turn=turn, position=position, tool=tool, arguments={"secret": "argument"}, result=result, started_at=NOON,
        milliseconds=120, **more)


def test_her_steps_are_in_staffs_words_and_deeper_for_the_owner(client_as, talk, arrayan, within):
    with within(arrayan):
        turn = Turn.objects.create(conversation=talk, started_at=NOON, upto_message_id=1)
        step(turn, 0, "triage_urgency", {"level": "urgent", "reasons": ["dolor"]})
        step(turn, 1, "book_appointment", {"detail": "Falta el DNI"}, refused=True)
        ChatMessage.objects.create(
            conversation=talk, direction="out", author="receptionist", text="Contame", turn=turn, status="read",
            created_at=NOON)
    page = text(client_as("secretary").get(f"/inbox/{talk.pk}/thread"))
    assert "2 pasos de la recepcionista" in page
    assert "Urgente: dolor" in page
    assert "Falta el DNI" in page
    assert "argument" not in page
    assert "argument" in text(client_as("ceo").get(f"/inbox/{talk.pk}/thread"))


def test_the_patients_conversation_by_address(client_as, talk):
    client = client_as("secretary")
    assert client.get(f"/inbox/?patient={talk.patient_id}")["Location"] == f"/inbox/{talk.pk}/"
    assert client.get("/inbox/?patient=999999")["Location"] == "/inbox/?none=1"


def test_the_next_visit_is_beside_the_thread(client_as, talk, arrayan, within):
    with within(arrayan):
        visit = AppointmentFactory(patient=talk.patient, start_at=NOON + timedelta(hours=4))
        AppointmentFactory(
            patient=talk.patient, start_at=NOON - timedelta(days=9), status=Appointment.Status.COMPLETED)
    page = text(client_as("secretary").get(f"/inbox/{talk.pk}/thread"))
    assert f"appointment={visit.pk}" in page
    assert "Últimas visitas" in page


@pytest.mark.parametrize("url", ["/inbox/list", "/inbox/notices", "/inbox/{pk}/thread", "/inbox/{pk}/"])
def test_the_questions_do_not_grow_with_the_rows(client_as, talk, channel, arrayan, within, url):
    client, url = client_as("secretary"), url.format(pk=talk.pk)
    client.get(url)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    def more(count):
        with within(arrayan):
            for _n in range(count):
                ConversationFactory(channel=channel, patient=PatientFactory(), waiting_since=NOON, attended_by="staff")
                turn = Turn.objects.create(conversation=talk, started_at=NOON, upto_message_id=1)
                step(turn, 0, "list_services", {})
                ChatMessage.objects.create(conversation=talk, direction="out", author="receptionist", text="Hola",
                                           status="sent", created_at=NOON, turn=turn)

    more(1)
    one = asked()
    more(30)
    assert asked() == one


def test_a_failed_load_is_an_error(client_as, talk, monkeypatch):
    client = client_as("secretary")
    client.raise_request_exception = False
    monkeypatch.setattr(listing, "listed", lambda actor, **asked: 1 / 0)
    assert client.get("/inbox/list").status_code == 500


def test_long_threads_come_in_pages(client_as, talk, arrayan, within):
    with within(arrayan):
        for n in range(threads.PAGE + 5):
            PatientMessageFactory(conversation=talk, text=f"mensaje-{n}.")
    page = text(client_as("secretary").get(f"/inbox/{talk.pk}/thread"))
    assert "Ver anteriores" in page
    assert "mensaje-1." not in page
    assert "mensaje-1." in text(client_as("secretary").get(f"/inbox/{talk.pk}/thread?count=200"))


def test_the_simulators_page_is_the_owners(client_as, talk):
    assert "Nada de esto sale a WhatsApp" in text(client_as("ceo").get("/simulator/"))
    for role in ("professional", "secretary", "setter", "closer"):
        assert client_as(role).get("/simulator/").status_code == 403


@pytest.mark.django_db
def test_an_inbox_where_nobody_wrote_leads_its_owner_to_the_number(client_as, people):
    way = 'href="/settings/whatsapp/"'
    assert way in client_as("ceo").get("/inbox/").content.decode()
    assert way not in client_as("secretary").get("/inbox/").content.decode()


def test_an_inbox_with_messages_has_no_need_to(client_as, talk):
    assert 'href="/settings/whatsapp/"' not in client_as("ceo").get("/inbox/").content.decode()
