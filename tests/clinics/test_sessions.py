"""A session as a row: what renews it, what ends it, and what a request with a dead one is answered."""
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from clinics import jobs, tenancy
from clinics.auth import agents, sessions, tokens
from clinics.models import Membership, Session, SystemEvent, User
from dentalogic.lib import clock
from tests.clinics.sockets import begun
from tests.races import at_once

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def member(people):
    return people["secretary"]


@pytest.fixture
def later():
    """`with later(hours=1):`"""
    return lambda **span: clock.standing_at(timezone.now() + timedelta(**span))


def rows(member, **which):
    with tenancy.tenant_context(member.tenant_id), tenancy.atomic():
        return list(Session.objects.of(member).filter(**which).order_by("pk"))


def arrive(refresh):
    """A request with the new pair."""
    named = tokens.read(str(refresh.access_token))
    with tenancy.tenant_context(named.tenant_id), tenancy.atomic():
        sessions.arrived(sessions.of_token(named), named)


def with_cookies(refresh, access=None):
    client = Client()
    client.cookies["dl_access"], client.cookies["dl_refresh"] = access or str(refresh.access_token), str(refresh)
    return client


def holds(refresh):
    return Client().get("/auth/me", headers={"Authorization": f"Bearer {refresh.access_token}"}).status_code == 200


def test_a_refresh_token_is_good_once(member, later):
    first = begun(member)
    second = sessions.renew(str(first))
    with later(minutes=1):
        arrive(second)
        assert sessions.renew(str(first)) is None
    assert not holds(second), "one of the two hands was not the person's: both are out"
    [row] = rows(member)
    assert row.ended_why == "reused"
    with tenancy.tenant_context(member.tenant_id), tenancy.atomic():
        noted = SystemEvent.objects.get(event="session.reused")
    assert noted.severity == "critical" and noted.payload == {"session": row.pk, "member": member.pk}


def test_an_answer_that_was_lost_on_its_way_ends_nothing(member, later):
    """A telephone renewed and never got the answer; it tries again from the same cookies, whenever."""
    first = begun(member)
    lost = sessions.renew(str(first))
    with later(hours=3):
        again = sessions.renew(str(first))
        assert again is not None and tokens.read(str(again), type(again)).jti == tokens.read(str(lost), type(lost)).jti
    assert holds(again)


def test_two_tabs_that_renew_at_once_both_go_on(member, later):
    first = begun(member)
    second = sessions.renew(str(first))
    arrive(second)
    assert sessions.renew(str(first)) is not None, "within seconds it is the other tab"


def test_an_older_access_token_does_not_say_that_the_new_pair_arrived(member, later):
    first = begun(member)
    sessions.renew(str(first))
    with later(minutes=5):
        arrive(first)
        assert sessions.renew(str(first)) is not None


@pytest.mark.django_db(transaction=True)
def test_ten_hands_renew_one_token_at_the_same_time(member):
    first = begun(member)
    pairs = at_once(lambda: tenancy.tenant_context(member.tenant_id), [lambda: sessions.renew(str(first))] * 10)
    assert None not in pairs
    assert len({tokens.read(str(pair), type(pair)).jti for pair in pairs}) == 1, "they share one next token"


def test_a_reused_token_ends_the_session_though_the_answer_is_a_refusal(member, later):
    """/auth/refresh answers 401, and a request's transaction of 401 is rolled back: the end must not be."""
    first = begun(member)
    second = sessions.renew(str(first))
    with later(minutes=1):
        arrive(second)
        answer = with_cookies(second).post("/auth/refresh", {"refresh": str(first)}, content_type=JSON)
    assert answer.status_code == 401
    assert rows(member)[0].ended_why == "reused" and not holds(second)


def test_however_often_it_is_renewed_it_ends_after_a_month(member, later):
    refresh = begun(member)
    for day in (10, 20, 29):
        with later(days=day):
            refresh = sessions.renew(str(refresh))
            assert refresh is not None
    with later(days=30, minutes=1):
        assert sessions.renew(str(refresh)) is None and not holds(refresh)


def test_what_nobody_renews_for_two_weeks_is_over(member, later):
    refresh = begun(member)
    with later(days=14, minutes=1):
        assert sessions.renew(str(refresh)) is None


def end_by_password(member):
    User.objects.filter(pk=member.user_id).update(sessions_from=timezone.now() + timedelta(seconds=1))


def end_by_person(member):
    User.objects.filter(pk=member.user_id).update(is_active=False)


def end_by_row(member):
    with tenancy.tenant_context(member.tenant_id), tenancy.atomic():
        sessions.end(Session.objects.of(member), why="ceo")


def end_by_suspension(member):
    with tenancy.tenant_context(member.tenant_id), tenancy.atomic():
        Membership.objects.filter(pk=member.pk).update(status="suspended")


ENDS = [end_by_row, end_by_suspension, end_by_person, end_by_password]


@pytest.mark.parametrize("end", ENDS)
def test_what_has_ended_opens_nothing(member, end):
    refresh = begun(member)
    assert holds(refresh)
    end(member)
    assert not holds(refresh) and sessions.renew(str(refresh)) is None


