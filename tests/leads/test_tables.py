"""What the database refuses of a lead, whatever the code does."""
import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from messaging.leads.models import LeadEvent
from tests.leads.factories import LeadEventFactory, LeadFactory, SellerFactory
from tests.messaging.factories import ConversationFactory
from tests.patients.factories import PatientFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("fields", [
    {"stage": "won"}, {"stage": "lost"}, {"score": 101}, {"stage": "enojado"}, {"source": "paloma"},
])
def test_a_lead_that_contradicts_itself(here, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        LeadFactory(**fields)


def test_a_lead_is_won_as_a_patient(here, noon):
    with pytest.raises(IntegrityError), transaction.atomic():
        LeadFactory(stage="won", closed_at=noon)
    assert LeadFactory(stage="won", closed_at=noon, patient=PatientFactory()).pk


def test_a_conversation_has_one_open_lead(here, noon):
    talk = ConversationFactory()
    LeadFactory(conversation=talk, stage="lost", closed_at=noon)
    LeadFactory(conversation=talk)
    with pytest.raises(IntegrityError), transaction.atomic():
        LeadFactory(conversation=talk)


def test_a_lead_of_one_clinic_points_at_nobody_of_another(here, bosque, within):
    with within(bosque):
        stranger, patient = SellerFactory(), PatientFactory()
    for fields in ({"setter_id": stranger.pk}, {"closer_id": stranger.pk}, {"patient_id": patient.pk}):
        with pytest.raises(IntegrityError), transaction.atomic():
            LeadFactory(**fields)


def test_its_history_is_added_to_and_never_changed(here):
    event = LeadEventFactory()
    for change in ("UPDATE lead_events SET note = 'x'", "DELETE FROM lead_events"):
        with pytest.raises(ProgrammingError) as refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
        assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)
    assert LeadEvent.objects.get().pk == event.pk
