"""An offer of the waitlist by WhatsApp: told where it can be answered, taken by a tap or a plain yes, once."""

from datetime import timedelta

import pytest

from agenda import booking, tasks, waitlist
from agenda.models import Appointment, WaitlistEntry, WaitlistOffer
from clinics import tenancy
from clinics.access import SYSTEM
from messaging import automations, outbox, receipts
from messaging.models import ChatMessage, Conversation
from messaging.providers.base import Report
from tests.agenda.conftest import TUESDAY, at
from tests.agenda.factories import PatientFactory
from tests.messaging.factories import NOON

THURSDAY = TUESDAY + timedelta(days=2)


@pytest.fixture(autouse=True)
def enqueued(monkeypatch):
    asked = []
    monkeypatch.setattr(tasks.fill_freed_time, "later", lambda *, freed_id: asked.append(freed_id))
    return asked


@pytest.fixture
def waits(chat, known, rows, arrayan, within, enqueued):
    """Ana wrote this morning and waits for a cleaning; `frees()` cancels a visit of Thursday at 15."""
    chat.says("Hola")

    def frees(hour=15):
        with within(arrayan):
            row = booking.book(
                patient=PatientFactory(), professional=rows["arrieta"], treatment=rows["limpieza"],
                start_at=at(hour, day=THURSDAY), by=SYSTEM)
            booking.cancel(appointment=row, by=SYSTEM)
            return [made for freed_id in enqueued for made in waitlist.fill(freed_id=freed_id)]

    with within(arrayan):
        frees.entry = waitlist.join(patient=known, treatment=rows["limpieza"], by=SYSTEM)
    return frees


def said(chat):
    return chat.clinic.messages(direction="out")[-1]


def test_the_offer_is_told_and_taken_by_a_tap(waits, chat, known):
    [made] = waits()
    message = said(chat)
    assert message.text == (
        "Se liberó un turno antes: Limpieza dental el jueves 26/11 a las 15:00, con Dra. Paula Arrieta. "
        "Te lo guardo hasta las 12:30. ¿Lo querés?")
    assert [button["title"] for button in message.buttons] == ["Sí, lo quiero", "No, gracias"]
    assert (chat.all(WaitlistOffer)[0].told, message.send_before) == ("whatsapp", made.expires_at)
    answer = chat.says("Sí, lo quiero", kind="button", media={"reply_id": message.buttons[0]["id"]})
    assert "quedó reservado" in answer
    assert "jueves 26/11 a las 15:00" in answer
    [row] = [one for one in chat.appointments if one.status == "scheduled"]
    assert (row.patient, row.start_at, row.source, chat.holds) == (known, at(15, day=THURSDAY), "whatsapp", [])
    assert chat.steps == ["answer_waitlist_offer"]
    assert chat.all(WaitlistOffer, pk=made.pk)[0].state == "accepted"


@pytest.mark.parametrize("words", ["sí", "Dale, lo quiero!", "sii porfa", "me sirve"])
def test_a_plain_yes_to_the_last_thing_said(waits, chat, words):
    waits()
    assert "quedó reservado" in chat.says(words)


def test_one_that_whatsapp_reports_as_not_delivered_is_called(waits, chat, arrayan, within):
    """YCloud takes it first and tells that it failed by webhook."""
    waits()
    message = said(chat)
    with within(arrayan):
        receipts.apply(channel=chat.conversation.channel, now=NOON, report=Report(
            event_id="e", kind="x", raw={}, external_id=message.external_id, status="failed", error_code="131026"))
    assert chat.all(WaitlistOffer)[0].told == "call"


@pytest.mark.parametrize("words", ["no", "No gracias", "no puedo ese día"])
def test_a_plain_no_keeps_them_waiting(waits, chat, words):
    waits()
    assert "Seguís en la lista" in chat.says(words)
    assert (chat.all(WaitlistOffer)[0].state, chat.all(WaitlistEntry)[0].state) == ("passed", "waiting")
    assert chat.holds == []


@pytest.mark.parametrize("words", ["¿sí? ¿cuánto sale?", "tengo mucho dolor y fiebre, sí", "sí pero a las 18"])
def test_anything_else_is_the_receptionists(waits, chat, words):
    waits()
    chat.says(words)
    assert "answer_waitlist_offer" not in chat.steps
    assert chat.all(WaitlistOffer)[0].state == "open"


def test_a_yes_to_something_else_books_nothing(waits, chat):
    waits()
    chat.says("¿qué horarios atienden?")
    chat.says("sí")
    assert chat.all(WaitlistOffer)[0].state == "open"


def test_a_visit_that_they_have_moves(waits, chat, rows, arrayan, within, known):
    with within(arrayan):
        later = booking.book(
            patient=known, professional=rows["arrieta"], treatment=rows["limpieza"],
            start_at=at(16, day=THURSDAY + timedelta(days=5)), by=SYSTEM)
    waits()
    assert "tu turno del martes 1/12 a las 16:00 pasa a ese horario" in said(chat).text
    assert "quedó cambiado" in chat.says("dale")
    [row] = chat.all(Appointment, pk=later.pk)
    assert row.start_at == at(15, day=THURSDAY)


def test_a_tap_that_comes_too_late(waits, chat, arrayan, within):
    waits()
    tap = {"reply_id": said(chat).buttons[0]["id"]}
    chat.waits(minutes=31)
    with tenancy.tenant_context(arrayan.pk):
        waitlist.expire()
    assert "ya no está reservado" in chat.says("Sí, lo quiero", kind="button", media=tap)
    assert [one.status for one in chat.appointments] == ["cancelled"]


def test_a_code_of_another_conversation_opens_nothing(waits, chat):
    waits()
    tap = {"reply_id": said(chat).buttons[0]["id"]}
    chat.writes("Sí, lo quiero", phone="+5493415550199", kind="button", media=tap)
    chat.clock.shift(timedelta(seconds=9))
    chat.clinic.turn(phone="+5493415550199")
    assert chat.all(WaitlistOffer)[0].state == "open"


@pytest.mark.parametrize("case", ["staff", "window", "off"])
def test_where_nobody_could_answer_the_desk_calls(waits, chat, arrayan, within, case):
    with within(arrayan):
        if case == "staff":
            Conversation.objects.update(attended_by="staff")
        elif case == "window":
            Conversation.objects.update(last_inbound_at=NOON - timedelta(hours=25))
        else:
            automations.Automation.objects.create(kind="receptionist", enabled=False, changed_at=NOON)
    before = len(chat.clinic.messages(direction="out"))
    [made] = waits()
    assert (made.told, len(chat.clinic.messages(direction="out"))) == ("call", before)


def test_what_did_not_go_out_is_the_desks_to_call(waits, chat, arrayan, within):
    waits()
    message = said(chat)
    with within(arrayan):
        row = ChatMessage.objects.select_related("conversation__channel").get(pk=message.pk)
        outbox._give_up(row, outbox.ProviderError("no", permanent=True, code="x"), row)
    assert chat.all(WaitlistOffer)[0].told == "call"


def test_the_next_one_hears_when_the_first_says_no(waits, chat, rows, arrayan, within, enqueued):
    with within(arrayan):
        second = waitlist.join(patient=PatientFactory(), treatment=rows["limpieza"], by=SYSTEM)
    waits()
    enqueued.clear()
    chat.says("no gracias")
    with within(arrayan):
        [made] = waitlist.fill(freed_id=enqueued.pop())
    assert (made.entry, made.told) == (second, "call")
