"""Who writes, and for whom: a phone, a WhatsApp id, a family, a child whose mother has the phone."""
from datetime import date, timedelta

import pytest

from clinics import tenancy
from clinics.access import SYSTEM
from clinics.patients import intake
from messaging import inbox, linking, outbox, people
from messaging.models import ChatMessage, Conversation
from tests.messaging.factories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
PHONE = "+5493415550139"


@pytest.fixture
def patient(arrayan, within):
    """`patient("Ana")`: registered in Arrayán."""

    def register(name, **known):
        with within(arrayan):
            return intake.register(first_name=name, last_name="Pérez", by=SYSTEM, **known)

    return register


@pytest.fixture
def family(clinic):
    """The names of those whom the only conversation may be about."""

    def names():
        with clinic, tenancy.atomic():
            return [one.first_name for one in people.patients_of(Conversation.objects.get())]

    return names


def test_a_phone_of_several_is_nobodys_by_itself_and_all_of_them(writes, clinic, patient, family):
    for name in ("Ana", "Beto"):
        patient(name, phone=PHONE)
    patient("Carla", phone="+5493415550777")
    writes("hola")
    assert clinic.conversation().patient is None
    assert family() == ["Ana", "Beto"]


def test_a_child_is_of_the_guardians_phone(writes, patient, family):
    mother = patient("Ana", phone=PHONE)
    patient("Dani", guardian=mother, birth_on=date(2018, 5, 1))
    writes("hola")
    assert family() == ["Ana", "Dani"]


def test_whoever_is_linked_comes_first_and_whoever_left_does_not_come(writes, patient, family, arrayan, within):
    ana, beto, left = (patient(name, phone=PHONE) for name in ("Ana", "Beto", "Gone"))
    writes("hola")
    with within(arrayan):
        Conversation.objects.update(patient=beto)
        intake.update(patient=left, by=SYSTEM, status="archived")
    assert family() == ["Beto", "Ana"]


@pytest.mark.parametrize("written", ["03415550139", "+54 341 555-0139", "341 15 555-0139", "+5493415550139"])
def test_however_the_desk_wrote_the_phone_it_is_theirs(writes, patient, family, written):
    patient("Ana", phone=written)
    writes("hola", phone="+543415550139")
    assert family() == ["Ana"]


def test_a_mexican_mobile_is_one_with_and_without_the_1(writes, clinic, patient):
    patient("Lupe", phone="+525512345678")
    writes("hola", phone="+5215512345678")
    writes("hola", phone="+525512345678")
    assert clinic.conversation().patient.first_name == "Lupe"


def test_nobody_of_another_clinic(writes, bosque, within, family):
    with within(bosque):
        intake.register(first_name="Extraña", last_name="Pérez", phone=PHONE, by=SYSTEM)
    writes("hola")
    assert family() == []


@pytest.mark.parametrize(("birth_on", "own", "reached"), [
    (date(2018, 5, 1), "", PHONE), (date(2018, 5, 1), "+5493415550777", PHONE),
    (date(1980, 5, 1), "+5493415550777", "+5493415550777"), (date(1980, 5, 1), "", PHONE)])
def test_a_minor_is_written_to_by_the_guardians_phone(patient, birth_on, own, reached):
    """failures.md 57: what a minor's reminder went to was an invented number."""
    child = patient("Dani", guardian=patient("Ana", phone=PHONE), birth_on=birth_on, phone=own)
    assert people.phone_for(child, today=NOON.date()) == reached


def test_without_a_phone_anywhere_nobody_is_written_to(patient):
    assert people.phone_for(patient("Dani", birth_on=date(2018, 5, 1)), today=NOON.date()) == ""


def test_who_was_said_not_to_write_here_is_not_taken_for_them_again(
        writes, clinic, patient, secretary, channel, at_noon, receptionist):
    """A phone that is somebody else's by now, and still on the record of who had it."""
    ana = patient("Ana", phone=PHONE)
    writes("hola")
    talk = clinic.conversation()
    with clinic:
        linking.unlink(conversation=talk, by=secretary)
        inbox.mark_read(conversation=clinic.conversation())
    at_noon.shift(timedelta(seconds=20))
    clinic.turn()
    assert receptionist.calls[0]["conversation"].patient_id is None
    assert open_to(clinic, channel, PHONE, patient=ana).patient_id is None
    with clinic:
        linking.link(conversation=talk, patient=ana, by=secretary)
    assert clinic.conversation().patient_id == ana.pk


# What the clinic says first


def open_to(clinic, channel, phone, **more):
    with clinic, tenancy.atomic():
        return people.open_conversation(channel=channel, phone=phone, **more)


def test_a_conversation_is_opened_once_and_only_a_template_goes(clinic, channel, patient, whatsapp):
    ana = patient("Ana", phone=PHONE)
    row = open_to(clinic, channel, PHONE, patient=ana)
    assert open_to(clinic, channel, "+543415550139").pk == row.pk
    assert row.patient_id == ana.pk
    with clinic, pytest.raises(outbox.WindowClosed):
        outbox.say(conversation=row, text="hola", author="staff")
    with clinic:
        outbox.say_template(
            conversation=row, name="recordatorio", language="es_AR", components={}, text="Tu turno es mañana.",
            author=ChatMessage.Author.TEMPLATE)
    clinic.send()
    assert whatsapp.sent[0]["to"] == PHONE
    assert clinic.conversation().last_message_text == "Tu turno es mañana."


def test_whoever_answers_what_the_clinic_said_first_is_in_that_conversation(clinic, channel, writes):
    row = open_to(clinic, channel, PHONE)
    writes("¿quién es?", user_id="AR.77")
    assert clinic.conversation().pk == row.pk
    assert clinic.conversation().last_inbound_at == NOON


def test_whoever_answers_under_the_other_way_of_writing_their_phone_too(clinic, channel, writes):
    row = open_to(clinic, channel, "+543415550139")
    writes("¿quién es?")
    assert clinic.conversation().pk == row.pk
    assert (clinic.conversation().phone, clinic.conversation().address) == (PHONE, PHONE)
    writes("¿hola?", phone="+543415550139")  # they wrote: whoever has that very phone is another
    with clinic, tenancy.atomic():
        assert Conversation.objects.count() == 2


def test_who_has_no_phone_is_listed_found_and_written_to(clinic, writes, whatsapp, secretary):
    """failures.md 62: people without a phone vanished from lists and from search."""
    writes("hola", phone="", user_id="AR.900100")
    with clinic, tenancy.atomic():
        assert Conversation.objects.for_inbox().count() == 1
        found = Conversation.objects.search("AR.9001").get()
        assert (found.phone, found.address) == ("", "AR.900100")
        outbox.say(conversation=found, text="hola", author="receptionist")
    clinic.send()
    assert whatsapp.sent[0]["recipient"] == "AR.900100"


def test_a_later_message_does_not_move_the_window_back(clinic, writes, at_noon):
    writes("hola")
    at_noon.shift(timedelta(hours=1))
    writes("de antes", sent_at=NOON - timedelta(hours=3))
    assert clinic.conversation().last_inbound_at == NOON
