"""Failure 27, by the model's engine: what could not be read became today. The tool asks, whatever a model makes of
it."""
import pytest

from tests.fakes.openai import call, say
from tests.messaging.receptionist.scripted import CHECK, refused


@pytest.mark.parametrize("words", ["el 31 de febrero", "el 32/13", "el 45"])
def test_a_day_that_nobody_can_read_is_asked(chat, model, words):
    model.then(call("check_availability", **CHECK | {"when": words}), say("¿Qué día te queda bien?"))
    assert chat.says(f"quiero una limpieza {words}, tengo osde") == "¿Qué día te queda bien?"
    assert refused(chat, "check_availability") == ["date_unclear"]
    assert chat.offers == []


@pytest.mark.parametrize("on_date", ["hoy", "2026-02-31", "24/11/2026"])
def test_nor_one_of_the_models_own(chat, model, on_date):
    model.then(call("check_availability", **CHECK | {"on_date": on_date}), say("¿Qué día te queda bien?"))
    chat.says("quiero una limpieza, tengo osde")
    assert refused(chat, "check_availability") == ["date_unclear"]
    assert chat.offers == []
