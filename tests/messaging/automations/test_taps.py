"""Failure 37, and what a reminder's buttons do: confirm, move, cancel, each once, whatever happened to the visit."""
from datetime import timedelta

import pytest

from agenda import booking
from agenda.models import Appointment
from clinics import tenancy
from messaging import inbox, tap_acts
from messaging.automations.kinds import Kind
from messaging.models import Automation, ChatMessage, Conversation, Tap
from messaging.providers.base import Message
from tests.agenda.factories import AppointmentFactory
from tests.messaging.automations.conftest import at
from tests.messaging.factories import ConversationFactory
from tests.races import at_once

PHONE = "+5493415550139"


@pytest.fixture
def reminded(scene):
    """A visit of tomorrow at 10 and its reminder; `tap("confirm")` taps its button, `work()` lets the job act."""
    scene.on(Kind.REMINDER)
    visit = scene.visit(at(10, day=25), phone=PHONE)
    scene.tend()
    count = iter(range(1, 100))

    def tap(action, *, code=None, phone=PHONE, wamid=None, last=0):
        with scene.within():
            found = Tap.objects.filter(action=action).order_by("-pk")
            code = code or f"tap:{found[last].code}"
        number = next(count)
        event = Message(
            event_id=f"evt_{number}", kind="button", raw={}, provider_id=wamid or f"wamid.T{number}",
            ref=f"in_{number}", phone=phone, name="Ana", text="Botón", media={"reply_id": code})
        with tenancy.tenant_context(scene.tenant.pk):
            return inbox.receive(channel=scene.channel, event=event)

    def work():
        scene.clock.shift(timedelta(seconds=5))
        with tenancy.tenant_context(scene.tenant.pk):
            return [tap_acts.act(pk) for pk in tap_acts.overdue()]

    def said():
        return [one.text for one in scene.messages(author="receptionist")]

    def now():
        with scene.within():
            return Appointment.objects.get(pk=visit.pk)

    def conversation():
        with scene.within():
            return Conversation.objects.get(phone=PHONE)

    scene.tap, scene.work, scene.said, scene.now, scene.row = tap, work, said, now, visit
    scene.conversation = conversation
    return scene


def test_failure_37_one_tap_is_answered_by_the_button_and_by_nobody_else(reminded, receptionist):
    from messaging import turns

    message = reminded.tap("confirm")
    assert message.kind == "tap"
    row = reminded.conversation()
    assert row.quiet_at is None and row.waiting_since is None
    reminded.work()
    assert reminded.now().status == "confirmed"
    text, = reminded.said()
    assert "quedó confirmado" in text and "miércoles 25/11 a las 10:00" in text and "Mitre 1240" in text
    reminded.clock.shift(timedelta(minutes=5))
    with tenancy.tenant_context(reminded.tenant.pk):
        assert turns.take(row.pk) is None
    assert receptionist.calls == [] and len(reminded.said()) == 1


def test_failure_37_what_they_write_next_is_answered_without_the_tap(reminded, receptionist):
    from messaging import turns

    reminded.tap("confirm")
    reminded.work()
    with tenancy.tenant_context(reminded.tenant.pk):
        inbox.receive(channel=reminded.channel, event=Message(
            event_id="evt_x", kind="text", raw={}, provider_id="wamid.X", phone=PHONE, text="¿dónde queda?"))
        reminded.clock.shift(timedelta(seconds=30))
        turns.take(reminded.conversation().pk)
    assert [one.text for one in receptionist.calls[0]["messages"]] == ["¿dónde queda?"]


def test_a_double_tap_is_one_effect_and_one_answer(reminded):
    reminded.tap("confirm")
    reminded.tap("confirm")
    reminded.work()
    reminded.tap("confirm")
    reminded.work()
    assert len(reminded.said()) == 1 and reminded.now().version == 2


@pytest.mark.django_db(transaction=True)
def test_a_tap_that_two_jobs_take_at_once_acts_once(reminded):
    reminded.tap("confirm")
    with reminded.within():
        tap = Tap.objects.get(action="confirm")
    at_once(lambda: tenancy.tenant_context(reminded.tenant.pk), [lambda: tap_acts.act(tap.pk)] * 6)
    assert reminded.now().version == 2 and len(reminded.said()) == 1


def test_the_same_delivery_twice_is_one_tap(reminded):
    reminded.tap("confirm", wamid="wamid.SAME")
    reminded.tap("confirm", wamid="wamid.SAME")
    reminded.work()
    assert len(reminded.said()) == 1


def test_confirmed_at_the_desk_already_says_so(reminded, desk):
    with reminded.within():
        booking.confirm(appointment=reminded.row, by=desk)
    reminded.tap("confirm")
    reminded.work()
    assert reminded.now().version == 2 and "Ya lo tenías confirmado" in reminded.said()[0]


def test_cancel_asks_once_more_and_then_cancels(reminded):
    reminded.tap("cancel")
    reminded.work()
    assert reminded.now().status == "scheduled"
    question, = reminded.messages(author="receptionist")
    assert [one["title"] for one in question.buttons] == ["Sí, cancelar", "No, lo mantengo"]
    reminded.tap("cancel_yes")
    reminded.work()
    assert reminded.now().status == "cancelled" and "cancelé el turno" in reminded.said()[1]


