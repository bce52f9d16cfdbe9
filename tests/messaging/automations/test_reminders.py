"""Failures 23, 55 and 57, and the reminder's own reasons."""
from datetime import timedelta

import pytest

from agenda import booking
from messaging.automations import looks
from messaging.automations.kinds import Kind
from messaging.models import Automation, AutomationLook, Channel, ChatMessage, Conversation
from tests.agenda.factories import PatientFactory
from tests.messaging.automations.conftest import NOON, at
from tests.messaging.factories import ConversationFactory


def test_tomorrows_visit_is_reminded_by_template_with_its_mirror_and_its_row(scene):
    scene.on(Kind.REMINDER)
    visit = scene.visit(at(10, day=25))
    run, = scene.tend()
    assert (run.state, run.reason, run.appointment_id) == ("sent", "", visit.pk)
    message, = scene.messages()
    assert message.pk == run.message_id and message.kind == "template" and message.author == "template"
    assert "Ana" in message.text and "miércoles 25/11" in message.text and "10:00" in message.text
    sent = message.template
    assert (sent["name"], sent["language"]) == ("recordatorio_turno", "es_AR")
    assert sent["components"]["body"][3:5] == ["miércoles 25/11", "10:00"]
    assert [one["index"] for one in sent["components"]["buttons"]] == [0, 1, 2]
    assert all(one["payload"].startswith("tap:") for one in sent["components"]["buttons"])


def test_failure_23_at_half_past_nine_in_the_evening_tomorrows_list_is_complete(scene):
    """In UTC it is already the day after: from 00:30 to 23:30 every visit of the clinic's tomorrow is found."""
    scene.on(Kind.REMINDER, sends_from=at(8).time(), sends_until=at(22).time())
    tomorrow = [scene.visit(at(hour, 30, day=25), phone=f"+54934155501{hour:02}") for hour in range(0, 24, 3)]
    scene.visit(at(0, 30, day=26), phone="+5493415550200")  # the day after
    scene.clock.move_to(at(21, 30))
    runs = scene.tend()
    assert {run.appointment_id for run in runs} == {visit.pk for visit in tomorrow}
    assert {run.state for run in runs} == {"sent"}


def test_failure_23_it_is_sent_at_the_clinics_hour_not_at_seven_in_the_morning(scene):
    scene.on(Kind.REMINDER)  # from 10:00
    scene.visit(at(10, day=25))
    scene.clock.move_to(at(7, 0))
    run, = scene.tend()
    assert run.state == "due" and run.due_at == at(10)
    scene.clock.move_to(at(9, 59))
    assert scene.tend()[0].state == "due"
    scene.clock.move_to(at(10, 0))
    assert scene.tend()[0].state == "sent"


def test_failure_55_a_hundred_and_thirty_visits_tomorrow_are_as_many_reminders_or_reasons(scene):
    scene.on(Kind.REMINDER)
    for number in range(130):
        phone = "" if number % 13 == 0 else f"+54934155{50000 + number}"
        scene.visit(at(8, day=25) + timedelta(minutes=7 * number), phone=phone, overbooked=True, overbook_reason="x")
    runs = scene.tend()
    assert len(runs) == 130
    assert len([run for run in runs if run.state == "sent"]) == 120 == len(scene.messages())
    assert [run.reason for run in runs if run.state == "unsent"] == ["no_phone"] * 10


def test_failure_57_a_minors_reminder_goes_to_the_guardian(scene):
    scene.on(Kind.REMINDER)
    with scene.within():
        mother = PatientFactory(first_name="Carolina", last_name="Luque", phone="+5493415550177")
        child = PatientFactory(first_name="Mateo", phone="+5493415550199", birth_on="2018-03-01", guardian=mother)
        orphan = PatientFactory(first_name="Sol", phone="", birth_on="2018-03-01", guardian=PatientFactory(phone=""))
    scene.visit(at(10, day=25), patient=child)
    scene.visit(at(11, day=25), patient=orphan)
    first, second = scene.tend()
    assert first.state == "sent" and first.conversation.phone == "+5493415550177"
    assert "Hola Carolina" in first.message.text and "Mateo" in first.message.text
    assert (second.state, second.reason) == ("unsent", "guardian_no_phone")


def test_while_the_window_is_open_the_clinics_own_text_goes_with_the_buttons(scene):
    scene.on(Kind.REMINDER, text="Che {nombre}, mañana {hora}.", template=None)
    visit = scene.visit(at(10, day=25))
    with scene.within():
        ConversationFactory(channel=scene.channel, phone="+5493415550139", patient=visit.patient)
    run, = scene.tend()
    assert run.message.text == "Che Ana, mañana 10:00." and run.message.kind == "text"
    assert [one["title"] for one in run.message.buttons] == ["Confirmar", "Reprogramar", "Cancelar"]


def test_an_id_without_a_phone_is_reminded_where_they_wrote(scene):
    scene.on(Kind.REMINDER)
    visit = scene.visit(at(10, day=25), phone="")
    with scene.within():
        known = ConversationFactory(
            channel=scene.channel, phone="", wa_user_id="AR.9", patient=visit.patient,
            last_inbound_at=NOON - timedelta(days=30))
    run, = scene.tend()
    assert run.state == "sent" and run.conversation_id == known.pk


