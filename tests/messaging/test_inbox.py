"""Who a message is from, and what it moves."""
from datetime import timedelta

import pytest

from clinics import tenancy
from clinics.access import SYSTEM
from clinics.patients import intake
from messaging import handoff, merging, turns
from messaging.models import Conversation
from tests.messaging.factories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


def everyone(clinic):
    with clinic, tenancy.atomic():
        return list(Conversation.objects.order_by("pk"))


def test_a_mobile_is_one_person_however_it_is_written(writes, clinic):
    for phone in ("+525512345678", "+5215512345678"):
        writes("hola", phone=phone)
    (conversation,) = everyone(clinic)
    assert conversation.phone == "+525512345678"
    assert conversation.address == "+5215512345678"  # answers go to the id as it was last received


def test_somebody_without_a_phone_is_listed_found_and_answered(writes, clinic):
    writes("hola", phone="", user_id="AR.900100")
    (conversation,) = everyone(clinic)
    assert (conversation.phone, conversation.address) == ("", "AR.900100")
    with clinic, tenancy.atomic():
        assert list(Conversation.objects.for_inbox()) == [conversation]
        assert list(Conversation.objects.search("AR.9001")) == [conversation]
        assert list(Conversation.objects.search("AR.777")) == []


def test_phone_and_id_together_make_either_find_the_conversation(writes, clinic):
    writes("uno", user_id="AR.900100")
    writes("dos", phone="", user_id="AR.900100")
    writes("tres")
    (conversation,) = everyone(clinic)
    assert (conversation.phone, conversation.wa_user_id) == ("+5493415550139", "AR.900100")


def test_two_that_turn_out_to_be_one_are_one_in_the_phones_conversation(writes, clinic, at_noon, receptionist):
    writes("por el teléfono")
    writes("por el usuario", phone="", user_id="AR.900100")
    writes("las dos cosas", user_id="AR.900100")
    writes("y de nuevo", phone="", user_id="AR.900100")
    by_phone, other = everyone(clinic)
    assert (by_phone.wa_user_id, other.wa_user_id, other.merged_into_id) == ("AR.900100", "", by_phone.pk)
    said = ["por el teléfono", "por el usuario", "las dos cosas", "y de nuevo"]
    assert [message.text for message in clinic.messages(conversation=by_phone)] == said
    assert (by_phone.unread, other.unread, other.quiet_at) == (4, 0, None)
    at_noon.shift(timedelta(seconds=20))
    with clinic:
        turns.take(by_phone.pk)
    assert [message.text for call in receptionist.calls for message in call["messages"]] == said


def test_of_two_that_turn_out_to_be_one_no_promotions_are_wanted_where_either_said_so(writes, clinic):
    writes("por el teléfono")
    writes("BAJA", phone="", user_id="AR.900100")
    writes("las dos cosas", user_id="AR.900100")
    by_phone, _other = everyone(clinic)
    assert by_phone.marketing_opt_out_at is not None


def test_two_that_a_person_made_one_already_stay_so(writes, clinic, secretary):
    writes("por el teléfono")
    writes("por el usuario", phone="", user_id="AR.900100")
    by_phone, by_id = everyone(clinic)
    with clinic:
        merging.merge(keep=by_id, gone=by_phone, by=secretary)
    writes("las dos cosas", user_id="AR.900100")
    assert len(clinic.messages(conversation=by_id)) == 3


def test_an_id_that_has_another_number_now_leaves_the_old_numbers_conversation(writes, clinic):
    writes("hola", user_id="AR.900100")
    writes("hola", phone="+5493415550140")
    writes("BAJA", user_id="AR.900100")
    writes("¿y mi turno?", user_id="AR.900100")
    writes("cambié de número", phone="+5493415550140", user_id="AR.900100")
    old, new = everyone(clinic)
    assert (old.wa_user_id, old.merged_into_id, new.wa_user_id) == ("", None, "AR.900100")
    assert (old.quiet_at, old.waiting_since is None) == (None, False)  # what nobody answered there is a person's
    assert new.marketing_opt_out_at is not None
    writes("soy otro", phone="+5493415550139")
    assert [one.text for one in clinic.messages(conversation=new)] == ["hola", "cambié de número"]


def test_the_same_id_with_a_new_number_is_the_same_person(writes, clinic):
    writes("hola", user_id="AR.900100")
    writes("cambié de número", phone="+5493415550140", user_id="AR.900100")
    (conversation,) = everyone(clinic)
    assert conversation.phone == "+5493415550140"


def test_nobody_is_joined_by_id_across_channels(writes, clinic, post, bosque, within):
    from messaging import inbox
    from messaging.models import Channel
    from messaging.providers.base import Message

    writes("hola", user_id="AR.900100")
    with tenancy.tenant_context(bosque.pk):
        with tenancy.atomic():
            theirs = Channel.objects.get()
        inbox.receive(channel=theirs, event=Message(
            event_id="e", kind="text", raw={}, provider_id="w", user_id="AR.900100", text="hola"))
    assert len(everyone(clinic)) == 1
    with within(bosque):
        assert Conversation.objects.count() == 1


