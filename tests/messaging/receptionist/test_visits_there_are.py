"""Visits there are: listed, moved and cancelled in the patient's own words."""


from tests.agenda.factories import AppointmentFactory, PatientFactory
from tests.messaging.receptionist.test_booking import local, plays
from tests.messaging.receptionist.test_conversations import DONE


def test_what_appointments_do_i_have(chat):
    plays(chat, *DONE)
    answer = chat.says("qué turnos tengo?")
    assert "Limpieza dental, miércoles 25/11 a las 09:00 con la Dra. Paula Arrieta" in answer
    assert chat.steps == ["list_my_appointments"]


def test_nobody_elses_are_listed(chat, rows, arrayan, within):
    with within(arrayan):
        AppointmentFactory(patient=PatientFactory(), professional=rows["brandt"], treatment=rows["consulta"])
    assert "No encuentro turnos" in chat.says("qué turnos tengo?")


def test_rescheduling_moves_the_same_row(chat):
    plays(chat, *DONE)
    before = chat.appointments[0]
    answer = chat.says("puedo cambiar el turno para el viernes a la tarde?")
    assert "viernes 27/11" in answer
    moved = chat.says("el primero")
    assert "cambiado" in moved
    assert "viernes 27/11 a las 14:00" in moved
    rows = chat.appointments
    assert [row.pk for row in rows] == [before.pk]
    assert local(chat, rows[0]) == "27/11 14:00"
    assert "Gracias" not in chat.says("gracias")
    assert chat.steps == []


def test_rescheduling_asks_when(chat):
    plays(chat, *DONE, "necesito reprogramar mi turno")
    assert "¿Para qué día" in chat.answer
    plays(chat, "el jueves a la mañana")
    assert "jueves 26/11" in chat.answer
    plays(chat, "el 2")
    assert local(chat, chat.appointments[0]).startswith("26/11")


def test_while_moving_a_bare_yes_is_a_question_back(chat):
    plays(chat, *DONE, "quiero cambiar mi turno para el viernes", "dale")
    assert "¿Con cuál te quedás?" in chat.answer
    assert local(chat, chat.appointments[0]) == "25/11 09:00"


def test_cancelling_is_confirmed_and_frees_the_time(chat):
    plays(chat, *DONE)
    asked = chat.says("quiero cancelar mi turno")
    assert "¿Confirmás que cancele" in asked
    assert chat.appointments[0].status == "scheduled"
    answer = chat.says("sí")
    assert "cancelé tu turno del miércoles 25/11 a las 09:00" in answer
    assert chat.appointments[0].status == "cancelled"
    assert "25/11 a las 09:00" in plays(chat, "quiero una limpieza mañana a la mañana")


def test_a_no_keeps_it(chat):
    plays(chat, *DONE, "cancelar turno", "no, dejalo")
    assert chat.appointments[0].status == "scheduled"
    assert "queda como estaba" in chat.answer


def test_who_cannot_come_is_asked_move_or_cancel(chat):
    plays(chat, *DONE, "hola, no voy a poder ir mañana")
    assert "¿Lo cambiamos de día o lo cancelo?" in chat.answer
    plays(chat, "cambialo para el jueves a la tarde", "la primera")
    assert local(chat, chat.appointments[0]).startswith("26/11")


def test_of_two_visits_the_right_one_is_cancelled(chat):
    plays(chat, *DONE, "quiero una consulta el viernes a la mañana", "el 1")
    plays(chat, "quiero cancelar el turno")
    assert "¿Cuál querés cancelar?" in chat.answer
    plays(chat, "el del viernes", "sí")
    assert [row.status for row in chat.appointments] == ["scheduled", "cancelled"]


def test_with_nothing_to_cancel_it_says_so(chat):
    assert "No encuentro turnos" in chat.says("quiero cancelar mi turno")
