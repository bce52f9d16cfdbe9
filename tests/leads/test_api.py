"""Leads by HTTP: who sees which, in pages, and nothing of another clinic."""
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinics.models import SystemEvent
from tests.leads.factories import LeadEventFactory, LeadFactory, SellerFactory
from tests.messaging.factories import ConversationFactory
from tests.patients.factories import PatientFactory

pytestmark = pytest.mark.django_db
URL = "/api/v1/leads"


@pytest.fixture
def world(arrayan, people, sellers, within):
    """One lead of each kind: nobody's, the setter's, the closer's, somebody else's."""
    with within(arrayan):
        return {
            "new": LeadFactory(), "setter": LeadFactory(setter=sellers["setter"], stage="contacted"),
            "closer": LeadFactory(setter=SellerFactory(), closer=sellers["closer"], stage="proposal"),
            "other": LeadFactory(setter=SellerFactory(), stage="qualified"),
        }


SEEN = {
    "ceo": {"new", "setter", "closer", "other"}, "secretary": {"new", "setter", "closer", "other"},
    "setter": {"new", "setter"}, "closer": {"closer"},
}


@pytest.mark.parametrize("role", SEEN)
def test_who_sees_which(world, api_as, role):
    answer = api_as(role).get(URL)
    assert {row["id"] for row in answer.json()["results"]} == {world[one].pk for one in SEEN[role]}
    for name, lead in world.items():
        assert api_as(role).get(f"{URL}/{lead.pk}").status_code == (200 if name in SEEN[role] else 404)


def test_a_professional_is_refused_and_nobody_is_asked_who_they_are(world, api_as, client):
    assert api_as("professional").get(URL).status_code == 403
    assert api_as("professional").get(f"{URL}/{world['new'].pk}").status_code == 403
    assert client.get(URL).status_code == 401


def test_another_clinics_lead_answers_like_one_that_never_was(world, api_as, strangers):
    stranger = api_as("ceo", strangers["ceo"])
    assert stranger.get(URL).json()["count"] == 0
    there, nowhere = (stranger.get(f"{URL}/{pk}") for pk in (world["new"].pk, 10**9))
    assert (there.status_code, there.content) == (404, nowhere.content)


def test_one_lead_tells_its_history(world, api_as, arrayan, people, within, noon):
    with within(arrayan):
        LeadEventFactory(lead=world["setter"], at=noon)
        LeadEventFactory(lead=world["setter"], kind="moved", from_stage="new", to_stage="contacted", note="Llamé",
                         user=people["setter"].user, role="setter", at=noon)
        LeadEventFactory(lead=world["other"], at=noon)
    shown = api_as("setter").get(f"{URL}/{world['setter'].pk}").json()
    assert [event["kind"] for event in shown["events"]] == ["created", "moved"]
    assert shown["setter_name"] == people["setter"].user.name
    assert shown["events"][1]["note"] == "Llamé"


def test_narrowed(world, api_as, arrayan, within, noon):
    with within(arrayan):
        LeadFactory(stage="lost", closed_at=noon, source="web")
    api = api_as("ceo")
    assert api.get(URL, {"stage": "contacted"}).json()["count"] == 1
    assert api.get(URL, {"source": "web"}).json()["count"] == 1
    assert api.get(URL, {"show": "open"}).json()["count"] == 4
    assert api.get(URL, {"show": "closed"}).json()["count"] == 1
    answer = api.get(URL, {"stage": "enojado"})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["stage"])


def test_newest_first_in_pages_with_the_same_queries_for_one_and_thirty(arrayan, api_as, sellers, within):
    api = api_as("ceo")
    api.get(URL)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            answer = api.get(URL)
        return len(asked), answer.json()

    def lead():
        patient = PatientFactory()
        LeadFactory(patient=patient, conversation=ConversationFactory(patient=patient), **sellers)

    with within(arrayan):
        lead()
    alone, _one = queries()
    with within(arrayan):
        for _more in range(29):
            lead()
    together, shown = queries()
    assert (together, shown["count"]) == (alone, 30)
    times = [row["created_at"] for row in shown["results"]]
    assert times == sorted(times, reverse=True)


def test_each_look_leaves_its_row_and_so_does_a_404(world, api_as, arrayan, within):
    api = api_as("closer")
    for path in ("", f"/{world['closer'].pk}", f"/{world['setter'].pk}"):
        api.get(f"{URL}{path}")
    with within(arrayan):
        rows = SystemEvent.objects.filter(path__startswith=URL).order_by("pk")
        assert [(row.event, row.payload["capability"], row.payload["status"]) for row in rows] == [
            ("access", "leads.see", 200), ("access", "leads.see", 200), ("access", "leads.see", 404)]
