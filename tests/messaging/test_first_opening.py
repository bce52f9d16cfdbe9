"""A clinic that `create_clinic` made sets itself up by its pages alone, to the first opening a patient may take."""
import pytest
from django.core.management import call_command
from django.test import Client

from clinics.models import Tenant

pytestmark = pytest.mark.django_db
PASSWORD = "una-clave-larga-99"


@pytest.fixture
def ana(monkeypatch, bosque, at_noon):
    """The ceo of a clinic with nothing in it, logged in by the form."""
    monkeypatch.setenv("CEO_PASSWORD", PASSWORD)
    call_command("create_clinic", "Clínica Nueva", "nueva", "ana@nueva.example", person="Ana Nueva", verbosity=0)
    client = Client()
    client.post("/login", {"email": "ana@nueva.example", "password": PASSWORD})
    return client


def missing(client):
    page = client.get("/settings/steps").content.decode()
    return page.count('class="dot"')


def test_from_nothing_to_the_first_opening(ana):
    for url in ("professionals", "chairs", "closures", "treatments", "insurers", "whatsapp"):
        assert ana.get(f"/settings/{url}/").status_code == 200, url
    assert missing(ana) == 4
    week = {"week-0-open": "on", "week-0-from": ["9"], "week-0-to": ["11"]}
    said = ana.get("/settings/").context["form"]
    facts = {field.name: field.value() for field in said if field.value() is not None}
    del facts["second_factor_required"]
    assert ana.post("/settings/", facts | week | {"phone": "341 555-0101"}).status_code == 302
    assert ana.post("/settings/professionals/new/", {
        "first_name": "Ana", "last_name": "Nueva", "hours": "clinic", "active": "on"}).status_code == 302
    assert ana.post("/settings/treatments/new/", {
        "name": "Consulta", "minutes": "30", "sessions": "1", "gap_days": "0", "bookable": "on", "active": "on",
        "who": "all"}).status_code == 302
    assert missing(ana) == 1
    assert ana.post("/settings/whatsapp/", {
        "name": "Recepción", "number": "+54 9 341 555-0199", "api_key": "yc-clave-de-prueba"}).status_code == 302
    assert ana.get("/settings/steps").content.strip() == b""
    treatment = ana.get("/api/v1/treatments").json()["results"][0]
    found = ana.get("/api/v1/availability", {
        "treatment": treatment["id"], "from": "2026-11-24", "to": "2026-12-01"}).json()["results"]
    assert [one["start_at"] for one in found][:2] == ["2026-11-30T09:00:00-03:00", "2026-11-30T09:15:00-03:00"]
    assert Tenant.objects.get(slug="nueva").phone == "+543415550101"
