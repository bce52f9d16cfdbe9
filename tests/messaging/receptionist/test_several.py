"""What one conversation brings more of than one: visits, people, thanks. Rules' own questions, which no tool puts."""

from datetime import datetime

import pytest

from messaging.receptionist.catalogue import Catalogue
from messaging.receptionist.dialogue.several import visits
from tests.agenda.factories import AppointmentFactory
from tests.messaging.receptionist.test_booking import plays
from tests.messaging.receptionist.test_conversations import DONE


def test_both_visits_are_cancelled_one_question_each_and_thanks_end_quietly(chat, rows, known, arrayan, within):
    with within(arrayan):
        for what, at in (("limpieza", "2026-11-26T10:00-03:00"), ("blanqueamiento", "2026-12-02T10:00-03:00")):
            AppointmentFactory(patient=known, professional=rows["arrieta"], treatment=rows[what],
                               start_at=datetime.fromisoformat(at))
    assert "¿Confirmás que cancele tu turno de Limpieza" in chat.says("hola, quiero cancelar los dos turnos")
    assert "¿Confirmás que cancele tu turno de Blanqueamiento" in chat.says("sí")
    assert [row.status for row in chat.appointments] == ["cancelled", "scheduled"]
    assert "queda como estaba" in chat.says("no, ese dejalo")
    assert "¿Confirmás" in chat.says("mejor sí, cancelá el del miércoles")
    chat.says("sí")
    assert [row.status for row in chat.appointments] == ["cancelled", "cancelled"]
    assert "De nada" in chat.says("gracias")
    assert chat.says("👍") == ""


def test_who_came_for_two_is_asked_about_the_other(chat):
    plays(chat, "quiero una limpieza para mis dos hijos, particular", "el primero")
    assert "¿Busco ahora el otro turno?" in chat.says("Lola Paz 55.123.456")
    assert "¿Tiene obra social" in chat.says("sí")
    plays(chat, "particular", "el primero", "Tomás Paz 56.123.456")
    assert [row.patient.name for row in chat.appointments] == ["Lola Paz", "Tomás Paz"]
    assert "otro turno" not in chat.answer


def test_a_child_is_not_who_writes_afterwards(chat):
    plays(chat, "una limpieza para mi hija, particular", "el primero", "Lola Paz 55.123.456")
    plays(chat, "y otro turno para mí", "tengo osde", "el primero")
    assert "tu nombre y apellido y tu DNI" in chat.answer
    plays(chat, "Carolina Paz 30.123.456", "me equivoqué, el apellido es Páez")
    assert [row.patient.name for row in chat.appointments] == ["Lola Paz", "Carolina Páez"]
    with chat.clinic:
        assert chat.conversation.patient_id == chat.appointments[1].patient_id


def test_a_surname_is_corrected_after_the_visit_is_booked(chat):
    plays(chat, *DONE)
    assert "lo corregí" in chat.says("perdón, el apellido es Menéndez")
    assert [patient.last_name for patient in chat.patients] == ["Menéndez"]


@pytest.mark.parametrize(("words", "told"), [
    ("limpieza para mi y consulta para mi hija", [("Limpieza dental", ""), ("Consulta", "hija")]),
    ("una consulta para mi hijo y para mi un blanqueamiento", [("Consulta", "hijo"), ("Blanqueamiento", "")]),
    ("necesito una limpieza y para mi mama una consulta", [("Limpieza dental", ""), ("Consulta", "mama")]),
    ("para mi hija, una consulta; una limpieza para mi", [("Consulta", "hija"), ("Limpieza dental", "")]),
    ("limpieza para mi y para mi marido", [("Limpieza dental", ""), ("Limpieza dental", "marido")]),
    ("limpieza para mi hijo, consulta para mi hija", [("Limpieza dental", "hijo"), ("Consulta", "hija")]),
    ("limpieza y consulta para mi hija", []), ("una limpieza para mi hija", []), ("limpieza y consulta", []),
    ("un implante para mi y una consulta para mi hija", []),  # the first is for a person to arrange
])  # fmt: skip
def test_whose_each_visit_is(rows, arrayan, within, words, told):
    with within(arrayan):
        found = visits(words, Catalogue.load())
    assert [(one.treatment.name, one.who) for one in found] == told
