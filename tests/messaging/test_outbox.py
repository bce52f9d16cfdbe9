"""What goes out: a row first, one POST, in order, and never a second one where nobody knows how the first ended."""
import threading
from datetime import timedelta

import pytest
from django.db import connection

from clinics import tenancy, vault
from clinics.access import SYSTEM
from clinics.idempotency import KeyReused
from dentalogic.lib import http
from messaging import handoff, notes, outbox
from messaging.models import ChatMessage
from tests import payloads
from tests.fakes.whatsapp import report
from tests.messaging.factories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


def test_a_row_first_then_one_post(clinic, say, whatsapp):
    message = say("Tengo el martes a las 10.")
    assert clinic.row(message).status == "queued"
    assert whatsapp.sent == []
    clinic.send()
    assert whatsapp.sent == [{
        "from": "+5493415550100", "to": "+5493415550139", "type": "text",
        "externalId": clinic.row(message).external_id,
        "text": {"body": "Tengo el martes a las 10.", "preview_url": False}}]
    sent = clinic.row(message)
    assert (sent.status, sent.provider_id, sent.provider_ref) == ("sent", "wamid.OUT1", "out_1")
    assert (sent.attempts, sent.posting_since, sent.sent_at) == (1, None, NOON)
    clinic.send()
    assert len(whatsapp.sent) == 1


def test_buttons(clinic, say, whatsapp):
    say("¿Cuál preferís?", buttons=[
        {"id": "of_1", "title": "Martes 24/11 a las 10:00"}, {"id": "of_2", "title": "Jueves"}])
    clinic.send()
    (body,) = whatsapp.sent
    assert body["interactive"]["body"] == {"text": "¿Cuál preferís?"}
    assert body["interactive"]["action"]["buttons"] == [
        {"type": "reply", "reply": {"id": "of_1", "title": "Martes 24/11 a las 1"}},
        {"type": "reply", "reply": {"id": "of_2", "title": "Jueves"}}]


def test_a_text_that_is_too_long_for_buttons_goes_without_them(clinic, say, whatsapp):
    say("x" * 1025, buttons=[{"id": "of_1", "title": "Sí"}])
    clinic.send()
    assert whatsapp.sent[0]["type"] == "text"


def test_somebody_without_a_phone_is_answered_by_their_id(writes, clinic, whatsapp):
    writes("hola", phone="", user_id="AR.900100")
    with clinic:
        outbox.say(conversation=clinic.conversation(), text="hola", author="receptionist")
    clinic.send()
    assert whatsapp.sent[0]["recipient"] == "AR.900100"
    assert "to" not in whatsapp.sent[0]


def test_the_same_key_is_one_row_and_one_send(clinic, say, whatsapp):
    assert say("hola", key="k1").pk == say("hola", key="k1").pk
    clinic.send()
    assert whatsapp.texts() == ["hola"]


def test_a_persons_key_for_another_message_is_refused(clinic, talking, secretary, at_noon):
    later = NOON + timedelta(hours=1)
    with clinic:
        handoff.take(conversation=talking, by=secretary)
        said = outbox.write(conversation=talking, text="El martes a las 10.", by=secretary, key="k1")
        assert outbox.write(conversation=talking, text=" El martes a las 10. ", by=secretary, key="k1").pk == said.pk
        for other in ({"text": "El jueves a las 10."}, {"text": "El martes a las 10.", "at": later}):
            with pytest.raises(KeyReused):
                outbox.write(conversation=talking, by=secretary, key="k1", **other)
        with pytest.raises(KeyReused):
            outbox.say_template(
                conversation=talking, name="t", language="es", components={}, text="El martes a las 10.",
                author="staff", by=secretary, key="k1")
        notes.write(conversation=talking, text="llamar", by=secretary, key="k1")
        with pytest.raises(KeyReused):
            notes.write(conversation=talking, text="no llamar", by=secretary, key="k1")
    assert [one.text for one in clinic.messages(direction="out")] == ["El martes a las 10."]


