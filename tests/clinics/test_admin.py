"""Django's admin shows by the table of rights, writes nothing, and keeps no LogEntry."""
import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import ProgrammingError, transaction

from clinics import access, naming
from clinics.access import Role
from clinics.models import Membership, Professional

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


@pytest.mark.parametrize(("app", "name"), CLASSES)
def test_nothing_is_written(client_as, people, app, name):
    ceo = client_as("ceo")
    for what in ("add/", "0/delete/"):
        assert ceo.post(f"/admin/{app}/{name}/{what}", {"post": "yes"}).status_code == 403
    assert ceo.get(f"/admin/{app}/{name}/0/history/").status_code == 404


def test_a_row_is_shown_and_not_changed(client_as, people, arrayan, within):
    pk = people["professional"].professional.pk
    url, ceo = f"/admin/clinics/professional/{pk}/change/", client_as("ceo")
    assert "Brandt" in ceo.get(url).content.decode()
    assert ceo.post(url, {"last_name": "Otro"}).status_code == 403
    with within(arrayan):
        assert Professional.objects.get(pk=pk).last_name == "Brandt"


def test_no_log_entry_can_be_kept(people, arrayan, within):
    """Its table is global, and would hold patients' names: the application's role has no right to it."""
    with within(arrayan), pytest.raises(ProgrammingError, match="django_admin_log"), transaction.atomic():
        LogEntry.objects.create(user=people["ceo"].user, action_flag=2, object_repr="Carolina")


def test_its_actions_are_the_verbs(client_as, people, arrayan, within):
    """Nobody suspends themselves there either."""
    said = {"action": "suspend", "_selected_action": [people["ceo"].pk, people["setter"].pk]}
    client_as("ceo").post("/admin/clinics/membership/", said)
    with within(arrayan):
        states = dict(Membership.objects.values_list("role", "status"))
    assert (states["ceo"], states["setter"]) == ("active", "suspended")


def test_a_link_logs_nobody_out(client_as):
    client = client_as("ceo")
    assert client.get("/admin/logout/").status_code == 405 and client.get("/auth/me").status_code == 200
    assert client.post("/admin/logout/").headers["Location"] == "/login" and client.get("/auth/me").status_code == 401
