"""One's own account: what it shows, and sessions that are ended from it."""
import pytest
from django.core.management import call_command
from django.test import Client

from clinics.auth import agents, second_factor
from clinics.models import Session, SystemEvent, User
from tests.factories import PASSWORD, MembershipFactory

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def sofia(people):
    return people["secretary"]


def logged_in(member, agent=FIREFOX):
    client = Client(HTTP_USER_AGENT=agent)
    client.post("/auth/login", {"email": member.user.email, "password": PASSWORD}, content_type="application/json")
    return client


def own(member, within):
    with within(member.tenant):
        return list(Session.objects.of(member).order_by("pk"))


@pytest.mark.parametrize("role", ["ceo", "professional", "secretary", "setter", "closer"])
def test_everybody_has_one(client_as, role, people):
    page = client_as(role).get("/account/")
    assert page.status_code == 200 and people[role].user.email in page.content.decode()


def test_a_pending_person_has_none_yet(arrayan, within):
    with within(arrayan):
        member = MembershipFactory(status="pending")
    assert logged_in(member).get("/account/").headers["Location"] == "/pending"


def test_the_name_is_changed(client_as, sofia, within):
    client = client_as("secretary")
    assert client.post("/account/name", {"name": "Sofía Ríos"}).status_code == 302
    assert User.objects.get(pk=sofia.user_id).name == "Sofía Ríos"
    for wrong in ("", "x" * 121, "a\0b"):
        assert client.post("/account/name", {"name": wrong}).status_code == 400
    with within(sofia.tenant):
        assert SystemEvent.objects.get(event="account.renamed").payload == {"user": sofia.user_id}


def test_sessions_say_what_they_are(sofia, api_as):
    api_as("secretary")
    page = logged_in(sofia).get("/account/").content.decode()
    assert "Firefox en Windows" in page and "Un programa (API)" in page


@pytest.mark.parametrize(("url", "page"), [
    ("/account/name", "/account/"), ("/account/sessions/end-others", "/account/"),
    ("/account/sessions/1/end", "/account/"), ("/account/second-factor/confirm", "/account/second-factor/"),
    ("/account/second-factor/off", "/account/second-factor/"),
])
def test_a_reload_of_an_answer_is_the_page_and_does_nothing(sofia, within, url, page):
    client = logged_in(sofia)
    assert client.get(url).headers["Location"] == page
    assert client.get("/auth/me").status_code == 200


def test_one_of_mine_is_ended(sofia, within):
    here, there = logged_in(sofia), logged_in(sofia)
    other = own(sofia, within)[1]
    assert here.post(f"/account/sessions/{other.pk}/end").headers["Location"] == "/account/?done=ended"
    assert there.get("/auth/me").status_code == 401 and here.get("/auth/me").status_code == 200
    assert here.post(f"/account/sessions/{other.pk}/end").status_code == 404, "it has ended"
    with within(sofia.tenant):
        assert SystemEvent.objects.get(event="session.ended").payload == {"sessions": 1}


def test_the_others_are_ended_at_once(sofia, people):
    here, others, boss = logged_in(sofia), [logged_in(sofia), logged_in(sofia)], logged_in(people["ceo"])
    here.post("/account/sessions/end-others")
    assert [one.get("/auth/me").status_code for one in (*others, here, boss)] == [401, 401, 200, 200]


def test_the_present_one_ends_by_leaving(sofia, within):
    here = logged_in(sofia)
    assert here.post(f"/account/sessions/{own(sofia, within)[0].pk}/end").headers["Location"] == "/login"
    assert here.get("/auth/me").status_code == 401


def test_nobody_elses_is_ended_nor_told_apart_from_none(sofia, people, strangers, within):
    here, boss = logged_in(sofia), logged_in(people["ceo"])
    stranger = logged_in(strangers["ceo"])
    theirs = [own(people["ceo"], within)[0].pk, own(strangers["ceo"], within)[0].pk, 999_999_999]
    answers = [here.post(f"/account/sessions/{number}/end") for number in theirs]
    assert [one.status_code for one in answers] == [404, 404, 404]
    assert boss.get("/auth/me").status_code == stranger.get("/auth/me").status_code == 200


