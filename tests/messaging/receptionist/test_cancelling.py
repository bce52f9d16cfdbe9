"""Cancelling is ordered by the patient, or agreed to when we ask. Whatever a model takes their words for."""

from datetime import datetime

import pytest

from messaging.receptionist import cancelling
from tests.agenda.factories import AppointmentFactory
from tests.fakes.openai import call, last_result, say
from tests.messaging.receptionist.scripted import refused
from tests.messaging.receptionist.test_booking import plays
from tests.messaging.receptionist.test_conversations import DONE


@pytest.mark.parametrize(
    "words",
    [
        "cancelá mi turno", "Hola, cancelame el turno por favor", "cancelalo", "cancelen mi cita", "anulá el turno",
        "no puedo ir, cancelalo", "no voy a poder ir. cancelá el turno del miércoles", "dame de baja el turno",
    ],
)  # fmt: skip
def test_an_order(words):
    assert cancelling.ordered(words)


@pytest.mark.parametrize(
    "words",
    [
        "no me canceles el turno", "no quiero cancelar", "si no llego a las 9 lo cancelás?",
        "¿puedo cancelar después?",
        "hasta cuándo puedo cancelar?", "por favor no cancelen mi turno", "si llueve cancelalo",
        "me cancelaron el viaje",
        "cancelaron mi turno?", "iba a cancelar pero voy", "mejor cambialo, no lo canceles", "cancelá el otro",
        "qué pasa si cancelo", "quiero saber cómo se cancela", "gracias", "por ahora no lo canceles",
        "cancelar tiene costo", "no, no cancelé nada", "cancelamos la tarjeta",
        "cancelá el turno de mi hijo",
    ],
)  # fmt: skip
def test_no_order(words):
    assert not cancelling.ordered(words)


@pytest.mark.parametrize("words", ["sí", "dale", "si cancelalo", "sí, no puedo ir", "confirmo", "ok gracias"])
def test_a_yes_to_our_question(words):
    assert cancelling.agreed(words)


@pytest.mark.parametrize(
    "words",
    ["no", "sí pero no lo canceles", "confirmo el turno", "sí, voy", "mejor cambialo", "ok, dejalo", "sí?", "gracias",
     "me avisan si cancelan el turno"],
)
def test_no_yes_to_it(words):
    assert not cancelling.agreed(words)


CANCEL = (
    call("list_my_appointments"),
    lambda body: call("cancel_appointment", appointment=last_result(body)["appointments"][0]["code"], reason=None),
)


@pytest.fixture
def has_visit(chat, model, settings):
    settings.OPENAI_API_KEY = ""
    plays(chat, *DONE)
    settings.OPENAI_API_KEY = "sk-test"
    return chat


@pytest.mark.parametrize(
    "words",
    [
        "no me canceles el turno por favor", "si no llego a las 9, lo cancelan?", "hasta cuándo puedo cancelar?",
        "no quiero cancelar, quiero saber la dirección",
    ],
)  # fmt: skip
def test_a_model_cannot_cancel_what_the_patient_keeps(has_visit, model, words):
    model.then(*CANCEL, say("Listo."))
    has_visit.says(words)
    assert refused(has_visit, "cancel_appointment") == ["cancel_not_confirmed"]
    assert has_visit.appointments[0].status == "scheduled"


def test_an_order_about_the_only_visit_is_enough(has_visit, model):
    model.then(*CANCEL)
    assert "cancelé tu turno" in has_visit.says("cancelá mi turno")


def test_what_may_be_an_order_is_asked_by_us_and_a_yes_cancels(has_visit, model):
    model.then(*CANCEL, *CANCEL, say("¿Algo más?"))
    assert "¿Confirmás que cancele tu turno de Limpieza dental" in has_visit.says("quiero cancelar, puede ser?")
    assert has_visit.appointments[0].status == "scheduled"
    model.script.clear()
    model.then(*CANCEL)
    assert "cancelé tu turno" in has_visit.says("sí")


def test_a_yes_to_something_else_cancels_nothing(has_visit, model):
    model.then(*CANCEL, say("."))
    has_visit.says("se puede cancelar?")
    model.then(say("¿Querés que te busque otro turno?"))
    has_visit.says("y dónde quedan?")
    model.then(*CANCEL, say("¿Cuál?"))
    has_visit.says("sí")
    assert has_visit.appointments[0].status == "scheduled"


