"""It calls what there is not, with what cannot be read, for ever, or too much at once."""

import json

import pytest

from clinics import tenancy
from messaging import handoff
from messaging.models import TurnStep
from messaging.receptionist import model as engine
from tests.fakes.openai import call, say
from tests.messaging.receptionist.scripted import CAROLINA, CHECK, book_option, refused


@pytest.mark.parametrize(
    "step",
    [
        call("check_availability", raw="{not json"), call("check_availability", raw='"text"'),
        call("check_availability", treatment=7), call("check_availability", **CHECK, tenant=2),
        call("drop_tables"), call("book_appointment", code=None),
    ],
)  # fmt: skip
def test_malformed_calls_are_refusals_it_can_read(chat, model, step):
    model.then(step, say("¿Me repetís?"))
    assert chat.says("hola") == "¿Me repetís?"
    assert chat.all(TurnStep, turn=chat.turn)[-1].refused
    assert chat.offers == []


def test_it_cannot_search_for_ever(chat, model):
    model.then(*[call("check_availability", **CHECK)] * 9)
    chat.says("hola, quiero una limpieza, tengo osde")
    assert "enough_searches" in refused(chat, "check_availability")
    assert len(model.asked) == 6
    assert "1)" in chat.answer


@pytest.mark.parametrize("raw", [
    "[" * 5000, '{"treatment": "' + "x" * 9000 + '"}', "null", "[]", "{}", '{"treatment": {"$ne": null}}', "\\u0000",
    '{"treatment": "limpieza", "treatment": "x"', "NaN",
    '{"treatment": "limp\\u0000ieza"}', '{"treatment": "\\ud800"}',
    '{"\\u0000": NaN}',
])  # fmt: skip
def test_arguments_of_any_shape_are_refused_and_the_turn_goes_on(chat, model, raw):
    model.then(call("check_availability", raw=raw), say("¿Me repetís?"))
    assert chat.says("hola") == "¿Me repetís?"
    step = chat.all(TurnStep, turn=chat.turn)[-1]
    assert step.refused and len(str(step.arguments)) < 5000
    assert chat.offers == []


def test_a_flood_of_calls_is_cut(chat, model):
    flood = call("list_services")
    flood["tool_calls"] = [{**flood["tool_calls"][0], "id": f"call_{number}"} for number in range(200)]
    model.then(flood, say("¿Qué necesitás?"))
    assert chat.says("hola") == "¿Qué necesitás?"
    assert len(chat.all(TurnStep, turn=chat.turn)) == 4
    answered = [one for one in model.asked[-1]["messages"] if one["role"] == "tool"]
    assert len(answered) == 200 and json.loads(answered[-1]["content"])["code"] == "too_many_calls"


def test_a_loop_ends_and_the_offline_receptionist_answers(chat, model):
    model.then(*[call("list_services")] * 30)
    assert "obra social" in chat.says("hola, quiero una limpieza")
    assert len(model.asked) == 6


def test_it_hands_over_once_however_often_it_asks(chat, model):
    flood = call("hand_off", reason="asked_for_person")
    flood["tool_calls"] = [{**flood["tool_calls"][0], "id": f"call_{number}"} for number in range(3)]
    model.then(flood)
    chat.says("quiero hablar con una persona")
    assert len(chat.clinic.messages(direction="out")) == 1


def test_what_it_still_wants_once_a_person_took_the_conversation_is_not_done(offered, model, people, monkeypatch):
    """It thinks while the secretary takes it: its booking comes too late."""
    run = engine.run

    def late(case, *call, **more):
        with tenancy.atomic():
            handoff.take(conversation=case.conversation, by=people["secretary"].actor)
        return run(case, *call, **more)

    monkeypatch.setattr(engine, "run", late)
    model.then(book_option(2, **CAROLINA), say("Listo, te lo reservé."))
    assert offered.says("el 2, Carolina Méndez 30.123.456") == ""
    assert set(refused(offered, "book_appointment")) == {"not_in_hand"}
    assert offered.appointments == offered.holds == []
