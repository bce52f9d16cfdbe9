"""The inbox over HTTP."""
from datetime import datetime, timedelta

import pytest

from clinics import tenancy
from clinics.access import SYSTEM
from clinics.patients import intake
from messaging.models import Channel, Conversation
from tests.agenda.factories import AppointmentFactory
from tests.messaging.factories import NOON, ConversationFactory, PatientMessageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
LIST = "/api/v1/conversations"


@pytest.fixture
def talk(clinic, channel):
    with clinic, tenancy.atomic():
        row = ConversationFactory(channel=channel, unread=2, last_message_text="hola")
        for text in ("hola", "¿hay turnos?"):
            PatientMessageFactory(conversation=row, text=text)
        return row


def at(row, what):
    return f"{LIST}/{row.pk}/{what}"


def test_the_list(talk, api_as):
    answer = api_as("secretary").get(LIST)
    assert answer.status_code == 200
    (row,) = answer.json()["results"]
    assert (row["id"], row["name"], row["unread"], row["attended_by"]) == (talk.pk, "Carolina", 2, "receptionist")
    assert datetime.fromisoformat(row["window_closes_at"]) == NOON + timedelta(hours=24)


@pytest.mark.parametrize(("show", "count"), [("all", 3), ("unread", 1), ("mine", 1), ("new", 3), ("nonsense", 3)])
def test_the_lists_parts(talk, clinic, channel, api_as, people, show, count):
    with clinic, tenancy.atomic():
        ConversationFactory(channel=channel, phone="", wa_user_id="AR.1")
        ConversationFactory(channel=channel, attended_by="staff", assigned_to=people["secretary"].user)
    assert api_as("secretary").get(LIST, {"show": show}).json()["count"] == count


def test_search_by_phone_id_and_patient(talk, clinic, channel, api_as):
    with clinic, tenancy.atomic():
        patient = intake.register(first_name="Graciela", last_name="Mansilla", by=SYSTEM)
        ConversationFactory(channel=channel, phone="", wa_user_id="AR.5", patient=patient)
    for text, count in (("mansilla", 1), ("AR.5", 1), (talk.phone[3:], 1), (talk.phone[4:], 1), ("nadie", 0)):
        assert api_as("secretary").get(LIST, {"search": text}).json()["count"] == count


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(clinic, channel, api_as, rows, django_assert_max_num_queries):
    with clinic, tenancy.atomic():
        for number in range(rows):
            patient = intake.register(first_name="Ana", last_name="Paz", by=SYSTEM)
            ConversationFactory(channel=channel, phone=f"+54934155502{number:02}", patient=patient)
    client = api_as("secretary")
    with django_assert_max_num_queries(14):  # five of them write down that somebody looked
        assert client.get(LIST).json()["count"] == rows


def test_the_thread_newest_first(talk, api_as):
    rows = api_as("secretary").get(at(talk, "messages")).json()["results"]
    assert [row["text"] for row in rows] == ["¿hay turnos?", "hola"]


def test_staff_take_write_and_give_back(talk, api_as, whatsapp, clinic):
    client = api_as("secretary")
    refused = client.post(at(talk, "messages"), {"text": "hola"})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_taken")
    assert client.post(at(talk, "take")).json()["attended_by"] == "staff"
    for _again in range(2):
        answer = client.post(at(talk, "messages"), {"text": "Soy Sofía."}, headers={"Idempotency-Key": "k1"})
        assert (answer.status_code, answer.json()["status"]) == (201, "queued")
    clinic.send()
    assert whatsapp.texts() == ["Soy Sofía."]
    assert client.post(at(talk, "give-back")).json()["attended_by"] == "receptionist"


def test_two_people_with_one_key_write_two_messages(talk, api_as, clinic):
    api_as("secretary").post(at(talk, "take"))
    for role in ("secretary", "ceo"):
        api_as(role).post(at(talk, "messages"), {"text": "hola", "key": "k1"})
    assert len(clinic.messages(direction="out")) == 2


def test_after_24_hours_it_is_refused(talk, api_as, at_noon):
    client = api_as("secretary")
    client.post(at(talk, "take"))
    at_noon.shift(24 * 3600 + 1)
    client = api_as("secretary")  # the token has run out too
    answer = client.post(at(talk, "messages"), {"text": "hola"})
    assert (answer.status_code, answer.json()["code"]) == (409, "window_closed")


@pytest.mark.parametrize("text", ["", "   ", "x" * 4097, None])
def test_what_is_no_message_is_400(talk, api_as, text):
    client = api_as("secretary")
    client.post(at(talk, "take"))
    assert client.post(at(talk, "messages"), {"text": text}).status_code == 400


# Whose


@pytest.mark.parametrize("role", ["setter", "closer"])
def test_without_leads_of_their_own_they_see_none(talk, api_as, role):
    client = api_as(role)
    assert client.get(LIST).json()["count"] == 0
    assert client.get(at(talk, "messages")).status_code == 404
    assert client.post(at(talk, "take")).status_code == 404


def test_a_professional_sees_their_own_patients(talk, clinic, channel, people, api_as):
    with clinic, tenancy.atomic():
        mine, other = (intake.register(first_name=name, last_name="Paz", by=SYSTEM) for name in ("Ana", "Eva"))
        seen = ConversationFactory(channel=channel, patient=mine)
        ConversationFactory(channel=channel, patient=other)
        AppointmentFactory(patient=mine, professional=people["professional"].professional)
    assert [row["id"] for row in api_as("professional").get(LIST).json()["results"]] == [seen.pk]
    assert api_as("professional").post(at(talk, "take")).status_code == 404


def test_another_clinics_are_not_there(talk, api_as, strangers):
    client = api_as("ceo", member=strangers["ceo"])
    assert client.get(LIST).json()["count"] == 0
    for what in ("take", "give-back"):
        assert client.post(at(talk, what)).status_code == 404
    assert client.post(at(talk, "messages"), {"text": "hola"}).status_code == 404
    assert client.get(at(talk, "messages")).status_code == 404


def test_nobody_without_a_session(talk, client):
    assert client.get(LIST).status_code == 401
    assert client.post(at(talk, "take")).status_code in (401, 403)


def test_the_first_group_is_who_needs_someone_now(clinic, channel, at_noon):
    early, late = "2026-11-24T14:00Z", "2026-11-24T14:30Z"
    with clinic, tenancy.atomic():
        def row(**fields):
            return ConversationFactory(channel=channel, **fields).pk

        rest = row(unread=5)
        asked_late = row(attended_by="staff", waiting_since=late)
        asked_early = row(attended_by="staff", waiting_since=early)
        urgent = row(triage_level="urgent", unread=1)
        emergency = row(triage_level="emergency", waiting_since=late)
        assert [c.pk for c in Conversation.objects.needing_someone()] == [emergency, urgent, asked_early, asked_late]
        assert [c.pk for c in Conversation.objects.the_rest()] == [rest]
        assert Channel.objects.count() == 1


@pytest.mark.parametrize("page", ["channel", "conversation", "turn"])
def test_the_admin_shows_them_to_the_owner_alone(talk, client_as, page):
    assert client_as("ceo").get(f"/admin/messaging/{page}/").status_code == 200
    assert client_as("secretary").get(f"/admin/messaging/{page}/").status_code in (302, 403)
