"""What people do in the middle of a booking: they leave, come back, ask something else, change their mind."""

import pytest

from agenda import booking
from clinics import access
from messaging import handoff, turns
from tests.agenda.factories import AppointmentFactory, PatientFactory
from tests.messaging.receptionist.test_booking import TO_DATA, TO_OPTIONS, local, plays

DONE = (*TO_DATA, "Carolina Méndez 30123456")


def test_who_comes_back_after_an_hour_keeps_every_fact_and_the_time_chosen_is_named_first(chat):
    plays(chat, *TO_DATA, "Carolina Méndez")
    chat.waits(hours=1)
    answer = chat.says("perdón, me colgué. 30123456")
    assert "miércoles 25/11 a las 09:00" in answer.splitlines()[0]
    assert "sigue libre" in answer
    assert "1) miércoles 25/11 a las 09:00" in answer
    assert "nombre" not in answer
    assert "obra social" not in answer
    assert "reservado" in chat.says("el 1")
    assert local(chat, chat.appointments[0]) == "25/11 09:00"
    assert chat.appointments[0].patient.dni == "30123456"


def test_and_if_that_time_went_it_is_said(chat, rows, arrayan, within):
    plays(chat, *TO_DATA, "Carolina Méndez 3012")
    chat.waits(hours=1)
    with within(arrayan):
        AppointmentFactory(professional=rows["arrieta"], treatment=rows["limpieza"], start_at=chat.holds[0].start_at,
                           end_at=chat.holds[0].end_at) if not _free(chat, rows) else None  # fmt: skip
    answer = chat.says("30123456")
    assert "25/11 a las 09:00 con la Dra. Paula Arrieta ya se ocupó" in answer
    assert "1) miércoles 25/11 a las 09:00" not in answer
    assert "reservado" in chat.says("el primero")
    assert chat.appointments[-1].patient.name == "Carolina Méndez"


def _free(chat, rows):
    """Somebody at the desk takes the time whose hold ran out."""
    held = chat.holds[0]
    booking.book(
        patient=PatientFactory(), professional=rows["arrieta"], treatment=rows["limpieza"], start_at=held.start_at,
        by=access.SYSTEM,
    )  # fmt: skip
    return True


def test_an_answer_to_an_offer_that_ran_out_searches_anew_with_that_time_first(chat):
    plays(chat, *TO_OPTIONS)
    chat.waits(minutes=45)
    answer = chat.says("el miércoles a las 9")
    assert "1) miércoles 25/11 a las 09:00" in answer
    assert chat.holds == []
    chat.says("dale, el 1")
    assert len(chat.holds) == 1


def test_three_messages_in_a_burst_are_one_turn_and_one_answer(chat):
    chat.says("hola", "quiero una limpieza", "tengo osde")
    assert len(chat.answers) == 1
    assert "1)" in chat.answer


@pytest.mark.parametrize(
    "words",
    [
        "quiero hablar con una persona", "me pasás con alguien?", "necesito hablar con un humano por favor",
        "pasame con la secretaria", "no quiero hablar con un robot", "prefiero que me atienda una persona",
        "Quisiera comunicarme con alguien de la recepción",
    ],
)  # fmt: skip
def test_a_person_is_always_to_be_had(chat, words):
    plays(chat, *TO_OPTIONS)
    answer = chat.says(words)
    assert chat.handed_off
    assert answer == "Le paso tu consulta a una persona del equipo. Te responde por acá."
    assert chat.turn.outcome == "handed_off"


def test_after_that_the_receptionist_is_silent_until_it_is_given_back(chat, people, within, arrayan):
    plays(chat, *TO_OPTIONS, "quiero hablar con una persona")
    assert chat.says("hola?") == ""
    with within(arrayan):
        handoff.give_back(conversation=chat.conversation, by=people["secretary"].actor)
    assert "Lucía" in chat.says("hola")
    assert "blanqueamiento" in chat.says("quiero un blanqueamiento el jueves")
    assert "obra social" not in chat.answer


@pytest.mark.parametrize(
    "words",
    [
        "me da miedo, tengo pánico al dentista", "cuánto sale?", "mi obra social es una que no conoce nadie",
        "quiero hacerme algo estético", "mi vecina es una persona rara", "vi a la persona que atiende ahí",
        "es muy caro?", "una persona me recomendó",
    ],
)  # fmt: skip
def test_no_needless_handoff(chat, words):
    plays(chat, "hola", words)
    assert not chat.handed_off


def test_the_third_failure_goes_to_a_person(chat):
    plays(chat, *TO_OPTIONS)
    assert "no te entendí" in chat.says("asdf qwer")
    assert "1)" in chat.answer
    assert "no te entendí" in chat.says("zxcv")
    assert not chat.handed_off
    chat.says("poiuy lkjh")
    assert chat.handed_off
    assert chat.conversation.handoff_reason == "third_failure"


