"""Who takes leads attends their conversations and knows of no visit that they did not give: not in the texts that the
desk uses often, nor in what a template is filled with."""
from datetime import timedelta

import pytest

from messaging import canned, merging
from messaging.leads.models import Lead
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


def test_what_became_a_conversation_that_is_not_theirs_is_not_theirs_either(
        client_as, api_as, talk, channel, secretary, arrayan, within):
    """A second open lead stays with the conversation that was merged; what is done in it is done in the other."""
    with within(arrayan):
        gone = ConversationFactory(channel=channel, attended_by="staff")
        closer = Lead.objects.get().closer
        Lead.objects.update(closer=None)
        LeadFactory(conversation=gone, closer=closer)
    client, api = client_as("closer"), api_as("closer")
    assert client.post(f"/inbox/{gone.pk}/note", {"text": "hola"}).status_code == 204
    with within(arrayan):
        merging.merge(keep=talk, gone=gone, by=secretary)
        assert Lead.objects.get(conversation=gone)
    for what in ("note", "write", "take", "give-back", "attach"):
        assert client.post(f"/inbox/{gone.pk}/{what}", {"text": "hola"}).status_code == 404, what
    assert api.post(f"/api/v1/conversations/{gone.pk}/messages", {"text": "hola"}, format="json").status_code == 404
    assert client_as("secretary").get(f"/inbox/{gone.pk}/").url == f"/inbox/{talk.pk}/"
