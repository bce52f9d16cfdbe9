"""An emergency: staff know at once, and the patient gets the clinic's advice, its number and today's openings."""

import pytest
from django.test import TestCase

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


def sweep(chat):
    with TestCase.captureOnCommitCallbacks(execute=True):
        alarms.sweep_alarms()


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


def test_a_letter_whose_job_was_lost_is_written_later_and_once(chat, confirmed, post, monkeypatch, at_noon):
    """failures.md 7: a row first, a job second, a sweeper behind both."""
    sent = alarms.write_emergency.apply_async
    monkeypatch.setattr(alarms.write_emergency, "apply_async", lambda kwargs, **options: None)  # Redis is away
    chat.says(TOLD)
    assert post.letters == []
    monkeypatch.setattr(alarms.write_emergency, "apply_async", sent)
    sweep(chat)
    assert post.letters == []  # its own job may be on its way
    at_noon.shift(11)
    post.refuses = "451 later"
    sweep(chat)
    assert post.letters == []
    post.refuses = ""
    sweep(chat)
    assert post.letters == []  # tried just now
    at_noon.shift(121)
    for _again in range(3):
        sweep(chat)
        at_noon.shift(121)
    assert len(post.letters) == 1


def test_a_letter_that_nobody_took_for_a_day_is_given_up_in_the_open(chat, confirmed, post, monkeypatch, at_noon):
    monkeypatch.setattr(alarms.write_emergency, "apply_async", lambda kwargs, **options: None)
    chat.says(TOLD)
    at_noon.shift(alarms.GIVEN_UP + alarms.GRACE)
    sweep(chat)
    assert len(chat.all(SystemEvent, event="conversation.alarm_lost")) == 1
    assert chat.clinic.conversation().alarm_at is None


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
    chat.says(TOLD)
    with within(arrayan):
        alarms.write_emergency.run(conversation_id=chat.conversation.pk)
    assert post.letters == []
    assert chat.clinic.conversation().alarm_at is None


def test_another_clinics_conversation_is_none_here(chat, confirmed, post, within, bosque):
    chat.says(TOLD)
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
