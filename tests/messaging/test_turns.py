"""A conversation that went quiet is answered once, by one worker, unless somebody else took the word."""
import threading
from datetime import timedelta

import pytest
from django.db import connection

from clinics import tenancy
from clinics.access import SYSTEM
from clinics.access import receptionist as her
from messaging import handoff, turns
from messaging.models import Turn, TurnStep
from tests.messaging.conftest import Said
from tests.messaging.factories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


@pytest.fixture
def wrote(writes, at_noon):
    """Three messages in a burst, and the quiet after them."""
    for text in ("hola", "quiero un turno", "para limpieza"):
        writes(text)
        at_noon.shift(timedelta(seconds=2))
    at_noon.shift(timedelta(seconds=8))


def out(clinic):
    return [message.text for message in clinic.messages(direction="out")]


@pytest.mark.usefixtures("wrote")
def test_a_burst_gets_one_turn_with_all_of_it(clinic, receptionist):
    turn = clinic.turn()
    (call,) = receptionist.calls
    assert [message.text for message in call["messages"]] == ["hola", "quiero un turno", "para limpieza"]
    assert (call["turn"].pk, call["conversation"].pk) == (turn.pk, clinic.conversation().pk)
    assert (turn.outcome, out(clinic)) == ("answered", ["Hola, soy la recepcionista."])
    conversation = clinic.conversation()
    assert (conversation.claim, conversation.quiet_at, conversation.faults) == (None, None, 0)


@pytest.mark.usefixtures("wrote")
def test_once_answered_there_is_nothing_to_take(clinic):
    clinic.turn()
    assert clinic.turn() is None
    assert len(out(clinic)) == 1


def test_before_it_is_quiet_there_is_nothing_to_take(writes, clinic, receptionist):
    writes("hola")
    assert clinic.turn() is None
    assert receptionist.calls == []


@pytest.mark.usefixtures("wrote")
def test_the_answer_to_nothing_new_is_silence(clinic, receptionist):
    receptionist.answers = []
    assert clinic.turn().outcome == "silent"
    assert clinic.conversation().quiet_at is None


@pytest.mark.usefixtures("wrote")
def test_handed_off_while_the_model_thinks_nothing_leaves(clinic, receptionist, secretary):
    def taken_meanwhile(conversation, **_):
        with tenancy.atomic():
            handoff.take(conversation=conversation, by=secretary)
        return Said("Tengo el martes a las 10.")

    receptionist.answers = taken_meanwhile
    assert clinic.turn().outcome == "lost"
    assert out(clinic) == []
    assert len(clinic.messages(direction="in")) == 3


@pytest.mark.usefixtures("wrote")
def test_taken_and_given_back_while_the_model_thinks_nothing_leaves_either(clinic, receptionist, secretary):
    def there_and_back(conversation, **_):
        with tenancy.atomic():
            handoff.take(conversation=conversation, by=secretary)
            handoff.give_back(conversation=conversation, by=secretary)
        return Said("Tengo el martes a las 10.")

    receptionist.answers = there_and_back
    assert clinic.turn().outcome == "lost"
    assert out(clinic) == []


@pytest.mark.usefixtures("wrote")
def test_what_she_says_as_she_hands_over_does_leave(clinic, receptionist):
    def hands_over(conversation, **_):
        with tenancy.atomic():
            handoff.hand_off(conversation=conversation, reason="emergency", by=her(conversation.pk))
        return Said("Andá a la guardia más cercana.", handed_off=True)

    receptionist.answers = hands_over
    assert clinic.turn().outcome == "handed_off"
    assert len(out(clinic)) == 2
    assert out(clinic)[1] == "Andá a la guardia más cercana."
    assert clinic.conversation().attended_by == "staff"
    assert clinic.conversation().claim is None


# More while she thinks


def while_thinking(clinic, writes, text, *answer, before=lambda **_: None):
    def think(**call):
        before(**call)
        writes(text)
        return Said(*answer)

    return think


