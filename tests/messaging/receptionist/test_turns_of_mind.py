"""What is said against the grain of the question: a new symptom, another option, a visit that no longer suits."""

import pytest

from dentalogic.lib.text import fold
from messaging.receptionist.dialogue.shapes import SAYS
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


@pytest.mark.parametrize("words", ["gracias, chau", "chau!", "saludos"])
def test_a_goodbye_is_no_name(chat, words):
    plays(chat, *TO_DATA, words)
    assert "first_name" not in chat.conversation.facts


def test_kinship_is_no_part_of_a_name(chat):
    plays(chat, *TO_DATA, "es mi mama Marta Rojas, dni 10222333")
    assert chat.appointments[0].patient.name == "Marta Rojas"


def test_mas_is_a_surname_where_only_that_is_missing(chat):
    plays(chat, *TO_DATA, "Laura 30111222", "Mas")
    assert chat.appointments[0].patient.name == "Laura Mas"


@pytest.mark.parametrize("words", ["Juan Pérez", "30111222"])
def test_who_they_are_said_before_the_choice_is_kept(chat, words):
    plays(chat, *TO_OPTIONS)
    answer = chat.says(words)
    assert "no te entendí" not in answer
    assert "1)" in answer
    facts = chat.conversation.facts
    assert (facts.get("first_name"), facts.get("dni")) in [("Juan", None), (None, "30111222")]


@pytest.mark.parametrize(
    ("words", "name"), [("ya te dije, ioma", "IOMA"), ("ioma", "IOMA"), ("el primero", None), ("la segunda", None)]
)
def test_the_insurer_is_what_is_left_of_the_answer(chat, words, name):
    plays(chat, "hola, quiero una limpieza", words)
    assert chat.conversation.facts.get("insurance") == name


@pytest.mark.parametrize("words", ["tengo IOMA", "con ioma", "por ioma", "mi obra social es Ioma"])
def test_an_unlisted_insurer_told_before_it_is_asked_is_not_asked(chat, words):
    answer = chat.says(f"hola, quiero una limpieza, {words}")
    assert chat.conversation.facts["insurance"] == "IOMA"
    assert "1)" in answer


@pytest.mark.parametrize("words", ["tengo dolor", "con urgencia", "por favor", "no tengo IOMA", "trabajan con ioma?"])
def test_other_things_that_one_has_are_no_insurers(chat, words):
    plays(chat, f"hola, quiero una limpieza, {words}")
    assert "insurance" not in chat.conversation.facts


def test_the_same_question_is_not_asked_for_ever(chat):
    plays(chat, "hola, quiero un turno", "el martes")
    assert not chat.handed_off
    chat.says("el jueves")
    assert chat.handed_off
    assert chat.conversation.handoff_reason == "third_failure"


def test_an_enclitic_pronoun_hides_no_treatment(chat, within, arrayan, rows):
    with within(arrayan):
        rows["conducto"].aliases = ["sacar una muela"]
        rows["conducto"].save()
    for words in ("quiero sacarme una muela", "es para sacarse una muela"):
        plays(chat, words)
        assert chat.conversation.facts["treatment"] == rows["conducto"].pk


@pytest.mark.parametrize("words", ["no esperá, mejor otro dia", "uy no puedo a esa hora", "mejor otro día"])
def test_a_visit_just_booked_that_will_not_do_is_moved(chat, words):
    plays(chat, *TO_DATA, "Carolina Méndez 30123456")
    assert "25/11" in chat.says(words)
    assert chat.conversation.stage == "move_when"
    assert "1)" in chat.says("el viernes")
    chat.says("el 1")
    assert [local(chat, row)[:5] for row in chat.appointments] == ["27/11"]


@pytest.mark.parametrize("words", ["mejor el 17", "pasalo al 17", "mejor el 17 a la mañana", "cambialo al 17"])
def test_and_the_day_that_is_said_is_kept(chat, words):
    plays(chat, *TO_DATA, "Carolina Méndez 30123456")
    assert "17/12" in chat.says(words)
    assert chat.conversation.facts["purpose"] == "move"


def test_a_date_that_does_not_exist_is_told_beside_the_first_question(chat):
    answer = chat.says("hola, quiero una limpieza el 31 de febrero")
    assert "no existe" in answer
    assert "obra social" in answer


def test_why_a_person_takes_over_is_said_before_that_they_do(chat):
    chat.says("hola, quiero una cirugía de implantes")
    first, last = chat.answers
    assert "se coordina con una persona" in first
    assert "Le paso tu consulta" in last


@pytest.mark.parametrize("before", [(), ("hola, quiero un turno",), ("hola, quiero una limpieza",), TO_OPTIONS])
def test_the_price_of_what_a_person_arranges_hands_nothing_over(chat, before):
    plays(chat, *before, "cuánto sale un implante?")
    assert not chat.handed_off


def test_the_document_of_a_guest_just_registered_is_corrected(chat):
    plays(chat, *TO_DATA, "Carolina Méndez 30123456")
    assert "36555112" in chat.says("el dni es 36.555.112")
    assert [patient.dni for patient in chat.patients] == ["36555112"]


def test_the_document_of_anybody_else_is_corrected_by_the_team(chat, known):
    plays(chat, "hola, quiero una limpieza", "el 2", "el dni es 36.555.112")
    assert chat.handed_off
    assert "lo corrige una persona" in chat.answers[0]
    assert [patient.dni for patient in chat.patients] == ["28456123"]


@pytest.mark.parametrize("before", [TO_OPTIONS, TO_DATA])
def test_who_cancels_what_is_only_held_lets_go_of_it(chat, before):
    plays(chat, *before)
    answer = chat.says("cancelar")
    assert "no reservo nada" in answer and "No encuentro" not in answer
    assert chat.holds == []


@pytest.mark.parametrize(("said", "moves"), [
    ("pasá mi turno para el viernes", True), ("cambiá el turno", True), ("qué pasa si pierdo el turno?", False)])
def test_to_move_it_may_be_an_order(said, moves):
    assert bool(SAYS["moves"].search(fold(said))) is moves
