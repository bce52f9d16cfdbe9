"""Who writes without a phone (a WhatsApp id only) gives one in words, and books."""

from datetime import UTC, datetime, timedelta

import pytest

from messaging import people
from messaging.automations import sending
from messaging.receptionist import contact
from tests.agenda.factories import AppointmentFactory, PatientFactory
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


def test_a_phone_in_words_is_data_and_opens_nothing_of_whose_it_is(nameless, rows, arrayan, within):
    """They may say anybody's: nothing is looked up by it, and nobody else's patient is linked."""
    far = datetime(2026, 12, 10, 15, 0, tzinfo=UTC)
    with within(arrayan):
        ana = PatientFactory(first_name="Ana", last_name="Quiroga", dni="28456123", phone="+5493415559999")
        AppointmentFactory(patient=ana, professional=rows["brandt"], treatment=rows["conducto"],
                           start_at=far, end_at=far + timedelta(minutes=90))  # fmt: skip
    for said in ("mi teléfono es +54 9 341 555-9999", "qué turnos tengo?", "quiero cancelar mi turno"):
        assert "conducto" not in nameless.says(said).lower()
        assert nameless.conversation.patient is None
    plays(nameless, *TO_DATA, "Carolina Méndez 30123456", "+54 9 341 555-9999")
    assert nameless.conversation.patient.name == "Carolina Méndez"
    assert "conducto" not in nameless.says("qué turnos tengo?").lower()
    with within(arrayan):
        assert people.patients_of(nameless.conversation) == [nameless.conversation.patient]
    assert (nameless.conversation.phone, nameless.conversation.address) == ("", "AR.77")


def test_with_the_owners_document_too_it_proves_nothing(nameless, rows, arrayan, within):
    with within(arrayan):
        PatientFactory(first_name="Ana", last_name="Quiroga", dni="28456123", phone="+5493415559999")
    plays(nameless, *TO_DATA, "Ana Quiroga 28456123", "+54 9 341 555-9999")
    assert nameless.conversation.patient is None
    assert "alguien cuyo teléfono no es el de esta ficha" in nameless.appointments[0].reason


def test_what_is_written_to_them_goes_to_their_id_and_not_to_the_phone_they_said(
        nameless, writes, at_noon, arrayan, within):
    plays(nameless, *TO_DATA, "Carolina Méndez 30123456", "+54 9 341 555-9999")
    at_noon.shift(60)
    writes("hola", phone="+5493415559999")  # whose it is, later
    with within(arrayan):
        found = sending._conversations(nameless.appointments[0].patient)
        assert [one.address for one in found] == ["AR.77", "+5493415559999"]
