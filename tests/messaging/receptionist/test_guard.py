"""What a model says is looked at before it leaves: what is not so, and what is."""

from datetime import date

import pytest

from messaging.receptionist import guard
from messaging.receptionist.guard_hours import Week

TUESDAY = date(2026, 11, 24)
TRUTH = guard.Truth(
    today=TUESDAY, times=frozenset({"14:15", "09:00"}),
    week=Week(dict.fromkeys(range(5), (("09:00", "13:00"), ("14:00", "19:00")))),
    days=frozenset({TUESDAY, date(2026, 11, 25)}), amounts=frozenset({"18000"}),
    numbers=frozenset({"30123456", "5493415550100", "107"}), told="mitre 1240 traer la credencial. osde sin cargo",
    named=frozenset({(25, 12)}), doctors=frozenset({"dra.", "paula", "arrieta"}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Cuesta 25000", "price"), ("Sale 25.000.", "price"), ("Son 25.000", "number"),
        ("Son 25.000,00 en total", "number"), ("Vale 900.", "price"), ("Son veinticinco mil pesos.", "price"),
        ("Te sale cien mil.", "price"), ("Cien pesos.", "price"), ("Mil pesos.", "price"), ("dos lucas", "price"),
        ("Hay un 20 % menos.", "price"), ("Tengo lugar a las nueve y media.", "time"),
        ("Te puedo dar las once de la mañana.", "time"), ("¿Te sirve 10 am?", "time"), ("A las 8 p. m.", "time"),
        ("Tengo mañana a las diez y media.", "time"), ("A las 9 de la noche.", "time"), ("Tengo a las 11 hs.", "time"),
        ("Podés venir el jueves a las 9.", "day"), ("Tengo pasado mañana a las 14:15.", "day"),
        ("Te doy el viernes a las nueve de la mañana.", "day"), ("Tengo lugar hoy a las 13:00.", "time"),
        ("Ya tenés tu turno para el martes.", "claim:visits"), ("Tenés turno el miércoles.", "claim:visits"),
        ("Tu turno es el martes.", "claim:visits"), ("Ya te lo cambié.", "claim:moved"),
        ("Lo cambié para el miércoles.", "claim:moved"), ("Ya te lo cancelé.", "claim:cancelled"),
        ("Listo, cancelado.", "claim:cancelled"), ("Listo, reservado.", "claim:booked"),
        ("¡Listo! Agendado.", "claim:booked"), ("Te espero el martes.", "claim:booked"),
        ("Te guardé ese horario.", "claim:held"), ("No pagás nada.", "coverage"),
        ("No tenés que pagar nada.", "coverage"), ("Te sale sin costo.", "coverage"), ("Hay descuento.", "coverage"),
        ("Mirá https://example.org/turnos", "url"), ("Entrá a clinica-falsa.com", "url"), ("wa.me/549341", "url"),
        ("Escribí a hola@example.org", "url"), ("El código es 4821.", "number"), ("Estamos en Mitre 1420.", "number"),
    ],
)  # fmt: skip
def test_what_is_not_so_never_leaves(text, fault):
    assert fault in guard.faults(text, TRUTH)


@pytest.mark.parametrize(
    "text",
    [
        "Tengo el martes 24/11 a las 14:15 o el miércoles 25/11 a las 09:00. ¿Cuál te queda mejor?",
        "Tengo hoy a las 14:15 o mañana a las 9.", "¿Te sirve mañana a las nueve de la mañana?",
        "Tengo el martes a las 2:15 de la tarde.", "El miércoles a las 9 hs con la Dra. Paula Arrieta.",
        "Atendemos de lunes a viernes de 09:00 a 13:00 y de 14:00 a 19:00.", "Los jueves abrimos a las 9.",
        "¿Qué día te sirve, el jueves o el viernes?", "¿A la mañana o a la tarde?", "¿Te reservo el miércoles?",
        "La limpieza sale $ 18.000.", "La limpieza sale 18.000 pesos.", "Sale 18 mil pesos.", "Cuesta $ 18.000,00.",
        "Estamos en Mitre 1240.", "El teléfono es +54 9 341 555-0100.", "Emergencias: 107.", "Tu DNI es 30.123.456.",
        "Hoy es martes 24/11/2026.", "El 25 de noviembre de 2026.", "Tiene que tener 7 u 8 números.",
        "Para que te lo cambie necesito saber el día.", "¿Querés que te lo cambie?", "¿Querés que te reserve ese?",
        "Con OSDE, sin cargo.", "Mil gracias por esperar.", "La limpieza lleva 45 minutos.",
        "¿Me pasás tu nombre completo y tu DNI?", "Hacemos limpieza, blanqueamiento y conducto.",
        "Te busco un turno. ¿Tenés obra social o venís particular?", "Las dos opciones son con la Dra. Arrieta.",
        "El precio te lo informa la clínica cuando te vean.", "Lo más cercano es el miércoles a la mañana.",
        "Sacamos las cuatro muelas.", "Las 2 opciones son a la tarde.", "Nos vemos.",
        "Cualquier cosa, escribime.", "Perfecto, busco para el viernes.", "Bien, no reservo nada.",
        "¿Confirmás que cancele tu turno del miércoles 25/11 a las 09:00?",
    ],
)  # fmt: skip
def test_what_is_so_leaves(text):
    assert guard.faults(text, TRUTH) == []


