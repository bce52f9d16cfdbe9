"""What is said against the grain of the question: a new symptom, another option, a visit that no longer suits."""

import pytest

from tests.messaging.receptionist.test_booking import TO_DATA, TO_OPTIONS, local, plays

BLEEDS = "uh me esta sangrando mucho la boca y no para"


@pytest.mark.parametrize("before", [TO_OPTIONS, TO_DATA, (*TO_DATA, "30123456")])
def test_an_emergency_drops_what_was_being_booked(chat, rows, before):
    plays(chat, *before)
    answer = chat.says(BLEEDS)
    assert "107" in answer
    assert "24/11" in answer
    assert chat.offers[-1].treatment_id == rows["urgencia"].pk
    assert chat.holds == []
    assert "first_name" not in chat.conversation.facts
    assert chat.conversation.facts.get("dni", "") == ("30123456" if len(before) == 4 else "")


def test_a_name_beside_a_symptom_is_kept_and_the_symptom_is_no_name(chat):
    plays(chat, *TO_DATA)
    chat.says("Mora Ruz 34999777", BLEEDS)
    assert chat.conversation.facts["first_name"] == "Mora"
    assert chat.conversation.facts["last_name"] == "Ruz"


def test_the_last_question_being_the_insurer_a_symptom_is_none(chat):
    plays(chat, "hola, quiero una limpieza", "me sangra mucho la boca, no para")
    assert "sangra" not in chat.conversation.facts.get("insurance", "").casefold()


def test_of_two_the_other_one_is_the_one_that_is_not_held(chat):
    plays(chat, *TO_DATA)
    assert "martes 24/11 a las 14:15" in chat.says("prefiero el otro")
    plays(chat, "Mora Ruz 34999777")
    assert [local(chat, row) for row in chat.appointments] == ["24/11 14:15"]


def test_data_beside_the_other_one_do_not_book_the_one_that_was_rejected(chat):
    plays(chat, *TO_DATA, "Mora Ruz 34999777 pero prefiero el otro horario")
    assert [local(chat, row) for row in chat.appointments] == ["24/11 14:15"]
    assert chat.appointments[0].patient.name == "Mora Ruz"


def test_a_day_left_out_is_no_choice_of_the_other(chat):
    plays(chat, *TO_OPTIONS, "cualquier dia menos el martes")
    assert chat.holds == []
    assert "martes" not in chat.answer
    assert "1)" in chat.answer
