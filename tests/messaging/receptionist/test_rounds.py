"""Each question to the model is a row; what it used is counted, and a budget is kept to however many ask at once."""
import json
import threading
from decimal import Decimal

import pytest
from django.db import connection

from clinics import tenancy
from clinics.access import Actor
from clinics.models import SystemEvent
from messaging import budget, language_model
from messaging.models import ModelUsage, Turn, TurnRound, TurnStep
from messaging.receptionist import llm
from tests.fakes.openai import call, say
from tests.messaging.receptionist.scripted import CHECK, options_said
from tests.messaging.receptionist.test_booking import plays

CEO = Actor(kind="staff", role="ceo")
WANTS = "hola, quiero una limpieza, tengo osde"
DEAR = budget.Price(Decimal(10), Decimal(100))  # 90 + 10 tokens: 0.0019


@pytest.fixture
def chooses(arrayan, within):
    def change(**facts):
        with within(arrayan):
            return language_model.change(by=CEO, **facts)

    return change


@pytest.fixture
def used(arrayan, within):
    def usage():
        with within(arrayan):
            return budget.usage()

    return usage


def rounds(chat):
    return chat.all(TurnRound, turn=chat.turn)


def test_each_question_is_a_row_with_its_price_and_its_steps(chat, model, chooses, used, bosque, within):
    chooses(model="otra/modelo-1", temperature=Decimal("0.3"), price_in=DEAR.given, price_out=DEAR.answered)
    model.then(call("check_availability", **CHECK), options_said)
    chat.says(WANTS)
    first, second = rounds(chat)
    assert (first.outcome, second.outcome) == ("called", "answered")
    assert (first.finish, second.finish) == ("tool_calls", "stop")
    assert {(one.model, one.temperature, one.prompt_tokens, one.completion_tokens, one.cost, one.estimated)
            for one in (first, second)} == {
        ("otra/modelo-1", Decimal("0.30"), 90, 10, Decimal("0.001900"), False)}
    assert len(first.prompt_hash) == 64 and first.prompt_hash != second.prompt_hash
    steps = {step.tool: step.round_id for step in chat.all(TurnStep, turn=chat.turn)}
    assert steps == {"triage_urgency": None, "check_availability": first.pk}, "triage was code's own"
    assert [(body["model"], body["temperature"]) for body in model.asked] == [("otra/modelo-1", 0.3)] * 2
    row = used()
    assert (row.rounds, row.prompt_tokens, row.completion_tokens, row.cost, row.unpriced_tokens) == (
        2, 180, 20, Decimal("0.003800"), 0)
    with within(bosque):
        assert not ModelUsage.objects.exists() and not TurnRound.objects.exists()


def test_without_a_choice_the_installations_model_is_asked_as_it_is(chat, model, used, settings):
    settings.OPENAI_MODEL = "de-la-casa"
    chat.says("hola")
    assert model.asked[0]["model"] == "de-la-casa" and "temperature" not in model.asked[0]
    (row,) = rounds(chat)
    assert (row.model, row.temperature, row.cost) == ("de-la-casa", None, None), "no price is assumed"
    assert (used().unpriced_tokens, used().cost) == (100, 0)
    settings.MODEL_PRICES = {"de-la-casa": (DEAR.given, DEAR.answered)}
    chat.says("hola")
    assert used().cost == Decimal("0.0019")


def test_the_same_question_has_the_same_hash():
    access = llm.Access("k", "http://x/v1", "m")
    asked = {"talk": [{"role": "user", "content": "á"}], "tools": []}
    assert llm.as_sent(access, **asked) == llm.as_sent(access, **json.loads(json.dumps(asked)))


@pytest.mark.parametrize(("fault", "error", "tokens"), [
    (401, "AuthenticationError", 0), (404, "NotFoundError", 0), (500, "InternalServerError", 0),
    ("cut", "APIConnectionError", None), ("nonsense", "malformed answer", None),
])
def test_a_fault_is_a_row_and_what_may_have_been_charged_is_counted(chat, model, used, fault, error, tokens):
    model.then(fault, fault)
    assert "obra social" in chat.says("hola, quiero una limpieza")
    (row,) = rounds(chat)
    assert (row.outcome, row.error) == ("failed", error)
    if tokens == 0:
        assert (row.tokens, row.estimated, used().tokens) == (0, False, 0)
    else:
        assert row.estimated and row.tokens == used().tokens > 300
    assert {step.round_id for step in chat.all(TurnStep, turn=chat.turn)} <= {None}, "the dialogue's own steps"


def test_a_server_that_does_not_count_is_estimated(chat, model, used, monkeypatch):
    monkeypatch.setattr(llm, "_counted", lambda usage: None)
    chat.says("hola")
    (row,) = rounds(chat)
    assert row.outcome == "answered" and row.estimated and used().tokens == row.tokens > 300


def test_what_the_guard_caught_is_in_its_round(chat, model):
    model.then(say("Te reservé el turno para mañana a las 10."))
    chat.says("hola")
    (row,) = rounds(chat)
    assert "claim:booked" in row.caught
    assert [step.round_id for step in chat.all(TurnStep, turn=chat.turn, tool="guard")] == [row.pk]


