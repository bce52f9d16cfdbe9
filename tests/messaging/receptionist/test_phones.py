"""Who writes without a phone (a WhatsApp id only) gives one in words, and books."""

import pytest

from messaging.receptionist import contact
from tests.messaging.receptionist.test_booking import TO_DATA, TO_OPTIONS, plays


@pytest.mark.parametrize(
    ("words", "found", "rest"),
    [
        ("+54 9 341 555-9999", "+5493415559999", ""),
        ("mi telefono es 341 555 9999", "+543415559999", "mi telefono es"),
        ("0341 15 555-9999", "+5493415559999", ""), ("3415559999", "+543415559999", ""),
        ("Carolina Méndez 30123456 3415559999", "+543415559999", "Carolina Méndez 30123456"),
        ("30.123.456, cel (0341) 155559999", "+5493415559999", "30.123.456, cel"),
        ("30 123 456 341 555 9999", "+543415559999", "30 123 456"),
        ("Ana Paz 30.123.456", "", "Ana Paz 30.123.456"), ("555-9999", "", "555-9999"),
        ("afiliado 3012345678", "", "afiliado 3012345678"),
    ],
)  # fmt: skip
def test_a_phone_among_words(words, found, rest):
    number, left = contact.phone(words, country="AR", asked=True)
    assert (number, left.strip()) == (found, rest)


def test_unasked_only_what_is_called_a_phone():
    assert contact.phone("3415559999", country="AR") == ("", "3415559999")
    assert contact.phone("mi cel es 3415559999", country="AR")[0] == "+543415559999"


@pytest.fixture
def nameless(chat, writes):
    """A WhatsApp username: no phone comes with what it writes."""
    chat.writes = lambda text, **more: writes(text, phone="", user_id="AR.77", **more)
    return chat


@pytest.mark.parametrize(
    "lines",
    [
        ("Carolina Méndez 30123456", "+54 9 341 555-9999"), ("+54 9 341 555-9999", "Carolina Méndez 30123456"),
        ("Carolina Méndez 30123456, tel +54 9 341 555-9999",), ("Carolina Méndez", "30123456", "0341 15 555 9999"),
        ("Carolina Méndez 30.123.456", "4559999", "+5493415559999"),
    ],
)  # fmt: skip
def test_the_whole_dialogue_without_a_channels_phone(nameless, lines):
    assert "un teléfono" in plays(nameless, *TO_DATA)
    assert "reservado" in plays(nameless, *lines)
    patient = nameless.appointments[0].patient
    assert (patient.name, patient.dni, patient.phone) == ("Carolina Méndez", "30123456", "+5493415559999")
    assert nameless.conversation.patient == patient


def test_a_phone_that_is_too_short_is_asked_again_and_is_no_document(nameless):
    answer = plays(nameless, *TO_DATA, "Carolina Méndez 30123456", "4559999")
    assert "código de área" in answer
    assert nameless.conversation.facts["dni"] == "30123456"


def test_a_phone_said_early_is_not_asked_again(nameless):
    plays(nameless, "soy Carolina Méndez, mi teléfono es +54 9 341 555-9999", *TO_OPTIONS)
    assert plays(nameless, "el 2").endswith("Me falta tu DNI.")
    assert "reservado" in nameless.says("30123456")
