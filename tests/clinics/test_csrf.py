"""A page of another site can make a browser ask, with its cookies. What changes anything needs what only our pages
know. Every address is asked, from the resolver: one added tomorrow is in it."""
import copy

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from clinics import tenancy
from tests.factories import PASSWORD, MembershipFactory, TenantFactory

pytestmark = pytest.mark.django_db
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
# No session's cookie is heard there: they prove themselves by a signature, or by the simulator's own key.
OTHER_DOORS = ("webhooks/", "simulator/ycloud/")
# Asked before there is a session, without its cookie: what they are asked with is in the body (see the origin below).
IN_THE_BODY = ("auth/login", "auth/token", "auth/register")
BARE = "403 Forbidden"  # how the page of the API's document says any refusal
SAMPLE = {"int": "1", "str": "x", "slug": "x", "uuid": "00000000-0000-0000-0000-000000000000", "path": "x"}


def routes(patterns=None, prefix=""):
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, route)
        elif isinstance(entry, URLPattern) and not route.startswith(OTHER_DOORS + IN_THE_BODY):
            yield route


def address(route):
    """One that the route takes."""
    found = ""
    while "<" in route:
        before, _, rest = route.partition("<")
        inside, _, route = rest.partition(">")
        found += before + SAMPLE.get(inside.partition(":")[0] if ":" in inside else "str", "2026-11-24")
    return "/" + found + route


PLAIN = sorted({route for route in routes() if "(?P" not in route and not route.startswith("^")})


@pytest.fixture(scope="module")
def session(lasting):
    """The cookies of a ceo who logged in, once for all the addresses."""
    with lasting():
        tenant = TenantFactory(slug="nogal")
        with tenancy.tenant_context(tenant.pk), tenancy.atomic():
            email = MembershipFactory(role="ceo").user.email
        answer = Client().post("/auth/login", {"email": email, "password": PASSWORD}, content_type="application/json")
        assert answer.status_code == 200
    return answer.client.cookies


@pytest.fixture
def browser(session):
    """A ceo's, as a real one: Django's test client would skip the check."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = copy.deepcopy(session)
    return client


def unchecked(client, method, url):
    """Whether a request of another site would be heard there: anything but the refusal for that very reason."""
    response = client.generic(method, url, "{}", "application/json")
    told = response.content.decode()
    if response.status_code == 405:  # a view that hears no such method from anybody
        return False
    reasons = ('"code":"csrf"', "code:csrf", "quedóvieja")
    return response.status_code != 403 or not (told == BARE or any(one in told.replace(" ", "") for one in reasons))


@pytest.mark.parametrize("route", PLAIN)
def test_nothing_unsafe_is_heard_without_the_token(browser, route):
    heard = [method for method in UNSAFE if unchecked(browser, method, address(route))]
    assert heard == []


def test_the_check_itself_would_see_an_address_without_one(browser, settings):
    """A deliberately unprotected address: /auth/login is one."""
    assert unchecked(browser, "POST", "/auth/login")


@pytest.mark.parametrize(
    "route", ["login", "register", "password/forgot", "password/new", "email/confirm", "language"])
def test_before_a_session_too(route, db):
    """Login CSRF: somebody else's account in my browser."""
    response = Client(enforce_csrf_checks=True).post(f"/{route}", {"email": "x@x.example", "password": "x"})
    assert response.status_code == 403


@pytest.mark.parametrize("route", IN_THE_BODY)
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil.example"])
def test_a_page_of_another_site_does_not_log_anybody_in(people, route, origin):
    body = {"email": people["ceo"].user.email, "password": PASSWORD, "name": "N", "clinic": "arrayan"}
    response = Client().post(f"/{route}", body, content_type="application/json", headers={"Origin": origin})
    assert response.status_code == 403 and response.json()["code"] == "csrf" and not response.cookies.get("dl_access")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_form_of_another_site_is_no_json(people, kind):
    body = f'{{"email": "{people["ceo"].user.email}", "password": "{PASSWORD}"}}'
    assert Client().generic("POST", "/auth/login", body, kind).status_code == 415


def test_our_own_page_and_a_named_front_end_do(people, settings):
    settings.ORIGINS = ["https://front.example"]
    body = {"email": people["ceo"].user.email, "password": PASSWORD}
    for origin in ("http://testserver", "https://front.example"):
        response = Client().post("/auth/login", body, content_type="application/json", headers={"Origin": origin})
        assert response.status_code == 200


def test_with_the_token_it_is_heard(browser):
    token = browser.cookies["csrftoken"].value
    assert browser.post("/logout", headers={"X-CSRFToken": token}).headers["Location"] == "/login"
