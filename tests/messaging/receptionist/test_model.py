"""The model's engine against a peer on loopback: it books, it fails, it lies."""

import json

import pytest

from agenda import availability
from clinics import vault
from clinics.models import SystemEvent
from messaging.models import Turn, TurnStep
from messaging.receptionist import llm
from tests.agenda.factories import AppointmentFactory, PatientFactory
from tests.fakes.openai import Model, call, last_result, say
from tests.messaging.receptionist.test_booking import local, plays

CHECK = {"treatment": "limpieza", "insurance": "osde", "when": None, "on_date": None, "professional": None,
         "appointment": None}  # fmt: skip
NOBODY = {"first_name": None, "last_name": None, "document": None, "document_type": None, "insurance": None,
          "phone": None}  # fmt: skip
CAROLINA = NOBODY | {"first_name": "Carolina", "last_name": "Méndez", "document": "30.123.456"}


@pytest.fixture
def model(settings):
    peer = Model()
    settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = "sk-test", peer.base
    settings.MODEL_TIMEOUT, settings.TURN_DEADLINE = 5, 9
    yield peer
    peer.close()
    client = llm._client("sk-test", peer.base)
    client.close()
    llm._client.cache_clear()


def options_said(body):
    first, second = last_result(body)["options"]
    return say(f"Tengo el {first['day']} a las {first['time']} o el {second['day']} a las {second['time']}. ¿Cuál?")


def book_option(number, **given):
    """Call book_appointment with the code the clinic's instructions show for that option."""

    def step(body):
        line = next(one for one in body["messages"][0]["content"].splitlines() if one.startswith("- Opciones"))
        code = line.split(": ", 1)[1].split("; ")[number - 1].split(":")[0]
        return call("book_appointment", code=code, **given)

    return step


@pytest.fixture
def offered(chat, model):
    model.then(call("check_availability", **CHECK), options_said)
    chat.says("hola, quiero una limpieza, tengo osde")
    model.asked.clear()
    return chat


def test_a_model_drives_a_booking(offered, model, rows):
    chat = offered
    assert "miércoles 25/11 a las 09:00" in chat.answer
    assert chat.turn.engine == Turn.Engine.MODEL
    model.then(book_option(2, **NOBODY), say("¡Bárbaro! ¿Me pasás tu nombre completo y tu DNI?"))
    assert "DNI" in chat.says("el 2")
    assert len(chat.holds) == 1
    model.then(book_option(2, **CAROLINA), say("Listo!! Te espero el jueves 26 a las 11 :)"))
    confirmation = chat.says("Carolina Méndez 30.123.456")
    assert "Limpieza dental el miércoles 25/11 a las 09:00 con la Dra. Paula Arrieta" in confirmation
    assert "jueves" not in confirmation
    assert local(chat, chat.appointments[0]) == "25/11 09:00"
    assert chat.appointments[0].patient.dni == "30123456"
    assert [step.tool for step in chat.all(TurnStep)] == [
        "triage_urgency", "check_availability", "book_appointment", "book_appointment"]  # fmt: skip
    assert chat.all(TurnStep, tool="check_availability")[0].tokens == 100


def test_what_is_sent_names_no_phone_and_one_call_at_a_time(chat, model):
    chat.says("hola")
    body = model.asked[0]
    assert body["parallel_tool_calls"] is False
    assert len(body["tools"]) == 9
    assert all(tool["function"]["strict"] for tool in body["tools"])
    assert "3415550139" not in json.dumps(body)
    assert body["messages"][-1] == {"role": "user", "content": "hola"}
    assert "martes 24/11/2026" in body["messages"][0]["content"]


@pytest.mark.parametrize("fault", [500, 429, 400, "cut", "nonsense"])
def test_when_it_errs_the_patient_books_all_the_same(chat, model, fault):
    model.script.extend([fault] * 8)
    plays(chat, "hola, quiero una limpieza", "osde", "el 2", "Carolina Méndez 30123456")
    assert "reservado" in chat.answer
    assert chat.turn.engine == Turn.Engine.RULES
    assert len(chat.appointments) == 1
    assert chat.all(SystemEvent, event="receptionist.model_fault")


