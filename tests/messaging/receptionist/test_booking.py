"""A visit is arranged: what is asked, in which order, and what is in the rows at the end."""

from datetime import datetime

import pytest

from agenda.models import Appointment, Status
from tests.agenda.factories import AppointmentFactory, PatientFactory

TO_OPTIONS = ("hola, quiero una limpieza", "tengo OSDE")
TO_DATA = (*TO_OPTIONS, "el 2")


def plays(chat, *lines):
    for line in lines:
        chat.says(*([line] if isinstance(line, str) else line))
    return chat.answer


def local(chat, row):
    return row.start_at.astimezone(chat.clinic.tenant.zone).strftime("%d/%m %H:%M")


def test_a_new_patient_books_in_their_own_words(chat, rows):
    greeting = chat.says("hola, quiero una limpieza")
    assert "Lucía" in greeting
    assert "obra social" in greeting
    options = chat.says("tengo osde")
    assert "Atendemos por OSDE." in options
    assert "1) martes 24/11 a las 14:15 con la Dra. Paula Arrieta" in options
    assert "2) miércoles 25/11 a las 09:00" in options
    asked = chat.says("el 2 por favor")
    assert "nombre y apellido" in asked
    assert "DNI" in asked
    assert chat.holds[0].held_for == f"conversation:{chat.conversation.pk}"
    confirmation = chat.says("carolina méndez 30.123.456")
    row = chat.appointments[0]
    assert (row.treatment, row.status, row.source) == (rows["limpieza"], Status.SCHEDULED, "whatsapp")
    assert local(chat, row) == "25/11 09:00"
    assert (row.patient.name, row.patient.dni, row.patient.insurance) == ("Carolina Méndez", "30123456", "OSDE")
    assert (row.patient.status, row.patient.phone) == ("guest", "+5493415550139")
    assert row.patient.tenant_id == chat.clinic.tenant.pk
    for said in ("miércoles 25/11", "09:00", "Dra. Paula Arrieta", "Mitre 1240", "Venir 10 minutos antes."):
        assert said in confirmation
    assert len(chat.appointments) == 1
    assert chat.holds == []
    assert chat.conversation.patient == row.patient


def test_the_address_is_that_of_the_day(chat):
    plays(chat, *TO_OPTIONS, "mejor el jueves")
    assert "jueves 26/11" in chat.answer
    assert "Pellegrini 900" in plays(chat, "la primera", "Carolina Méndez, DNI 30123456")


def test_everything_in_one_burst_is_asked_for_nothing_more(chat):
    chat.says("hola", "quiero una limpieza para el jueves a la tarde, tengo osde", "soy Carolina Méndez, dni 30123456")
    assert len(chat.answers) == 1
    assert "jueves 26/11" in chat.answer
    assert "reservado" in chat.says("el primero")
    assert local(chat, chat.appointments[0]) == "26/11 14:00"


@pytest.mark.parametrize(
    ("words", "chosen"),
    [
        ("el 2", "25/11 09:00"), ("2", "25/11 09:00"), ("la segunda", "25/11 09:00"), ("el miércoles", "25/11 09:00"),
        ("el de las 9", "25/11 09:00"), ("el de las 14:15", "24/11 14:15"), ("la primera", "24/11 14:15"),
        ("el martes", "24/11 14:15"), ("a las 9", "25/11 09:00"), ("el de la tarde", "24/11 14:15"),
        ("el 25", "25/11 09:00"), ("dale, el miércoles a las 9", "25/11 09:00"), ("hoy", "24/11 14:15"),
        ("mañana", "25/11 09:00"), ("el que esté antes", "24/11 14:15"), ("1)", "24/11 14:15"),
    ],
)  # fmt: skip
def test_an_option_is_chosen_in_own_words(chat, words, chosen):
    plays(chat, *TO_OPTIONS, words)
    assert [local(chat, row) for row in chat.holds] == [chosen]


