"""The model's engine against a peer on loopback: it books, it fails, and the patient is answered. Its lies: lies/."""

import json

import pytest

from agenda import availability
from clinics import vault
from clinics.models import SystemEvent
from messaging.models import Turn, TurnStep
from messaging.receptionist import llm, phrases
from tests.fakes.openai import call, say
from tests.messaging.receptionist.scripted import CAROLINA, CHECK, NOBODY, book_option
from tests.messaging.receptionist.test_booking import local, plays


def test_a_model_drives_a_booking(offered, model, rows):
    chat = offered
    assert "miércoles 25/11 a las 09:00" in chat.answer
    assert chat.turn.engine == Turn.Engine.MODEL
    model.then(book_option(2, **NOBODY), say("¡Bárbaro! ¿Me pasás tu nombre completo y tu DNI?"))
    assert "DNI" in chat.says("el 2")
    assert len(chat.holds) == 1
    model.then(book_option(2, **CAROLINA), say("Listo!! Te espero el jueves 26 a las 11 :)"))
    confirmation = chat.says("Carolina Méndez 30.123.456")
    assert "Limpieza dental el miércoles 25/11 a las 09:00 con la Dra. Paula Arrieta" in confirmation
    assert "jueves" not in confirmation
    assert local(chat, chat.appointments[0]) == "25/11 09:00"
    assert chat.appointments[0].patient.dni == "30123456"
    assert [step.tool for step in chat.all(TurnStep)] == [
        "triage_urgency", "check_availability", "book_appointment", "book_appointment"]  # fmt: skip
    assert chat.all(TurnStep, tool="check_availability")[0].tokens == 100


def test_what_is_sent_names_no_phone_and_one_call_at_a_time(chat, model):
    chat.says("hola")
    body = model.asked[0]
    assert body["parallel_tool_calls"] is False
    assert len(body["tools"]) == 10
    assert all(tool["function"]["strict"] for tool in body["tools"])
    assert "3415550139" not in json.dumps(body)
    assert body["messages"][-1] == {"role": "user", "content": "hola"}
    assert "martes 24/11/2026" in body["messages"][0]["content"]


@pytest.mark.parametrize("fault", [500, 429, 400, "cut", "nonsense"])
def test_when_it_errs_the_patient_books_all_the_same(chat, model, fault):
    model.script.extend([fault] * 8)
    plays(chat, "hola, quiero una limpieza", "osde", "el 2", "Carolina Méndez 30123456")
    assert "reservado" in chat.answer
    assert chat.turn.engine == Turn.Engine.RULES
    assert len(chat.appointments) == 1
    assert chat.all(SystemEvent, event="receptionist.model_fault")


def test_when_it_hangs_the_patient_gets_an_answer(chat, model, settings):
    settings.MODEL_TIMEOUT = settings.TURN_DEADLINE = 0.2
    model.then("hang")
    assert "obra social" in chat.says("hola, quiero una limpieza")


def test_when_it_is_unreachable_the_patient_gets_an_answer(chat, model, settings):
    settings.OPENAI_BASE_URL = "http://127.0.0.1:9/v1"
    assert "obra social" in chat.says("hola, quiero una limpieza")
    llm._client("sk-test", "http://127.0.0.1:9/v1").close()


def test_past_the_turns_deadline_it_is_not_asked(chat, model, settings):
    settings.TURN_DEADLINE = 0
    assert "obra social" in chat.says("hola, quiero una limpieza")
    assert model.asked == []


def test_when_it_fails_after_a_search_the_offer_is_told_from_the_row(chat, model):
    model.then(call("check_availability", **CHECK), 500)
    assert "1) martes 24/11 a las 14:15" in chat.says("hola, quiero una limpieza, tengo osde")
    assert len(chat.offers) == 1


def test_when_it_fails_after_booking_the_confirmation_is_told_from_the_row(offered, model):
    model.then(book_option(2, **CAROLINA), "cut")
    assert "reservado" in offered.says("el 2. Carolina Méndez 30.123.456")
    assert len(offered.appointments) == 1


def test_when_it_fails_on_what_is_not_wanted_any_more_the_patient_hears_that_it_was_let_go(offered, model):
    model.then(book_option(2, **NOBODY), say("¿Me pasás tu nombre completo y tu DNI?"))
    offered.says("el 2")
    assert len(offered.holds) == 1
    model.then(500, 500)
    assert offered.says("mejor no, dejalo") == phrases.left_it()
    assert offered.holds == [] and offered.conversation.failed_attempts == 0


def test_the_offline_engine_takes_up_where_the_model_left(offered, model):
    model.script.extend([500] * 5)
    plays(offered, "el miércoles", "Carolina Méndez 30123456")
    assert local(offered, offered.appointments[0]) == "25/11 09:00"


def test_a_key_of_the_clinics_own_is_enough(chat, model, settings, within, arrayan):
    settings.OPENAI_API_KEY = ""
    with within(arrayan):
        vault.put("openai.api_key", "sk-test")
    chat.says("hola")
    assert len(model.asked) == 1


def test_a_tool_that_breaks_is_an_honest_line_and_an_alert(chat, monkeypatch, within, arrayan):
    def broken(**asked):
        raise RuntimeError("boom")

    monkeypatch.setattr(availability, "find", broken)
    answer = chat.says("hola, quiero una limpieza, tengo osde")
    assert "no pude consultar la agenda" in answer
    assert ":" not in answer.split("agenda")[1]
    with within(arrayan):
        assert SystemEvent.objects.filter(event="receptionist.tool_fault").count() == 1


def test_what_a_tools_fault_says_of_rows_is_not_logged(chat, monkeypatch, caplog):
    def broken(**asked):
        raise RuntimeError("".join(["Failing row contains (Ana, 28", "456123)"]))

    monkeypatch.setattr(availability, "find", broken)
    chat.says("hola, quiero una limpieza, tengo osde")
    assert "tool check_availability failed: RuntimeError" in caplog.text
    assert "28456123" not in caplog.text


def test_a_handoff_it_may_do_says_one_line(chat, model):
    model.then(call("hand_off", reason="asked_for_person"))
    answer = chat.says("quiero hablar con una persona")
    assert answer == "Le paso tu consulta a una persona del equipo. Te responde por acá."
    assert chat.handed_off
