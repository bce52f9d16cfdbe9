"""The patient sees that somebody writes while a model thinks, and nobody waits for that but the answer."""
import threading

import pytest

from messaging import turns
from tests.fakes.openai import say

pytestmark = pytest.mark.django_db


def test_it_is_shown_while_the_model_thinks_and_before_the_answer(chat, model, whatsapp, monkeypatch):
    asked, shown = threading.Event(), []
    show = turns._show_typing

    def slowly(held):
        assert asked.wait(5)  # the model did not wait for it
        show(held)
        shown.append(threading.current_thread() is not threading.main_thread())

    def thinking(_body):
        asked.set()
        return say("Hola, ¿en qué te ayudo?")

    monkeypatch.setattr(turns, "_show_typing", slowly)
    model.then(thinking)
    chat.says("hola")
    assert (whatsapp.typed, shown, chat.answer) == (["in_1"], [True], "Hola, ¿en qué te ayudo?")


def test_a_provider_that_fails_costs_no_answer(chat, model, whatsapp):
    whatsapp.close()
    chat.says("hola")
    assert (chat.turn.outcome, chat.answer) == ("answered", model.otherwise["content"])


def test_offline_nothing_is_shown(chat, whatsapp):
    chat.says("hola")
    assert chat.answer
    assert whatsapp.typed == []