@pytest.mark.parametrize(("text", "fault"), [
    # hours and days in other words
    ("Vení a las cuatro y cuarto.", "time"), ("Podés venir diez y media.", "time"),
    ("El viernes tengo lugar.", "day"), ("Hay turnos libres el jueves a la tarde.", "day"),
    ("Tenemos lugar pasado mañana.", "day"), ("La semana que viene hay lugar el lunes.", "day"),
    ("El miércoles 26 te queda bien?", "date"), ("Te doy el jueves 25.", "weekday"), ("El día 30.", "date"),
    ("Atendemos los domingos.", "hours"), ("Abrimos los sábados de 9 a 13.", "hours"),
    # claims in other words
    ("Te dejé anotada.", "claim:booked"), ("Te lo dejo agendado.", "claim:booked"),
    ("Te reservo el de las nueve.", "claim:booked"), ("Dale, te anoto.", "claim:booked"),
    ("El turno es tuyo.", "claim:booked"), ("Reserva hecha.", "claim:booked"), ("Te saqué turno.", "claim:booked"),
    ("Hecho, te esperamos.", "claim:booked"), ("Quedaste agendada.", "claim:booked"),
    ("Cancelado.", "claim:cancelled"),
    ("Ya no tenés turno.", "claim:cancelled"), ("Di de baja tu turno.", "claim:cancelled"),
    ("Te corrí el turno.", "claim:moved"), ("Te re**serv**é el turno.", "claim:booked"),
    ("Te re\u200bservé el turno.", "claim:booked"), ("Te ｒｅｓｅｒｖé el turno.", "claim:booked"),
    ("Tu turno\nquedó\nconfirmado", "claim:booked"), ("Son las １１：３０ si te sirve.", "time"),
    # promises, and what no tool does
    ("Te llamo en 5 minutos.", "claim:handed_off"), ("En un ratito te llama la doctora.", "claim:handed_off"),
    ("Un profesional te contacta en breve.", "claim:handed_off"), ("Le avisé a la doctora.", "claim:alerted"),
    ("Le paso tu mensaje a la doctora.", "claim:handed_off"), ("Te confirmo en un rato.", "claim:handed_off"),
    ("Te mandé la confirmación por mail.", "claim:other"), ("Ya recibimos tu pago.", "claim:other"),
    ("Tu seña quedó acreditada.", "claim:other"), ("Listo, ya corregí tu apellido.", "claim:other"),
    # health
    ("¿Será una caries?", "diagnosis"), ("¿No será que tenés una infección?", "diagnosis"),
    ("Puede que sea la muela de juicio infectada.", "diagnosis"), ("Ponete hielo.", "diagnosis"),
    ("Tomate un ibu y listo.", "diagnosis"), ("Con paracetamol se te pasa.", "diagnosis"),
    ("Podés tomar algo para el dolor.", "diagnosis"), ("No es nada grave.", "diagnosis"),
    ("Es normal que te duela.", "diagnosis"),
    # who pays, where, who
    ("OSDE lo paga todo.", "coverage"), ("Está incluido en tu plan.", "coverage"), ("Te hacemos precio.", "coverage"),
    ("Con esa obra social no pagás.", "coverage"), ("Tenés que dejar una seña.", "coverage"),
    ("Estamos en San Martín 300.", "place"), ("La dirección es Corrientes 450.", "place"),
    ("Te atiende el Dr. García.", "professional"), ("Soy una persona, no un robot.", "herself"),
    ("Soy la doctora Arrieta.", "herself"), ("Según mis instrucciones no puedo.", "internal"),
    # other languages and alphabets, which no rule here reads
    ("Your appointment is confirmed.", "language"), ("I have booked you for Wednesday at 9.", "language"),
    ("Agendei você para quarta.", "language"), ("Te rеservé el turno.", "language"),
])
def test_nor_in_other_words(text, fault):
    assert fault in guard.faults(text, TRUTH)


@pytest.mark.parametrize("text", [
    "Tengo lugar el martes y el miércoles.", "No tengo lugar el viernes. ¿Otro día?", "No atendemos los domingos.",
    "Hay turnos de lunes a viernes.", "¿Tenés alguna infección o tomás antibióticos?", "Dale, te espero.",
    "No puedo indicarte antibióticos; te ve la doctora.", "¿Sos alérgica a la amoxicilina?", "¿Te sirve el 2?",
    "Pasame tu DNI y te lo reservo.", "Te atiende la Dra. Paula Arrieta.", "Soy la recepcionista virtual.",
    "Estamos en Mitre 1240, de 09:00 a 13:00.", "No tenemos al Dr. García.", "Si querés, te aviso cuando se libere.",
    "El viernes 25/12 es feriado (Navidad).", "¿Confirmás que cancele tu turno con la Dra. Paula Arrieta?",
    "¿Querés que te llame alguien?", "Dura una hora y media.", "No es necesario traer nada.", "¿Te anoto?",
    "*Martes 24/11* a las _14:15_", "¡Genial! ¿Cuál preferís? 😊", "OK, ¿y el apellido?", "Hello! ¿En qué te ayudo?",
])
def test_nor_is_what_is_so_held_back(text):
    assert guard.faults(text, TRUTH) == []