def test_of_two_visits_an_order_must_single_one_out(has_visit, model, settings):
    settings.OPENAI_API_KEY = ""
    plays(has_visit, "quiero una consulta el viernes a la mañana", "el 1")
    settings.OPENAI_API_KEY = "sk-test"
    model.then(*CANCEL, say("¿Cuál?"))
    has_visit.says("cancelá el turno")
    assert [row.status for row in has_visit.appointments] == ["scheduled", "scheduled"]
    model.then(*CANCEL, say("¿Cuál?"))
    has_visit.says("cancelá el del viernes")  # the model takes it for the other
    assert [row.status for row in has_visit.appointments] == ["scheduled", "scheduled"]


@pytest.fixture
def two_visits(chat, model, known, rows, arrayan, within):
    with within(arrayan):
        for what, at in (("limpieza", "2026-11-26T10:00-03:00"), ("blanqueamiento", "2026-12-02T10:00-03:00")):
            AppointmentFactory(patient=known, professional=rows["arrieta"], treatment=rows[what],
                               start_at=datetime.fromisoformat(at))  # fmt: skip
    return chat


def test_of_two_the_second_is_asked_about_by_itself(two_visits, model):
    """A model that cancels the first in one turn need not be told twice about the second."""
    model.then(*CANCEL, say("?"))
    two_visits.says("me voy de viaje, cancelame los dos turnos")
    model.script.clear()
    model.then(*CANCEL, say("."))
    answer = two_visits.says("sí")
    assert "cancelé tu turno del jueves 26/11" in answer and "cancele tu turno de Blanqueamiento" in answer
    model.then(*CANCEL, say("."))
    assert "cancelé tu turno del miércoles 2/12" in two_visits.says("sí")
    assert [row.status for row in two_visits.appointments] == ["cancelled", "cancelled"]


def test_and_the_other_one_too(two_visits, model):
    model.then(*CANCEL, say("."))
    two_visits.says("cancelá el del jueves")
    model.then(*CANCEL, say("."))
    assert "¿Confirmás que cancele tu turno de Blanqueamiento" in two_visits.says("y el otro también")
    model.then(*CANCEL, say("."))
    assert "cancelé tu turno del miércoles 2/12" in two_visits.says("dale")


def test_a_question_in_the_models_words_becomes_ours_and_its_yes_counts(two_visits, model):
    model.then(say("¿Querés que cancele el del miércoles 2/12?"))
    assert "¿Confirmás que cancele tu turno de Blanqueamiento" in two_visits.says("no sé si llego al segundo")
    model.then(
        call("list_my_appointments"),
        lambda body: call("cancel_appointment", appointment=last_result(body)["appointments"][1]["code"], reason=None),
        say("."))  # fmt: skip
    assert "cancelé tu turno del miércoles 2/12" in two_visits.says("sí")


@pytest.mark.parametrize("text", [
    "¿Lo cancelo o lo cambiamos de día?", "¿Cuál querés cancelar?", "¿Por qué cancelás?"])
def test_a_question_that_can_be_answered_otherwise_stays_the_models(two_visits, model, text):
    model.then(say(text))
    assert two_visits.says("no puedo ir el jueves") == text
    assert two_visits.conversation.stage != "confirm_cancel"


@pytest.mark.parametrize("words", [
    "y el otro también", "el otro también por favor", "y el del martes", "también el otro", "la otra también",
    "bueno, ahora el de limpieza"])
def test_words_that_go_on_cancelling(words):
    assert cancelling.goes_on(words)


@pytest.mark.parametrize("words", ["quiero otro turno", "el otro día fui", "gracias", "y otro para mi hija", "sí",
                                   "el de siempre me gusta más que antes de todo"])  # fmt: skip
def test_words_that_do_not(words):
    assert not cancelling.goes_on(words)


@pytest.mark.parametrize("words", ["no me canceles el turno", "por favor no cancelen"])
def test_offline_what_is_kept_is_kept(chat, words):
    plays(chat, *DONE, words)
    assert "queda como estaba" in chat.answer
    plays(chat, "sí")
    assert chat.appointments[0].status == "scheduled"


def test_offline_a_yes_that_takes_itself_back_is_asked_again(chat):
    plays(chat, *DONE, "quiero cancelar mi turno", "sí, confirmo el turno")
    assert "¿Confirmás que cancele" in chat.answer
    assert chat.appointments[0].status == "scheduled"
