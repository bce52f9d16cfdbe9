"""Deny by default: every address, admin class, live event and tool names its capability in `clinics.access`.

The checks are functions over lists; each is shown a bad specimen, so that it is known to fail.
"""
import ast
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.http import HttpResponse
from django.urls import path, resolve
from rest_framework.views import APIView

from agenda.models import Appointment
from clinics import access, live, naming, shell, socketio
from clinics.access import CEO, CLOSER, PROFESSIONAL, SECRETARY, SETTER, TABLE, Guarded, Role, page
from clinics.admin import TenantAdmin
from messaging.management.commands.write_access import document
from messaging.receptionist.tools import TOOLS
from messaging.receptionist.tools.appointments import Nothing
from messaging.receptionist.tools.base import Tool
from tests.agenda.factories import AppointmentFactory

FLOORS = ("clinics", "agenda", "accounting", "messaging")
NO_VERBS = ("admin.py", "migrations", "demo", "management")  # what writes there is no verb
WRITES = {"create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update"}


def plain(request):
    return HttpResponse()


class Half(Guarded, APIView):
    capabilities = {"GET": "agenda.see"}

    def get(self, request):
        """Names it."""

    def post(self, request):
        """Names nothing."""


class Silent(APIView):
    def get(self, request):
        """Names nothing."""


class Unknown(Guarded, APIView):
    capabilities = {"GET": "agenda.dream"}

    def get(self, request):
        """Names what is not in the table."""


# --- addresses


def test_every_address_names_its_capability():
    assert naming.faults(naming.addresses()) == []


@pytest.mark.parametrize(("view", "fault"), [
    (plain, "/bad/ *: None"), (page("agenda.dream")(plain), "/bad/ *: agenda.dream"),
    (Half.as_view(), "/bad/ POST: None"), (Silent.as_view(), "/bad/ GET: None"),
    (Unknown.as_view(), "/bad/ GET: agenda.dream"),
])
def test_an_address_that_does_not_is_found(view, fault):
    assert naming.faults(naming.addresses([path("bad/", view)])) == [fault]


def test_only_the_admins_own_addresses_are_left_to_its_classes():
    """A product's view under /admin/ is no exception."""
    assert naming.faults(naming.addresses([path("admin/core/", page("agenda.dream")(plain))]))
    assert naming.faults(naming.addresses([path("admin/core/", Half.as_view())]))


def test_an_api_view_names_no_verb_that_it_does_not_answer():
    for one in naming.addresses():
        cls = one.view_class
        for verb in getattr(cls, "capabilities", {}) if cls else {}:
            assert hasattr(cls, verb.lower()), f"/{one.route} {verb}"


@pytest.mark.parametrize(("capability", "url"), [
    *((capability, url) for _place, capability, url in shell.RAIL),
    *((capability, url) for _title, url, capability in shell.SETTINGS)])
def test_a_menu_asks_what_the_page_asks(capability, url):
    """What a menu hides and what an address refuses are one thing."""
    view = resolve(url).func
    assert getattr(view, "capability", None) == capability


# --- the admin


def test_every_admin_class_names_its_capability():
    assert naming.admin_faults(naming.admin_classes()) == []


class Lost(TenantAdmin):
    capability = "agenda.dream"


@pytest.mark.parametrize("kind", [admin.ModelAdmin, Lost])
def test_an_admin_class_that_does_not_is_found(kind):
    assert naming.admin_faults([kind(Appointment, admin.site)])


@cache
def sources():
    """The floors' modules, without those whose writes are no verbs."""
    files = [file for floor in FLOORS for file in (Path(settings.BASE_DIR) / floor).rglob("*.py")]
    return [ast.parse(file.read_text()) for file in files if not set(file.parts) & set(NO_VERBS)]


def has_a_verb(model) -> bool:
    """A function that takes `by` and returns the model's row, or a statement that writes its table."""
    return any(_is_verb_of(node, model.__name__) for tree in sources() for node in ast.walk(tree))


def _is_verb_of(node, name):
    if isinstance(node, ast.FunctionDef):
        takes = {one.arg for one in (*node.args.args, *node.args.kwonlyargs)}
        return "by" in takes and isinstance(node.returns, ast.Name) and node.returns.id == name
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
        return f"{name}.objects." in f"{ast.unparse(node.func)}."
    return False


def written_and_verbs(classes):
    return [type(one).__name__ for one in classes if _writes(one) and has_a_verb(one.model)]


