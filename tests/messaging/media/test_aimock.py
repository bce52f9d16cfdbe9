"""A peer that we did not write: OpenAI's own client with chat, tools and transcription, through the product."""
import json
import shutil

import pytest

from messaging.models import TurnStep
from tests.fakes.aimock import CLI, Aimock
from tests.messaging.media.test_turns import chat, receptionist, turn
from tests.messaging.receptionist.conftest import Chat

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not CLI.exists() or not shutil.which("node"), reason="npm ci has not been run, or no node"),
]


@pytest.fixture(scope="module")
def server():
    peer = Aimock()
    yield peer
    peer.close()


@pytest.fixture
def aimock(server, settings):
    settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = server.base, "sk-test-canary-0002"
    return server


def test_a_voice_note_becomes_a_tool_call_and_an_offer(aimock, arrives, chat: Chat, turn):
    file = arrives("audio")
    said = turn()
    assert arrives.again(file).transcript == "Hola, quiero una limpieza, soy particular"
    assert said == "Encontré lugar. ¿Cuál de las opciones te queda mejor?"
    assert "check_availability" in [step.tool for step in chat.all(TurnStep)]
    assert chat.offers
    sent = json.dumps(aimock.journal(), ensure_ascii=False)
    assert "[Nota de voz, transcripta] Hola, quiero una limpieza, soy particular" in sent
    assert "Bosque" not in sent
    assert "30123456" not in sent


def test_words_are_answered(aimock, chat, turn, writes):
    writes("hola")
    assert turn() == "¡Hola! ¿En qué te puedo ayudar?"


__all__ = ["chat", "receptionist", "turn"]
