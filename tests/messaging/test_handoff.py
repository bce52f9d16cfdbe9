"""Who attends: taken, passed to a colleague, given back, and back by itself when nobody says a word."""
from datetime import timedelta

import pytest

from clinics import tenancy
from clinics.models import Membership, SystemEvent
from messaging import desk_jobs, handoff, notes, outbox
from messaging.models import ChatMessage, Conversation, Note
from tests import factories
from tests.agenda.factories import AppointmentFactory
from tests.messaging.factories import NOON, ConversationFactory, PatientMessageFactory
from tests.patients.factories import PatientFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


@pytest.fixture
def talk(clinic, channel):
    with clinic, tenancy.atomic():
        row = ConversationFactory(channel=channel, patient=PatientFactory())
        PatientMessageFactory(conversation=row, text="hola")
        return row


@pytest.fixture
def lines(clinic, talk):
    def read():
        with clinic, tenancy.atomic():
            return list(Note.objects.filter(conversation=talk).order_by("pk").values_list(
                "kind", "author_id", "about_id", "text"))

    return read


@pytest.fixture
def ceo(people, clinic):
    with clinic, tenancy.atomic():
        return people["ceo"].actor


def returned(clinic):
    with clinic, tenancy.atomic():
        return clinic.conversation().attended_by == "receptionist"


def test_each_change_is_a_line_of_the_thread(clinic, talk, lines, secretary, ceo):
    with clinic:
        handoff.take(conversation=talk, by=secretary)
        handoff.take(conversation=talk, by=secretary)
        handoff.take(conversation=talk, by=ceo)
        handoff.give_back(conversation=talk, by=ceo)
        handoff.give_back(conversation=talk, by=ceo)
    assert lines() == [
        ("taken", secretary.user_id, None, ""), ("taken", ceo.user_id, secretary.user_id, ""),
        ("given_back", ceo.user_id, None, "")]


def test_a_colleague_is_given_it_and_told_until_they_look(clinic, talk, lines, secretary, ceo):
    with clinic:
        handoff.assign(conversation=talk, user_id=ceo.user_id, by=secretary)
        handoff.assign(conversation=talk, user_id=ceo.user_id, by=secretary)
    row = clinic.conversation()
    assert (row.attended_by, row.assigned_to_id, row.passed_at) == ("staff", ceo.user_id, NOON)
    assert lines() == [("passed", secretary.user_id, ceo.user_id, "")]
    with clinic:
        handoff.looked(conversation=talk, by=secretary)
        assert clinic.conversation().passed_at == NOON
        handoff.looked(conversation=talk, by=ceo)
    assert clinic.conversation().passed_at is None
    with clinic, tenancy.atomic():
        assert SystemEvent.objects.filter(event="conversation_passed").count() == 1


def test_only_who_may_attend_it_is_given_it(clinic, talk, people, strangers, secretary):
    with clinic, tenancy.atomic():
        suspended = factories.MembershipFactory(role="secretary", status=Membership.Status.SUSPENDED)
    nobodies = [strangers["secretary"], suspended, people["setter"], people["professional"]]
    for member in nobodies:
        with clinic, pytest.raises(handoff.NotTheirs):
            handoff.assign(conversation=talk, user_id=member.user_id, by=secretary)
    with clinic, tenancy.atomic():
        AppointmentFactory(patient=talk.patient, professional=people["professional"].professional)
    with clinic:
        assert {one.user_id for one in tenancy.atomic(handoff.colleagues)(talk)} == {
            people[role].user_id for role in ("ceo", "secretary", "professional")}
        row = handoff.assign(conversation=talk, user_id=people["professional"].user_id, by=secretary)
    assert row.assigned_to_id == people["professional"].user_id


def test_without_a_word_of_staff_it_goes_back_and_says_so(clinic, talk, lines, secretary, at_noon):
    with clinic:
        handoff.take(conversation=talk, by=secretary)
        at_noon.shift(timedelta(hours=2))
        outbox.write(conversation=talk, text="Hola, soy Sofía", by=secretary)
        at_noon.shift(timedelta(hours=11, minutes=59))
        desk_jobs.return_idle()
    assert not returned(clinic)
    with clinic:
        at_noon.shift(timedelta(minutes=2))
        desk_jobs.return_idle()
        desk_jobs.return_idle()
    assert returned(clinic)
    assert lines()[1:] == [("returned", None, None, "12")]


def test_what_was_written_meanwhile_is_answered(clinic, talk, secretary, writes, at_noon, receptionist):
    writes("hola")
    row = clinic.conversation(phone="+5493415550139")
    with clinic:
        handoff.take(conversation=row, by=secretary)
        outbox.write(conversation=row, text="Hola, soy Sofía", by=secretary)
        at_noon.shift(timedelta(hours=3))
    writes("¿y el jueves?")
    with clinic:
        at_noon.shift(timedelta(hours=10))
        desk_jobs.return_idle()
    clinic.turn(pk=row.pk)
    assert [one.text for one in receptionist.calls[0]["messages"]] == ["¿y el jueves?"]


def test_a_promise_of_a_person_and_an_emergency_stay(clinic, talk, channel, secretary, at_noon):
    with clinic, tenancy.atomic():
        asked = ConversationFactory(channel=channel, attended_by="staff", waiting_since=NOON)
        urgent = ConversationFactory(
            channel=channel, attended_by="staff", waiting_since=NOON, triage_level="emergency",
            assigned_to_id=secretary.user_id, staffed_at=NOON)
    at_noon.shift(timedelta(days=3))
    with clinic:
        desk_jobs.return_idle()
        with tenancy.atomic():
            assert set(Conversation.objects.filter(attended_by="staff").values_list("pk", flat=True)) == {
                asked.pk, urgent.pk}


def test_a_clinic_may_turn_the_timer_off(clinic, talk, arrayan, secretary, at_noon):
    with clinic:
        handoff.take(conversation=talk, by=secretary)
    arrayan.return_hours = 0
    arrayan.save()
    at_noon.shift(timedelta(days=30))
    with clinic:
        desk_jobs.return_idle()
    assert not returned(clinic)


def test_a_note_is_the_same_note_twice_and_never_a_message(clinic, talk, lines, secretary):
    with clinic:
        for _twice in range(2):
            notes.write(conversation=talk, text=" Pidió el jueves ", by=secretary, key="k")
        for text in ("", "   ", "x" * 2001):
            with pytest.raises(notes.NothingToNote):
                notes.write(conversation=talk, text=text, by=secretary)
        with tenancy.atomic():
            assert not ChatMessage.objects.outbound().exists()
    assert lines() == [("note", secretary.user_id, None, "Pidió el jueves")]
