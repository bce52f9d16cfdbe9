"""What a provider's "no" does to the others that wait: those of the number, its templates, or nobody."""
from datetime import timedelta

import pytest

from clinics import tenancy
from clinics.models import SystemEvent
from messaging import outbox
from messaging.models import Channel, Conversation
from tests.messaging.factories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
OTHER = "+5493415550140"


def code(number):
    return {"status": 400, "code": "X", "whatsappApiError": {"code": number}}


@pytest.fixture
def two(clinic, writes):
    """`two("hola")`: the same said in two conversations; both messages."""
    writes("hola")
    writes("hola", phone=OTHER)

    def speak(text, *, template=False):
        more = {"name": "n", "language": "es_AR", "components": {}} if template else {}
        how = outbox.say_template if template else outbox.say
        with clinic:
            return [
                how(conversation=clinic.conversation(phone=phone), text=text, author="receptionist", **more)
                for phone in ("+5493415550139", OTHER)]

    return speak


def send_both(clinic):
    for phone in ("+5493415550139", OTHER):
        clinic.send(phone=phone)


@pytest.mark.parametrize("step", [401, code("131042"), {"status": 403, "code": "BALANCE_INSUFFICIENT"}])
def test_a_number_that_is_refused_is_held_and_the_ceo_told(clinic, two, whatsapp, step):
    first, second = two("hola")
    whatsapp.script.append(step)
    send_both(clinic)
    assert whatsapp.sent == []
    assert (clinic.row(first).status, clinic.row(second).status) == ("failed", "queued")
    assert clinic.row(second).attempts == 0
    with clinic, tenancy.atomic():
        assert SystemEvent.objects.get(event="channel_out").severity == "warning"
        assert outbox.overdue() == []


def test_when_the_time_is_over_one_message_tries_it_and_the_rest_follow(clinic, two, whatsapp, at_noon):
    first, second = two("hola")
    whatsapp.script.append(401)
    send_both(clinic)
    at_noon.shift(timedelta(minutes=16))
    two("otra vez")
    whatsapp.script.append(401)
    send_both(clinic)  # the one that tries it fails, and nobody else is sent after it
    assert whatsapp.sent == []
    assert clinic.row(second).status == "queued"
    at_noon.shift(timedelta(minutes=16))
    send_both(clinic)
    assert whatsapp.texts(OTHER) == ["hola", "otra vez"]
    with clinic, tenancy.atomic():
        assert Channel.objects.get().held_until is None


def test_one_that_cannot_go_for_itself_tries_no_number_and_the_next_one_does(clinic, two, whatsapp, at_noon):
    """Their window closed while the number was held: each would have cost the others a quarter of an hour."""
    first, second = two("hola")
    with clinic, tenancy.atomic():
        Channel.objects.update(held_until=NOON + timedelta(minutes=15), held_code="131042")
        Conversation.objects.filter(phone="+5493415550139").update(last_inbound_at=NOON - timedelta(hours=24))
    at_noon.shift(timedelta(minutes=16))
    send_both(clinic)
    assert (clinic.row(first).error_code, clinic.row(second).status) == ("window_closed", "sent")
    with clinic, tenancy.atomic():
        assert Channel.objects.get().held_until is None


def test_a_new_key_lets_what_waits_go(clinic, two, whatsapp, people, channel):
    from messaging import channels

    _first, second = two("hola")
    whatsapp.script.append(401)
    send_both(clinic)
    with clinic, tenancy.atomic():
        channels.rotate(channel=Channel.objects.get(), api_key="ycloud-test-key", by=people["ceo"].actor)
    send_both(clinic)
    assert clinic.row(second).status == "sent"


def test_a_limit_of_marketing_holds_templates_and_lets_answers_go(clinic, two, whatsapp):
    templates = two("Tu turno es mañana.", template=True)
    whatsapp.script.append(code("131048"))
    send_both(clinic)
    assert [clinic.row(one).status for one in templates] == ["failed", "queued"]
    with clinic:
        said = outbox.say(conversation=clinic.conversation(phone="+5493415550139"), text="hola", author="receptionist")
    send_both(clinic)
    assert clinic.row(said).status == "sent"


def test_too_many_to_one_person_makes_only_them_wait(clinic, two, whatsapp):
    first, second = two("hola")
    whatsapp.script.append(code("131056"))
    send_both(clinic)
    waits = clinic.row(first)
    assert (waits.status, waits.attempts) == ("queued", 1)
    assert waits.next_try_at - NOON >= timedelta(seconds=outbox.RECIPIENT_WAIT)
    assert clinic.row(second).status == "sent"


def test_too_fast_slows_the_whole_number(clinic, two, whatsapp):
    _first, second = two("hola")
    whatsapp.script.append(429)
    send_both(clinic)
    waits = clinic.row(second)
    assert (waits.status, waits.attempts, waits.posting_since) == ("queued", 0, None)
    assert waits.next_try_at > NOON
    assert whatsapp.sent == []


def test_a_refusal_that_comes_as_a_report_holds_the_number_too(clinic, two, whatsapp, post):
    first, second = two("hola")
    clinic.send(phone="+5493415550139")
    post("status", status="failed", externalId=clinic.row(first).external_id, errorCode="131042")
    clinic.send(phone=OTHER)
    assert clinic.row(first).status == "failed"
    assert clinic.row(second).status == "queued"


def test_a_template_that_is_no_good_is_an_alert(clinic, two, whatsapp):
    two("Tu turno es mañana.", template=True)
    whatsapp.script.append(code("132001"))
    send_both(clinic)
    with clinic, tenancy.atomic():
        assert SystemEvent.objects.filter(event="template_refused").count() == 1


def test_a_template_that_is_held_keeps_no_answer_back(clinic, two, whatsapp, at_noon):
    """The number's templates rest for an hour; whoever writes meanwhile is answered."""
    with clinic, tenancy.atomic():
        Channel.objects.update(templates_held_until=NOON + timedelta(hours=1))
    template, _other = two("Tu turno", template=True)
    two("Hola, ¿en qué te ayudo?")
    send_both(clinic)
    assert whatsapp.texts() == ["Hola, ¿en qué te ayudo?"] * 2
    assert clinic.row(template).status == "queued"
    at_noon.shift(timedelta(hours=1, seconds=1))
    send_both(clinic)
    assert clinic.row(template).status == "sent"
