"""What hurts, told in a talk: on the inbox at once, advised, and given time that fits."""

from tests.messaging.receptionist.test_booking import local, plays


def test_symptoms_in_a_first_message_are_on_the_inbox(chat):
    chat.says("hola, me duele muchísimo una muela, no aguanto más")
    conversation = chat.conversation
    assert conversation.triage_level == "urgent"
    assert "severe pain" in conversation.triage_reasons
    assert "urgent" not in chat.answer.casefold()
    assert "obra social" in chat.answer


def test_an_emergency_gets_the_clinics_advice_and_todays_openings_at_once(chat):
    answer = chat.says("se me hinchó la cara y tengo fiebre, me duele la muela")
    assert "107" in answer
    assert "martes 24/11" in answer
    assert "obra social" not in answer
    assert chat.conversation.triage_level == "emergency"
    assert not chat.handed_off
    assert "obra social" in plays(chat, "el 1", "Carolina Méndez 30123456")
    plays(chat, "no tengo")
    row = chat.appointments[0]
    assert row.urgency == "emergency"
    assert local(chat, row).startswith("24/11")


def test_a_tooth_knocked_out_gets_first_aid(chat):
    assert "leche" in chat.says("mi hijo se golpeó y se le salió un diente entero")


def test_urgent_openings_are_within_two_days(chat):
    plays(chat, "me duele mucho la muela", "osde")
    assert all(option["start_at"][:10] <= "2026-11-26" for option in chat.offers[-1].options)


def test_advice_is_given_once(chat):
    plays(chat, "no para de sangrar donde me sacaron la muela", "el 1")
    assert "107" not in chat.answer


def test_a_childs_accident_asks_for_the_child(chat):
    plays(chat, "mi hija de 8 años se golpeó y se le movió un diente", "el 1")
    assert "de quien viene" in chat.answer
    plays(chat, "Luna Paz 50555666", "osde")
    assert chat.appointments[0].patient.name == "Luna Paz"
    assert "8" not in chat.appointments[0].patient.dni[:1]


def test_a_symptom_without_a_treatment_becomes_a_consultation(chat):
    plays(chat, "se me cayó una corona, no me duele", "osde")
    assert "Para consulta tengo" in chat.answer


def test_no_symptom_no_level(chat):
    chat.says("hola, no me duele nada, quiero una limpieza")
    assert chat.conversation.triage_level in ("", "routine")


def test_once_it_is_arranged_a_later_matter_is_not_urgent_for_it(chat):
    plays(chat, "me duele muchísimo una muela, no aguanto más", "osde", "el 1", "Carolina Méndez 30123456")
    assert "reservado" in chat.answer
    chat.says("gracias")
    assert chat.conversation.triage_level == "urgent"
    chat.waits(days=20)
    chat.says("hola, dónde quedan?")
    assert (chat.conversation.triage_level, chat.conversation.triage_reasons) == ("", [])


def test_while_it_is_not_arranged_it_stays_urgent(chat):
    plays(chat, "me duele muchísimo una muela, no aguanto más")
    chat.waits(days=2)
    chat.says("hola?")
    assert chat.conversation.triage_level == "urgent"