def test_when_it_hangs_the_patient_gets_an_answer(chat, model, settings):
    settings.MODEL_TIMEOUT = settings.TURN_DEADLINE = 0.2
    model.then("hang")
    assert "obra social" in chat.says("hola, quiero una limpieza")


def test_when_it_is_unreachable_the_patient_gets_an_answer(chat, model, settings):
    settings.OPENAI_BASE_URL = "http://127.0.0.1:9/v1"
    assert "obra social" in chat.says("hola, quiero una limpieza")
    llm._client("sk-test", "http://127.0.0.1:9/v1").close()


def test_past_the_turns_deadline_it_is_not_asked(chat, model, settings):
    settings.TURN_DEADLINE = 0
    assert "obra social" in chat.says("hola, quiero una limpieza")
    assert model.asked == []


def test_when_it_fails_after_a_search_the_offer_is_told_from_the_row(chat, model):
    model.then(call("check_availability", **CHECK), 500)
    assert "1) martes 24/11 a las 14:15" in chat.says("hola, quiero una limpieza, tengo osde")
    assert len(chat.offers) == 1


def test_when_it_fails_after_booking_the_confirmation_is_told_from_the_row(offered, model):
    model.then(book_option(2, **CAROLINA), "cut")
    assert "reservado" in offered.says("el 2. Carolina Méndez 30.123.456")
    assert len(offered.appointments) == 1


def test_the_offline_engine_takes_up_where_the_model_left(offered, model):
    model.script.extend([500] * 5)
    plays(offered, "el miércoles", "Carolina Méndez 30123456")
    assert local(offered, offered.appointments[0]) == "25/11 09:00"


def test_a_key_of_the_clinics_own_is_enough(chat, model, settings, within, arrayan):
    settings.OPENAI_API_KEY = ""
    with within(arrayan):
        vault.put("openai.api_key", "sk-test")
    chat.says("hola")
    assert len(model.asked) == 1


# It lies.


def replaced(chat, model, *script, to="hola, quiero una limpieza, tengo osde"):
    """What leaves when the model says that: the offline receptionist's answer, and a row that says why."""
    model.then(*script)
    chat.says(to)
    return next(step for step in chat.all(TurnStep, turn=chat.turn) if step.tool == "guard").result["faults"]


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


def codes(chat):
    return [option["code"] for option in chat.offers[-1].options]


def refused(chat, tool):
    return [step.result["code"] for step in chat.all(TurnStep, turn=chat.turn, tool=tool) if step.refused]


def test_it_cannot_book_what_was_not_chosen(offered, model):
    model.then(book_option(1, **NOBODY), say("¿Cuál de los dos?"))
    offered.says("dale")
    assert refused(offered, "book_appointment") == ["choice_not_explicit"]
    assert offered.holds == offered.appointments == []


def test_it_cannot_book_a_code_that_was_never_offered(offered, model):
    model.then(call("book_appointment", code="ffffff", **CAROLINA), say("¿Cuál?"))
    offered.says("el 2, Carolina Méndez 30.123.456")
    assert refused(offered, "book_appointment") == ["unknown_code"]
    assert offered.appointments == []


def test_nor_one_of_an_offer_that_ran_out(offered, model):
    offered.waits(minutes=31)
    model.then(call("book_appointment", code=codes(offered)[1], **CAROLINA), say("A ver."))
    offered.says("el 2, Carolina Méndez 30.123.456")
    assert refused(offered, "book_appointment") == ["offer_expired"]


def test_it_cannot_make_up_the_patient(offered, model):
    model.then(book_option(2, **CAROLINA), say("¿Me pasás tus datos?"))
    offered.says("el 2")
    assert refused(offered, "book_appointment") == ["data_missing"]
    assert offered.all(TurnStep, tool="book_appointment")[-1].result["missing"] == ["first_name", "last_name", "dni"]
    assert offered.patients == []