def test_what_is_understood_in_between_begins_the_count_anew(chat):
    plays(chat, *TO_OPTIONS, "asdf", "zxcv", "dónde quedan?", "qwer")
    assert not chat.handed_off


def interrupted(monkeypatch, chat, text):
    """More is written while the receptionist thinks: what she had to say never leaves."""
    think = turns._answer

    def and_meanwhile(held):
        found = think(held)
        monkeypatch.setattr(turns, "_answer", think)
        chat.writes(text)
        return found

    monkeypatch.setattr(turns, "_answer", and_meanwhile)


def test_what_was_never_said_was_never_offered(chat, monkeypatch):
    plays(chat, "quiero una limpieza")
    interrupted(monkeypatch, chat, "ah, y mejor el viernes")
    assert chat.says("tengo osde") == ""
    assert chat.turn.outcome == "stale"
    chat.clock.shift(9)
    seen = len(chat.clinic.messages(direction="out"))
    chat.clinic.turn()
    answer = chat.clinic.messages(direction="out")[seen].text
    assert "viernes 27/11" in answer
    assert [offer.closed_at is None for offer in chat.offers] == [False, True]


def test_a_yes_to_what_was_never_said_chooses_nothing(chat, monkeypatch):
    plays(chat, *TO_OPTIONS)
    interrupted(monkeypatch, chat, "dale")
    assert chat.says("cualquiera") == ""
    chat.clock.shift(9)
    chat.clinic.turn()
    assert chat.holds == []


def test_a_turn_that_died_after_booking_confirms_the_same_visit(chat, monkeypatch):
    plays(chat, *TO_DATA)
    monkeypatch.setattr(turns, "_settle", _die)
    with pytest.raises(RuntimeError):
        chat.says("Carolina Méndez 30123456")
    monkeypatch.undo()
    assert len(chat.appointments) == 1
    chat.clinic.change(claim=None, claimed_at=None)
    chat.clinic.turn()
    assert "reservado" in chat.clinic.messages(direction="out")[-1].text
    assert len(chat.appointments) == 1


def _die(*_args):
    raise RuntimeError("killed")


# Side questions.


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


# Appointments that exist.


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


# Symptoms.


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


# Other messages.


def test_a_photo_is_not_diagnosed(chat):
    answer = chat.says("", kind="image")
    assert "diagnóstico" in answer
    assert not chat.handed_off


def test_an_audio_is_asked_in_writing(chat):
    assert "escribís" in chat.says("", kind="audio")


def test_a_photo_with_a_question_is_referred_to(chat):
    answer = chat.says("qué tengo acá? me duele", kind="image")
    assert "imagen" in answer
    assert "caries" not in answer


# Words that only look like a treatment, a name or a wish.


def test_dolores_is_a_name(chat):
    plays(chat, "hola, soy Dolores Fuertes, quiero una limpieza", "osde", "el 1", "30123456")
    assert chat.appointments[0].treatment.name == "Limpieza dental"
    assert chat.appointments[0].patient.name == "Dolores Fuertes"


@pytest.mark.parametrize("words", ["Hola, una consulta: atienden los sábados?", "te hago una consulta"])
def test_a_question_is_not_a_consultation(chat, words):
    chat.says(words)
    assert chat.conversation.facts.get("treatment") is None
    assert "obra social" not in chat.answer


def test_a_symptom_named_like_a_treatment_comes_as_an_urgency(chat):
    plays(chat, "me duele la muela de juicio y no puedo abrir la boca")
    assert "Para urgencia tengo" in chat.answer


def test_what_is_not_booked_here_is_said_before_anything_is_asked(chat):
    answer = chat.says("quiero un implante")
    assert "se coordina con una persona" in answer
    assert "obra social" not in answer
    assert chat.handed_off


def test_who_insists_on_a_visit_that_is_not_theirs_gets_a_person(chat, rows, arrayan, within):
    with within(arrayan):
        ana = PatientFactory(first_name="Ana", last_name="Quiroga", dni="28456123", phone="+5493415550777")
        AppointmentFactory(patient=ana, professional=rows["brandt"], treatment=rows["consulta"])
    plays(chat, "quiero cambiar mi turno", "me llamo Ana Quiroga, 28456123")
    assert chat.conversation.handoff_reason == "appointment_not_found"
    assert "consulta" not in chat.answer.casefold().replace("tu consulta", "")


def test_the_preparation_is_told_again(chat):
    plays(chat, *DONE)
    assert "Venir 10 minutos antes." in chat.says("tengo que llevar algo?")


def test_data_given_with_the_question_open_are_kept(chat):
    plays(chat, *TO_OPTIONS)
    assert "¿Con cuál te quedás?" in chat.says("Rosa Díaz 12.345.678")
    assert "reservado" in chat.says("el 1")
    assert chat.appointments[0].patient.name == "Rosa Díaz"
