"""A phone that somebody typed is anybody's until it is written from: whoever has it is not told of them."""
from datetime import timedelta

import pytest

from clinics.patients import intake
from messaging import people
from tests.agenda.factories import PatientFactory
from tests.messaging.receptionist.test_booking import TO_DATA, plays
from tests.messaging.receptionist.test_phones import nameless

PHONE = "+5493415550139"
__all__ = ["nameless"]


@pytest.fixture
def guest(nameless):
    """Carolina, who writes without a phone, said that hers is PHONE."""
    plays(nameless, *TO_DATA, "Carolina Méndez 30123456", "+54 9 341 555-0139")
    return nameless.appointments[0].patient


@pytest.fixture
def owner(guest, writes, clinic, at_noon):
    """Whoever really has it writes now; what she says to them."""
    at_noon.shift(timedelta(days=1))
    known = {message.pk for message in clinic.messages(direction="out")}

    def says(*texts):
        for text in texts:
            writes(text, phone=PHONE)
            at_noon.shift(timedelta(seconds=20))
            clinic.turn(phone=PHONE)
        return " ".join(one.text for one in clinic.messages(direction="out") if one.pk not in known)

    says.conversation = lambda: clinic.conversation(phone=PHONE)
    return says


def test_its_owner_hears_nothing_of_them_and_does_not_become_them(owner, guest):
    assert guest.phone_unproved
    said = owner("hola", "qué turnos tengo?", "quiero cancelar mi turno")
    assert "Carolina" not in said and "impieza" not in said
    assert owner.conversation().patient is None


def test_the_owners_own_patient_is_no_family_of_theirs(owner, guest, arrayan, within):
    with within(arrayan):
        luis = PatientFactory(first_name="Luis", last_name="Soto", dni="28456123", phone=PHONE)
    said = owner("hola", *TO_DATA)
    assert "Carolina" not in said
    with within(arrayan):
        conversation = owner.conversation()
        assert conversation.patient_id == luis.pk
        assert people.patients_of(conversation) == [luis]


def test_staff_see_both_and_which_was_only_said(owner, guest, client_as, arrayan, within):
    owner("hola")
    pk = owner.conversation().pk
    desk = client_as("secretary")
    (row,) = desk.get(f"/api/v1/conversations/{pk}/patients").json()
    assert (row["id"], row["phone_unproved"], row["linked"]) == (guest.pk, True, False)
    page = desk.get(f"/inbox/{pk}/whose").content.decode()
    assert "Carolina" in page and "sin comprobar" in page
    assert "sin comprobar" in desk.get(f"/patients/{guest.pk}/").content.decode()


def test_written_from_with_their_document_it_is_proved(owner, guest, arrayan, within):
    owner("hola", *TO_DATA, "Carolina Méndez 30123456")
    with within(arrayan):
        guest.refresh_from_db()
    assert not guest.phone_unproved
    assert owner.conversation().patient_id == guest.pk


def test_what_the_desk_writes_is_proved(guest, people, arrayan, within):
    with within(arrayan):
        intake.update(patient=guest, by=people["secretary"].actor, first_name="Caro")
        guest.refresh_from_db()
        assert guest.phone_unproved, "they changed something else"
        intake.update(patient=guest, by=people["secretary"].actor, phone=PHONE)
        guest.refresh_from_db()
    assert not guest.phone_unproved


def test_one_that_comes_with_the_message_needs_no_proof(chat, arrayan, within):
    plays(chat, *TO_DATA, "Carolina Méndez 30123456")
    patient = chat.appointments[0].patient
    assert patient.phone == PHONE and not patient.phone_unproved