def _writes(one):
    names = [f"has_{what}_permission" for what in ("add", "change", "delete")]
    return any(getattr(type(one), name) is not getattr(TenantAdmin, name) for name in names)


def test_the_admin_writes_only_tables_without_a_verb():
    assert written_and_verbs(naming.admin_classes()) == []


class Meddler(TenantAdmin):
    def has_change_permission(self, request, obj=None):
        return True


class Adder(TenantAdmin):
    def has_add_permission(self, request):
        return True


@pytest.mark.parametrize("kind", [Meddler, Adder])
def test_one_that_writes_what_a_verb_does_is_found(kind):
    assert written_and_verbs([kind(Appointment, admin.site)]) == [kind.__name__]


# --- live events


def test_every_event_names_its_capability():
    assert naming.event_faults(live.EVENTS) == []


def test_an_event_that_does_not_is_found():
    assert naming.event_faults({"NEW_PATIENT": "patients.see", "BAD": "agenda.dream", "MUTE": None}) == [
        "BAD: agenda.dream", "MUTE: None"]


def test_an_event_that_is_not_named_cannot_be_said():
    with pytest.raises(ValueError, match="BAD"):
        live.say("BAD")


def test_sockets_only_listen():
    """What a page could ask by a socket would need a capability of its own; nothing can be asked."""
    assert set(socketio.server.handlers.get("/", {})) <= {"connect", "disconnect"}
    assert set(socketio.server.namespace_handlers) == set()


# --- the receptionist's tools


def test_every_tool_is_on_the_receptionists_list():
    assert naming.tool_faults(TOOLS) == []


@pytest.mark.parametrize("capability", ["cash.register", "agenda.dream", ""])
def test_a_tool_that_is_not_is_found_and_refused(capability):
    tool = Tool("bad", capability, "", Nothing, lambda case, asked: None)
    assert naming.tool_faults([tool]) == [f"bad: {capability}"]


def test_the_receptionist_reaches_no_more_than_one_conversation():
    assert access.RECEPTIONIST.keys() <= TABLE.keys()
    assert access.ALL not in access.RECEPTIONIST.values()


# --- the table


def test_a_capability_says_what_it_means():
    assert list(access.MEANS) == list(TABLE)


def test_roles_are_those_of_the_table():
    assert {role for reach in TABLE.values() for role in reach} <= set(Role.values)
    reaches = {access.ALL, access.OWN, access.FREE_BUSY, access.OWN_LEADS}
    assert {how for reach in TABLE.values() for how in reach.values()} <= reaches


NEVER = {
    CLOSER: ("alerts.see", "record.read", "record.write", "patients.edit", "cash.see", "cash.register", "cash.close",
             "revenue.see", "agenda.attend", "agenda.overbook", "leads.work"),
    SETTER: ("alerts.see", "record.read", "record.write", "patients.edit", "cash.see", "cash.register", "cash.close",
             "revenue.see", "agenda.attend", "agenda.overbook", "leads.close", "plans.see"),
    SECRETARY: ("record.read", "record.write", "agenda.overbook", "revenue.see", "results.see", "plans.write",
                "leads.work", "leads.close"),
    PROFESSIONAL: ("cash.see", "cash.register", "cash.close", "revenue.see", "leads.see"),
}
CEO_ONLY = ("staff.manage", "clinic.configure", "credentials.manage", "integrations.manage", "automations.manage",
            "exports.make", "audit.read", "revenue.see", "simulator.use")


def test_what_the_domain_denies_is_denied():
    for role, denied in NEVER.items():
        assert [name for name in denied if role in TABLE[name]] == []
    assert [name for name in CEO_ONLY if set(TABLE[name]) != {CEO}] == []
    assert all(CEO in reach for reach in TABLE.values())


def test_nobody_without_a_role_may_anything(people):
    for actor in (None, access.SYSTEM, access.Actor(kind="staff"), access.Actor(kind="staff", role="root")):
        assert [name for name in TABLE if access.can(actor, name)] == []


def test_a_scope_that_nobody_filled_is_empty(here, people, monkeypatch):
    AppointmentFactory(created_by=people["setter"].user)
    setter = people["setter"].actor
    monkeypatch.setattr(access, "_filled", {})
    assert not access.visible(setter, "agenda.book", Appointment.objects.all()).exists()
    assert not access.visible(access.SYSTEM, "agenda.book", Appointment.objects.all()).exists()


def test_the_page_of_rights_is_written_from_the_table():
    written = Path(settings.BASE_DIR, "docs", "access.md").read_text()
    assert written == document(), "run manage.py write_access"
