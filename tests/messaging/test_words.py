"""A conversation is found by the words of its messages and by a part of its phone."""
import pytest
from django.db import connection

from clinics import tenancy
from messaging import desk_jobs, words
from messaging.models import ChatMessage, Conversation, ConversationWord, MediaFile
from tests.messaging.factories import NOON, ConversationFactory, PatientMessageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


@pytest.fixture
def talk(clinic, channel, bosque, within):
    with within(bosque):
        other = ConversationFactory(phone="+5493416660139")
        PatientMessageFactory(conversation=other, text="ortodoncia")
    with clinic, tenancy.atomic():
        row = ConversationFactory(channel=channel, phone="+5493416660139", profile_name="Núñez Carolina")
        PatientMessageFactory(conversation=row, text="Me duele la muela desde el 24/11")
        ConversationFactory(channel=channel, phone="+5493416660188")
        return row


@pytest.fixture
def found(clinic):
    def ask(text):
        with clinic:
            desk_jobs.read_words()
            with tenancy.atomic():
                return list(Conversation.objects.search(text).values_list("pk", flat=True))

    return ask


@pytest.mark.parametrize("text", ["muela", "DUEL mue", "0139", "660139", "nunez", "2411", "carolina muela"])
def test_by_its_words(talk, found, text):
    assert found(text) == [talk.pk]


@pytest.mark.parametrize("text", ["ortodoncia", "muela perno", "9999"])
def test_not_by_anothers(talk, found, text):
    assert found(text) == []


def test_what_is_new_is_read_once(talk, found, clinic, at_noon):
    assert found("turno") == []
    at_noon.shift(60)
    with clinic, tenancy.atomic():
        PatientMessageFactory(conversation=talk, text="¿hay turno?")
        Conversation.objects.filter(pk=talk.pk).update(last_message_at=NOON.replace(second=30))
    assert found("turno") == [talk.pk]
    with clinic, tenancy.atomic():
        assert words.unread() == []
        assert ConversationWord.objects.filter(conversation=talk, word="muela").count() == 1


def test_a_recording_is_waited_for(talk, found, clinic):
    with clinic, tenancy.atomic():
        message = PatientMessageFactory(conversation=talk, kind="audio", text="")
        file = MediaFile.objects.create(
            message=message, kind="audio", name="a", state="stored", transcript_state="waiting", created_at=NOON)
    assert found("corona") == []
    with clinic, tenancy.atomic():
        MediaFile.objects.filter(pk=file.pk).update(transcript="se me salió la corona", transcript_state="done")
    assert found("corona") == [talk.pk]


def test_what_was_taken_back_is_not_found(talk, found, clinic):
    assert found("muela") == [talk.pk]
    with clinic, tenancy.atomic():
        ChatMessage.objects.filter(conversation=talk).update(text="")
        words.forget(conversation_id=talk.pk)
    assert found("muela") == []


def test_the_index_is_used_under_the_policy(talk, found, clinic):
    found("muela")
    with clinic, tenancy.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Conversation.objects.search("muela").explain()
    assert "conversation_words_word_key" in plan