def test_a_known_phone_is_the_patients(writes, clinic, arrayan, within):
    with within(arrayan):
        patient = intake.register(first_name="Carolina", last_name="Luque", phone="0341 15 555-0139", by=SYSTEM)
    writes("hola")
    (conversation,) = everyone(clinic)
    assert conversation.patient_id == patient.pk


def test_a_patient_registered_later_is_linked_at_the_next_turn(writes, clinic, arrayan, within, at_noon):
    writes("hola")
    with within(arrayan):
        patient = intake.register(first_name="Carolina", last_name="Luque", phone="3415550139", by=SYSTEM)
    writes("soy yo")
    at_noon.shift(timedelta(seconds=20))
    clinic.turn()
    assert everyone(clinic)[0].patient_id == patient.pk


# The quiet hour


def quiet(clinic):
    return (everyone(clinic)[0].quiet_at - NOON).total_seconds()


def test_each_message_of_a_burst_moves_it_but_not_for_ever(writes, clinic, at_noon):
    seen = []
    for _number in range(6):
        writes("y otra cosa")
        seen.append(quiet(clinic))
        at_noon.shift(timedelta(seconds=6))
    assert seen == [8, 14, 20, 25, 25, 25]


def test_a_new_burst_begins_after_an_answer(writes, clinic, at_noon):
    writes("hola")
    at_noon.shift(timedelta(seconds=30))
    clinic.turn()
    writes("gracias")
    assert quiet(clinic) == 38


@pytest.mark.parametrize("kind", ["reaction", "system", "unsupported", "sticker", "contacts"])
def test_what_asks_for_no_answer_arms_no_turn(writes, clinic, kind):
    writes("👍", kind=kind)
    (conversation,) = everyone(clinic)
    assert conversation.quiet_at is None
    assert conversation.unread == 1


def test_with_staff_it_waits_for_them_and_for_the_first_message(writes, clinic, at_noon):
    writes("hola")
    with clinic, tenancy.atomic():
        handoff.hand_off(conversation=everyone(clinic)[0], reason="asked", by=SYSTEM)
    clinic.change(waiting_since=None)
    for text in ("¿hay alguien?", "¿hola?"):
        at_noon.shift(timedelta(minutes=1))
        writes(text)
    (conversation,) = everyone(clinic)
    assert conversation.quiet_at is None
    assert conversation.waiting_since == NOON + timedelta(minutes=1)


# Late


def test_a_redelivery_that_newer_messages_have_overtaken_is_stored_and_arms_nothing(writes, clinic, at_noon):
    writes("hola")
    at_noon.shift(timedelta(seconds=9))
    clinic.turn()
    writes("quiero un turno para hoy", sent_at=NOON - timedelta(hours=5))
    (conversation,) = everyone(clinic)
    assert conversation.quiet_at is None
    assert conversation.last_inbound_at == NOON
    assert len(clinic.messages(direction="in")) == 2


def test_what_was_written_days_ago_waits_for_a_person(writes, clinic):
    writes("hola", sent_at=NOON - timedelta(hours=25))
    (conversation,) = everyone(clinic)
    assert (conversation.quiet_at, conversation.waiting_since) == (None, NOON)


def test_the_window_counts_from_the_patients_own_time_and_never_from_the_future(writes, clinic):
    writes("hola", sent_at=NOON - timedelta(minutes=40))
    assert everyone(clinic)[0].last_inbound_at == NOON - timedelta(minutes=40)
    writes("hola", sent_at=NOON + timedelta(hours=3))
    assert everyone(clinic)[0].last_inbound_at == NOON


# Echoes


@pytest.mark.parametrize("name", ["echo_created", "echo_echoes", "echo_without_phone"])
def test_what_staff_write_on_the_phone_is_stored_once_and_quiets_the_receptionist(post, clinic, name):
    post("text")
    for number in range(2):
        assert post(name, event=f"evt_{number}").status_code == 200
    (conversation,) = everyone(clinic)
    assert (conversation.attended_by, conversation.handoff_reason) == ("staff", "phone_app")
    assert (conversation.quiet_at, conversation.waiting_since) == (None, None)
    (echo,) = clinic.messages(direction="out")
    assert (echo.author, echo.status, echo.text) == ("staff", "sent", "Hola Carolina, te atiendo yo")
    assert clinic.turn(pk=conversation.pk) is None


def test_an_echo_to_somebody_new_opens_their_conversation(post, clinic):
    post("echo_created", to="5493415550777")
    (conversation,) = everyone(clinic)
    assert (conversation.phone, conversation.shown_name) == ("+5493415550777", "+54 9 341 555-0777")


def test_an_echo_of_our_own_send_changes_nothing(post, clinic, answered, whatsapp):
    clinic.send()
    (ours,) = clinic.messages(direction="out")
    assert post("echo_created", wamid=ours.provider_id, text={"body": ours.text}).status_code == 200
    (conversation,) = everyone(clinic)
    assert conversation.attended_by == "receptionist"
    assert len(clinic.messages(direction="out")) == 1


def test_nor_does_one_that_is_faster_than_the_answer_to_our_post(post, clinic, answered):
    from messaging import outbox

    with clinic:
        outbox._claimed(answered.conversation_id)
    post("echo_created", text={"body": answered.text})
    assert everyone(clinic)[0].attended_by == "receptionist"
    assert len(clinic.messages(direction="out")) == 1