def test_who_keeps_it_keeps_it(reminded):
    reminded.tap("cancel")
    reminded.work()
    reminded.tap("cancel_no")
    reminded.work()
    assert reminded.now().status == "scheduled" and "sigue en pie" in reminded.said()[1]


def test_a_clinic_that_does_not_ask_cancels_at_once(reminded):
    with reminded.within():
        Automation.objects.update(asks_before_cancelling=False)
    reminded.tap("cancel")
    reminded.work()
    assert reminded.now().status == "cancelled"


def test_reschedule_opens_the_receptionists_flow(reminded):
    reminded.tap("move")
    reminded.work()
    row = reminded.conversation()
    assert (row.stage, row.facts["purpose"], row.facts["appointment"]) == ("move_when", "move", reminded.row.pk)
    assert "¿Para qué día pasamos el turno del miércoles 25/11" in reminded.said()[0]


def test_reschedule_of_a_conversation_that_a_person_attends_waits_for_the_person(reminded, people):
    with reminded.within():
        Conversation.objects.update(attended_by="staff", assigned_to_id=people["secretary"].user_id)
    reminded.tap("move")
    reminded.work()
    row = reminded.conversation()
    assert row.waiting_since and row.assigned_to_id == people["secretary"].user_id and row.stage == ""
    assert "Le aviso a recepción" in reminded.said()[0]


def test_a_move_waits_while_the_receptionist_thinks(reminded):
    import uuid

    with reminded.within():
        Conversation.objects.update(claim=uuid.uuid4(), claimed_at=at(12))
    reminded.tap("move")
    assert reminded.work() == [None] and reminded.said() == []
    with reminded.within():
        Conversation.objects.update(claim=None, claimed_at=None)
    reminded.work()
    assert len(reminded.said()) == 1


def test_an_old_reminder_of_a_visit_that_moved_says_what_is_so_now(reminded, desk):
    with reminded.within():
        booking.move(appointment=reminded.row, start_at=at(11, day=26), by=desk)
    reminded.tap("confirm")
    reminded.work()
    message, = reminded.messages(author="receptionist")
    assert "ahora es el jueves 26/11 a las 11:00" in message.text and reminded.now().status == "scheduled"
    reminded.tap("confirm")
    reminded.work()
    assert reminded.now().status == "confirmed"


@pytest.mark.parametrize(("changes", "said"), [
    ({"status": "cancelled"}, "está cancelado"), ({"status": "arrived"}, "ya empezó"),
    ({"status": "no_show"}, "ya pasó")])
def test_a_visit_that_is_no_more_ahead_is_left_as_it_is(reminded, changes, said):
    with reminded.within():
        Appointment.objects.update(**changes)
    reminded.tap("cancel")
    reminded.work()
    assert reminded.now().status == changes["status"] and said in reminded.said()[0]


def test_a_tap_after_the_visit_says_that_it_passed(reminded):
    reminded.clock.move_to(at(11, day=25))
    reminded.tap("confirm")
    reminded.work()
    assert reminded.now().status == "scheduled" and "ya pasó" in reminded.said()[0]


def test_a_code_of_another_conversation_does_nothing(reminded):
    with reminded.within():
        other = ConversationFactory(channel=reminded.channel, phone="+5493415550188")
    message = reminded.tap("cancel", phone=other.phone)
    reminded.work()
    assert message.kind == "button" and reminded.now().status == "scheduled" and reminded.said() == []


def test_a_code_of_another_clinic_does_nothing(reminded, bosque, within):
    with within(bosque):
        from messaging.models import Channel

        strange = AppointmentFactory(start_at=at(10, day=25))
        row = ConversationFactory(channel=Channel.objects.get(), phone=PHONE)
        Tap.objects.create(
            conversation=row, appointment=strange, action="cancel", code="strange", visit_at=strange.start_at,
            created_at=at(12), expires_at=at(10, day=25))
    message = reminded.tap("cancel", code="tap:strange")
    reminded.work()
    assert message.kind == "button"
    with within(bosque):
        assert Appointment.objects.get().status == "scheduled" and Tap.objects.get().tapped_at is None


def test_a_fault_is_tried_again_and_then_a_person_looks(reminded, monkeypatch):
    def broken(**_said):
        raise RuntimeError

    monkeypatch.setattr(booking, "confirm", broken)
    reminded.tap("confirm")
    for _try in range(5):
        reminded.work()
    row = reminded.conversation()
    assert row.attended_by == "staff" and reminded.now().status == "scheduled"
    with reminded.within():
        assert Tap.objects.get(action="confirm").acted_at
        assert ChatMessage.objects.filter(direction="out").exclude(kind="template").count() == 1  # of the handoff


def test_the_agenda_hears_of_it(reminded, monkeypatch):
    from clinics import live

    heard = []
    monkeypatch.setattr(live, "say", lambda event, **ids: heard.append((event, ids.get("appointment"))))
    reminded.tap("confirm")
    reminded.work()
    assert ("APPOINTMENT_UPDATED", reminded.row.pk) in heard