@pytest.mark.parametrize("words", ["dale", "ok", "sí", "perfecto", "bueno dale", "👍", "me sirve", "genial gracias"])
def test_a_bare_yes_to_two_options_is_a_question_back(chat, words):
    plays(chat, *TO_OPTIONS)
    answer = chat.says(words)
    assert "¿Con cuál te quedás?" in answer
    assert "1)" in answer
    assert "2)" in answer
    assert chat.holds == chat.appointments == []
    assert chat.steps == []
    assert not chat.handed_off


def test_the_earliest_of_two_days_and_two_hours_is_asked_back(chat):
    plays(chat, *TO_OPTIONS)
    assert "¿Con cuál te quedás?" in chat.says("el más temprano")


def test_either_is_asked_back_about_one_and_then_a_yes_is_enough(chat):
    plays(chat, *TO_OPTIONS)
    assert "¿Te reservo el martes 24/11 a las 14:15" in chat.says("cualquiera de los dos me sirve")
    assert chat.holds == []
    chat.says("dale")
    assert [local(chat, row) for row in chat.holds] == ["24/11 14:15"]


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("dale", "Me falta tu nombre y apellido y tu DNI."),
        ("Carolina Méndez", "Me falta tu DNI."),
        ("30123456", "Me falta tu nombre y apellido."),
        ("Carolina", "Me falta tu apellido y tu DNI."),
        ("Carolina 30123456", "Me falta tu apellido."),
        ("Paciente 30123456", "Me falta tu nombre y apellido."),
        ("Usuario WhatsApp, dni 30123456", "Me falta tu nombre y apellido."),
        ("Carolina Méndez dni 3012345", ""),
        ("Carolina Méndez 301234", "7 u 8 números"),
    ],
)
def test_a_guest_is_asked_exactly_what_is_missing(chat, given, asked):
    answer = plays(chat, *TO_DATA, given)
    if asked:
        assert asked in answer
        assert chat.appointments == []
    else:
        assert len(chat.appointments) == 1


def test_a_name_and_a_document_in_any_order(chat):
    plays(chat, *TO_DATA, "30.123.456", "mendez", "carolina")
    assert chat.appointments[0].patient.dni == "30123456"


def test_what_is_no_name_is_none(chat):
    plays(chat, *TO_DATA, "Laura Fernández", "no me acuerdo el dni", "ahora lo busco", "ese", "30111222")
    assert chat.appointments[0].patient.name == "Laura Fernández"


def test_a_change_of_mind_between_the_two(chat):
    plays(chat, *TO_DATA)
    assert "Te guardo el martes 24/11 a las 14:15" in chat.says("no, pará, mejor el 1")
    assert [local(chat, row) for row in chat.holds] == ["24/11 14:15"]


@pytest.mark.parametrize(
    ("words", "name", "document"),
    [
        ("me llamo Carolina Méndez y mi dni es 30123456", "Carolina Méndez", ("DNI", "30123456")),
        ("DNI 30.123.456, Carolina Méndez", "Carolina Méndez", ("DNI", "30123456")),
        ("Méndez, Carolina\n30123456", "Carolina Méndez", ("DNI", "30123456")),
        ("juan carlos de la cruz 8123456", "Juan Carlos de la Cruz", ("DNI", "8123456")),
        ("MARÍA JOSÉ PÉREZ GARCÍA 30123456", "María José Pérez García", ("DNI", "30123456")),
        ("Ana Quiroga, pasaporte AB123456", "Ana Quiroga", ("Pasaporte", "AB123456")),
        ("te paso mis datos: Juan José Paso 30123456", "Juan José Paso", ("DNI", "30123456")),
        ("Leo Paz 30123456", "Leo Paz", ("DNI", "30123456")),
        ("Pérez Juan 30123456", "Juan Pérez", ("DNI", "30123456")),
        ("soy Ana Quiroga, 30123456, gracias!", "Ana Quiroga", ("DNI", "30123456")),
    ],
)
def test_who_the_patient_is(chat, words, name, document):
    plays(chat, *TO_DATA, words)
    patient = chat.appointments[0].patient
    assert patient.name.casefold() == name.casefold()
    assert (patient.document_type, patient.dni) == document