@pytest.mark.parametrize(("change", "reason"), [
    ({"status": "cancelled"}, "changed"), ({"start_at": at(12, day=25), "end_at": at(13, day=25)}, "changed")])
def test_a_visit_that_changed_before_its_hour_is_not_reminded_as_it_was(scene, change, reason):
    scene.on(Kind.REMINDER)
    visit = scene.visit(at(10, day=25))
    scene.clock.move_to(at(7))
    scene.tend()
    with scene.within():
        type(visit).objects.filter(pk=visit.pk).update(**change)
    scene.clock.move_to(at(10, 6))
    old, *new = scene.tend()
    assert (old.state, old.reason) == ("unsent", reason)
    assert [run.state for run in new] == (["sent"] if "start_at" in change else [])


@pytest.mark.parametrize("change", ["cancel", "move", "nothing"])
def test_a_reminder_that_waits_for_its_number_does_not_tell_a_visit_that_changed_meanwhile(scene, desk, change):
    scene.on(Kind.REMINDER)
    visit = scene.visit(at(16, day=25))
    scene.tend()
    with scene.within():
        Channel.objects.update(held_until=at(13), held_code="190")
        if change == "cancel":
            booking.cancel(appointment=visit, by=desk)
        elif change == "move":
            booking.move(appointment=visit, start_at=at(17, day=25), by=desk)
        else:
            booking.confirm(appointment=visit, by=desk)
    run, message = scene.runs()[0], scene.messages()[0]
    if change == "nothing":
        assert (run.state, message.status) == ("sent", "queued")
    else:
        assert (run.state, run.reason, message.status) == ("unsent", "changed", "cancelled")
        with scene.within():
            assert not ChatMessage.objects.due(now=at(18)).exists()


def test_one_that_is_being_posted_is_left_to_its_post(scene, desk):
    scene.on(Kind.REMINDER)
    visit = scene.visit(at(16, day=25))
    scene.tend()
    with scene.within():
        ChatMessage.objects.update(posting_since=NOON)
        booking.cancel(appointment=visit, by=desk)
    assert (scene.runs()[0].state, scene.messages()[0].status) == ("sent", "queued")


def test_a_late_worker_reminds_the_same_morning_and_says_when_it_is_too_late(scene):
    scene.on(Kind.REMINDER)
    scene.visit(at(10, 30, day=25))
    scene.visit(at(15, day=25), phone="+5493415550140")
    scene.clock.move_to(at(10, day=25))
    assert [(run.state, run.reason) for run in scene.tend()] == [("unsent", "too_late"), ("sent", "")]


def test_who_was_given_a_visit_just_now_is_not_reminded_at_once(scene):
    scene.on(Kind.REMINDER)
    scene.visit(at(10, day=25), created_at=NOON)
    run, = scene.tend()
    assert run.state == "due" and run.due_at == NOON + timedelta(hours=3)


def test_a_look_that_finds_nothing_says_that_it_looked(scene):
    scene.on(Kind.REMINDER)
    assert scene.tend() == []
    with scene.within():
        row, = AutomationLook.objects.all()
    assert (row.kind, row.looks, row.found, row.looked_at) == ("reminder", 1, 0, NOON)


def test_a_look_asks_as_much_for_thirty_as_for_one(scene, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    scene.on(Kind.REMINDER)

    def asked():
        with scene.within():
            known = scene.rule(Kind.REMINDER)
        with scene.within(), CaptureQueriesContext(connection) as seen:
            looks.look(known)
        return len(seen)

    scene.visit(at(10, day=25))
    one = asked()
    for number in range(30):
        scene.visit(at(11, number, day=25), overbooked=True, overbook_reason="x", phone=f"+5493415551{number:03}")
    assert asked() == one


def test_a_rule_that_is_off_looks_for_nothing_and_what_it_had_found_says_so(scene):
    scene.on(Kind.REMINDER)
    scene.visit(at(10, day=25))
    scene.clock.move_to(at(7))
    scene.tend()
    with scene.within():
        Automation.objects.update(enabled=False)
    scene.clock.move_to(at(10, 6))
    assert scene.reasons() == [("reminder", "due", "")]
    scene.tend()
    assert scene.reasons() == [("reminder", "unsent", "off")]


def test_the_other_clinics_visits_are_nobodys_here(scene, bosque, within):
    from tests.agenda.factories import AppointmentFactory

    with within(bosque):
        AppointmentFactory(start_at=at(10, day=25), patient=PatientFactory(phone="+5493415550139"))
    scene.on(Kind.REMINDER)
    assert scene.tend() == []
    with within(bosque):
        assert not Conversation.objects.exists()


def test_a_rule_that_was_just_changed_looks_at_once(scene):
    scene.on(Kind.REMINDER)
    scene.tend()
    scene.visit(at(10, day=25))
    scene.clock.shift(timedelta(minutes=1))
    assert scene.tend() == []
    with scene.within():
        Automation.objects.update(changed_at=NOON + timedelta(minutes=1))
    assert len(scene.tend()) == 1
