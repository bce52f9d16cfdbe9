"""Who knows a patient's document and surname is not that patient: a visit may be asked for, nothing is shown."""

from datetime import UTC, datetime, timedelta

import pytest

from clinics.models import SystemEvent
from tests.agenda.factories import AppointmentFactory, PatientFactory
from tests.messaging.receptionist.test_booking import TO_DATA, local, plays

FAR = datetime(2026, 12, 10, 15, 0, tzinfo=UTC)


@pytest.fixture
def victim(rows, arrayan, within):
    """A patient without a phone on record, who has a visit."""
    with within(arrayan):
        ana = PatientFactory(first_name="Ana", last_name="Quiroga", dni="28456123", phone="")
        AppointmentFactory(patient=ana, professional=rows["brandt"], treatment=rows["conducto"],
                           start_at=FAR, end_at=FAR + timedelta(minutes=90))  # fmt: skip
        return ana


def books_as_ana(chat):
    assert "reservado" in plays(chat, *TO_DATA, "Ana Quiroga 28456123")


def test_a_document_and_a_surname_book_for_the_owner_and_link_nobody(chat, victim, arrayan, within):
    books_as_ana(chat)
    assert chat.conversation.patient is None
    row = next(one for one in chat.appointments if one.source == "whatsapp")
    assert row.patient == victim
    with within(arrayan):
        victim.refresh_from_db()
        assert victim.phone == ""
        noted = SystemEvent.objects.get(event="receptionist.booked_unproved")
    assert noted.payload == {"conversation": chat.conversation.pk, "patient": victim.pk}
    assert row.reason == "Lo pidió por WhatsApp alguien cuyo teléfono no es el de esta ficha."


def test_only_the_visit_asked_for_is_shown_and_changed(chat, victim):
    books_as_ana(chat)
    answer = chat.says("qué turnos tengo?")
    assert "Limpieza dental" in answer
    assert "conducto" not in answer
    plays(chat, "quiero cancelar mi turno", "sí")
    assert [row.status for row in chat.appointments] == ["scheduled", "cancelled"]
    assert "No encuentro turnos" in chat.says("quiero cancelar el otro turno")
    assert "No encuentro turnos" in chat.says("quiero cambiar mi turno")


def test_a_blank_phone_is_no_phone_in_common(chat, victim, clinic, writes):
    chat.says("hola")
    clinic.change(phone="", wa_user_id="AR.1")
    chat.writes = lambda text, **more: writes(text, phone="", user_id="AR.1", **more)
    plays(chat, *TO_DATA, "Ana Quiroga 28456123", "mi teléfono es 341 555 9999")
    assert "reservado" in chat.answer
    assert chat.conversation.patient is None


def test_the_phone_on_record_is_proof(chat, rows, arrayan, within):
    with within(arrayan):
        ana = PatientFactory(first_name="Ana", last_name="Quiroga", dni="28456123", phone="+543415550139")
        PatientFactory(first_name="Luz", last_name="Quiroga", dni="50456123", phone="+5493415550139")
    plays(chat, *TO_DATA, "Ana Quiroga 28456123")
    assert chat.conversation.patient == ana
    assert chat.appointments[0].reason == ""


def test_a_second_visit_of_theirs_is_booked_unlinked_too(chat, victim):
    books_as_ana(chat)
    plays(chat, "quiero también un blanqueamiento", "el 1")
    assert "reservado" in chat.answer
    assert chat.conversation.patient is None
    assert "conducto" not in chat.says("qué turnos tengo?")
    assert local(chat, chat.appointments[1])
