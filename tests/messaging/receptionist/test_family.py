"""One phone and several patients: she asks for whom, and books for that one."""
from datetime import date

import pytest

from tests.agenda.factories import AppointmentFactory, PatientFactory
from tests.fakes.openai import call, last_result, say
from tests.messaging.receptionist.test_booking import TO_DATA, plays

PHONE = "+5493415550139"


@pytest.fixture
def family(rows, within, arrayan):
    with within(arrayan):
        return [PatientFactory(first_name=name, last_name="Pérez", dni=dni, phone=PHONE)
                for name, dni in (("Ana", "30111222"), ("Beto", "30111333"))]


def test_she_asks_for_whom_and_books_for_that_one(chat, family):
    asked = plays(chat, *TO_DATA)
    assert "Ana o Beto" in asked and "DNI" not in asked
    chat.says("para Beto")
    (row,) = chat.appointments
    assert row.patient == family[1]
    assert chat.conversation.patient is None  # the phone is still both of theirs


def test_the_next_visit_is_asked_about_anew(chat, family):
    plays(chat, *TO_DATA, "para Beto", "gracias")
    assert "Ana o Beto" in plays(chat, "quiero otra limpieza", "la primera")


def test_a_whole_name_before_she_asks_is_enough(chat, family):
    plays(chat, "hola, soy Ana Pérez, quiero una limpieza", "tengo OSDE", "el 2")
    assert "¿Para quién" not in chat.answer


def test_somebody_else_is_asked_for_their_data(chat, family):
    said = plays(chat, *TO_DATA, "Carla Gómez, dni 30999888")
    assert chat.appointments, said
    (row,) = chat.appointments
    assert row.patient.name == "Carla Gómez"


def test_a_mother_and_her_child(chat, rows, within, arrayan):
    with within(arrayan):
        mother = PatientFactory(first_name="Ana", last_name="Pérez", dni="30111222", phone=PHONE)
        child = PatientFactory(
            first_name="Dani", last_name="Ruiz", dni="55111222", phone="", guardian=mother, birth_on=date(2018, 5, 1))
    assert "Ana o Dani" in plays(chat, *TO_DATA)
    chat.says("es para Dani")
    assert chat.appointments[0].patient == child


def test_a_mother_for_herself(chat, rows, within, arrayan):
    with within(arrayan):
        mother = PatientFactory(first_name="Ana", last_name="Pérez", dni="30111222", phone=PHONE)
        PatientFactory(first_name="Dani", last_name="Ruiz", dni="55111222", phone="", guardian=mother)
    plays(chat, *TO_DATA, "para mí")
    assert chat.appointments[0].patient == mother


def test_a_model_finds_whose_visit_it_is_or_asks(chat, family, model, rows, within, arrayan):
    """Nobody is linked to the phone, so none of its visits would be this conversation's."""
    with within(arrayan):
        for patient, what in zip(family, ("limpieza", "consulta"), strict=True):
            AppointmentFactory(patient=patient, professional=rows["arrieta"], treatment=rows[what])
    model.then(call("list_my_appointments"), say("¿A nombre de quién está?"))
    assert chat.says("quiero cancelar un turno") == "¿A nombre de quién está?"
    assert last_result(model.asked[-1]) == {"appointments": [], "whose": ["Ana", "Beto"]}
    model.then(call("list_my_appointments"), say("¿Cancelo ese?"))
    assert "¿Confirmás que cancele tu turno de Consulta" in chat.says("el de Beto")
    (visit,) = last_result(model.asked[-1])["appointments"]
    assert visit["treatment"] == "Consulta"