def test_another_day_drops_the_offer_and_keeps_the_data(chat):
    plays(chat, *TO_DATA, "soy Carolina Méndez")
    first = chat.holds[0]
    answer = chat.says("uy, mejor el viernes a la tarde")
    assert "viernes 27/11" in answer
    assert chat.holds == []
    chat.says("el primero")
    assert chat.holds[0].start_at != first.start_at
    assert "reservado" in chat.says("30123456")
    assert chat.appointments[0].patient.name == "Carolina Méndez"
    assert local(chat, chat.appointments[0]).startswith("27/11")


def test_another_professional_drops_the_offer(chat, rows):
    plays(chat, *TO_OPTIONS)
    assert "Brandt" in chat.says("prefiero con el doctor Brandt")
    assert "Arrieta" not in chat.answer
    plays(chat, "el 1", "Carolina Méndez 30123456")
    assert chat.appointments[0].professional == rows["brandt"]
    assert chat.offers[-1].options[0]["professional"] == rows["brandt"].pk
    assert "Dr. Nicolás Brandt" in chat.answer


def test_the_options_are_inside_what_was_asked(chat):
    plays(chat, "quiero una limpieza la semana que viene después de las 5, el lunes no puedo", "particular")
    starts = [option["start_at"] for option in chat.offers[-1].options]
    assert all(start[:10] in ("2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04") for start in starts)
    assert all(start[11:13] in ("20", "21") for start in starts)  # 17 and 18 in Buenos Aires


def test_the_two_options_are_apart(chat):
    plays(chat, "quiero una limpieza el jueves a la mañana, tengo osde")
    first, second = chat.offers[-1].options
    assert first["start_at"][:13] == "2026-11-26T12"
    assert second["start_at"][:13] == "2026-11-26T13"
    assert "10:30" in chat.answer


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("otro día no hay?", ["26/11 09:00", "27/11 09:00"]),
        ("no me sirven, tenés otros horarios?", ["24/11 15:15", "25/11 10:00"]),
        ("más tarde puede ser?", ["24/11 15:15", "25/11 14:15"]),
        ("no puedo esos días, mejor el viernes", ["27/11 09:00", "27/11 10:30"]),
    ],
)
def test_other_options_are_others(chat, words, found):
    plays(chat, *TO_OPTIONS, words)
    starts = [datetime.fromisoformat(option["start_at"]) for option in chat.offers[-1].options]
    assert [start.astimezone(chat.clinic.tenant.zone).strftime("%d/%m %H:%M") for start in starts] == found


def test_a_date_that_cannot_be_is_asked(chat):
    plays(chat, *TO_OPTIONS)
    assert "fecha" in chat.says("puede ser el miércoles 26/11?")
    assert chat.holds == []


def test_closed_days_are_not_offered(chat):
    plays(chat, *TO_OPTIONS)
    answer = chat.says("el domingo puede ser?")
    assert "no me queda lugar" in answer
    assert "domingo" not in answer


def test_the_treatment_of_the_first_message_is_never_asked(chat):
    plays(chat, "Hola! averiguo por blanqueamiento", "quiero un turno")
    assert "¿Para qué" not in chat.answer
    plays(chat, "osde")
    assert "blanqueamiento" in chat.answer


def test_an_unknown_wish_is_asked_with_what_the_clinic_does(chat):
    answer = chat.says("hola, quiero sacar un turno")
    assert "¿Para qué necesitás el turno?" in answer
    assert "Blanqueamiento" in answer
    assert "implantes" not in answer
    assert "obra social" in chat.says("limpiesa")


def test_what_patients_may_not_book_goes_to_a_person(chat):
    plays(chat, "quiero un implante", "osde")
    assert chat.handed_off
    assert chat.conversation.handoff_reason == "not_bookable"


def test_a_time_that_went_meanwhile_is_said_and_others_are_offered(chat, rows, arrayan, within):
    plays(chat, *TO_OPTIONS)
    with within(arrayan):
        option = chat.offers[-1].options[1]
        AppointmentFactory(professional=rows["arrieta"], treatment=rows["limpieza"], start_at=option["start_at"],
                           end_at=option["end_at"])  # fmt: skip
    answer = chat.says("el miércoles")
    assert "se ocupó recién" in answer
    assert "25/11 a las 09:00" not in answer
    assert chat.says("el 1")
    assert len(chat.holds) == 1


