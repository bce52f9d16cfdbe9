"""Who wants no promotions gets none; what concerns their visits goes out all the same."""
import pytest

from messaging import marketing, outbox, templates
from messaging.models import ChatMessage, Conversation, Template
from tests.messaging.factories import ChannelFactory, ConversationFactory

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


def test_alta_of_who_said_no_to_nothing_is_answered_like_any_word(writes, clinic, receptionist, at_noon):
    writes("alta")
    at_noon.shift(60)
    assert clinic.turn().outcome == "answered"
    assert [one.text for one in receptionist.calls[0]["messages"]] == ["alta"]


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


@pytest.fixture
def elsewhere(clinic, writes, arrayan, within):
    """The same phone in a conversation with another number of the clinic's."""
    writes("hola")
    with within(arrayan):
        other = ChannelFactory(number="+5493415550101")
        return ConversationFactory(channel=other, phone=clinic.conversation().phone)


def test_said_to_one_number_it_holds_for_what_a_person_sends_by_hand_from_another(
        elsewhere, clinic, writes, whatsapp, secretary, arrayan, within):
    with within(arrayan):
        promotion = Template.objects.create(
            channel=elsewhere.channel, name="promo", language="es_AR", category="marketing", status="approved",
            components=[{"type": "BODY", "text": "Blanqueamiento"}], synced_at=elsewhere.last_message_at)
    how = {"conversation": elsewhere, "template": promotion, "values": [], "by": secretary}
    with clinic:
        queued = templates.send(**how)
    writes("BAJA")
    clinic.send(pk=elsewhere.pk)
    assert (clinic.row(queued).status, clinic.row(queued).error_code) == ("failed", "opted_out")
    with clinic, pytest.raises(outbox.OptedOut):
        templates.send(**how)
    assert whatsapp.sent == []
    writes("ALTA")
    with clinic:
        templates.send(**how)


def test_it_is_taken_back_by_any_number_and_is_nobody_elses(elsewhere, clinic, writes, arrayan, within):
    with within(arrayan):
        Conversation.objects.filter(pk=elsewhere.pk).update(marketing_opt_out_at=elsewhere.last_message_at)
        stranger = ConversationFactory(channel=elsewhere.channel, phone="+5493415550777")
        assert not stranger.wants_no_promotions
    writes("ALTA")
    assert clinic.conversation(pk=elsewhere.pk).marketing_opt_out_at is None


def test_a_promotion_in_the_clinics_own_words_is_not_sent_to_who_says_no_while_it_waits(writes, clinic, whatsapp, say):
    promotion = say("¿Querés un control?", marketing=True)
    writes("BAJA")
    clinic.send()
    assert clinic.row(promotion).error_code == "opted_out"
    assert "¿Querés un control?" not in whatsapp.texts()
