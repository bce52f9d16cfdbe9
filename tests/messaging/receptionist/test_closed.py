"""Who asks for a day on which nobody is attended hears why: the holiday or the clinic's closure, by its name."""
from datetime import UTC, datetime, timedelta

import pytest

from clinics import tenancy
from messaging.models import TurnStep
from tests.agenda.factories import AppointmentFactory, ClosureFactory


@pytest.fixture
def closed(rows, arrayan, within):
    """The whole clinic from 30/11 to 2/12; one of its professionals on 4/12."""
    def utc(day, month=12):
        return datetime(2026, month, day, 3, tzinfo=UTC)

    with within(arrayan):
        ClosureFactory(start_at=utc(30, 11), end_at=utc(3), reason="Mudanza")
        ClosureFactory(start_at=utc(4), end_at=utc(5), professional=rows["arrieta"], kind="leave", reason="Licencia")
        ClosureFactory(start_at=utc(4), end_at=utc(5), professional=rows["brandt"], kind="leave", reason="Licencia")


def said(chat):
    return chat.all(TurnStep, tool="check_availability")[-1].result


def test_a_holiday_is_said_by_its_name_with_what_is_nearest(chat, rows):
    answer = chat.says("Hola, quiero una limpieza para el martes 8 de diciembre", "soy particular")
    assert "El martes 8/12 es feriado (Inmaculada Concepción de María). Lo más cercano para limpieza dental:" in answer
    assert said(chat)["closed"] == [
        {"first": "martes 8/12", "last": "", "holiday": True, "name": "Inmaculada Concepción de María"}]
    assert len(chat.offers[-1].options) == 2


def test_a_closure_of_the_clinic_is_said_by_its_name(chat, closed):
    answer = chat.says("Hola, quiero una limpieza para el martes 1 de diciembre", "soy particular")
    assert "El martes 1/12 la clínica está cerrada (Mudanza). Lo más cercano" in answer


def test_a_professionals_leave_is_nobodys_to_know(chat, closed):
    answer = chat.says("Hola, quiero una limpieza para el viernes 4 de diciembre", "soy particular")
    assert "Licencia" not in answer and "En lo que me pedís no me queda lugar." in answer
    assert said(chat)["closed"] == []


def test_a_full_day_is_not_called_closed(chat, rows, arrayan, within):
    with within(arrayan), tenancy.atomic():
        for who in ("arrieta", "brandt"):
            for hour in range(11, 23):
                start_at = datetime(2026, 11, 26, hour, tzinfo=UTC)
                AppointmentFactory(professional=rows[who], treatment=rows["limpieza"], start_at=start_at,
                                   end_at=start_at + timedelta(hours=1))
    answer = chat.says("Hola, quiero una limpieza para el jueves 26", "soy particular")
    assert "En lo que me pedís no me queda lugar." in answer and said(chat)["closed"] == []


def test_where_nothing_at_all_is_left_the_reason_is_said_too(chat, rows, arrayan, within):
    with within(arrayan):
        ClosureFactory(start_at=datetime(2026, 11, 24, 3, tzinfo=UTC), end_at=datetime(2027, 4, 1, 3, tzinfo=UTC),
                       reason="Reforma")
    answer = chat.says("Hola, quiero una limpieza para mañana", "soy particular")
    assert "El miércoles 25/11 la clínica está cerrada (Reforma). ¿Qué otro día te sirve?" in answer


@pytest.mark.parametrize(("asked", "answered"), [
    ("Hola, ¿atienden el martes 8 de diciembre?", "El martes 8/12 es feriado (Inmaculada Concepción de María)."),
    ("Hola, ¿atienden el miércoles 9 de diciembre?", "Los miércoles atendemos de 09:00"),
])
def test_who_asks_whether_a_day_is_attended_hears_it(chat, rows, asked, answered):
    assert answered in chat.says(asked)