@pytest.mark.usefixtures("wrote")
def test_a_message_meanwhile_makes_the_answer_stale(clinic, writes, receptionist, at_noon):
    receptionist.answers = while_thinking(clinic, writes, "mejor el jueves", "Te doy el martes.")
    assert clinic.turn().outcome == "stale"
    assert out(clinic) == []
    receptionist.answers = ["Te doy el jueves."]
    at_noon.shift(timedelta(seconds=9))
    assert clinic.turn().outcome == "answered"
    assert [message.text for message in receptionist.calls[-1]["messages"]] == [
        "hola", "quiero un turno", "para limpieza", "mejor el jueves"]
    assert out(clinic) == ["Te doy el jueves."]


@pytest.mark.usefixtures("wrote")
def test_what_she_did_is_said_even_so(clinic, writes, receptionist, at_noon):
    def booked(turn, **_):
        with tenancy.atomic():
            TurnStep.objects.create(turn=turn, position=1, tool="book_appointment", started_at=NOON)

    receptionist.answers = while_thinking(clinic, writes, "gracias", "Listo: martes 24/11 a las 10:00.", before=booked)
    assert clinic.turn().outcome == "answered"
    assert out(clinic) == ["Listo: martes 24/11 a las 10:00."]
    at_noon.shift(timedelta(seconds=9))
    receptionist.answers = []
    clinic.turn()
    assert [message.text for message in receptionist.calls[-1]["messages"]] == ["gracias"]


# Faults and dead workers


@pytest.mark.usefixtures("wrote")
def test_the_first_attempt_fails_and_it_is_answered_once(clinic, receptionist, at_noon):
    receptionist.answers = lambda **_: 1 / 0
    assert (clinic.turn().outcome, out(clinic)) == ("failed", [])
    assert clinic.turn() is None  # not at once
    receptionist.answers = ["Acá estoy."]
    at_noon.shift(timedelta(seconds=turns.FIRST_PAUSE + 1))
    assert clinic.turn().outcome == "answered"
    assert out(clinic) == ["Acá estoy."]


@pytest.mark.usefixtures("wrote")
def test_when_it_keeps_failing_a_person_is_asked_and_the_patient_told(clinic, receptionist, at_noon):
    receptionist.answers = lambda **_: 1 / 0
    for _attempt in range(turns.FAULTS + 1):
        clinic.turn()
        at_noon.shift(timedelta(minutes=5))
    conversation = clinic.conversation()
    assert (conversation.attended_by, conversation.handoff_reason) == ("staff", "fault")
    assert len(out(clinic)) == 1
    assert conversation.waiting_since is not None


@pytest.mark.usefixtures("wrote")
def test_a_dead_workers_claim_runs_out_and_the_sweeper_finds_it(clinic, receptionist, at_noon, settings):
    with clinic:
        assert turns._claim(clinic.conversation().pk)  # and then the worker is killed
        at_noon.shift(timedelta(seconds=settings.TURN_LEASE - 1))
        assert turns.overdue() == []
        assert clinic.turn() is None
        at_noon.shift(timedelta(seconds=5))
        assert turns.overdue() == [clinic.conversation().pk]
    assert clinic.turn().outcome == "answered"
    assert len(out(clinic)) == 1


@pytest.mark.usefixtures("wrote")
def test_a_slow_worker_whose_claim_ran_out_says_nothing(clinic, receptionist, at_noon, settings):
    def slow(**call):
        at_noon.shift(timedelta(seconds=settings.TURN_LEASE + 1))
        receptionist.answers = ["La segunda."]
        assert clinic.turn().outcome == "answered"
        return Said("La primera.")

    receptionist.answers = slow
    assert clinic.turn().outcome == "lost"
    assert out(clinic) == ["La segunda."]