def test_past_the_deadline_the_row_says_that_it_was_not_asked(chat, model, used, settings):
    settings.TURN_DEADLINE = 0
    chat.says("hola")
    (row,) = rounds(chat)
    assert (row.outcome, row.error, used().tokens, model.asked) == ("failed", "deadline", 0, [])


def test_when_the_budget_is_used_up_the_dialogue_answers_and_staff_are_told_once(chat, model, chooses, used, clinic):
    chooses(budget_tokens=115)
    plays(chat, "hola")
    assert chat.turn.engine == Turn.Engine.MODEL
    assert [event.payload["part"] for event in chat.all(SystemEvent, event="model.budget")] == [80]
    plays(chat, "gracias", "hola, quiero una limpieza", "osde", "el 2", "Carolina Méndez 30123456")
    assert "reservado" in chat.answer and len(chat.appointments) == 1
    assert chat.turn.engine == Turn.Engine.RULES
    assert [event.payload["part"] for event in chat.all(SystemEvent, event="model.budget")] == [80, 100]
    assert len(model.asked) == 2 and used().tokens == 200, "one question passed it, and no more"
    (row,) = rounds(chat)
    assert (row.outcome, row.error, row.tokens) == ("spent", "budget", 0)
    assert not chat.all(SystemEvent, event="receptionist.model_fault"), "it is no fault of the model's"
    chooses(budget_tokens=10_000)
    chat.says("gracias")
    assert len(model.asked) == 3


def test_when_it_is_used_up_in_the_middle_what_was_done_is_told(chat, model, chooses):
    chooses(budget_tokens=50)
    model.then(call("check_availability", **CHECK))
    assert "1) martes 24/11 a las 14:15" in chat.says(WANTS)
    assert [one.outcome for one in rounds(chat)] == ["called", "spent"]


def test_a_budget_in_dollars_is_of_what_the_price_makes_of_the_tokens(chat, model, chooses, used, settings):
    chooses(price_in=DEAR.given, price_out=DEAR.answered, budget_usd=Decimal("0.01"))
    for _turn in range(6):
        chat.says("hola")
    assert len(model.asked) == 6 and used().cost == Decimal("0.0114")
    chat.says("hola")
    assert len(model.asked) == 6
    settings.MODEL_PRICES = {settings.OPENAI_MODEL: (Decimal("0.1"), Decimal("0.1"))}
    chooses(price_in=None, price_out=None, budget_usd=Decimal(1))
    settings.MODEL_PRICES = {}
    chat.says("hola")
    assert len(model.asked) == 6, "a budget that cannot be watched lets nothing through"


def test_a_month_begins_by_the_clinics_own_calendar(chat, model, chooses, used, at_noon):
    at_noon.move_to("2026-12-01T02:30:00+00:00")  # still November in Rosario
    chooses(budget_tokens=50)
    chat.says("hola")
    assert (used().month.isoformat(), used().tokens) == ("2026-11-01", 100)
    at_noon.move_to("2026-12-01T03:30:00+00:00")
    chat.says("hola")
    assert (used().month.isoformat(), len(model.asked)) == ("2026-12-01", 2)


@pytest.mark.django_db(transaction=True)
def test_however_many_ask_at_once_one_question_passes_the_budget(arrayan):
    """They ask before any of them is answered: the estimate of the first is what the others see."""
    most, begun, let_in = budget.Most(tokens=10), threading.Barrier(6), []

    def ask():
        try:
            with tenancy.tenant_context(arrayan.pk):
                begun.wait()
                let_in.append(budget.take((40, 10), most=most, price=None))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _one in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len([month for month in let_in if month]) == 1 and len(let_in) == 6
    with tenancy.tenant_context(arrayan.pk), tenancy.atomic():
        assert ModelUsage.objects.get().tokens == 50


def test_while_a_model_thinks_the_patient_sees_that_somebody_writes(chat, clinic, model, whatsapp, chooses, settings):
    chat.says("hola")
    assert len(whatsapp.typed) == 1, "by the installation's key"
    chooses(budget_tokens=0)
    chat.says("hola")
    settings.OPENAI_API_KEY = ""
    chooses(budget_tokens=None)
    chat.says("hola")
    assert len(whatsapp.typed) == 1, "the dialogue is done before that"
    with clinic:
        language_model.put_key(key="sk-de-la-clinica", by=CEO)
    chat.says("hola")
    assert len(whatsapp.typed) == 2
    llm._client("sk-de-la-clinica", model.base).close()


ODD = "\x00\ud800"


@pytest.mark.parametrize("step", [
    call("check_availability", **CHECK | {"treatment": f"limpieza{ODD}"}), call("check_availability", raw=ODD),
    call(f"hand_off{ODD}"), call("book_appointment", code=ODD), say(f"Te lo reservé{ODD}."), say(ODD),
    call("check_availability", raw='{"treatment": 1e999, "x": NaN}'),
])
def test_what_no_database_keeps_stops_no_turn(chat, model, step):
    model.then(step, say(f"¿Me{ODD} repetís?"))
    assert chat.says("hola").strip()
    assert chat.turn.outcome == "answered" and rounds(chat)[0].outcome in ("called", "answered")
