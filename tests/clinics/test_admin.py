"""Django's admin shows by the table of rights, writes only what has no verb, and keeps no LogEntry."""
import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import ProgrammingError, connection, transaction

from clinics import access, naming
from clinics.access import Role
from clinics.models import Membership, Professional
from messaging.leads.models import Seller
from tests.leads.factories import SellerFactory

OTHERS = [role for role in Role.values if role != "ceo"]
CLASSES = [(one.model._meta.app_label, one.model._meta.model_name) for one in naming.admin_classes()]


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_but_the_ceo_gets_in(client_as, role):
    client = client_as(role)
    for app, name in CLASSES:
        assert client.get(f"/admin/{app}/{name}/").status_code == 403
    assert client.get("/admin/").status_code == 403


@pytest.mark.parametrize(("app", "name"), CLASSES)
def test_a_list_shows_this_clinics_rows_alone(client_as, people, strangers, app, name):
    page = client_as("ceo").get(f"/admin/{app}/{name}/")
    assert page.status_code == 200
    assert "bosque.example" not in page.content.decode()


def test_rows_are_those_that_the_capability_reaches(client_as, people, monkeypatch):
    """By `access.visible`, not by the site's own right."""
    monkeypatch.setattr(type(admin.site._registry[Professional]), "capability", "patients.edit")
    monkeypatch.setitem(access.TABLE, "patients.edit", {"ceo": access.OWN})
    page = client_as("ceo").get("/admin/clinics/professional/").content.decode()
    assert "Brandt" not in page


def test_djangos_groups_are_not_there(client_as):
    assert not admin.site.is_registered(Group)
    assert client_as("ceo").get("/admin/auth/group/").status_code == 404


def test_what_has_no_verb_is_written_and_leaves_no_log_entry(client_as, arrayan, within):
    with within(arrayan):
        seller = SellerFactory()
    url = f"/admin/leads/seller/{seller.pk}/change/"
    ceo = client_as("ceo")
    answer = ceo.post(url, {"most_open": "7"})
    assert answer.status_code == 302
    with within(arrayan):
        kept = Seller.objects.get()
        assert (kept.active, kept.most_open) == (False, 7)
    with within(arrayan), pytest.raises(ProgrammingError, match="django_admin_log"), transaction.atomic():
        LogEntry.objects.exists()  # the application's role has no right to its table: to write there would have failed
    assert ceo.get(f"/admin/leads/seller/{seller.pk}/history/").status_code == 404


def test_what_the_database_refuses_is_said_and_is_no_fault(client_as, arrayan, within, owner, monkeypatch):
    """The form does not know the database's own rules: an overlap saved here was a 500."""
    with within(arrayan):
        seller = SellerFactory()
    monkeypatch.setattr(type(admin.site._registry[Seller]), "save_model", _collides)
    answer = client_as("ceo").post(f"/admin/leads/seller/{seller.pk}/change/", {"most_open": "7"}, follow=True)
    assert answer.status_code == 200
    assert "No se guardó" in answer.content.decode()
    with within(arrayan):
        assert Seller.objects.get().most_open is None


def _collides(self, request, obj, form, change):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sellers SET membership_id = 0 WHERE tenant_id = %s", [obj.tenant_id])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_its_actions_are_the_verbs(client_as, people, arrayan, within):
    """Nobody suspends themselves there either."""
    said = {"action": "suspend", "_selected_action": [people["ceo"].pk, people["setter"].pk]}
    client_as("ceo").post("/admin/clinics/membership/", said)
    with within(arrayan):
        states = dict(Membership.objects.values_list("role", "status"))
    assert (states["ceo"], states["setter"]) == ("active", "suspended")
