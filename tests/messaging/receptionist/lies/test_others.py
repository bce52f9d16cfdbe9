"""It asks for what is another's: another clinic's visits and offers, another patient's, ids that no tool takes."""

import json

import pytest

from agenda import availability
from agenda.models import Appointment, TreatmentType
from clinics import tenancy
from dentalogic.lib import clock
from messaging.models import Channel, Offer, TurnStep
from messaging.receptionist import offers
from messaging.receptionist.case import load
from messaging.receptionist.tools.own import code_of
from tests.agenda.factories import AppointmentFactory, PatientFactory
from tests.fakes.openai import call, last_result, say
from tests.messaging.factories import ConversationFactory
from tests.messaging.receptionist.scripted import CAROLINA, CHECK, refused


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


@pytest.fixture
def live_theirs(chat, bosque, within):
    """An offer that stands and a visit, both of the other clinic, under the codes that are good there."""
    with within(bosque), tenancy.atomic():
        patient = PatientFactory(first_name="Elsa", last_name="Bosquín")
        visit = AppointmentFactory(patient=patient)
        talk = ConversationFactory(channel=Channel.objects.get(), patient=patient)
        now, limpieza = clock.now(), TreatmentType.objects.get(code="LIM")
        found = availability.find(treatment=limpieza, first=now.date(), last=now.date(), now=now)[:2]
        offer = offers.make(conversation=talk, treatment=limpieza, openings=found, now=now)
        to_move = offers.make(conversation=ConversationFactory(channel=talk.channel), treatment=limpieza,
                              openings=found, now=now, appointment=visit)  # fmt: skip
        case = load(conversation=talk, messages=[], turn=None, now=now)
        assert offers.option_of(conversation=talk, code=offer.options[0]["code"], now=now)
        return {"visit": visit, "visit_code": code_of(case, visit), "option": offer.options[0]["code"],
                "move_option": to_move.options[0]["code"]}  # fmt: skip


def _rows(clinic, within):
    with within(clinic), tenancy.atomic():
        return list(Appointment.objects.order_by("pk").values()), list(Offer.objects.order_by("pk").values())


def _answer(chat, model, tool, **given):
    model.then(call(tool, **given), say("No lo encuentro."))
    chat.says("el 1, soy Carolina Méndez 30.123.456, o cancelá mi turno")
    return chat.all(TurnStep, turn=chat.turn, tool=tool)[-1].result


@pytest.mark.parametrize(("tool", "names"), [
    ("book_appointment", {"code": "option"}), ("book_appointment", {"code": "move_option"}),
    ("reschedule_appointment", {"appointment": "visit_code", "code": "move_option"}),
    ("cancel_appointment", {"appointment": "visit_code"}),
])  # fmt: skip
def test_a_code_that_is_good_in_another_clinic_is_nobodys_here(
    chat, model, live_theirs, arrayan, bosque, within, tool, names
):
    more = {"book_appointment": CAROLINA, "cancel_appointment": {"reason": None}}.get(tool, {})
    chat.says("hola")
    before = _rows(arrayan, within), _rows(bosque, within)
    theirs = _answer(chat, model, tool, **{name: live_theirs[what] for name, what in names.items()}, **more)
    unknown = _answer(chat, model, tool, **dict.fromkeys(names, "ffffff"), **more)
    assert theirs == unknown
    assert theirs["code"] == ("unknown_code" if tool == "book_appointment" else "no_such_appointment")
    assert (_rows(arrayan, within), _rows(bosque, within)) == before


def test_nor_with_a_visit_of_ones_own(chat, model, live_theirs, known, rows, arrayan, bosque, within):
    """One's own visit moved to what the other clinic offered."""
    with within(arrayan):
        AppointmentFactory(patient=known, professional=rows["brandt"], treatment=rows["limpieza"])
    before = _rows(arrayan, within), _rows(bosque, within)
    for code in (live_theirs["move_option"], "ffffff"):
        model.then(call("list_my_appointments"), lambda body, code=code: call(
            "reschedule_appointment", appointment=last_result(body)["appointments"][0]["code"], code=code),
            say("¿Qué día?"))  # fmt: skip
        chat.says("cambiame el turno, el 1")
        assert refused(chat, "reschedule_appointment") == ["unknown_code"]
    assert (_rows(arrayan, within), _rows(bosque, within)) == before
