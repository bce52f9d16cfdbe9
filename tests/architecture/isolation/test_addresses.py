"""Every address x verb x role with the other clinic's ids: 404, and the same bytes as for what nobody has."""
import pytest
import time_machine
from django.db import transaction
from django.test import Client

from clinics import naming, tenancy
from clinics.access import Role
from clinics.auth import sessions
from clinics.models import Membership
from tests.architecture.isolation import addresses, rows, specimen_urls
from tests.architecture.isolation.rows import NOON

pytestmark = pytest.mark.django_db

ALL = sorted(
    (one for one in naming.addresses() if one.route not in addresses.NOT_ASKED and not one.of_benches),
    key=lambda one: one.route)
OF_ROWS = [one for one in ALL if one.route not in addresses.NOT_COMPARED and any(
    addresses.names_a_row(name, shape) for name, shape in addresses.variables(one.route).items())]
# Of the admin, what shows a form; its lists are Django's own, and looked at below.
READING = [one for one in ALL if not one.of_admin or one.route.endswith(("/add/", "/change/"))]
ADMINS = ("ceo", "secretary")  # the others are refused at its door, all alike


@pytest.fixture(autouse=True)
def _frozen(settings):
    settings.RATELIMIT_ENABLE = False
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture(scope="module")
def clients(world, lasting):
    """One browser a role in the first clinic, one whose membership waits, and one that nobody logged in."""
    made = {"anonymous": Client()}
    with lasting(), time_machine.travel(NOON, tick=False), \
            tenancy.tenant_context(world["here"].pk), tenancy.atomic():
        waits = rows.factories.MembershipFactory(status=Membership.Status.PENDING)
        for who, member in {**world["arrayan"], "pending": waits}.items():
            refresh = sessions.begin(membership=member)
            made[who] = Client()
            made[who].cookies["dl_access"] = str(refresh.access_token)
            made[who].cookies["dl_refresh"] = str(refresh)
    return made


@pytest.mark.parametrize("address", OF_ROWS, ids=lambda one: one.route)
def test_another_clinics_id_is_nobodys(clients, address):
    asking = ADMINS if address.of_admin else clients
    assert addresses.id_faults(address, {who: clients[who] for who in asking}) == []


@pytest.mark.parametrize("address", READING, ids=lambda one: one.route)
def test_another_clinics_values_in_what_is_sent_are_nobodys(clients, address):
    assert addresses.value_faults(address, clients["ceo"]) == []


@pytest.mark.parametrize("who", ["anonymous", "pending", *Role.values])
def test_no_page_of_any_role_has_a_word_of_the_other_clinic(clients, who):
    shown = []
    for address in (one for one in ALL if "GET" in addresses.verbs(one) and (who == "ceo" or not one.of_admin)):
        where = addresses.url(address.route, dict.fromkeys(addresses.variables(address.route), rows.OWN))
        if addresses.tells(addresses.ask(clients[who], address, "GET", where, {})):
            shown.append(address.route)
    assert shown == []


def grown(client, known, world):
    """The addresses that answer otherwise when the other clinic has grown."""
    wheres = {one: addresses.url(one.route, dict.fromkeys(addresses.variables(one.route), rows.OWN)) for one in known}

    def looked():
        return {one.route: addresses.alike(addresses.ask(client, one, "GET", where, {}))
                for one, where in wheres.items() if "GET" in addresses.verbs(one)}

    before = looked()
    with tenancy.tenant_context(world["there"].pk), tenancy.atomic():
        rows.grow()
    after = looked()
    transaction.set_rollback(True)
    return [route for route in before if before[route] != after[route]]


def test_nothing_is_counted_of_the_other_clinic(clients, world):
    assert grown(clients["ceo"], [one for one in ALL if not one.of_admin or one.route.count("/") == 3], world) == []


# The checks themselves


@pytest.fixture
def careless(settings):
    settings.ROOT_URLCONF = "tests.architecture.isolation.specimen_urls"
    return {one.route: one for one in naming.addresses(specimen_urls.urlpatterns)}


@pytest.mark.parametrize(("route", "fault"), [
    ("bad/status/<int:pk>/", "403 for what another clinic has, 404 for what nobody has"),
    ("bad/word/<int:pk>/", "another clinic's answer differs from nobody's"),
    ("bad/other/<int:pk>/", "409 , not 404, for another clinic's id"),
    ("bad/shown/<int:pk>/", "shows what the other clinic has"),
    ("bad/nothing/<int:pk>/", "it proves nothing"),
])
def test_an_address_that_tells_is_caught(clients, careless, route, fault):
    found = addresses.id_faults(careless[route], {"ceo": clients["ceo"]})
    assert any(fault in one for one in found), found


def test_an_address_that_tells_by_what_is_sent_is_caught(clients, careless):
    (fault,) = addresses.value_faults(careless["bad/sent/"], clients["ceo"])[:1]
    assert "?patient=900001" in fault


def test_an_address_that_counts_is_caught(clients, careless, world):
    assert grown(clients["ceo"], [careless["bad/count/"]], world) == ["bad/count/"]


def test_an_address_that_cannot_be_filled_is_caught(careless):
    (odd,) = [one for one in careless.values() if "odd" in one.route]
    with pytest.raises(addresses.Unfillable):
        addresses.url(odd.route, {"odd": rows.OWN})
