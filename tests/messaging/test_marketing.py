"""Who wants no promotions gets none; what concerns their visits goes out all the same."""
import pytest

from messaging import marketing, outbox
from messaging.models import ChatMessage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


@pytest.mark.parametrize("text", [
    "BAJA", "baja.", "Stop", "quiero darme de baja", "No quiero más mensajes", "no quiero recibir mas publicidad!!",
    "por favor no me manden más promociones", "dejen de mandarme propaganda"])
def test_words_that_say_no(text):
    assert marketing.says_no(text)


@pytest.mark.parametrize("text", [
    "hola", "¿es arriba o abajo?", "me bajó la inflamación", "no quiero más dolor", "dar de baja mi turno",
    "no quiero más turnos a la mañana", "trabaja", "no me manden a otra sede"])
def test_words_that_do_not(text):
    assert not marketing.says_no(text)


def promote(clinic, **more):
    with clinic:
        return outbox.say_template(
            conversation=clinic.conversation(), name="promo", language="es_AR", components={}, text="Blanqueamiento",
            author=ChatMessage.Author.TEMPLATE, marketing=True, **more)


def test_baja_is_kept_confirmed_once_and_answered_by_code(writes, clinic, receptionist, whatsapp, at_noon):
    writes("BAJA")
    writes("baja")
    assert clinic.conversation().marketing_opt_out_at is not None
    at_noon.shift(60)
    assert clinic.turn() is None
    assert receptionist.calls == []
    clinic.send()
    assert len(whatsapp.texts()) == 1 and "ALTA" in whatsapp.texts()[0]


def test_whoever_said_no_gets_no_promotion_and_does_get_the_rest(writes, clinic, whatsapp):
    writes("no quiero más mensajes")
    with pytest.raises(outbox.OptedOut):
        promote(clinic)
    with clinic:
        reminder = outbox.say_template(
            conversation=clinic.conversation(), name="recordatorio", language="es_AR", components={}, text="Tu turno",
            author=ChatMessage.Author.TEMPLATE)
    clinic.send()
    assert clinic.row(reminder).status == "sent"


def test_who_says_no_while_it_waits_does_not_get_it(writes, clinic, whatsapp):
    writes("hola")
    promotion = promote(clinic)
    writes("BAJA")
    clinic.send()
    assert (clinic.row(promotion).status, clinic.row(promotion).error_code) == ("failed", "opted_out")


def test_alta_takes_it_back(writes, clinic):
    writes("alta")
    assert clinic.messages(direction="out") == []  # nothing to take back: nothing to say
    writes("BAJA")
    writes("ALTA")
    assert clinic.conversation().marketing_opt_out_at is None
    promote(clinic)


def test_whatsapps_own_word_that_they_stopped_is_kept(writes, clinic, whatsapp):
    writes("hola")
    promote(clinic)
    whatsapp.script.append({"status": 400, "code": "X", "whatsappApiError": {"code": "131050"}})
    clinic.send()
    assert clinic.conversation().marketing_opt_out_at is not None