def test_the_sweeper_takes_a_turn_whose_job_was_lost(writes, clinic, at_noon):
    writes("hola")
    at_noon.shift(timedelta(seconds=11))
    with clinic:
        assert turns.overdue() == [clinic.conversation().pk]


def test_nobody_elses_turns_are_swept(writes, bosque, at_noon):
    writes("hola")
    at_noon.shift(timedelta(seconds=11))
    with tenancy.tenant_context(bosque.pk):
        assert turns.overdue() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("wrote")
def test_eight_workers_at_once_answer_once(clinic, receptionist):
    gate, taken = threading.Barrier(8), []
    conversation_id = clinic.conversation().pk

    def worker():
        gate.wait()
        with tenancy.tenant_context(clinic.tenant.pk):
            taken.append(turns.take(conversation_id))
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([turn for turn in taken if turn]) == 1
    assert len(receptionist.calls) == len(out(clinic)) == 1


# Late messages


def test_late_but_of_today_it_is_answered_and_said_to_be_late(writes, clinic, receptionist, at_noon):
    writes("quiero un turno para hoy", sent_at=NOON - timedelta(hours=2))
    at_noon.shift(timedelta(seconds=9))
    clinic.turn()
    assert [message.text for message in receptionist.calls[0]["messages"]] == ["quiero un turno para hoy"]
    assert out(clinic) == ["Tu mensaje del 24/11 a las 10:00 nos llegó recién.\nHola, soy la recepcionista."]
    writes("para la tarde", sent_at=NOON - timedelta(hours=2))
    at_noon.shift(timedelta(seconds=9))
    clinic.turn()
    assert out(clinic)[1:] == ["Hola, soy la recepcionista."]


def test_yesterdays_today_is_not_today(writes, clinic, receptionist, at_noon):
    writes("quiero un turno para hoy", sent_at=NOON - timedelta(hours=20))
    at_noon.shift(timedelta(seconds=9))
    clinic.turn()
    assert receptionist.calls == []
    (said,) = out(clinic)
    assert said.startswith("Tu mensaje del 23/11 a las 16:00 nos llegó recién. ¿Seguís necesitando")


def test_in_a_burst_only_what_is_of_now_is_answered(writes, clinic, receptionist, at_noon):
    writes("para hoy", sent_at=NOON - timedelta(hours=20))
    writes("hola, ¿hay turnos?")
    at_noon.shift(timedelta(seconds=9))
    clinic.turn()
    assert [message.text for message in receptionist.calls[0]["messages"]] == ["hola, ¿hay turnos?"]
    assert len(out(clinic)) == 1


def test_a_turn_that_comes_after_the_window_closed_goes_to_a_person(writes, clinic, receptionist, at_noon):
    writes("hola")
    at_noon.shift(timedelta(hours=25))
    clinic.turn()
    assert receptionist.calls == out(clinic) == []
    assert clinic.conversation().handoff_reason == "window_closed"


# Handing over and back


def test_given_back_the_next_message_is_answered_and_only_that(writes, clinic, receptionist, at_noon, secretary):
    writes("quiero hablar con alguien")
    with clinic, tenancy.atomic():
        handoff.hand_off(conversation=clinic.conversation(), reason="asked", by=SYSTEM)
    writes("¿hay alguien?")
    with clinic, tenancy.atomic():
        handoff.give_back(conversation=clinic.conversation(), by=secretary)
    at_noon.shift(timedelta(seconds=30))
    assert clinic.turn() is None
    writes("gracias, y un turno")
    at_noon.shift(timedelta(seconds=9))
    clinic.turn()
    assert [message.text for message in receptionist.calls[0]["messages"]] == ["gracias, y un turno"]


def test_every_turn_is_a_row(clinic, wrote, receptionist, at_noon):
    receptionist.answers = lambda **_: 1 / 0
    clinic.turn()
    with clinic, tenancy.atomic():
        assert [(row.outcome, row.error) for row in Turn.objects.all()] == [("failed", "ZeroDivisionError")]
