"""Every address x verb x role by HTTP: what is expected is computed from `access.TABLE`, the addresses are the
resolver's. A page hidden in a menu and open by its address would show here."""
import copy
import json
from http.cookies import SimpleCookie

import pytest
import time_machine
from django.contrib import admin
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, path

from clinics import access, naming, tenancy
from clinics.access import ANYONE, DOORS, SESSION, Role
from clinics.admin import TenantAdmin
from clinics.naming import VERBS, Address
from tests import factories
from tests.architecture import scene as scenes
from tests.architecture.scene import CLINICAL, MONEY, RECORD, SURNAME
from tests.conftest import logged_in

# A page is one function for every verb: one stands for those that no form and no link sends.
OF_API, OF_PAGES, OF_ADMIN = [*VERBS, "HEAD", "OPTIONS"], ["GET", "POST", "DELETE"], ["GET", "POST"]
DOWN = 503  # /healthz: no worker lives in a test
# By itself it calls the provider's address over the network; refused to the others like everything else.
NOT_LET = {("simulator/api/(?P<what>write|attach|repeat|forge|fail|shift|clear)$", "POST")}
# A right over all rows that still asks who it is: the record's author is a professional.
OF_A_ROW = {"record.write": "not_treating"}
# The admin site's own; nothing there is completed, so that is refused to all.
OF_THE_SITE = {"admin/login/": {ANYONE}, "admin/logout/": {ANYONE}, "admin/autocomplete/": {None}}
PEOPLE = ("anonymous", "pending", *Role.values)
NOBODY_AND_THE_FIRST = ("anonymous", "ceo")  # ask for what no role may do: who has no right, and who has the most


@pytest.fixture(scope="module")
def clinic(lasting):
    """One clinic with a row behind each address, and another one."""
    with lasting(), time_machine.travel(scenes.NOON, tick=False):
        made = factories.TenantFactory(name="Clínica Arrayán", slug="arrayan")
        factories.TenantFactory(name="Odontología Bosque", slug="bosque")
        with tenancy.tenant_context(made.pk), tenancy.atomic():
            made.scene = scenes.make(factories.staff())
        made.jars = {who: logged_in(one).cookies for who, one in {
            "pending": made.scene.pending, **made.scene.people}.items()}
    return made


@pytest.fixture
def scene(clinic, db, settings):
    settings.RATELIMIT_ENABLE = False
    with time_machine.travel(scenes.NOON, tick=False):
        yield clinic.scene


@pytest.fixture
def browser(scene, clinic):
    """`browser("secretary")`; anonymous has no cookies, pending asked to be a ceo."""

    made = {}

    def make(who, *, anew=False):
        if who not in made or anew:
            made[who] = Client()
            made[who].cookies = copy.deepcopy(clinic.jars.get(who, SimpleCookie()))
        return made[who]

    return make


def ask(client, verb, url, address):
    kind = "application/json" if address.view_class else "application/x-www-form-urlencoded"
    return client.generic(verb, url, "{}" if address.view_class else "", content_type=kind)


def capability_of(address, verb) -> set:
    """All that must be had for this: of an API view, what the verb names; of the admin, the site's and the class's."""
    if not address.of_admin:
        doors = set(address.names().values()) <= set(DOORS)  # to ask for the options of what is open is open
        return {ANYONE} if verb == "OPTIONS" and doors else {address.named_for("GET" if verb == "HEAD" else verb)}
    classes = {(one.model._meta.app_label, one.model._meta.model_name): one for one in naming.admin_classes()}
    found = classes.get(tuple(address.route.split("/")[1:3]))
    if found is None:
        return OF_THE_SITE.get(address.route, {"clinic.configure"})
    return {"clinic.configure", found.capability} if _offers(found, verb, address.route) else {None}


def _offers(found, verb, route) -> bool:
    """Whether the admin's class does this at all: most only show."""
    what = route.rsplit("/", 2)[-2]
    if what not in ("add", "change", "delete") or (what == "change" and verb == "GET"):
        return True
    name = f"has_{what}_permission"
    return getattr(type(found), name) is not getattr(TenantAdmin, name)


def reach(who, capabilities):
    """How far this role's right goes here: the narrowest; None where one is missing."""
    if who not in Role.values:
        return None
    found = [access.TABLE[one].get(who) if one in access.TABLE else None for one in capabilities]
    if None in found:
        return None
    return next((one for one in found if one != access.ALL), access.ALL)