@pytest.mark.parametrize("path", ["/agenda/", "/admin/", "/", "/settings/people/"])
@pytest.mark.parametrize("expired", [True, False], ids=["renewing", "reading"])
def test_a_page_with_a_dead_sessions_cookies_is_the_login_form(member, path, expired):
    client = with_cookies(begun(member), access="expired" if expired else None)
    end_by_row(member)
    answer = client.get(path, headers={"Accept": "text/html", "Sec-Fetch-Mode": "navigate"})
    assert answer.status_code == 401
    assert 'action="/login"' in answer.content.decode() and path.encode() in answer.content
    assert {name: answer.cookies[name].value for name in ("dl_access", "dl_refresh")} == {
        "dl_access": "", "dl_refresh": ""}


@pytest.mark.parametrize(("path", "headers"), [
    ("/agenda/", {"HX-Request": "true"}),
    ("/inbox/1/", {"Sec-Fetch-Mode": "cors"}),
    ("/api/v1/appointments", {}),
    ("/auth/me", {}),
], ids=["htmx", "fetch", "api", "me"])
def test_a_piece_of_a_page_and_a_program_hear_401(member, path, headers):
    client = with_cookies(begun(member))
    end_by_row(member)
    answer = client.get(path, headers=headers)
    assert answer.status_code == 401 and answer["Content-Type"] == JSON
    assert answer.json()["code"] == "not_authenticated"


def test_a_post_with_a_dead_session_does_nothing(member):
    client = with_cookies(begun(member))
    end_by_row(member)
    assert client.post(f"/settings/people/{member.pk}/suspend").status_code == 401


def test_who_never_had_a_session_is_led_to_the_form(client):
    answer = client.get("/agenda/")
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/login?next=")


@pytest.mark.parametrize(("path", "status"), [("/logout", 302), ("/auth/logout", 204), ("/admin/logout/", 302)])
def test_logging_out_ends_the_session_wherever_its_tokens_are(people, path, status):
    refresh, elsewhere = begun(people["ceo"]), begun(people["ceo"])
    assert with_cookies(refresh).post(path).status_code == status
    assert not holds(refresh) and sessions.renew(str(refresh)) is None
    assert holds(elsewhere), "the other browser goes on"
    assert [row.ended_why for row in rows(people["ceo"])] == ["logout", ""]


def test_a_program_logs_out_by_its_token(member):
    refresh = begun(member, bearer=True)
    answer = Client().post("/auth/logout", headers={"Authorization": f"Bearer {refresh.access_token}"})
    assert answer.status_code == 204 and not holds(refresh)


def test_logging_out_without_a_session_is_no_fault(client, db):
    assert client.post("/auth/logout").status_code == 204


def test_another_site_cannot_log_a_person_out(member):
    client = Client(enforce_csrf_checks=True)
    refresh = begun(member)
    client.cookies["dl_access"], client.cookies["dl_refresh"] = str(refresh.access_token), str(refresh)
    assert (client.post("/logout").status_code, client.post("/auth/logout").status_code) == (403, 403)
    assert holds(refresh)


def test_a_token_that_names_another_clinics_session_is_nobody(member, strangers, bosque):
    theirs = tokens.read(str(begun(strangers["secretary"]).access_token))
    forged = tokens.issue(
        user_id=member.user_id, tenant_id=member.tenant_id, session_id=theirs.session_id, jti=theirs.jti)
    assert not holds(forged)
    forged = tokens.issue(user_id=member.user_id, tenant_id=bosque.pk, session_id=theirs.session_id, jti=theirs.jti)
    assert not holds(forged)


def test_the_rows_are_forgotten_three_months_after_the_end(member, strangers, later):
    begun(member), begun(strangers["secretary"])
    end_by_row(member)
    with later(days=89):
        jobs.forget_sessions()
    assert len(rows(member)) == 1
    with later(days=91):
        jobs.forget_sessions()
        assert rows(member) == [] and len(rows(strangers["secretary"])) == 1
    with later(days=121):
        jobs.forget_sessions()
    assert rows(strangers["secretary"]) == [], "it could not be renewed after a month"


def test_a_request_asks_for_its_session_once(member, django_assert_num_queries):
    named = tokens.read(str(begun(member).access_token))
    with tenancy.tenant_context(member.tenant_id), tenancy.atomic(), django_assert_num_queries(1):
        session = sessions.of_token(named)
        assert session.membership.actor.name and session.membership.tenant.name
        sessions.arrived(session, named)


AGENTS = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36":
        "Chrome en Windows",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 "
    "Edg/140.0": "Edge en Windows",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 "
    "Mobile/15E148 Safari/604.1": "Safari en iPhone",
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36":
        "Chrome en Android",
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox en Linux",
    "": "Un navegador",
}


@pytest.mark.parametrize(("agent", "words"), AGENTS.items(), ids=AGENTS.values())
def test_a_browser_in_words(agent, words):
    assert agents.device(Session(agent=agent)) == words