def test_thanks_after_booking_start_nothing(chat):
    plays(chat, *TO_DATA, "Carolina Méndez 30123456")
    offers = len(chat.offers)
    for words in ("muchas gracias!", "dale, gracias", "👍", "genial", "chau"):
        chat.says(words)
        assert chat.steps == []
        assert "¿" not in chat.answer
    assert len(chat.offers) == offers
    assert not chat.handed_off


def test_who_is_known_is_greeted_by_name_and_asked_nothing(chat, known):
    answer = chat.says("hola! quiero turno para una limpieza")
    assert "Ana" in answer
    assert "obra social" not in answer
    assert "reservado" in chat.says("el 1")
    assert chat.appointments[0].patient == known
    assert len(chat.patients) == 1


def test_a_visit_for_a_child_asks_who_it_is(chat, known):
    answer = plays(chat, "hola, quiero un turno para mi hijo para una consulta", "osde", "el 1")
    assert "el nombre y apellido de quien viene" in answer
    chat.says("Tomás Quiroga 50123456")
    assert chat.appointments[0].patient.name == "Tomás Quiroga"
    assert chat.conversation.patient == known


def test_a_second_visit_asks_no_data_again(chat):
    plays(chat, *TO_DATA, "Carolina Méndez 30123456")
    plays(chat, "quiero también un blanqueamiento", "el 1")
    assert "reservado" in chat.answer
    assert len(chat.appointments) == 2
    assert len(chat.patients) == 1


def test_the_document_of_somebody_else_goes_to_a_person(chat, arrayan, within):
    with within(arrayan):
        PatientFactory(first_name="Ana", last_name="Quiroga", dni="28456123", phone="+5493415550777")
    plays(chat, *TO_DATA, "Carlos Pérez 28456123")
    assert chat.appointments == []
    assert chat.conversation.handoff_reason == "document"
    assert "Quiroga" not in chat.answer


def test_the_owner_of_a_document_is_not_registered_twice(chat, arrayan, within):
    with within(arrayan):
        ana = PatientFactory(first_name="Ana", last_name="Quiroga", dni="28456123", phone="+5493415550777")
    plays(chat, *TO_DATA, "Ana Quiroga 28456123")
    assert chat.appointments[0].patient == ana
    assert chat.conversation.patient is None  # the phone on record is another: this one may not see her visits


def test_the_offered_professional_is_the_booked_one(chat, rows):
    plays(chat, "necesito un conducto, soy de osde", "el 1", "Carolina Méndez 30123456")
    assert chat.appointments[0].professional == rows["brandt"]
    assert "Dr. Nicolás Brandt" in chat.answer


def test_declining_reserves_nothing(chat):
    plays(chat, *TO_DATA)
    assert "no reservo nada" in chat.says("no gracias, lo dejo para más adelante")
    assert chat.holds == []


def test_nothing_of_the_other_clinic_shows(chat, bosque, within):
    plays(chat, *TO_DATA, "Carolina Méndez 30123456")
    with within(bosque):
        assert not Appointment.objects.exists()
    assert "Bosque" not in "".join(m.text for m in chat.clinic.messages(direction="out"))


def test_a_wish_for_an_hour_is_no_insurer(chat):
    plays(chat, "quiero una limpieza", "a la mañana temprano")
    assert "obra social" in chat.answer
    plays(chat, "no tengo")
    assert "09:00" in chat.answer
    assert chat.conversation.facts["insurance"] == "particular"


def test_who_will_not_give_the_document_is_told_it_is_needed(chat):
    plays(chat, *TO_DATA)
    assert "Me falta tu nombre y apellido y tu DNI." in chat.says("no quiero dar el dni")
    assert len(chat.holds) == 1
    assert "reservado" in chat.says("bueno, 30123456, Rosa Díaz")
