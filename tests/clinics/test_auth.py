from contextlib import nullcontext

import pytest
from django.contrib.auth import hashers
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clinics.auth import identity, tokens
from clinics.models import Membership, SystemEvent, User
from tests.factories import PASSWORD, MembershipFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db


def log_in(client, member, **more):
    return client.post("/auth/login", {"email": member.user.email, "password": PASSWORD, **more},
                       content_type="application/json")


def test_login_answers_who_where_and_the_csrf_token(people, client):
    member = people["secretary"]
    response = log_in(client, member)
    body = response.json()
    assert response.status_code == 200
    assert body["tenant_id"] == member.tenant_id and type(body["tenant_id"]) is int
    assert body["role"] == "secretary" and body["status"] == "active"
    assert body["user"]["email"] == member.user.email
    assert [entry["tenant_id"] for entry in body["memberships"]] == [member.tenant_id]
    cookie = response.cookies["dl_access"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert client.get("/auth/me").json()["user"] == body["user"]


def test_a_wrong_password_and_an_unknown_address_say_the_same(people, client):
    member = people["secretary"]
    wrong = client.post("/auth/login", {"email": member.user.email, "password": "x"}, content_type="application/json")
    unknown = client.post("/auth/login", {"email": "no@x.example", "password": "x"}, content_type="application/json")
    assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json())
    assert wrong.json()["code"] == "wrong_login" and wrong.status_code == 401


def test_the_sixth_login_in_a_minute_waits(people, client):
    for _attempt in range(5):
        client.post("/auth/login", {"email": "x@x.example", "password": "x"}, content_type="application/json")
    response = client.post("/auth/login", {"email": "X@x.example", "password": "x"}, content_type="application/json")
    assert response.status_code == 429 and set(response.json()) == {"code", "detail", "fields"}


def test_a_bad_body_names_the_field(client, db):
    response = client.post("/auth/login", {"email": "no"}, content_type="application/json")
    assert response.status_code == 400 and response.json()["code"] == "invalid"
    assert set(response.json()["fields"]) == {"email", "password"}


def test_unsafe_requests_with_the_cookie_need_the_csrf_token(people):
    client = Client(enforce_csrf_checks=True)
    csrf = log_in(client, people["secretary"]).json()["csrf"]
    tenant_id = people["secretary"].tenant_id
    refused = client.post("/auth/switch", {"tenant_id": tenant_id}, content_type="application/json")
    assert refused.status_code == 403 and refused.json()["code"] == "csrf"
    allowed = client.post("/auth/switch", {"tenant_id": tenant_id}, content_type="application/json",
                          headers={"X-CSRFToken": csrf})
    assert allowed.status_code == 200


def test_bearer_needs_no_csrf_token(people):
    client = Client(enforce_csrf_checks=True)
    member = people["ceo"]
    pair = client.post("/auth/token", {"email": member.user.email, "password": PASSWORD},
                       content_type="application/json").json()
    response = client.post("/auth/switch", {"tenant_id": member.tenant_id}, content_type="application/json",
                           headers={"Authorization": f"Bearer {pair['access']}"})
    assert response.status_code == 200
    renewed = client.post("/auth/refresh", {"refresh": pair["refresh"]}, content_type="application/json").json()
    named = tokens.read(renewed["access"])
    assert (named.user_id, named.tenant_id) == (member.user_id, member.tenant_id)


def test_the_cookie_session_is_renewed(people, client):
    log_in(client, people["ceo"])
    csrf = client.cookies["csrftoken"].value
    response = client.post("/auth/refresh", content_type="application/json", headers={"X-CSRFToken": csrf})
    assert response.status_code == 200 and "dl_access" in response.cookies


def test_an_expired_access_token_is_renewed_while_reading(people, client_as):
    client = client_as("secretary")
    client.cookies["dl_access"] = "expired"
    response = client.get("/auth/me")
    assert response.status_code == 200 and response.cookies["dl_access"].value


def test_logout_drops_the_session(client_as):
    client = client_as("secretary")
    assert client.post("/auth/logout").status_code == 204
    assert client.get("/auth/me").status_code == 401


