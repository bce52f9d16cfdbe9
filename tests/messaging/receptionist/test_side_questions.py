"""Side questions: answered from what is configured, before coming back to what was being arranged."""

import pytest

from tests.messaging.receptionist.test_booking import TO_DATA, TO_OPTIONS, plays


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("dónde quedan?", "Mitre 1240"),
        ("cuál es la dirección?", "los jueves en Pellegrini 900"),
        ("a qué hora abren?", "lunes a viernes de 09:00 a 13:00 y 14:00 a 19:00"),
        ("qué tratamientos hacen?", "Blanqueamiento"),
        ("cuánto sale la limpieza?", "$ 18.000"),
        ("y el blanqueamiento cuánto cuesta?", "te lo informa la clínica"),
        ("quiénes atienden?", "Dr. Nicolás Brandt (Endodoncia)"),
        ("atienden por osde?", "Atendemos por OSDE."),
        ("con qué obras sociales trabajan?", "OSDE"),
        ("atienden PAMI?", "No atendemos por PAMI"),
        ("puedo pagar con tarjeta?", "te lo confirma la clínica"),
        ("tienen estacionamiento?", "te lo confirma la clínica"),
        ("sos un robot?", "Soy Lucía"),
    ],
)
def test_a_side_question_is_answered_from_what_is_configured(chat, question, answer):
    assert answer in chat.says(f"hola! {question}")
    assert not chat.handed_off


@pytest.mark.parametrize("question", ["dónde quedan?", "cuánto sale la limpieza?", "qué horarios de atención tienen?"])
def test_a_side_question_does_not_lose_the_booking(chat, question):
    plays(chat, *TO_DATA)
    answer = chat.says(question)
    assert "Me falta tu nombre y apellido y tu DNI." in answer
    assert len(chat.holds) == 1
    assert "reservado" in chat.says("Carolina Méndez 30123456")


def test_a_side_question_at_the_options_repeats_them(chat):
    plays(chat, *TO_OPTIONS)
    assert "1)" in chat.says("y dónde atienden?")
    assert chat.steps == []


@pytest.mark.parametrize(
    "question",
    [
        "cuánto sale un blanqueamiento?", "hola, precio del blanqueamiento por favor",
        "quiero saber cuánto cuesta una limpieza", "me pasás el valor de la consulta?",
        "para sacar turno de blanqueamiento, cuánto sale?",
        "cuánto me sale la limpieza mañana?",
        "cuánto sale un blanqueamiento? tengo osde", "necesito saber el precio de la limpieza con la dra Arrieta",
        "cuánto sale el turno para un conducto?", "soy Ana Paz, cuánto sale un conducto?",
        "a cuánto está el conducto?",
        "qué costo tiene un blanqueamiento", "cuánto cobran la consulta", "cuánto hay que pagar por un conducto?",
    ],
)  # fmt: skip
def test_a_price_question_books_nothing_by_itself(chat, question):
    answer = chat.says(question)
    assert "te lo informa la clínica" in answer or "$ 18.000" in answer
    assert "¿Querés que te busque un turno?" in answer
    assert chat.offers == []
    assert chat.conversation.facts.get("purpose") is None
    assert "obra social o prepaga" in chat.says("sí") or chat.offers


def test_a_price_asked_with_a_wish_for_a_visit_is_both(chat):
    answer = chat.says("quiero un turno para limpieza, cuánto sale?")
    assert "$ 18.000" in answer
    assert "obra social o prepaga" in answer


def test_no_other_amount_ever_leaves(chat):
    for words in ("cuánto sale el blanqueamiento?", "precio del conducto", "cuánto sale todo?", "y la consulta?",
                  "dame un valor aproximado del blanqueamiento", "¿90000 está bien?"):  # fmt: skip
        assert "90" not in chat.says(words).replace("900", "")
