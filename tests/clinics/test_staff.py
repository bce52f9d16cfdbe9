import pytest

from clinics import staff
from clinics.models import Membership, SystemEvent
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(arrayan, within):
    with within(arrayan):
        return MembershipFactory(role="secretary", status="pending")


def act(client, membership, action):
    return client.post("/admin/clinics/membership/", {"action": action, "_selected_action": [membership.pk]})


def test_a_ceo_activates_and_suspends_and_it_is_noted(people, client_as, newcomer, arrayan, within):
    for action, status in (("activate", "active"), ("suspend", "suspended")):
        assert act(client_as("ceo"), newcomer, action).status_code == 302
        with within(arrayan):
            newcomer.refresh_from_db()
            assert newcomer.status == status
    with within(arrayan):
        assert list(SystemEvent.objects.filter(event__startswith="member.").order_by("pk").values_list(
            "event", flat=True)) == ["member.activated", "member.suspended"]


@pytest.mark.parametrize("role", ["professional", "secretary", "setter", "closer"])
def test_nobody_else_does(people, arrayan, within, newcomer, role):
    with within(arrayan), pytest.raises(staff.NotYours):
        staff.activate(membership=newcomer, by=people[role].actor)


def test_nobody_changes_their_own_account(people, arrayan, within):
    with within(arrayan), pytest.raises(staff.NotYours):
        staff.give_role(membership=people["ceo"], role="secretary", by=people["ceo"].actor)


def test_another_clinics_ceo_finds_nobody(strangers, client_as, newcomer, arrayan, within):
    act(client_as("ceo", strangers["ceo"]), newcomer, "activate")
    with within(arrayan):
        assert Membership.objects.get(pk=newcomer.pk).status == "pending"


@pytest.mark.parametrize("path", ["/admin/", "/admin/clinics/membership/", "/admin/clinics/systemevent/",
                                  "/admin/agenda/appointment/", "/admin/clinics/professional/"])
def test_the_admin_answers_a_ceo_and_nobody_else(client_as, path):
    assert client_as("ceo").get(path).status_code == 200
    assert client_as("secretary").get(path).status_code in (302, 403)


def test_leaving_the_admin_ends_the_session(client_as):
    client = client_as("ceo")
    client.post("/admin/logout/")
    assert client.get("/auth/me").status_code == 401


def test_who_may_not_configure_is_told_so_and_not_sent_in_circles(client_as, client):
    assert client_as("secretary").get("/admin/", follow=True).status_code == 403
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/login")
