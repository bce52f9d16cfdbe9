"""What is said of when the clinic attends, against when it does. Tuesday 24/11; Friday 27/11 is closed for once,
Tuesday 8/12 is a holiday, Sunday 29/11 is opened by hand; Brandt comes on Mondays and Wednesdays after two."""
from datetime import date

import pytest

from messaging.receptionist import guard
from messaging.receptionist.guard_hours import Week

WHOLE, MORNING = (("09:00", "13:00"), ("14:00", "19:00")), (("09:00", "13:00"),)
USUAL = dict.fromkeys(range(5), WHOLE) | {5: MORNING}
ON = {date(2026, 11, 27): (), date(2026, 12, 8): (), date(2026, 11, 29): (("10:00", "12:00"),)}
TRUTH = guard.Truth(
    today=date(2026, 11, 24), week=Week(USUAL, ON), weeks={"brandt": Week({0: (("14:00", "18:00"),),
                                                                          2: (("14:00", "18:00"),)}, ON)},
    times=frozenset({"14:15", "09:00"}), days=frozenset({date(2026, 11, 24), date(2026, 11, 25)}),
    doctors=frozenset({"dr.", "nicolas", "brandt"}), named=frozenset({(8, 12)}))  # fmt: skip


@pytest.mark.parametrize("text", [
    "Abrimos a las 7.", "Abrimos a las siete de la mañana.", "Abrimos a las 8 y cerramos a las 19.",
    "Cerramos a las 21.", "Cerramos a las nueve de la noche.", "Atendemos de 8 a 22.", "Atendemos de 9 a 20 hs.",
    "Estamos de 8 a 18.", "Los sábados hasta las 14.", "Los sábados atendemos de 9 a 19.",
    "Los sábados abrimos hasta las 18 hs.", "Sábados de 9 a 17.", "Atendemos los domingos.",
    "Atendemos todos los días.", "Atendemos de lunes a domingo de 9 a 13.", "De lunes a viernes de 8:00 a 20:00.",
    "Los fines de semana también atendemos.", "Los sábados a la tarde atendemos.", "Atendemos a la noche los jueves.",
    "Los viernes no atendemos.", "Los miércoles a la tarde no atendemos.", "Cerramos los sábados.",
    "El viernes atendemos.", "El viernes estamos de 9 a 13.", "Abrimos los feriados.", "Atendemos las 24 horas.",
    "Atendemos de 9 a 19 de corrido.", "Abrimos desde las 10.", "Atendemos hasta las 20:30.",
    "Lunes y miércoles de 9 a 15, martes y jueves de 14 a 19.", "Atendemos entre las 8 y las 12.",
    "Nuestro horario es de 9:00 a 18:30.", "Horario de atención: 10 a 19 hs.", "Mañana abrimos a las 8.",
    "De lunes a viernes de 9 a 13 y de 14 a 19; los sábados de 9 a 14.", "Los martes abrimos a la una.",
    "El domingo atendemos de 9 a 13.", "Abrimos a las 14.", "Cerramos a las 13.", "Hoy cerramos a las veinte.",
    "El Dr. Brandt atiende los martes.", "El Dr. Brandt atiende los lunes de 9 a 13.",
    "El Dr. Brandt está los miércoles hasta las 19.", "Los sábados atendemos. Cerramos a las 19 ese día.",
])
def test_what_is_not_so_is_caught(text):
    assert {"hours", "time"} & set(guard.faults(text, TRUTH))


@pytest.mark.parametrize("text", [
    "Atendemos lunes a viernes de 09:00 a 13:00 y 14:00 a 19:00; sábado de 09:00 a 13:00.",
    "Los sábados no atendemos a la tarde.", "Los domingos no atendemos.", "Los miércoles atendemos de 09:00 a 13:00 y "
    "14:00 a 19:00.", "El martes 8/12 es feriado (Inmaculada Concepción de María).", "Abrimos a las 9.",
    "Abrimos a las nueve de la mañana.", "Cerramos a las 19.", "Cerramos a las 7 de la tarde.",
    "Abrimos a las 9 y cerramos a las 19.", "Los sábados hasta las 13.", "Los sábados atendemos hasta la una.",
    "Los sábados abrimos de 9 a 13 hs.", "Sábados: 9 a 13.", "De lunes a viernes, de 9 a 13 y de 14 a 19 hs.",
    "Estamos de lunes a viernes de 9 a 1 y de 2 a 7 de la tarde.", "Atendemos a la mañana y a la tarde.",
    "Los jueves a la tarde atendemos de 14 a 19.", "El viernes no atendemos.", "El viernes estamos cerrados.",
    "Atendemos de lunes a sábado; los domingos no.", "No atendemos los domingos ni los feriados.",
    "Los sábados cerramos a las 13.", "Cerramos de 13 a 14.", "Cerramos a las 13 y volvemos a abrir a las 14.",
    "Mañana abrimos a las 9.", "Hoy atendemos hasta las 19.", "El domingo abrimos de 10 a 12.",
    "Lunes, miércoles y viernes de 9 a 13.", "Atendemos entre las 9 y las 13 todos los sábados.",
    "Los sábados abrimos desde las 9 hasta las 13.", "El Dr. Brandt atiende los lunes y miércoles de 14 a 18.",
    "El Dr. Brandt no atiende los martes.", "Te atiende el Dr. Brandt el miércoles 25/11 a las 9.",
    "Tengo lugar hoy a las 14:15. Atendemos hasta las 19.", "Atendemos hasta las 19 y tengo lugar hoy a las 14:15.",
    "Atendemos por OSDE y de forma particular.", "Atendemos a chicos de 3 a 12 años.", "Estamos para ayudarte.",
    "La limpieza lleva de 30 a 45 minutos.", "Trabajamos con OSDE y Swiss Medical.", "Te atienden de 2 a 3 veces.",
    "¿Preferís a la mañana o a la tarde?", "Ya cerramos. ¿Qué día te sirve?", "No cerramos los jueves.",
    "¿Te queda bien el sábado a la mañana?", "El domingo no tengo lugar, pero atendemos los sábados hasta las 13.",
    "Los sábados atendemos. Cerramos a las 13.", "Atendemos de 9 a 13. Los sábados también.",
    "Con 24 horas de anticipación lo cambiamos.",
])
def test_what_is_so_leaves(text):
    assert guard.faults(text, TRUTH) == []


def test_a_day_that_was_asked_about_is_not_as_its_weekday_is():
    asked = guard.Truth(today=TRUTH.today, week=TRUTH.week, asked=frozenset({date(2026, 12, 8)}),
                        named=frozenset({(8, 12)}))  # fmt: skip
    for text in ("Sí, atendemos.", "Los martes atendemos de 9 a 13 y de 14 a 19.", "Sí, ese día abrimos."):
        assert guard.faults(text, asked) == ["hours"]
        assert guard.faults(text, TRUTH) == []
    assert guard.faults("El martes 8/12 es feriado; no atendemos.", asked) == []


def test_a_clinic_without_hours_has_none_to_tell():
    assert "hours" in guard.faults("Atendemos de 9 a 18.", guard.Truth(today=TRUTH.today))