def test_a_person_of_two_clinics_chooses(people, bosque, within, client):
    member = people["secretary"]
    with within(bosque):
        MembershipFactory(user=member.user, role="ceo")
    assert log_in(client, member, tenant_id=bosque.pk).json()["role"] == "ceo"
    assert log_in(client, member).json()["tenant_id"] == bosque.pk, "the last one used"
    csrf = client.cookies["csrftoken"].value
    back = client.post("/auth/switch", {"tenant_id": member.tenant_id}, content_type="application/json",
                       headers={"X-CSRFToken": csrf}).json()
    assert (back["tenant_id"], back["role"], len(back["memberships"])) == (member.tenant_id, "secretary", 2)


def test_nobody_switches_to_a_clinic_that_is_not_theirs(client_as, bosque):
    client = client_as("ceo")
    response = client.post("/auth/switch", {"tenant_id": bosque.pk}, content_type="application/json")
    assert response.status_code == 404 and response.json()["code"] == "not_a_member"


@pytest.mark.parametrize("role", ["ceo", "secretary"])
def test_registration_is_always_pending(client, arrayan, within, role):
    body = {"email": "nueva@x.example", "password": "clave-bien-larga-9", "name": "Nueva", "clinic": "arrayan"}
    response = client.post("/auth/register", body | {"role": role}, content_type="application/json")
    assert response.status_code == 201
    with within(arrayan):
        member = Membership.objects.get(user__email="nueva@x.example")
        assert (member.status, member.role) == ("pending", role)


def test_registration_does_not_tell_who_exists(client, people):
    body = {"password": "otra-clave-larga-9", "name": "N", "clinic": "arrayan", "role": "ceo"}
    known = client.post("/auth/register", body | {"email": people["ceo"].user.email}, content_type="application/json")
    unknown = client.post("/auth/register", body | {"email": "z@x.example"}, content_type="application/json")
    assert (known.status_code, known.json()) == (unknown.status_code, unknown.json())
    assert User.objects.get(email=people["ceo"].user.email).check_password(PASSWORD)


def test_a_weak_password_is_refused_with_its_field(client, arrayan):
    response = client.post("/auth/register", {
        "email": "n@x.example", "password": "123", "name": "N", "clinic": "arrayan"}, content_type="application/json")
    assert response.status_code == 400 and "password" in response.json()["fields"]


def test_a_pending_person_sees_one_page_and_nothing_else(arrayan, within, client):
    with within(arrayan):
        member = MembershipFactory(role="ceo", status="pending")
    assert log_in(client, member).json()["status"] == "pending"
    assert client.get("/auth/me").status_code == 200
    refused = client.get("/api/v1/floor")
    assert refused.status_code == 403 and refused.json()["code"] == "membership_pending"
    assert client.get("/admin/").headers["Location"] == "/pending"


def test_suspension_takes_effect_at_once(people, arrayan, within, client_as):
    client = client_as("secretary")
    assert client.get("/api/v1/floor").status_code == 200
    with within(arrayan):
        Membership.objects.filter(pk=people["secretary"].pk).update(status="suspended")
    assert client.get("/api/v1/floor").status_code == 401


def test_a_login_leaves_its_mark(people, client, arrayan, within):
    log_in(client, people["ceo"])
    with within(arrayan):
        assert SystemEvent.objects.filter(event="login", actor=people["ceo"].user).count() == 1


def test_an_error_rolls_the_request_back_and_a_refusal_is_noted(client_as, arrayan, within):
    assert client_as("secretary").get("/admin/").status_code in (302, 403)
    assert client_as("professional").get("/cash/").status_code == 403
    with within(arrayan):
        assert SystemEvent.objects.filter(event="refused", role="professional", path="/cash/").count() == 1


def test_a_forged_or_foreign_token_is_nobody(client, people, bosque):
    foreign = tokens.issue(user_id=people["ceo"].user_id, tenant_id=bosque.pk, session_id=1, jti="x")
    for token in ("x", str(foreign.access_token)):
        response = client.get("/api/v1/floor", headers={"Authorization": f"Bearer {token}"})
        assert response.status_code == 401


