"""It asks for what is another's: another clinic's visits, another patient's, ids that no tool takes."""

import json

import pytest

from clinics import tenancy
from tests.agenda.factories import AppointmentFactory, PatientFactory
from tests.fakes.openai import call, last_result, say
from tests.messaging.receptionist.scripted import CHECK, refused


def test_it_cannot_touch_anothers_visit(chat, model, rows, arrayan, within):
    with within(arrayan):
        row = AppointmentFactory(patient=PatientFactory(), professional=rows["brandt"], treatment=rows["consulta"])
    model.then(call("cancel_appointment", appointment=str(row.pk), reason=None), say("No lo encuentro."))
    chat.says("cancelá mi turno")
    assert refused(chat, "cancel_appointment") == ["no_such_appointment"]
    with within(arrayan):
        row.refresh_from_db()
    assert row.status == "scheduled"


@pytest.fixture
def theirs(bosque, within):
    """A visit of the other clinic, tomorrow."""
    with within(bosque), tenancy.atomic():
        return AppointmentFactory(patient=PatientFactory(first_name="Elsa", last_name="Bosquín"))


@pytest.mark.parametrize("tool", ["cancel_appointment", "reschedule_appointment"])
def test_it_cannot_touch_a_visit_of_another_clinic(chat, model, theirs, bosque, within, tool):
    more = {"reason": None} if tool == "cancel_appointment" else {"code": "ffffff"}
    model.then(call(tool, appointment=str(theirs.pk), **more), say("No lo encuentro."))
    chat.says("cancelá o cambiá mi turno")
    assert refused(chat, tool) == ["no_such_appointment"]
    with within(bosque), tenancy.atomic():
        theirs.refresh_from_db()
        assert theirs.status == "scheduled"


@pytest.mark.parametrize("more", [
    {"tenant": 2}, {"tenant_id": 2}, {"patient": 1}, {"patient_id": 1}, {"conversation": 1},
    {"start": "2026-11-25T10:00"},
])  # fmt: skip
def test_no_tool_takes_a_clinic_a_patient_or_a_free_date(chat, model, theirs, more):
    model.then(
        call("check_availability", **CHECK, **more), call("list_my_appointments", **more), say("¿Qué necesitás?"))
    chat.says("hola, quiero una limpieza, tengo osde")
    assert refused(chat, "check_availability") == refused(chat, "list_my_appointments") == ["bad_arguments"]
    assert chat.offers == []


def test_it_sees_no_visit_that_is_not_of_this_phone(chat, model, theirs, rows, arrayan, within):
    with within(arrayan):
        zulema = PatientFactory(first_name="Zulema", last_name="Zárate")
        AppointmentFactory(patient=zulema, professional=rows["brandt"], treatment=rows["consulta"])
    model.then(call("list_my_appointments"), say("No veo turnos a tu nombre."))
    chat.says("qué turnos tengo?")
    assert last_result(model.asked[-1])["appointments"] == []
    asked = json.dumps([body["messages"] for body in model.asked], ensure_ascii=False)
    assert "Zulema" not in asked and "Bosquín" not in asked