def test_by_the_api_it_is_a_409(clinic, talking, api_as):
    api = api_as("secretary")
    api.post(f"/api/v1/conversations/{talking.pk}/take")
    url, answers = f"/api/v1/conversations/{talking.pk}/messages", []
    for text in ("uno", "uno", "dos"):
        answers.append(api.post(url, {"text": text}, format="json", headers={"Idempotency-Key": "k"}))
    assert [one.status_code for one in answers] == [201, 201, 409]
    assert answers[2].json()["code"] == "key_reused"


@pytest.mark.parametrize("text", ["", "   ", "x" * 4097])
def test_what_cannot_be_a_message_is_refused(say, text):
    with pytest.raises(outbox.NothingToSay):
        say(text)


def test_in_order_and_one_after_the_other(clinic, say, whatsapp):
    for text in "abc":
        say(text)
    whatsapp.script.extend([500])
    clinic.send()
    assert whatsapp.texts() == []  # the first waits, and the others behind it
    with clinic, tenancy.atomic():
        ChatMessage.objects.unsent().update(next_try_at=NOON)
    clinic.send()
    assert whatsapp.texts() == ["a", "b", "c"]


@pytest.mark.django_db(transaction=True)
def test_six_workers_at_once_send_each_once_and_in_order(clinic, say, whatsapp):
    for number in range(6):
        say(str(number))
    gate = threading.Barrier(6)

    def worker():
        gate.wait()
        clinic_id = clinic.tenant.pk
        with tenancy.tenant_context(clinic_id):
            outbox.send(conversation_id=conversation_id)
        connection.close()

    conversation_id = clinic.conversation().pk
    threads = [threading.Thread(target=worker) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert whatsapp.texts() == ["0", "1", "2", "3", "4", "5"]


# The window


def test_24_hours_and_a_second_after_the_patients_last_message_it_is_refused(clinic, say, at_noon):
    at_noon.move_to(NOON + timedelta(hours=24))
    say("todavía")
    at_noon.move_to(NOON + timedelta(hours=24, seconds=1))
    with pytest.raises(outbox.WindowClosed):
        say("ya no")
    assert [message.text for message in clinic.messages(direction="out")] == ["todavía"]


def test_what_waited_until_it_closed_is_not_sent(clinic, say, whatsapp, at_noon):
    message = say("hola")
    at_noon.shift(timedelta(hours=24, seconds=1))
    clinic.send()
    assert whatsapp.sent == []
    assert (clinic.row(message).status, clinic.row(message).error_code) == ("failed", "window_closed")


def test_what_came_to_be_useless_is_not_sent(clinic, say, whatsapp, at_noon):
    message = say("¿Lo querés?", before=NOON + timedelta(minutes=30))
    at_noon.shift(timedelta(minutes=31))
    clinic.send()
    assert whatsapp.sent == []
    assert (clinic.row(message).status, clinic.row(message).error_code) == ("failed", "too_late")


def test_a_template_goes_out_after_the_window_closed(clinic, talking, whatsapp, at_noon):
    at_noon.shift(timedelta(hours=30))
    with clinic:
        message = outbox.say_template(
            conversation=talking, name="recordatorio", language="es_AR", text="Tu turno es mañana a las 10:00.",
            components={"body": ["mañana", "10:00"], "buttons": [{"index": 0, "payload": "tap:x"}]}, author="template")
    clinic.send()
    (body,) = whatsapp.sent
    assert (body["type"], body["template"]["name"]) == ("template", "recordatorio")
    assert clinic.row(message).status == "sent"
    assert clinic.conversation().last_message_text == "Tu turno es mañana a las 10:00."


# At an hour of one's own


def test_it_goes_at_its_hour_and_holds_nothing_back(clinic, say, whatsapp, at_noon):
    later = say("¿Cómo seguís?", at=NOON + timedelta(hours=2))
    say("ahora")
    clinic.send()
    assert whatsapp.texts() == ["ahora"]
    assert clinic.conversation().last_message_text == "ahora"
    at_noon.shift(timedelta(hours=2, seconds=5))
    with clinic:
        assert outbox.overdue() == [later.conversation_id]
    clinic.send()
    assert whatsapp.texts() == ["ahora", "¿Cómo seguís?"]
    assert clinic.conversation().last_message_text == "¿Cómo seguís?"


def test_it_is_refused_for_an_hour_that_passed_or_when_the_window_will_be_closed(say):
    with pytest.raises(outbox.InThePast):
        say("hola", at=NOON)
    with pytest.raises(outbox.WindowClosed):
        say("hola", at=NOON + timedelta(hours=25))


def test_it_is_cancelled_until_it_went(clinic, say, whatsapp, secretary, at_noon):
    message, other = (say(text, at=NOON + timedelta(hours=1)) for text in ("una", "otra"))
    with clinic:
        for _twice in range(2):
            outbox.cancel_scheduled(message=message, by=secretary)
    at_noon.shift(timedelta(hours=1, seconds=5))
    clinic.send()
    assert whatsapp.texts() == ["otra"]
    with clinic, pytest.raises(outbox.AlreadyWent):
        outbox.cancel_scheduled(message=other, by=secretary)


# What goes wrong


@pytest.mark.parametrize("step", [
    429, 500, 503, {"status": 400, "code": "X", "whatsappApiError": {"code": 130429}}])
def test_a_passing_fault_is_tried_again_later(clinic, say, whatsapp, at_noon, step):
    message = say("hola")
    whatsapp.script.append(step)
    clinic.send()
    waits = clinic.row(message)
    assert (waits.status, waits.attempts, waits.posting_since) == ("queued", 1, None)
    assert timedelta(seconds=3) <= waits.next_try_at - NOON <= timedelta(seconds=4.5)
    clinic.send()
    assert whatsapp.sent == []
    at_noon.shift(timedelta(seconds=7))
    with clinic:
        assert outbox.overdue() == [waits.conversation_id]
    clinic.send()
    assert clinic.row(message).status == "sent"


def test_a_status_that_comes_before_the_next_attempt_makes_it_needless(clinic, say, whatsapp, post, at_noon):
    """A 500 may hide an accepted message: its report is looked at first."""
    message = say("hola")
    whatsapp.script.append(500)
    clinic.send()
    post("status", externalId=clinic.row(message).external_id)
    at_noon.shift(timedelta(minutes=5))
    clinic.send()
    assert whatsapp.sent == []
    assert clinic.row(message).status == "sent"


def test_too_many_attempts_end_it(clinic, say, whatsapp, at_noon):
    message = say("hola")
    whatsapp.script.extend([500] * outbox.ATTEMPTS)
    for _attempt in range(outbox.ATTEMPTS + 2):
        clinic.send()
        at_noon.shift(timedelta(minutes=10))
    assert clinic.row(message).status == "failed"
    assert clinic.row(message).attempts == outbox.ATTEMPTS
    assert clinic.conversation().waiting_since is not None


@pytest.mark.parametrize("step", [
    401, 400, 404, {"status": 400, "code": "X", "whatsappApiError": {"code": "131047", "message": "Re-engagement"}},
    {"status": 400, "code": "X", "whatsappApiError": {"code": 131026}},
    {"status": 403, "code": "BALANCE_INSUFFICIENT"}])
def test_a_permanent_fault_stops_and_shows(clinic, say, whatsapp, step):
    message = say("hola")
    whatsapp.script.append(step)
    clinic.send()
    failed = clinic.row(message)
    assert (failed.status, failed.attempts) == ("failed", 1)
    assert failed.error_code
    assert clinic.conversation().waiting_since is not None


def test_what_goes_out_by_itself_is_no_answer_to_what_waits_for_a_person(clinic, say, talking, whatsapp):
    say("hola")
    whatsapp.script.append({"status": 400, "code": "X", "whatsappApiError": {"code": "131026"}})
    clinic.send()
    with clinic:
        outbox.say_template(
            conversation=talking, name="recordatorio", language="es_AR", components={}, text="Tu turno",
            author="template")
    clinic.send()
    assert clinic.conversation().waiting_since is not None


def test_what_was_not_sent_asks_for_a_person_until_an_answer_goes_out(clinic, say, whatsapp):
    from messaging.models import Conversation

    def needing():
        with clinic, tenancy.atomic():
            return Conversation.objects.needing_someone().count()

    say("hola")
    whatsapp.script.append({"status": 400, "code": "X", "whatsappApiError": {"code": "131026"}})
    clinic.send()
    assert needing() == 1
    say("¿hola?")
    clinic.send()
    assert needing() == 0


@pytest.mark.parametrize(("asked", "least"), [("120", 120), ("86400", http.LONGEST_REST), ("never", 3)])
def test_retry_after_is_honoured_within_reason(clinic, say, settings, at_noon, monkeypatch, asked, least):
    answer = http.Answer(429, {"retry-after": asked}, b"{}")
    settings.YCLOUD_API_BASE = "http://127.0.0.1:1/v2"
    monkeypatch.setattr(http, "call", lambda *_, **__: answer)
    message = say("hola")
    clinic.send()
    waits = clinic.row(message).next_try_at - NOON
    assert timedelta(seconds=least) <= waits <= timedelta(seconds=1.5 * least)


def test_a_provider_that_is_not_there_has_not_got_it(clinic, say, settings, whatsapp, at_noon):
    message = say("hola")
    here, settings.YCLOUD_API_BASE = settings.YCLOUD_API_BASE, "http://127.0.0.1:1/v2"
    clinic.send()
    assert clinic.row(message).posting_since is None
    settings.YCLOUD_API_BASE = here
    at_noon.shift(timedelta(seconds=7))
    clinic.send()
    assert clinic.row(message).status == "sent"


def test_a_channel_without_a_key_says_so(clinic, say, whatsapp, channel):
    with clinic, tenancy.atomic():
        vault.put(channel.api_key_name, "")
    message = say("hola")
    clinic.send()
    assert (clinic.row(message).error_code, whatsapp.sent) == ("no_key", [])


def test_a_sandbox_channel_never_leaves_the_machine(clinic, say, settings, channel):
    settings.YCLOUD_API_BASE = "https://api.ycloud.com/v2"
    with clinic, tenancy.atomic():
        type(channel).objects.update(sandbox=True)
    message = say("hola")
    clinic.send()
    assert clinic.row(message).error_code == "sandbox"


# Who writes


def test_staff_write_only_where_they_took_the_word(clinic, talking, secretary, whatsapp):
    by = secretary
    with clinic:
        with pytest.raises(outbox.NotTaken):
            outbox.write(conversation=talking, text="hola", by=by)
        handoff.take(conversation=talking, by=by)
        message = outbox.write(conversation=talking, text="Soy Sofía.", by=by)
    clinic.send()
    assert whatsapp.texts() == ["Soy Sofía."]
    assert (message.author, message.author_user_id) == ("staff", by.user_id)
    assert clinic.conversation().waiting_since is None


def test_handing_off_says_one_line_and_only_once(clinic, talking, whatsapp):
    with clinic:
        for _again in range(2):
            handoff.hand_off(conversation=talking, reason="asked", by=SYSTEM)
    clinic.send()
    assert len(whatsapp.sent) == 1
    conversation = clinic.conversation()
    assert (conversation.attended_by, conversation.handoff_reason) == ("staff", "asked")
    assert conversation.waiting_since == NOON


def test_a_handoff_after_the_window_closed_is_silent(clinic, talking, whatsapp, at_noon):
    at_noon.shift(timedelta(hours=25))
    with clinic:
        handoff.hand_off(conversation=talking, reason="asked", by=SYSTEM)
    assert clinic.messages(direction="out") == []
    assert clinic.conversation().attended_by == "staff"


def test_a_send_carries_what_the_fake_reports_back(clinic, say, whatsapp, post):
    """The fake's own reports find their message: by our id, before we knew the provider's."""
    kept = []
    whatsapp.on_send = kept.append
    message = say("hola")
    clinic.send()
    post(report(kept[0], "delivered"))
    assert clinic.row(message).status == "delivered"
    assert payloads.names()
