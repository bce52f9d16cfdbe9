"""An emergency: staff know at once, and the patient gets the clinic's advice, its number and today's openings."""

import pytest

from clinics import tenancy
from clinics.models import SystemEvent, User
from messaging import alarms
from messaging.models import Conversation
from tests.fakes.smtp import MailServer
from tests.messaging.factories import NOON

TOLD = "no puedo respirar bien, se me hinchó el cuello"


@pytest.fixture
def post(settings, monkeypatch):
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.PUBLIC_URL = "https://clinica.example"
    task = alarms.write_emergency
    monkeypatch.setattr(task, "apply_async", lambda kwargs, **options: task(**kwargs))
    yield server
    server.close()


@pytest.fixture
def confirmed(people, arrayan, bosque):
    User.objects.update(email_confirmed_at=NOON)
    return people


def test_staff_are_told_by_event_order_and_mail(chat, confirmed, post, django_capture_on_commit_callbacks):
    chat.writes("hola, cómo andan?", phone="+5493415550140")
    with django_capture_on_commit_callbacks(execute=True):
        chat.writes(TOLD)
        chat.waits(seconds=9)
        chat.clinic.turn(phone="+5493415550139")
    row = chat.clinic.conversation(phone="+5493415550139")
    assert row.triage_level == "emergency" and "airway" in row.triage_reasons
    assert chat.all(SystemEvent, event="conversation.emergency")[0].payload == {"conversation": row.pk}
    with chat.clinic, tenancy.atomic():
        assert Conversation.objects.needing_someone().first().pk == row.pk
    letter = post.letters[0]
    body = letter.get_content()
    assert f"https://clinica.example/inbox/{row.pk}/" in body
    assert not any(word in body + letter["subject"] for word in ("respirar", "cuello", "3415550139", "Carolina"))


def test_once_for_a_conversation_and_not_for_what_is_only_urgent(chat, confirmed, post):
    chat.says("me duele mucho la muela")
    assert post.letters == []
    chat.says(TOLD)
    chat.says("sigo igual, me falta el aire")
    assert len(chat.all(SystemEvent, event="conversation.emergency")) == 1


def test_letters_go_to_who_sees_every_conversation_of_this_clinic(chat, confirmed, post, within, arrayan):
    chat.says(TOLD)
    with within(arrayan):
        alarms.write_emergency.run(conversation_id=chat.conversation.pk)
        with_all = {confirmed[role].user.email for role in ("ceo", "secretary")}
        assert set(alarms._addresses()) >= with_all
        assert not set(alarms._addresses()) & {
            confirmed[role].user.email for role in ("professional", "setter", "closer")}


def test_an_address_that_nobody_confirmed_gets_none(chat, people, post, within, arrayan):
    User.objects.update(email_confirmed_at=None)
    with within(arrayan):
        alarms.write_emergency.run(conversation_id=1)
    assert post.letters == []


def test_another_clinics_conversation_is_none_here(chat, confirmed, post, within, bosque):
    chat.says("hola")
    with within(bosque):
        alarms.write_emergency.run(conversation_id=chat.conversation.pk)
    assert post.letters == []


def test_where_no_mail_is_configured_none_is_tried(chat, confirmed, settings, monkeypatch):
    settings.EMAIL_HOST = ""
    monkeypatch.setattr(alarms.write_emergency, "later", lambda **ids: pytest.fail("it wrote"))
    assert "107" in chat.says(TOLD)


def test_the_patient_gets_the_clinics_advice_its_number_and_today(chat, arrayan, within):
    with within(arrayan):
        arrayan.emergency_number, arrayan.emergency_advice = "911", "Andá a la guardia del Hospital Central."
        arrayan.save()
    answer = chat.says(TOLD)
    assert "911" in answer and "Hospital Central" in answer
    more = chat.says("soy particular")
    assert "24/11" in answer + more
    assert chat.offers


def test_a_knocked_out_tooth_gets_its_first_aid(chat):
    assert "leche" in chat.says("mi hijo se cayó y se le salió un diente entero").lower()


def test_the_level_is_never_recited(chat):
    answer = chat.says(TOLD).lower()
    assert not any(word in answer for word in ("emergency", "triage", "nivel", "airway"))
