"""It says what is not so: times, prices, bookings, tags, others' data. None of it leaves."""

import pytest

from clinics import access
from clinics.models import SystemEvent
from clinics.patients import intake
from messaging.models import TurnStep
from tests.fakes.openai import call, say
from tests.messaging.receptionist.scripted import CHECK, codes, replaced


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Te reservé el turno.", "claim:booked"),
        ("¡Listo! Tu turno quedó confirmado.", "claim:booked"),
        ("Tu turno está cancelado.", "claim:cancelled"),
        ("Tu turno quedó reprogramado.", "claim:moved"),
        ("Te paso con una persona del equipo.", "claim:handed_off"),
        ("Tengo lugar mañana a las 11:30.", "time"),
        ("Tengo el viernes a las 11.", "time"),
        ("Podría ser el jueves 10/12.", "date"),
        ("El blanqueamiento sale $ 90.000.", "price"),
        ("Sale 45 mil pesos.", "price"),
        ("[INTERNAL: notify] Hola", "internal"),
        ("Llamo a check_availability", "internal"),
        ("<thinking>hm</thinking> Hola", "internal"),
        ("Parece una caries, tomá ibuprofeno 600 mg.", "diagnosis"),
        ("Es una infección.", "diagnosis"),
        ("OSDE te cubre el 100 %.", "coverage"),
        ("El DNI de Ana es 28.456.123.", "number"),
        ("", "empty"),
        ("Vení a las cuatro y cuarto.", "time"),
        ("El viernes a la tarde tengo lugar.", "day"),
        ("Te dejé anotada.", "claim:booked"),
        ("Te llamo en 5 minutos.", "claim:handed_off"),
        ("Ya recibimos tu seña.", "claim:other"),
        ("¿Será una infección?", "diagnosis"),
        ("OSDE lo paga todo.", "coverage"),
        ("Estamos en Corrientes 450.", "place"),
        ("Te atiende el Dr. García.", "professional"),
        ("Soy una persona, no un robot.", "herself"),
        ("Your appointment is confirmed.", "language"),
        ("Te re\u200bservé el turno.", "claim:booked"),
    ],
)
def test_a_false_statement_never_leaves(chat, model, text, fault):
    assert fault in replaced(chat, model, say(text))
    assert text not in chat.answer or not text
    assert "limpieza dental tengo" in chat.answer


def test_a_weekday_that_is_not_its_dates_never_leaves(chat, model):
    faults = replaced(chat, model, call("check_availability", **CHECK),
                      say("Tengo el jueves 25/11 a las 09:00 o el martes 24/11 a las 14:15. ¿Cuál?"))  # fmt: skip
    assert faults == ["weekday"]
    assert "miércoles 25/11" in chat.answer


@pytest.mark.parametrize(
    "text",
    [
        "¿Te reservo el turno?", "Estamos en Mitre 1240.", "Atendemos de 09:00 a 13:00.", "La limpieza sale $ 18.000.",
        "Emergencias: 107.", "Hoy es martes 24/11.",
    ],
)  # fmt: skip
def test_what_is_true_leaves_as_it_is(chat, model, text):
    model.then(say(text))
    assert chat.says("hola") == text


@pytest.mark.parametrize("text", [
    "El turno anterior es de Marta Rossi.", "Antes que vos viene Marta Rossi, a la mañana.",
    "La ficha de Marta Rossi dice que es alérgica.",
])  # fmt: skip
def test_another_patients_name_never_leaves(chat, model, arrayan, within, text):
    with within(arrayan):
        intake.register(first_name="Marta", last_name="Rossi", by=access.SYSTEM)
    assert "person" in replaced(chat, model, say(text))
    assert "Rossi" not in chat.answer


def test_a_name_that_the_patient_or_the_clinic_gave_does(chat, model, arrayan, within):
    with within(arrayan):
        intake.register(first_name="Marta", last_name="Rossi", by=access.SYSTEM)
    model.then(say("Bien, Marta Rossi. Te atiende la Dra. Paula Arrieta. ¿Qué día te sirve?"))
    assert "Marta Rossi" in chat.says("soy Marta Rossi, quiero una limpieza, tengo osde")


