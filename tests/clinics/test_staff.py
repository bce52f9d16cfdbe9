from types import SimpleNamespace

import pytest

from clinics import live, staff, tenancy
from clinics.access import SYSTEM, receptionist
from clinics.models import Membership, Session, SystemEvent, User
from dentalogic.lib import clock
from tests.clinics.sockets import begun
from tests.factories import MembershipFactory
from tests.races import at_once

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


VERBS = {
    "activate": lambda member, by: staff.activate(membership=member, by=by),
    "suspend": lambda member, by: staff.suspend(membership=member, by=by),
    "give a role": lambda member, by: staff.give_role(membership=member, role="ceo", by=by),
    "end sessions": lambda member, by: staff.end_sessions(membership=member, by=by),
    "end one session": lambda member, by: staff.end_session(session=Session(membership=member), by=by),
}


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
@pytest.mark.parametrize("role", ["professional", "secretary", "setter", "closer"])
def test_nobody_else_does(people, arrayan, within, newcomer, role, verb):
    with within(arrayan), pytest.raises(staff.NotYours):
        verb(newcomer, people[role].actor)


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
@pytest.mark.parametrize("by", [SYSTEM, receptionist(1)], ids=["a job", "the receptionist"])
def test_no_program_does(people, arrayan, within, newcomer, verb, by):
    with within(arrayan), pytest.raises(staff.NotYours):
        verb(newcomer, by)


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_nobody_changes_their_own_account(people, arrayan, within, verb):
    with within(arrayan), pytest.raises(staff.NotYours):
        verb(people["ceo"], people["ceo"].actor)


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_another_clinics_person_is_not_found(people, strangers, arrayan, within, verb):
    with within(arrayan), pytest.raises(staff.NotFound):
        verb(strangers["secretary"], people["ceo"].actor)


def test_a_ceo_of_another_clinic_is_nobody_here(people, strangers, arrayan, within):
    with within(arrayan), pytest.raises(staff.NotYours):
        staff.suspend(membership=people["secretary"], by=strangers["ceo"].actor)


@pytest.mark.parametrize("change", [{"role": "secretary"}, {"status": "suspended"}], ids=["moved", "suspended"])
def test_who_is_no_ceo_any_more_changes_nobody(people, arrayan, within, newcomer, change):
    """The actor was read when the request came; the row says who is one now."""
    with within(arrayan):
        actor = people["ceo"].actor
        Membership.objects.filter(pk=people["ceo"].pk).update(**change)
        with pytest.raises(staff.NotYours):
            staff.activate(membership=newcomer, by=actor)


def test_another_role_is_given_on_activation(people, arrayan, within, newcomer):
    with within(arrayan):
        staff.activate(membership=newcomer, role="closer", by=people["ceo"].actor)
        newcomer.refresh_from_db()
    assert (newcomer.status, newcomer.role, newcomer.activated_by_id) == ("active", "closer", people["ceo"].user_id)


@pytest.mark.parametrize("role", ["owner", "", "CEO", None])
def test_a_role_is_one_of_the_list(people, arrayan, within, role):
    with within(arrayan), pytest.raises(staff.NoSuchRole) as refused:
        staff.give_role(membership=people["closer"], role=role, by=people["ceo"].actor)
    assert refused.value.fields["role"] and refused.value.status == 400


def test_what_is_so_already_is_not_done_again(people, arrayan, within):
    """Two browsers with the same page: the second is told that it is old."""
    with within(arrayan):
        with pytest.raises(staff.NotPossible):
            staff.activate(membership=people["closer"], by=people["ceo"].actor)
        staff.suspend(membership=people["closer"], by=people["ceo"].actor)
        with pytest.raises(staff.NotPossible):
            staff.suspend(membership=people["closer"], by=people["ceo"].actor)
        staff.give_role(membership=people["secretary"], role="secretary", by=people["ceo"].actor)
        assert [row.event for row in SystemEvent.objects.filter(event__startswith="member.")] == ["member.suspended"]


@pytest.mark.parametrize(("verb", "why"), [("suspend", "suspended"), ("give a role", "role"), ("end sessions", "ceo")])
def test_it_ends_every_session_of_the_person_in_this_clinic_and_nobody_elses(
        people, strangers, arrayan, bosque, within, verb, why):
    member = people["secretary"]
    begun(member), begun(member), begun(people["closer"])
    with within(bosque):
        elsewhere = MembershipFactory(user=member.user, role="ceo")
    begun(elsewhere)
    with within(arrayan):
        VERBS[verb](member, people["ceo"].actor)
        assert [row.ended_why for row in Session.objects.of(member)] == [why, why]
        assert Session.objects.of(people["closer"]).get().ended_at is None
        [noted] = SystemEvent.objects.exclude(event="login")
        assert noted.payload["sessions"] == 2 and noted.severity == "warning" and noted.actor == people["ceo"].user
    with within(bosque):
        assert Session.objects.of(elsewhere).get().ended_at is None


@pytest.mark.parametrize("verb", ["activate", "suspend", "give a role", "end sessions"])
def test_the_screens_are_told(
        people, arrayan, within, newcomer, verb, django_capture_on_commit_callbacks, monkeypatch):
    told = []
    monkeypatch.setattr(live, "_sender", lambda: SimpleNamespace(tell=lambda tenant_id, message: told.append(message)))
    begun(people["closer"])
    member = newcomer if verb == "activate" else people["closer"]
    with django_capture_on_commit_callbacks(execute=True), within(arrayan):
        VERBS[verb](member, people["ceo"].actor)
    frames = [message["frame"] for message in told if message["type"] == "frame"]
    assert [(frame["event"], frame["ids"]) for frame in frames] == [("STAFF_UPDATED", {"member": member.pk})]


@pytest.mark.django_db(transaction=True)
def test_of_two_ceos_who_suspend_each_other_one_stays(people, arrayan, within):
    with within(arrayan):
        other, first = MembershipFactory(role="ceo"), people["ceo"]
        by_first, by_other = first.actor, other.actor
    answers = at_once(lambda: tenancy.tenant_context(arrayan.pk), [
        lambda: staff.suspend(membership=other, by=by_first),
        lambda: staff.suspend(membership=first, by=by_other)])
    assert {type(answer) for answer in answers} == {Membership, staff.NotYours}
    with within(arrayan):
        assert Membership.objects.filter(role="ceo", status="active").count() == 1


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


def test_where_mail_is_configured_nobody_enters_under_an_address_that_is_not_confirmed(
        people, arrayan, within, newcomer, settings):
    """Anybody may have asked for an account under a colleague's address; who was active may come back."""
    settings.EMAIL_HOST = "127.0.0.1"
    with within(arrayan):
        for _again in ("pending", "turned away"):
            with pytest.raises(staff.NotConfirmed):
                staff.activate(membership=newcomer, by=people["ceo"].actor)
            newcomer = staff.suspend(membership=newcomer, by=people["ceo"].actor) if _again == "pending" else newcomer
        User.objects.filter(pk=newcomer.user_id).update(email_confirmed_at=clock.now())
        staff.activate(membership=newcomer, by=people["ceo"].actor)
        Membership.objects.filter(pk=people["setter"].pk).update(activated_at=clock.now(), status="suspended")
        staff.activate(membership=people["setter"], by=people["ceo"].actor)
