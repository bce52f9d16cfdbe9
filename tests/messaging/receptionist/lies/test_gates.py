"""It skips what comes first: the choice, the data, the insurance, the yes. The tools refuse."""

import pytest

from dentalogic.lib import clock
from messaging.models import Conversation, Offer, TurnStep
from messaging.receptionist import offers, tools
from messaging.receptionist.case import load
from tests.fakes.openai import call, last_result, say
from tests.messaging.factories import ConversationFactory
from tests.messaging.receptionist.scripted import (
    CAROLINA,
    CHECK,
    NOBODY,
    book_option,
    codes,
    first_code,
    only_one,
    options_said,
    refused,
)
from tests.messaging.receptionist.test_booking import local


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


def test_a_code_is_of_its_conversation_alone(offered, arrayan, within):
    """Row 32 of the failures."""
    code, now = codes(offered)[1], clock.now()
    with within(arrayan):
        own = Conversation.objects.get()
        assert offers.option_of(conversation=own, code=code, now=now)
        with pytest.raises(offers.UnknownCode):
            offers.option_of(conversation=ConversationFactory(channel=own.channel), code=code, now=now)


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


def test_it_cannot_ask_for_a_day_that_has_passed(chat, model):
    """Row 30 of the failures: a model that did not know the date asked for openings of three years ago."""
    model.then(call("check_availability", **(CHECK | {"on_date": "2023-11-24"})), say("¿Qué día?"))
    chat.says("hola, quiero una limpieza, tengo osde")
    assert refused(chat, "check_availability") == ["date_unclear"]
    assert chat.offers == []


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


def test_it_may_raise_the_urgency_and_never_lower_it(chat, model):
    model.then(call("triage_urgency", level="none"), say("Contame más."))
    chat.says("me duele muchísimo la muela")
    assert chat.conversation.triage_level == "urgent"
    model.then(call("triage_urgency", level="emergency"), say("Contame más."))
    chat.says("hola")
    assert chat.conversation.triage_level == "emergency"


def test_the_urgency_it_raises_alerts_and_opens_no_gate(chat, model):
    model.then(call("triage_urgency", level="emergency"), call("check_availability", **(CHECK | {"insurance": None})),
               say("¿Tenés obra social?"))  # fmt: skip
    chat.says("hola, quiero una limpieza ya")
    assert chat.conversation.triage_level == "emergency"
    assert "raised by the model" in chat.conversation.triage_reasons
    assert refused(chat, "check_availability") == ["insurance_unasked"]
    assert chat.conversation.facts.get("urgent") is None


def test_what_they_do_not_want_any_more_is_let_go(offered, model):
    """In words that no rule knows; twice is once."""
    model.then(book_option(2, **NOBODY), say("¿Me pasás nombre y documento?"))
    offered.says("el 2")
    assert len(offered.holds) == 1
    drop = call("drop_offer", reason="no_visit")
    model.then(drop, drop, say("Listo, no hay problema."))
    assert offered.says("uy, se me complicó la vida, otra vez será") == "Listo, no hay problema."
    first, again = offered.all(TurnStep, turn=offered.turn, tool="drop_offer")
    assert first.result == {"offer": True, "held": True} and again.result == {"offer": False, "held": False}
    assert offered.holds == offered.all(Offer, closed_at=None) == []
    assert (offered.conversation.stage, offered.conversation.facts.get("chosen")) == ("", None)


def test_nothing_of_another_conversation_is_let_go(offered, model, arrayan, within):
    model.then(book_option(2, **NOBODY), say("¿Me pasás nombre y documento?"))
    offered.says("el 2")
    with within(arrayan):
        other = ConversationFactory(channel=Conversation.objects.get().channel, phone="+5493415550777")
        case = load(conversation=other, messages=[], turn=None, now=clock.now())
        done = tools.use(case, tools.BY_NAME["drop_offer"], {"reason": "no_visit"})
    assert done.data == {"offer": False, "held": False}
    assert offered.holds and offered.all(Offer, closed_at=None)


def test_it_cannot_let_go_of_what_they_have_just_chosen(offered, model):
    model.then(call("drop_offer", reason="another_time"), say("¿Entonces cuál?"))
    offered.says("el 2")
    assert refused(offered, "drop_offer") == ["just_chosen"]
    assert offered.all(Offer, closed_at=None)


def test_another_time_is_not_the_one_they_saw(offered, model):
    seen = {option["start_at"] for option in offered.offers[-1].options}
    model.then(call("drop_offer", reason="another_time"), call("check_availability", **CHECK), options_said)
    offered.says("mmm no me cierra, a ver qué más aparece")
    assert offered.offers[0].closed_at and not seen & {option["start_at"] for option in offered.offers[-1].options}