def test_a_form_filled_for_long_is_not_lost(client_as):
    client = client_as("secretary")
    client.cookies["dl_access"] = "expired"
    response = client.post("/auth/switch", {"tenant_id": 0}, content_type="application/json")
    assert response.status_code == 404 and response.json()["code"] == "not_a_member", "heard, not sent to log in"


def test_another_authorization_header_does_not_lift_the_csrf_check(people):
    client = Client(enforce_csrf_checks=True)
    log_in(client, people["secretary"])
    response = client.post("/auth/switch", {"tenant_id": 1}, content_type="application/json",
                           headers={"Authorization": "Basic eDp4"})
    assert response.status_code == 403


def test_behind_a_proxy_each_address_has_its_own_tries(people, client, settings):
    settings.PROXIES = 1
    for number in range(31):
        client.post("/auth/login", {"email": f"x{number}@x.example", "password": "x"}, content_type="application/json",
                    headers={"X-Forwarded-For": "9.9.9.9, 6.6.6.6"})
    blocked = client.post("/auth/login", {"email": "y@x.example", "password": "x"}, content_type="application/json",
                          headers={"X-Forwarded-For": "6.6.6.6"})
    other = client.post("/auth/login", {"email": "z@x.example", "password": "x"}, content_type="application/json",
                        headers={"X-Forwarded-For": "7.7.7.7"})
    assert (blocked.status_code, other.status_code) == (429, 401)


def test_a_page_switch_to_a_clinic_that_is_not_theirs_is_not_found(client_as, bosque):
    assert client_as("ceo").post("/switch", {"tenant_id": bosque.pk}).status_code == 404


class Counted:
    """Argon2, each of its hashes counted."""

    def __init__(self, monkeypatch):
        self.hashes = 0
        monkeypatch.setattr(hashers.Argon2PasswordHasher, "encode", self.count(hashers.Argon2PasswordHasher.encode))
        monkeypatch.setattr(hashers.Argon2PasswordHasher, "verify", self.count(hashers.Argon2PasswordHasher.verify))

    def count(self, method):
        def counted(*args, **kwargs):
            self.hashes += 1
            return method(*args, **kwargs)

        return counted

    def during(self, act):
        before = self.hashes
        act()
        return self.hashes - before


@pytest.fixture
def argon2(settings, people, monkeypatch):
    """As in production, which tests for their speed's sake are not."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    for member in people.values():
        member.user.set_password(PASSWORD)
        member.user.save()
    return Counted(monkeypatch)


def test_a_login_hashes_once_whoever_it_is(argon2, people, client):
    User.objects.filter(pk=people["setter"].user_id).update(is_active=False)

    def wrong(email):
        return lambda: client.post("/auth/login", {"email": email, "password": "x"}, content_type="application/json")

    emails = (people["ceo"].user.email, "nadie@x.example", people["setter"].user.email)
    assert [argon2.during(wrong(email)) for email in emails] == [1, 1, 1]


def test_a_registration_hashes_once_whoever_it_is(argon2, people, client):
    body = {"password": "otra-clave-larga-9", "name": "N", "clinic": "arrayan"}

    def ask(email):
        return lambda: client.post("/auth/register", body | {"email": email}, content_type="application/json")

    assert [argon2.during(ask(email)) for email in (people["ceo"].user.email, "nadie@x.example")] == [1, 1]


def test_a_refused_login_asks_the_same_of_the_database_before_it_answers(people, client, monkeypatch):
    """What is noted of a known person is written when the answer has gone."""
    monkeypatch.setattr("clinics.auth.refused._write", lambda *args: None)

    def queries(email):
        with CaptureQueriesContext(connection) as asked:
            client.post("/auth/login", {"email": email, "password": "x"}, content_type="application/json")
        return len(asked)

    assert queries(people["ceo"].user.email) == queries("nadie@x.example")


@pytest.mark.parametrize("door", ["/auth/login", "/auth/token", "/login"])
def test_a_refused_login_leaves_its_row_in_each_clinic_of_the_person(people, bosque, within, client, door):
    member = people["secretary"]
    with within(bosque):
        MembershipFactory(user=member.user)
    kind = {} if door == "/login" else {"content_type": "application/json"}
    assert client.post(door, {"email": member.user.email, "password": "x"}, **kind).status_code == 401
    client.post(door, {"email": "nadie@x.example", "password": "x"}, **kind)
    for tenant in (member.tenant, bosque):
        with within(tenant):
            event = SystemEvent.objects.get(event="login.refused")
        assert (event.severity, event.ip) == ("warning", "127.0.0.1")
        assert event.payload == {"user": member.user_id, "why": "wrong_login"}


def test_a_refused_login_of_somebody_with_a_session_is_noted_too(people, client_as, within):
    """Their request's transaction is rolled back."""
    client = client_as("secretary")
    client.post("/login", {"email": people["ceo"].user.email, "password": "x"})
    with within(people["ceo"].tenant):
        assert SystemEvent.objects.get(event="login.refused").payload["user"] == people["ceo"].user_id