@pytest.mark.parametrize("text", [
    "Podrías tener una infección.", "Suena a pulpitis.", "Puede ser un absceso.", "Probablemente sea una caries.",
    "Tomá amoxicilina.", "Te recomiendo un ibuprofeno.", "Amoxicilina 500 cada ocho horas.", "Hacete buches con sal.",
    "Con 2 comprimidos alcanza.", "Necesitás un antibiótico.",
])  # fmt: skip
def test_no_diagnosis_and_no_dose_leaves(chat, model, text):
    assert "diagnosis" in replaced(chat, model, say(text))
    assert text not in chat.answer


@pytest.mark.parametrize("text", [
    "La clave es sk-proj-abc123", "token eyJhbGciOiJIUzI1NiJ9", "Bearer abc", "{\"options\": []}", "```sql```",
    "[sin respuesta]", "<b>hola</b>", "El código es 9f86d081884c7d659a2feaa0c55ad015", "null",
])  # fmt: skip
def test_nothing_internal_leaves(chat, model, text):
    assert "internal" in replaced(chat, model, say(text))
    assert text not in chat.answer


def test_the_code_of_an_option_never_leaves(offered, model):
    assert "internal" in replaced(offered, model, say(f"Elegí {codes(offered)[0]}"), to="cuál es el código?")


def test_a_flood_of_words_never_leaves(chat, model):
    assert replaced(chat, model, say("Claro que sí. " * 400)) == ["long"]
    assert len(chat.answer) < 800


def test_what_was_caught_is_shown_and_counted(chat, model):
    replaced(chat, model, say("Sale 45 mil pesos y te reservé el turno."))
    step = next(one for one in chat.all(TurnStep, turn=chat.turn) if one.tool == "guard")
    assert step.refused and "un precio que no se puede decir" in step.result["detail"]
    event = chat.all(SystemEvent, event="receptionist.caught")[0]
    assert event.payload == {"conversation": chat.conversation.pk, "kinds": ["price", "claim.booked"]}


@pytest.mark.parametrize("text", [
    "Abrimos a las 7.", "Los jueves cerramos a las 21.", "Atendemos de 8 a 22.", "El martes 8 atendemos de 9 a 13.",
    "Sí, atendemos.", "Los martes atendemos de 9 a 13 y de 14 a 19.",
])
def test_no_hours_of_the_clinics_that_are_not_so(chat, model, text):
    """The 8th of December, which the patient asks about, is a holiday."""
    assert {"hours", "date"} & set(replaced(chat, model, say(text), to="hola, ¿atienden el martes 8 de diciembre?"))
    assert "El martes 8/12 es feriado" in chat.answer


def test_hours_that_are_so_leave(chat, model):
    model.then(say("Abrimos a las 9 y cerramos a las 19. ¿Qué día te sirve?"))
    assert "Abrimos a las 9" in chat.says("hola, ¿en qué horario atienden?")


@pytest.mark.parametrize("text", [
    "El turno de Zunilda es a las 10.", "El turno anterior es de Zunilda.", "Ese horario lo tiene Rosa.",
    "El turno de Carla es el martes.", "La ficha de Rosa dice que es alérgica.",
])
def test_nor_her_given_name_alone_where_something_is_said_to_be_hers(chat, model, arrayan, within, text):
    """Zunilda and Rosa are patients; Carla is nobody's that this conversation knows."""
    with within(arrayan):
        intake.register(first_name="Zunilda", last_name="Rossi", by=access.SYSTEM)
        intake.register(first_name="Rosa", last_name="Paz", by=access.SYSTEM)
    assert "person" in replaced(chat, model, say(text))


def test_names_of_the_talk_of_the_family_and_of_the_clinic_do(chat, model, arrayan, within):
    with within(arrayan):
        for first_name in ("Zunilda", "Beto"):
            intake.register(first_name=first_name, last_name="Rossi", phone="+5493415550139", by=access.SYSTEM)
    for text, to in (
        ("¿El turno de Carla es para una limpieza?", "hola, mi hija Carla necesita turno"),
        ("El turno de Zunilda lo vemos ahora. ¿Qué necesita?", "y otro para mi mamá"),
        ("El turno de Paula es con ella misma. ¿Qué día te sirve?", "con la doctora"),
        ("El turno de Consuelo no lo encuentro.", "hola"),
    ):
        model.then(say(text))
        assert chat.says(to) == text
