"""Failure 45: a model whose parameters changed made her mute. What is asked is what the published client knows; what a
model refuses of it is noted by name, and the patient is answered."""
import json

import pytest
from openai.types.chat.completion_create_params import CompletionCreateParamsNonStreaming
from pydantic import TypeAdapter

from clinics.models import SystemEvent
from messaging.models import Turn
from tests.fakes.openai import call
from tests.messaging.receptionist.scripted import CHECK, options_said


def test_each_question_is_what_the_published_client_knows(chat, model):
    model.then(call("check_availability", **CHECK), options_said)
    chat.says("hola, quiero una limpieza, tengo osde")
    chat.says("el 2, soy Carolina Méndez, 30.123.456")
    known = CompletionCreateParamsNonStreaming.__annotations__
    assert len(model.asked) > 2
    for asked in model.asked:
        assert set(asked) <= set(known), set(asked) - set(known)
        TypeAdapter(CompletionCreateParamsNonStreaming).validate_json(json.dumps(asked))


@pytest.mark.parametrize("status", [400, 404])
def test_a_model_that_there_is_not_is_noted_by_name_and_the_patient_answered(chat, model, settings, status):
    settings.OPENAI_MODEL = "gpt-nobody-knows"
    model.script.extend([status] * 4)
    assert "obra social" in chat.says("hola, quiero una limpieza")
    assert chat.turn.engine == Turn.Engine.RULES
    event = chat.all(SystemEvent, event="receptionist.model_fault")[0]
    assert event.payload["model"] == "gpt-nobody-knows"
    assert event.payload["fault"].startswith(("BadRequestError", "NotFoundError"))