def refused(response, who) -> bool:
    location = response.headers.get("Location", "")
    if response.status_code == 405:
        return True
    if who == "anonymous":
        return response.status_code == 401 or location.startswith("/login")
    if who == "pending":
        return location == "/pending" or (
            response.status_code == 403 and _code(response) in ("membership_pending", None))
    return response.status_code == 403


def let(response, reach, capabilities) -> bool:
    """Got in: whatever the verb then said of its data, but no refusal of the person; of a row, where not all are
    theirs."""
    status, location = response.status_code, response.headers.get("Location", "")
    if status >= 500 or status == 401 or location.startswith(("/login", "/pending")):
        return False
    if status != 403 or reach != access.ALL:
        return True
    return any(OF_A_ROW.get(one) == "not_treating" for one in capabilities)


HIDDEN = {  # what no answer to this role may hold, whatever was asked
    "anonymous": (*CLINICAL, *MONEY, SURNAME), "pending": (*CLINICAL, *MONEY, SURNAME), "professional": MONEY,
    "secretary": (RECORD,), "setter": (*CLINICAL, *MONEY, SURNAME), "closer": (*CLINICAL, *MONEY, SURNAME), "ceo": (),
}


def leaks(response, who) -> bool:
    text = response.content.decode(errors="replace").lower()
    return any(one.lower() in text for one in HIDDEN[who])


def _code(response):
    try:
        return json.loads(response.content).get("code")
    except ValueError:
        return None


def wrongs(address, url, browser, people=PEOPLE) -> list[str]:
    """Who got what they should not, or did not what they should. Those who are refused ask first."""
    found = []
    for verb in OF_ADMIN if address.of_admin else OF_API if address.view_class else OF_PAGES:
        capabilities = capability_of(address, verb)
        doors = capabilities & set(DOORS)
        nobodys = not doors and not any(reach(who, capabilities) for who in people)
        for who in NOBODY_AND_THE_FIRST if nobodys else people:
            far = reach(who, capabilities)
            if doors and (who != "anonymous" or SESSION not in doors):
                far = access.OWN
            if far and (address.route, verb) in NOT_LET:
                continue
            response = ask(browser(who, anew=bool(doors)), verb, url, address)  # it may have logged out
            if doors and far:
                right = response.status_code < 500 or response.status_code == DOWN
            else:
                right = let(response, far, capabilities) if far else refused(response, who)
            if not right or leaks(response, who):
                found.append(f"{verb} {url} {who}: {response.status_code} {response.headers.get('Location', '')}")
    return found


ALL = sorted(naming.addresses(), key=lambda one: one.route)
# One scene for each address, since who may does; the admin only shows: one for each of its classes.
SECTIONS = {}
for one in ALL:
    SECTIONS.setdefault("/".join(one.route.split("/")[:3]) if one.of_admin else one.route, []).append(one)


@pytest.mark.parametrize("section", SECTIONS)
def test_each_role_gets_what_the_table_says(section, scene, browser, within, clinic):
    found = []
    for address in SECTIONS[section]:
        with within(clinic):
            url = scenes.url_of(address, scene)
        found += wrongs(address, url, browser)
    assert found == []


def _open(request):
    return HttpResponse("hola")


_open.capability = "cash.see"  # it says so, and asks nobody


def _shut(request):
    return HttpResponse(status=403)


_shut.capability = "agenda.see"
urlpatterns = [path("bad/open", _open), path("bad/shut", _shut)]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("route", "wrong"), [
    ("bad/open", {"anonymous", "professional", "setter", "closer"}),
    ("bad/shut", {"anonymous", "ceo", "professional", "secretary"})])
def test_an_address_that_does_not_do_what_it_names_is_found(scene, browser, route, wrong):
    address = next(one for one in naming.addresses(urlpatterns) if one.route == route)
    assert {one.split()[2].rstrip(":") for one in wrongs(address, f"/{route}", browser)} == wrong


def test_an_address_nobody_can_fill_is_found(scene):
    with pytest.raises(Resolver404):
        scenes.url_of(Address("bad/<int:nothing>", _open), scene)


def test_the_admin_is_walked_too():
    assert {f"admin/{one._meta.app_label}/{one._meta.model_name}/" for one in admin.site._registry} <= {
        one.route for one in ALL}
