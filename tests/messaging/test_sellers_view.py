"""Who takes leads attends their conversations and knows of no visit that they did not give: not in the texts that the
desk uses often, nor in what a template is filled with."""
from datetime import timedelta

import pytest

from messaging import canned
from messaging.models import Template
from tests.agenda.factories import AppointmentFactory, PatientFactory
from tests.leads.factories import LeadFactory, SellerFactory
from tests.messaging.factories import NOON, ConversationFactory

pytestmark = pytest.mark.usefixtures("at_noon")
BODY = "Hola {{1}}, te esperamos el {{2}} a las {{3}} con {{4}}."


@pytest.fixture
def talk(arrayan, within, people, channel, secretary):
    with within(arrayan):
        patient = PatientFactory(first_name="Norma")
        row = ConversationFactory(channel=channel, patient=patient, attended_by="staff")
        LeadFactory(conversation=row, patient=patient, setter=SellerFactory(membership=people["setter"]),
                    closer=SellerFactory(membership=people["closer"]))
        AppointmentFactory(
            patient=patient, start_at=NOON + timedelta(days=1, hours=1), professional__last_name="Brandtner")
        canned.keep(shortcut="turno", text="Te espero el {fecha} a las {hora} con {profesional}", by=secretary)
        Template.objects.create(channel=channel, name="aviso", language="es_AR", category="utility", status="approved",
                                components=[{"type": "BODY", "text": BODY}], synced_at=NOON)
        return row


@pytest.mark.parametrize(("role", "knows"), [("secretary", True), ("setter", False), ("closer", False)])
def test_of_a_visit_that_somebody_else_gave(client_as, talk, role, knows):
    client = client_as(role)
    for what in (f"/inbox/{talk.pk}/replies", f"/inbox/{talk.pk}/templates",
                 f"/api/v1/conversations/{talk.pk}/templates"):
        answer = client.get(what)
        assert answer.status_code == 200, what
        said = answer.content.decode()
        assert ("Brandtner" in said, "13:00" in said) == (knows, knows), what


def test_of_one_that_they_gave(client_as, talk, people, arrayan, within):
    with within(arrayan):
        AppointmentFactory(
            patient=talk.patient, start_at=NOON + timedelta(hours=3), created_by_id=people["setter"].user_id)
    assert "15:00" in client_as("setter").get(f"/inbox/{talk.pk}/replies").content.decode()
