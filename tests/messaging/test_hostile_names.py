"""What strangers write is text wherever staff read it: names, captions, names of files, quotes, cards, places, ads,
reactions, what was heard in a recording, and what a provider says of a fault."""
import pytest

from clinics.patients.models import Patient
from messaging.models import ChatMessage, Conversation, MediaFile, Note, Offer, Turn, TurnStep
from tests.agenda.factories import PatientFactory, TreatmentFactory
from tests.messaging.factories import NOON, ConversationFactory, PatientMessageFactory

pytestmark = pytest.mark.usefixtures("at_noon")


def evil(where):
    return f"<img src=x onerror=alert('{where}')>{{{{7*7}}}}\"'>"


@pytest.fixture
def talk(arrayan, within, people, channel):
    with within(arrayan):
        patient = PatientFactory(first_name=evil("first"), last_name=evil("last"), phone="+5493415550139")
        row = ConversationFactory(
            channel=channel, patient=patient, phone="+5493415550139", profile_name=evil("profile"), unread=3,
            waiting_since=NOON, triage_level="urgent", triage_reasons=[evil("reason")], handoff_reason=evil("handoff"),
            last_message_text=evil("preview"), attended_by="staff", assigned_to_id=people["secretary"].user_id,
            passed_at=NOON)
        ConversationFactory(channel=channel, profile_name=evil("nobody"), unread=1, waiting_since=NOON,
                            last_message_text=evil("other"))
        said(row)
        worked(row, people)
        return row


def said(row):
    quoted = PatientMessageFactory(conversation=row, text=evil("quoted"), provider_id="wamid.Q")
    PatientMessageFactory(
        conversation=row, text=evil("text"), reply_to=quoted.provider_id, former_text=evil("former"), edited_at=NOON,
        referral={"headline": evil("ad"), "body": evil("ad")}, reactions={"patient": {"emoji": evil("emoji")}})
    PatientMessageFactory(conversation=row, kind="contacts", text=evil("card"))
    PatientMessageFactory(
        conversation=row, kind="location", text=evil("place"), media={"latitude": -32.9, "longitude": -60.6})
    PatientMessageFactory(
        conversation=row, kind="location", text=evil("place"), media={"latitude": evil("lat"), "longitude": "x"})
    PatientMessageFactory(conversation=row, kind="button", text=evil("button"), media={"reply_id": evil("reply")})
    ChatMessage.objects.create(
        conversation=row, direction="out", author="staff", text=evil("out"), status="failed", created_at=NOON,
        error_code="x", error_text=evil("error"), buttons=[{"id": evil("id"), "title": evil("title")}])
    for kind, state in (("image", "stored"), ("audio", "stored"), ("document", "stored"), ("document", "refused")):
        message = PatientMessageFactory(conversation=row, kind=kind, text=evil("caption"))
        MediaFile.objects.create(
            message=message, kind=kind, state=state, name=f"t/{message.pk}", filename=evil("file"), size=3,
            mime="application/octet-stream", transcript=evil("heard"), error="wrong_type", created_at=NOON,
            transcript_state="done" if kind == "audio" else "", patient=row.patient if state == "stored" else None)


def worked(row, people):
    turn = Turn.objects.create(conversation=row, started_at=NOON)
    TurnStep.objects.create(
        turn=turn, position=1, tool=evil("tool"), started_at=NOON, refused=True, arguments={"a": evil("argument")},
        result={"detail": evil("detail")})
    ChatMessage.objects.create(
        conversation=row, direction="out", author="receptionist", text=evil("hers"), created_at=NOON, turn=turn,
        status="sent")
    Note.objects.create(conversation=row, kind="note", text=evil("note"), author_id=people["ceo"].user_id,
                        created_at=NOON)
    Offer.objects.create(conversation=row, treatment=TreatmentFactory(name=evil("treatment")), options=[],
                         created_at=NOON, expires_at=NOON)


def test_it_is_text_wherever_it_is_read(client_as, talk, arrayan, within):
    client, read = client_as("ceo"), {}
    with within(arrayan):
        patient, files = Patient.objects.get(), list(MediaFile.objects.values_list("pk", flat=True))
        assert Conversation.objects.count() == 2
    for url in (
            "/inbox/", f"/inbox/{talk.pk}/", "/inbox/list", "/inbox/list?q=img", f"/inbox/{talk.pk}/thread",
            "/inbox/notices", f"/inbox/{talk.pk}/whose?q=img", f"/inbox/{talk.pk}/replies",
            f"/inbox/{talk.pk}/templates", f"/inbox/{talk.pk}/colleagues", f"/inbox/of/{patient.pk}",
            f"/inbox/files/{patient.pk}", f"/inbox/files/{patient.pk}?beside", f"/inbox/media/{files[0]}/whose",
            f"/patients/{patient.pk}/", "/simulator/"):
        answer = client.get(url)
        assert answer.status_code == 200, url
        read[url] = answer.content.decode()
    assert [url for url, page in read.items() if "<img src=x" in page or "onerror=alert('" in page] == []
    thread = read[f"/inbox/{talk.pk}/thread"]
    for where in ("quoted", "text", "former", "ad", "emoji", "card", "place", "button", "out", "error", "title",
                  "caption", "file", "heard", "detail", "argument", "note", "first"):
        assert f"onerror=alert(&#x27;{where}&#x27;)" in thread, where
    assert "49" not in thread.split("onerror=alert(&#x27;note")[1][:60]
