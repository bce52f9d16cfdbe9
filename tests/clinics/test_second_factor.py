"""The second factor: set up, asked for, good once, replaced by a recovery code, obligatory where a clinic says so."""
from contextlib import nullcontext
from datetime import timedelta

import pyotp
import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from clinics import tenancy
from clinics.auth import identity, second_factor
from clinics.models import RecoveryCode, SecondFactor, Session, SystemEvent, Tenant
from dentalogic.lib import clock
from tests.factories import PASSWORD, MembershipFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db
BEGIN, CONFIRM = "/account/second-factor/begin", "/account/second-factor/confirm"


@pytest.fixture
def at(noon):
    with time_machine.travel(noon, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sofia(people):
    return people["secretary"]


def app(user):
    return pyotp.TOTP(second_factor.secret_of(SecondFactor.objects.get(pk=user.pk)))


def code_of(user):
    return app(user).at(clock.outside())


@pytest.fixture
def protected(sofia, within, at):
    """Sofía with a second factor, and her recovery codes; her app's next code is a new one."""
    with within(sofia.tenant):
        second_factor.begin(user=sofia.user, by=sofia.actor)
        codes = second_factor.confirm(user=sofia.user, code=code_of(sofia.user), by=sofia.actor)
    at.shift(timedelta(seconds=30))
    cache.clear()  # of what was counted while setting it up
    return codes


def log_in(client, member, **more):
    return client.post("/auth/login", {"email": member.user.email, "password": PASSWORD, **more},
                       content_type="application/json")


def first_step(client, member):
    response = client.post("/login", {"email": member.user.email, "password": PASSWORD, "next": "/patients/"})
    assert response.status_code == 200 and "dl_access" not in response.cookies
    return response.context["ticket"]


def events(member, within, event):
    with within(member.tenant):
        return list(SystemEvent.objects.filter(event=event))


def test_set_up_on_the_page(client_as, sofia, at, within):
    client = client_as("secretary")
    assert client.get("/account/second-factor/").status_code == 200
    assert client.post(BEGIN, {"current": "otra"}).status_code == 400, "the password is asked again"
    assert client.post(BEGIN, {"current": PASSWORD}).headers["Location"] == "/account/second-factor/"
    page = client.get("/account/second-factor/")
    assert "data:image/svg+xml" in page.content.decode() and page.headers["Cache-Control"].count("no-store")
    assert second_factor.of(sofia.user) is None, "not on before a code came back"
    assert client.post(CONFIRM, {"code": "000000"}).status_code == 400
    done = client.post(CONFIRM, {"code": code_of(sofia.user)})
    codes = done.context["codes"]
    assert done.status_code == 200 and len(set(codes)) == 10 and all(code in done.content.decode() for code in codes)
    assert not any(code in client.get("/account/second-factor/").content.decode() for code in codes), "shown once"
    assert [one.severity for one in events(sofia, within, "second_factor.on")] == ["warning"]


def test_what_was_begun_is_cancelled_and_what_is_on_is_not(protected, client_as, people, sofia, within):
    client_as("secretary").post("/account/second-factor/cancel")
    assert second_factor.of(sofia.user)
    boss = client_as("ceo")
    boss.post(BEGIN, {"current": PASSWORD})
    assert boss.get("/account/second-factor/").context["begun"]
    boss.post("/account/second-factor/cancel")
    assert not boss.get("/account/second-factor/").context["begun"]


def test_the_secret_and_the_codes_are_not_kept_in_clear(protected, sofia, owner):
    secret = second_factor.secret_of(SecondFactor.objects.get(pk=sofia.user_id))
    kept = SecondFactor.objects.get(pk=sofia.user_id).secret
    digests = list(RecoveryCode.objects.filter(user=sofia.user).values_list("digest", flat=True))
    assert secret not in kept and len(digests) == 10
    assert not any(code.replace("-", "") in digest for code in protected for digest in digests)


def test_a_secret_moved_to_another_person_does_not_open(protected, sofia, people):
    stolen = SecondFactor.objects.get(pk=sofia.user_id).secret
    SecondFactor.objects.create(user=people["ceo"].user, secret=stolen, confirmed_at=clock.now())
    with pytest.raises(second_factor.WrongCode):
        second_factor.demand(people["ceo"].user, code_of(sofia.user))


def test_the_api_asks_for_the_code(protected, sofia, client):
    refused = log_in(client, sofia)
    assert (refused.status_code, refused.json()["code"]) == (401, "second_factor_needed")
    assert not refused.cookies.get("dl_access")
    wrong = log_in(client, sofia, code="000000")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_code")
    assert log_in(client, sofia, code=code_of(sofia.user)).status_code == 200
    with tenancy.tenant_context(sofia.tenant_id), tenancy.atomic():
        assert Session.objects.get().second_factor


def test_a_bearer_token_asks_for_the_code_too(protected, sofia, client):
    body = {"email": sofia.user.email, "password": PASSWORD}
    assert client.post("/auth/token", body, content_type="application/json").status_code == 401
    body["code"] = code_of(sofia.user)
    assert client.post("/auth/token", body, content_type="application/json").status_code == 200
    with tenancy.tenant_context(sofia.tenant_id), tenancy.atomic():
        assert Session.objects.get().bearer


def test_a_wrong_password_does_not_say_that_there_is_a_second_factor(protected, sofia, people, client):
    body = {"password": "otra-clave-larga"}
    answers = [client.post("/auth/login", body | {"email": member.user.email}, content_type="application/json")
               for member in (sofia, people["ceo"])]
    assert answers[0].json() == answers[1].json() and answers[0].json()["code"] == "wrong_login"


def test_the_page_asks_in_a_second_step(protected, sofia, client):
    ticket = first_step(client, sofia)
    assert client.get("/account/").status_code == 302, "no session yet"
    wrong = client.post("/login", {"ticket": ticket, "code": "000000", "next": "/patients/"})
    assert wrong.status_code == 401 and wrong.context["ticket"] == ticket
    done = client.post("/login", {"ticket": ticket, "code": code_of(sofia.user), "next": "/patients/"})
    assert done.headers["Location"] == "/patients/" and "dl_access" in done.cookies


def test_a_code_is_good_once(protected, sofia, client):
    code = code_of(sofia.user)
    assert log_in(client, sofia, code=code).status_code == 200
    assert log_in(Client(), sofia, code=code).json()["code"] == "wrong_code"


def test_an_older_code_than_the_last_one_is_refused(protected, sofia, client, at):
    before = code_of(sofia.user)
    at.shift(timedelta(seconds=30))
    assert log_in(client, sofia, code=code_of(sofia.user)).status_code == 200
    assert log_in(Client(), sofia, code=before).json()["code"] == "wrong_code", "still near the present, but older"


@pytest.mark.parametrize(("seconds", "good"), [(-90, False), (-30, True), (30, True), (90, False)])
def test_a_phone_may_be_half_a_minute_off(protected, sofia, client, at, seconds, good):
    at.shift(timedelta(minutes=10))
    code = app(sofia.user).at(clock.outside() + timedelta(seconds=seconds))
    assert (log_in(client, sofia, code=code).status_code == 200) is good


def test_a_recovery_code_replaces_the_phone_once(protected, sofia, client, within):
    assert log_in(client, sofia, code=protected[0].upper()).status_code == 200
    assert log_in(Client(), sofia, code=protected[0]).json()["code"] == "wrong_code"
    assert log_in(Client(), sofia, code=protected[1].replace("-", " ")).status_code == 200
    assert second_factor.codes_left(sofia.user) == 8
    assert [one.payload["left"] for one in events(sofia, within, "second_factor.recovery_used")] == [9, 8]


def test_new_codes_end_the_ones_before(protected, sofia, client, at):
    log_in(client, sofia, code=protected[0])
    fresh = client.post("/account/second-factor/codes", {"code": code_of(sofia.user)}).context["codes"]
    assert log_in(Client(), sofia, code=protected[1]).json()["code"] == "wrong_code"
    assert log_in(Client(), sofia, code=fresh[0]).status_code == 200


def test_tries_of_a_code_are_counted_by_person_wherever_they_come_from(protected, sofia):
    answers = [Client(REMOTE_ADDR=f"10.0.0.{n}") for n in range(6)]
    answers = [log_in(one, sofia, code="000000").status_code for one in answers]
    assert answers == [401] * 5 + [429]


def test_tries_in_the_second_step_are_counted(protected, sofia):
    ticket = first_step(Client(), sofia)
    answers = [Client().post("/login", {"ticket": ticket, "code": "000000"}) for _try in range(6)]
    assert [one.status_code for one in answers] == [401] * 5 + [429]
    assert answers[-1].headers["Retry-After"]


def test_a_ticket_ends_in_five_minutes(protected, sofia, client, at):
    ticket = first_step(client, sofia)
    at.shift(timedelta(minutes=5, seconds=1))
    late = client.post("/login", {"ticket": ticket, "code": code_of(sofia.user)})
    assert late.status_code == 401 and "dl_access" not in late.cookies


def test_a_ticket_is_not_made_younger_by_sending_no_code(protected, sofia, client, at):
    ticket = first_step(client, sofia)
    at.shift(timedelta(minutes=4))
    again = client.post("/login", {"ticket": ticket, "code": ""}).context["ticket"]
    at.shift(timedelta(minutes=1, seconds=1))
    assert client.post("/login", {"ticket": again, "code": code_of(sofia.user)}).status_code == 401


def test_a_ticket_ends_with_the_password_it_stood_for(protected, sofia, client):
    ticket = first_step(client, sofia)
    sofia.user.set_password("otra-clave-bien-larga")
    sofia.user.save()
    assert client.post("/login", {"ticket": ticket, "code": code_of(sofia.user)}).status_code == 401


@pytest.mark.parametrize("spoil", [lambda text: text[:-2], lambda text: "x" + text, lambda text: ""])
def test_a_spoiled_ticket_opens_nothing(protected, sofia, client, spoil):
    ticket = first_step(client, sofia)
    response = client.post("/login", {"ticket": spoil(ticket), "code": code_of(sofia.user)})
    assert response.status_code == 401 and "dl_access" not in response.cookies


def test_a_ticket_is_good_for_nothing_else(protected, sofia, client):
    ticket = first_step(client, sofia)
    assert client.get("/auth/me", headers={"Authorization": f"Bearer {ticket}"}).status_code == 401
    assert client.get("/password/new", {"t": ticket}).status_code == 200
    dead = client.post("/password/new", {"t": ticket, "password": "otra-clave-bien-larga"})
    assert dead.status_code == 410


def test_a_key_that_is_gone_lets_nobody_in_without_a_recovery_code(protected, sofia, client, settings, monkeypatch):
    code = code_of(sofia.user)
    monkeypatch.setattr("clinics.vault.ring", lambda: second_factor.vault.Ring(["other:" + "A" * 43]))
    assert log_in(client, sofia, code=code).json()["code"] == "wrong_code"
    assert log_in(client, sofia, code=protected[0]).status_code == 200


def test_turning_it_off_asks_for_a_code_and_ends_the_other_sessions(protected, sofia, client, client_as):
    other = client_as("secretary")
    log_in(client, sofia, code=protected[0])
    assert client.post("/account/second-factor/off", {"code": "000000"}).status_code == 400
    assert client.post("/account/second-factor/off", {"code": code_of(sofia.user)}).status_code == 302
    assert client.get("/account/").status_code == 200 and other.get("/auth/me").status_code == 401
    assert log_in(Client(), sofia).status_code == 200
    assert not RecoveryCode.objects.filter(user=sofia.user).exists()


def test_setting_it_up_ends_the_other_sessions_and_keeps_this_one(client_as, sofia, at):
    client, other = client_as("secretary"), client_as("secretary")
    client.post(BEGIN, {"current": PASSWORD})
    client.post(CONFIRM, {"code": code_of(sofia.user)})
    assert client.get("/account/").status_code == 200 and other.get("/auth/me").status_code == 401
    with tenancy.tenant_context(sofia.tenant_id), tenancy.atomic():
        assert Session.objects.get(ended_at=None).second_factor


class TestObligatory:
    @pytest.fixture(autouse=True)
    def _required(self, arrayan):
        Tenant.objects.filter(pk=arrayan.pk).update(second_factor_required=True)

    def test_it_comes_before_anything_else(self, client_as, at, sofia):
        client = client_as("secretary")
        for url in ("/agenda/", "/patients/", "/account/", "/account/password/"):
            response = client.get(url)
            assert (response.status_code, response.headers["Location"]) == (302, "/account/second-factor/")
        refused = client.get("/api/v1/floor")
        assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_required")
        assert client.get("/account/second-factor/").status_code == 200
        assert client.get("/auth/me").status_code == 200
        client.post(BEGIN, {"current": PASSWORD})
        assert client.post(CONFIRM, {"code": code_of(sofia.user)}).status_code == 200
        assert client.get("/agenda/").status_code == 200

    def test_a_session_from_before_shows_a_code(self, protected, client_as, sofia):
        client = client_as("secretary")
        assert client.get("/agenda/").status_code == 302
        assert client.post("/account/second-factor/show", {"code": "000000"}).status_code == 400
        assert client.post("/account/second-factor/show", {"code": code_of(sofia.user)}).headers["Location"] == "/"
        assert client.get("/agenda/").status_code == 200

    def test_a_change_of_password_does_not_ask_for_it_again(self, protected, sofia, client):
        log_in(client, sofia, code=protected[0])
        changed = client.post("/account/password/", {"current": PASSWORD, "password": "una frase larga y nueva"})
        assert changed.status_code == 302 and client.get("/agenda/").status_code == 200

    def test_it_cannot_be_turned_off(self, protected, sofia, client):
        log_in(client, sofia, code=protected[0])
        assert client.post("/account/second-factor/off", {"code": code_of(sofia.user)}).status_code == 400
        assert second_factor.of(sofia.user)

    def test_a_bearer_token_without_it_opens_nothing(self, api_as):
        refused = api_as("ceo").get("/api/v1/patients")
        assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_required")

    def test_the_other_clinic_does_not_ask(self, bosque, within, sofia, client):
        with within(bosque):
            MembershipFactory(user=sofia.user, role="secretary")
        log_in(client, sofia, tenant_id=bosque.pk)
        assert client.get("/agenda/").status_code == 200
        client.post("/switch", {"tenant_id": sofia.tenant_id})
        assert client.get("/agenda/").headers["Location"] == "/account/second-factor/"


def test_what_was_shown_goes_along_to_the_other_clinic(protected, bosque, within, sofia, client):
    with within(bosque):
        MembershipFactory(user=sofia.user, role="secretary")
    Tenant.objects.filter(pk=bosque.pk).update(second_factor_required=True)
    log_in(client, sofia, code=protected[0], tenant_id=sofia.tenant_id)
    client.post("/switch", {"tenant_id": bosque.pk})
    assert client.get("/agenda/").status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_of_two_logins_with_one_code_one_enters(protected, sofia, kind):
    code = code_of(sofia.user) if kind == "app" else protected[0]

    def enter():
        return identity.log_in(email=sofia.user.email, password=PASSWORD, code=code)

    answers = at_once(nullcontext, [enter] * 4)
    assert sorted(type(one).__name__ for one in answers) == ["WrongCode"] * 3 + ["tuple"]
