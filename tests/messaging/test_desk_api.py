"""What the desk does beside writing, over HTTP."""
from datetime import timedelta

import pytest

from clinics import tenancy
from messaging.models import CannedReply, ChatMessage, Note, Template
from tests.messaging.factories import NOON, ConversationFactory, PatientMessageFactory
from tests.patients.factories import PatientFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
LIST = "/api/v1/conversations"


@pytest.fixture
def talk(clinic, channel):
    with clinic, tenancy.atomic():
        row = ConversationFactory(channel=channel, patient=PatientFactory(first_name="Norma"))
        PatientMessageFactory(conversation=row)
        return row


@pytest.fixture
def template(clinic, channel):
    with clinic, tenancy.atomic():
        return Template.objects.create(
            channel=channel, name="retomar", language="es_AR", category="utility", status="approved", synced_at=NOON,
            components=[{"type": "BODY", "text": "Hola {{1}}, te esperamos el {{2}}."}])


def at(row, what):
    return f"{LIST}/{row.pk}/{what}"


def test_passed_to_a_colleague(talk, api_as, people):
    client = api_as("secretary")
    names = [(row["name"], row["role"]) for row in client.get(at(talk, "colleagues")).json()]
    assert {role for _name, role in names} == {"ceo", "secretary"}
    ceo = people["ceo"].user_id
    assert client.post(at(talk, "assign"), {"user": ceo}).json()["assigned_to"] == ceo
    refused = client.post(at(talk, "assign"), {"user": people["setter"].user_id})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_theirs")
    assert client.post(at(talk, "assign"), {}).status_code == 400


def test_a_note_once(talk, api_as):
    client = api_as("secretary")
    for _twice in range(2):
        made = client.post(at(talk, "notes"), {"text": "Llamar"}, headers={"Idempotency-Key": "n1"})
        assert made.status_code == 201
    (row,) = client.get(at(talk, "notes")).json()["results"]
    assert (row["kind"], row["text"]) == ("note", "Llamar")


def test_scheduled_listed_and_cancelled(talk, api_as, clinic, whatsapp, at_noon):
    client = api_as("secretary")
    client.post(at(talk, "take"))
    for hours in (1, 2):
        made = client.post(
            at(talk, "messages"), {"text": f"en {hours}", "at": (NOON + timedelta(hours=hours)).isoformat()})
        assert made.status_code == 201, made.json()
    rows = client.get(at(talk, "scheduled")).json()["results"]
    assert [row["text"] for row in rows] == ["en 1", "en 2"]
    assert client.post(f"/api/v1/messages/{rows[1]['id']}/cancel").json()["status"] == "cancelled"
    clinic.send()
    assert whatsapp.texts() == []
    at_noon.shift(timedelta(hours=1, seconds=1))
    clinic.send()
    at_noon.shift(timedelta(hours=2))
    clinic.send()
    assert whatsapp.texts() == ["en 1"]
    assert api_as("secretary").get(at(talk, "scheduled")).json()["results"] == []


def test_at_an_hour_when_the_window_is_closed_it_is_refused(talk, api_as):
    client = api_as("secretary")
    client.post(at(talk, "take"))
    refused = client.post(at(talk, "messages"), {"text": "hola", "at": (NOON + timedelta(hours=25)).isoformat()})
    assert (refused.status_code, refused.json()["code"]) == (409, "window_closed")


def test_a_template_with_what_is_known_in_place(talk, api_as, template, at_noon):
    at_noon.shift(timedelta(days=3))
    client = api_as("secretary")
    (row,) = client.get(at(talk, "templates")).json()
    assert (row["values"], row["text"]) == (["Norma", ""], "Hola Norma, te esperamos el {{2}}.")
    refused = client.post(at(talk, "templates"), {"template": template.pk, "values": row["values"]}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (400, "template_values")
    sent = client.post(at(talk, "templates"), {"template": template.pk, "values": ["Norma", "jueves"]}, format="json")
    assert (sent.status_code, sent.json()["kind"], sent.json()["text"]) == (
        201, "template", "Hola Norma, te esperamos el jueves.")


def test_whose_it_is(talk, api_as, clinic, bosque, within):
    with clinic, tenancy.atomic():
        daughter = PatientFactory(first_name="Lola")
    with within(bosque):
        stranger = PatientFactory()
    client = api_as("secretary")
    assert client.put(at(talk, "patient"), {"patient": daughter.pk}).json()["patient"] == daughter.pk
    assert client.put(at(talk, "patient"), {"patient": stranger.pk}).status_code == 404
    assert client.put(at(talk, "patient"), {"patient": None}, format="json").json()["patient"] is None
    with clinic, tenancy.atomic():
        assert list(Note.objects.order_by("pk").values_list("kind", flat=True)) == ["linked", "unlinked"]
    assert api_as("professional").put(at(talk, "patient"), {"patient": daughter.pk}).status_code == 403


def test_what_failed_and_what_is_in_doubt(talk, api_as, clinic):
    with clinic, tenancy.atomic():
        failed, doubt = (ChatMessage.objects.create(
            conversation=talk, direction="out", author="staff", text="hola", created_at=NOON, status=status,
            error_code=code) for status, code in (("failed", "131000"), ("queued", "in_doubt")))
    client = api_as("secretary")
    assert client.post(f"/api/v1/messages/{failed.pk}/again").json()["status"] == "queued"
    assert client.post(f"/api/v1/messages/{doubt.pk}/arrived").json()["status"] == "sent"
    again = client.post(f"/api/v1/messages/{doubt.pk}/arrived")
    assert (again.status_code, again.json()["code"]) == (409, "not_in_doubt")
    assert api_as("setter").post(f"/api/v1/messages/{failed.pk}/again").status_code == 404


def test_canned_replies(api_as, talk, clinic):
    client, url = api_as("secretary"), "/api/v1/canned-replies"
    made = client.post(url, {"shortcut": "/Llegar", "text": "Mitre 1240"})
    assert (made.status_code, made.json()["shortcut"]) == (201, "llegar")
    bad = client.post(url, {"shortcut": "llegar", "text": "{quién}"})
    assert bad.status_code == 400
    assert set(bad.json()["fields"]) == {"shortcut", "text"}
    one = f"{url}/{made.json()['id']}"
    assert client.put(one, {"shortcut": "llegar", "text": "Mitre 1241"}).json()["text"] == "Mitre 1241"
    assert api_as("professional").get(url).json()["count"] == 1
    assert api_as("professional").delete(one).status_code == 403
    assert client.delete(one).status_code == 204
    with clinic, tenancy.atomic():
        assert not CannedReply.objects.exists()
