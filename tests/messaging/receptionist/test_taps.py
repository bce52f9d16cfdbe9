"""A tap on Reprogramar is taken up by the receptionist: the next words are the day, and the same visit moves."""
from datetime import timedelta

import pytest

from clinics import tenancy
from messaging import inbox, tap_acts, taps
from messaging.models import ChatMessage, Conversation
from messaging.providers.base import Message
from tests.agenda.factories import AppointmentFactory, PatientFactory
from tests.messaging.factories import NOON, ConversationFactory

PHONE = "+5493415550139"


@pytest.fixture
def tapped(rows, chat, channel, arrayan, within):
    with within(arrayan):
        patient = PatientFactory(first_name="Carolina", last_name="Luque", dni="30555014", phone=PHONE)
        visit = AppointmentFactory(
            patient=patient, professional=rows["arrieta"], treatment=rows["limpieza"],
            start_at=NOON + timedelta(days=1), end_at=NOON + timedelta(days=1, minutes=45))
        row = ConversationFactory(channel=channel, phone=PHONE, patient=patient, last_inbound_at=None)
        buttons = taps.buttons(conversation=row, appointment=visit, actions=("confirm", "move", "cancel"))

    def tap(place):
        with tenancy.tenant_context(arrayan.pk):
            inbox.receive(channel=channel, event=Message(
                event_id=f"evt_t{place}", kind="button", raw={}, provider_id=f"wamid.T{place}", phone=PHONE,
                text="Reprogramar", media={"reply_id": buttons[place]["id"]}))
            chat.waits(seconds=5)
            for pk in tap_acts.overdue():
                tap_acts.act(pk)
        return visit

    return tap


def test_the_day_they_say_next_moves_that_visit(tapped, chat, arrayan, within):
    visit = tapped(1)
    assert "¿Para qué día pasamos" in chat.clinic.messages(direction="out")[-1].text
    offered = chat.says("el jueves a la tarde")
    assert "jueves" in offered
    chat.says("el primero")
    moved, = chat.appointments
    assert moved.pk == visit.pk and moved.start_at > visit.start_at
    assert not chat.handed_off


def test_of_a_child_whose_guardian_writes_too(tapped, chat, arrayan, within):
    """The conversation knows another person than the visit's: the tap is what lets it speak of that visit."""
    with within(arrayan):
        Conversation.objects.update(patient=None)
    visit = tapped(1)
    chat.says("el jueves a la tarde")
    chat.says("el primero")
    moved, = chat.appointments
    assert moved.pk == visit.pk and moved.start_at > visit.start_at


def test_what_they_write_after_a_confirmation_is_another_matter(tapped, chat, arrayan, within):
    tapped(0)
    assert chat.appointments[0].status == "confirmed"
    assert "obra social" in chat.says("gracias, ¿atienden OSDE?").lower() or chat.answer
    with within(arrayan):
        assert ChatMessage.objects.filter(kind="tap").count() == 1
