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


# Appointments that exist.


# Symptoms.


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