def test_it_cannot_make_up_the_insurance(chat, model):
    model.then(call("check_availability", **CHECK), say("¿Tenés obra social?"))
    chat.says("hola, quiero una limpieza")
    assert refused(chat, "check_availability") == ["not_said_by_patient"]
    assert chat.offers == []


def test_it_cannot_skip_the_insurance(chat, model):
    model.then(call("check_availability", **(CHECK | {"insurance": None})), say("¿Tenés obra social?"))
    chat.says("hola, quiero una limpieza")
    assert refused(chat, "check_availability") == ["insurance_unasked"]


def test_a_date_that_disagrees_with_the_words_books_nothing(chat, model):
    asked = CHECK | {"when": "el jueves", "on_date": "2026-11-27"}
    model.then(call("check_availability", **asked), say("¿Qué día?"))
    chat.says("hola, quiero una limpieza el jueves, tengo osde")
    assert refused(chat, "check_availability") == ["date_unclear"]


def test_it_cannot_search_for_ever(chat, model):
    model.then(*[call("check_availability", **CHECK)] * 9)
    chat.says("hola, quiero una limpieza, tengo osde")
    assert "enough_searches" in refused(chat, "check_availability")
    assert len(model.asked) == 6
    assert "1)" in chat.answer


def test_it_cannot_touch_anothers_visit(chat, model, rows, arrayan, within):
    with within(arrayan):
        row = AppointmentFactory(patient=PatientFactory(), professional=rows["brandt"], treatment=rows["consulta"])
    model.then(call("cancel_appointment", appointment=str(row.pk), reason=None), say("No lo encuentro."))
    chat.says("cancelá mi turno")
    assert refused(chat, "cancel_appointment") == ["no_such_appointment"]
    with within(arrayan):
        row.refresh_from_db()
    assert row.status == "scheduled"


def test_it_cannot_cancel_what_nobody_asked_to_cancel(offered, model):
    model.then(book_option(2, **CAROLINA))
    offered.says("el 2, Carolina Méndez 30.123.456")
    model.then(call("list_my_appointments"),
               lambda body: call("cancel_appointment", appointment=last_result(body)["appointments"][0]["code"],
                                 reason=None), say("¿Algo más?"))  # fmt: skip
    offered.says("gracias, nos vemos")
    assert refused(offered, "cancel_appointment") == ["cancel_not_confirmed"]
    assert offered.appointments[0].status == "scheduled"


def test_it_cannot_hand_over_without_a_reason(chat, model):
    model.then(call("hand_off", reason="asked_for_person"), say("La limpieza sale $ 18.000."))
    chat.says("cuánto sale la limpieza?")
    assert refused(chat, "hand_off") == ["no_reason_to_hand_off"]
    assert not chat.handed_off


def test_a_handoff_it_may_do_says_one_line(chat, model):
    model.then(call("hand_off", reason="asked_for_person"))
    answer = chat.says("quiero hablar con una persona")
    assert answer == "Le paso tu consulta a una persona del equipo. Te responde por acá."
    assert chat.handed_off


@pytest.mark.parametrize(
    "step",
    [
        call("check_availability", raw="{not json"), call("check_availability", raw='"text"'),
        call("check_availability", treatment=7), call("check_availability", **CHECK, tenant=2),
        call("drop_tables"), call("book_appointment", code=None),
    ],
)  # fmt: skip
def test_malformed_calls_are_refusals_it_can_read(chat, model, step):
    model.then(step, say("¿Me repetís?"))
    assert chat.says("hola") == "¿Me repetís?"
    assert chat.all(TurnStep, turn=chat.turn)[-1].refused
    assert chat.offers == []


def test_it_may_raise_the_urgency_and_never_lower_it(chat, model):
    model.then(call("triage_urgency", level="none"), say("Contame más."))
    chat.says("me duele muchísimo la muela")
    assert chat.conversation.triage_level == "urgent"
    model.then(call("triage_urgency", level="emergency"), say("Contame más."))
    chat.says("hola")
    assert chat.conversation.triage_level == "emergency"