def test_sessions_of_the_other_clinic_are_not_shown(sofia, bosque, within, client_as):
    with within(bosque):
        client_as("secretary", member=MembershipFactory(user=sofia.user))
    assert len(client_as("secretary").get("/account/").context["sessions"]) == 1


def test_thirty_sessions_ask_no_more_than_one(client_as, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_as("secretary")
    with CaptureQueriesContext(connection) as one:
        client.get("/account/")
    for _more in range(29):
        client_as("secretary")
    with django_assert_num_queries(len(one)):
        assert len(client.get("/account/").context["sessions"]) == 30


def test_a_login_over_a_session_ends_it(sofia, within):
    client = logged_in(sofia)
    client.post("/auth/login", {"email": sofia.user.email, "password": PASSWORD}, content_type="application/json")
    assert [bool(one.ended_at) for one in own(sofia, within)] == [True, False]
    assert own(sofia, within)[0].ended_why == "replaced"


def test_going_to_another_clinic_ends_the_session_here(sofia, bosque, within):
    with within(bosque):
        MembershipFactory(user=sofia.user)
    client = Client()
    client.post("/auth/login", {"email": sofia.user.email, "password": PASSWORD, "tenant_id": sofia.tenant_id},
                content_type="application/json")
    client.post("/switch", {"tenant_id": bosque.pk})
    assert [bool(one.ended_at) for one in own(sofia, within)] == [True]


def test_a_program_keeps_its_session_when_another_begins(sofia, bosque, within, api_as):
    with within(bosque):
        MembershipFactory(user=sofia.user)
    program = api_as("secretary")
    pair = program.post("/auth/switch", {"tenant_id": bosque.pk}).json()
    assert program.get("/auth/me").status_code == 200
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {pair['access']}")
    assert program.get("/auth/me").json()["tenant_id"] == bosque.pk
    with within(bosque):
        assert Session.objects.get().bearer


@pytest.mark.parametrize(("agent", "said"), [
    (FIREFOX, "Firefox en Windows"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Mobile Safari/604.1",
     "Safari en iPhone"),
    ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0 Mobile Safari/537.36",
     "Chrome en Android"),
    ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/145.0 Safari/537.36 Edg/145.0", "Edge en Windows"),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/19 Safari/605", "Safari en Mac"),
    ("", "Un navegador"), ("curl/8.1", "Un navegador"),
])
def test_a_browser_in_words(agent, said):
    assert agents.device(Session(agent=agent)) == said


def test_the_operator_takes_a_second_factor_away(sofia, within):
    from tests.clinics.test_second_factor import code_of

    with within(sofia.tenant):
        second_factor.begin(user=sofia.user, by=sofia.actor)
        second_factor.confirm(user=sofia.user, code=code_of(sofia.user), by=sofia.actor)
    call_command("forget_second_factor", sofia.user.email)
    assert logged_in(sofia).get("/account/").status_code == 200
    with within(sofia.tenant):
        assert SystemEvent.objects.get(event="second_factor.forgotten").severity == "critical"


@pytest.mark.parametrize(("url", "said", "why"), [
    ("/account/password/", {"current": "otra", "password": "una frase muy larga"}, "wrong_password"),
    ("/account/second-factor/begin", {"current": "otra"}, "wrong_password"),
    ("/account/second-factor/confirm", {"code": "000000"}, "wrong_code"),
])
def test_what_is_guessed_inside_a_session_is_noted(sofia, within, url, said, why):
    client = logged_in(sofia)
    if why == "wrong_code":
        client.post("/account/second-factor/begin", {"current": PASSWORD})
    assert client.post(url, said).status_code == 400
    with within(sofia.tenant):
        event = SystemEvent.objects.get(event="refused")
    assert (event.actor_id, event.payload["code"], event.path) == (sofia.user_id, why, url)