def test_a_fault_while_noting_is_no_fault_of_the_answer(people, client, monkeypatch):
    def down(*args):
        raise OperationalError

    monkeypatch.setattr("clinics.auth.refused._write", down)
    assert client.post("/login", {"email": people["ceo"].user.email, "password": "x"}).status_code == 401


@pytest.mark.parametrize("door", ["/login", "/auth/login"])
@pytest.mark.parametrize(("email", "password"), [
    ("a\0b@x.example", "x"), ("x" * 5000, "x"), ("ceo@arrayan.example", "x" * 100_000), ("", ""), ("ñandú", "\0")])
def test_odd_logins_are_answered(people, client, door, email, password):
    kind = {} if door == "/login" else {"content_type": "application/json"}
    assert client.post(door, {"email": email, "password": password}, **kind).status_code in (400, 401)


@pytest.mark.parametrize("change", [
    {"email": "no es un correo"}, {"email": "a\0@x.example"}, {"name": "x" * 121}, {"name": ""}, {"clinic": "no hay"},
    {"clinic": "otra"}, {"role": "dueño"}, {"password": "x" * 201}, {"password": "corta"}])
def test_the_registration_page_says_what_is_wrong_beside_it(arrayan, client, change):
    body = {"email": "n@x.example", "password": "clave-bien-larga-9", "name": "N", "clinic": "arrayan", "role": "ceo"}
    response = client.post("/register", body | change)
    assert response.status_code == 400 and response.context["errors"][next(iter(change))]
    assert "slug" not in response.content.decode()
    assert not User.objects.filter(email="n@x.example").exists()


def test_who_asks_for_another_clinic_with_their_own_password_is_pending_there(people, bosque, within, client):
    member = people["secretary"]
    body = {"email": member.user.email, "name": "N", "clinic": bosque.slug, "role": "ceo"}
    for password in ("otra-clave-larga-9", PASSWORD):
        response = client.post("/auth/register", body | {"password": password}, content_type="application/json")
        assert response.status_code == 201
        with within(bosque):
            found = Membership.objects.filter(user=member.user)
            assert [one.status for one in found] == (["pending"] if password == PASSWORD else [])


@pytest.mark.django_db(transaction=True)
def test_two_registrations_of_one_address_at_once_make_one_person(arrayan):
    def ask():
        return identity.register(
            email="n@x.example", password="clave-bien-larga-9", name="N", clinic="arrayan", role="ceo")

    assert at_once(nullcontext, [ask] * 4) == [None] * 4
    assert User.objects.filter(email="n@x.example").count() == 1


def test_an_outside_address_is_not_gone_to_after_a_login(people, client):
    body = {"email": people["ceo"].user.email, "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post("/login", body).headers["Location"] == "/"


def test_a_password_that_changes_while_it_logs_in_begins_no_session(people, client, monkeypatch):
    """Else who guessed it stays in after everything of theirs was ended."""
    real = identity.authenticate

    def slowly(*args, **kwargs):
        user = real(*args, **kwargs)
        meanwhile = User.objects.get(pk=user.pk)
        meanwhile.set_password("otra frase larga y nueva")
        meanwhile.save()
        return user

    monkeypatch.setattr(identity, "authenticate", slowly)
    response = client.post("/auth/login", {"email": people["ceo"].user.email, "password": PASSWORD},
                           content_type="application/json")
    assert response.status_code == 401 and "dl_access" not in response.cookies