def test_a_tool_that_breaks_is_an_honest_line_and_an_alert(chat, monkeypatch, within, arrayan):
    def broken(**asked):
        raise RuntimeError("boom")

    monkeypatch.setattr(availability, "find", broken)
    answer = chat.says("hola, quiero una limpieza, tengo osde")
    assert "no pude consultar la agenda" in answer
    assert ":" not in answer.split("agenda")[1]
    with within(arrayan):
        assert SystemEvent.objects.filter(event="receptionist.tool_fault").count() == 1


def first_code(body):
    return last_result(body)["options"][0]["code"]


@pytest.mark.parametrize("words", ["hola, quiero una limpieza el jueves a las 9, tengo osde, dale el primero"])
def test_it_cannot_book_what_was_offered_in_this_very_turn(chat, model, words):
    model.then(call("check_availability", **CHECK), lambda body: call("book_appointment", code=first_code(body),
               **CAROLINA), say("¿Cuál preferís?"))  # fmt: skip
    chat.says(f"{words}. Carolina Méndez 30.123.456")
    assert refused(chat, "book_appointment") == ["offer_not_said"]
    assert chat.holds == chat.appointments == []


def test_nor_the_only_opening_there_is(chat, model, monkeypatch):
    only_one(monkeypatch)
    model.then(call("check_availability", **CHECK), lambda body: call("book_appointment", code=first_code(body),
               **CAROLINA), say("Listo, reservado."))  # fmt: skip
    chat.says("quiero una limpieza, tengo osde. Carolina Méndez 30.123.456")
    assert refused(chat, "book_appointment") == ["offer_not_said"]
    assert "¿Te reservo ese?" in chat.answer
    model.then(call("book_appointment", code=codes(chat)[0], **CAROLINA), say("¿Te lo reservo?"))
    chat.says("a ver, cuánto dura?")
    assert refused(chat, "book_appointment") == ["choice_not_explicit"]
    model.then(call("book_appointment", code=codes(chat)[0], **CAROLINA))
    assert "reservado" in chat.says("sí, dale")


def test_nor_move_to_it(offered, model):
    model.then(book_option(2, **CAROLINA))
    offered.says("el 2, Carolina Méndez 30.123.456")
    before = local(offered, offered.appointments[0])
    seen = {}

    def move(body):
        return call("reschedule_appointment", appointment=seen["code"], code=first_code(body))

    def look(body):
        seen["code"] = last_result(body)["appointments"][0]["code"]
        return call("check_availability", **(CHECK | {"appointment": seen["code"], "treatment": None}))

    model.then(call("list_my_appointments"), look, move, say("¿Cuál?"))
    offered.says("cambialo para otro día, el primero que tengas, dale")
    assert refused(offered, "reschedule_appointment") == ["offer_not_said"]
    assert local(offered, offered.appointments[0]) == before


def only_one(monkeypatch):
    monkeypatch.setattr(availability, "find", lambda *, _find=availability.find, **asked: _find(**asked)[:1])


def test_what_a_tools_fault_says_of_rows_is_not_logged(chat, monkeypatch, caplog):
    def broken(**asked):
        raise RuntimeError("".join(["Failing row contains (Ana, 28", "456123)"]))

    monkeypatch.setattr(availability, "find", broken)
    chat.says("hola, quiero una limpieza, tengo osde")
    assert "tool check_availability failed: RuntimeError" in caplog.text
    assert "28456123" not in caplog.text


def test_the_urgency_it_raises_alerts_and_opens_no_gate(chat, model):
    model.then(call("triage_urgency", level="emergency"), call("check_availability", **(CHECK | {"insurance": None})),
               say("¿Tenés obra social?"))  # fmt: skip
    chat.says("hola, quiero una limpieza ya")
    assert chat.conversation.triage_level == "emergency"
    assert "raised by the model" in chat.conversation.triage_reasons
    assert refused(chat, "check_availability") == ["insurance_unasked"]
    assert chat.conversation.facts.get("urgent") is None
