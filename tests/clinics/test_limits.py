"""How often anybody may ask, who they are taken for, and what holds when Redis is away."""
import pytest
import redis
import time_machine
from django.test import Client, RequestFactory
from django.urls import get_resolver
from drf_spectacular.generators import SchemaGenerator

from clinics import limits
from clinics.auth import sessions
from clinics.models import SystemEvent
from clinics.security import client_ip
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
ADDRESS = {"X-Forwarded-For": "203.0.113.7"}


@pytest.fixture(autouse=True)
def one_minute(noon):
    """The windows are of the wall clock: no test crosses from one to the next."""
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture(autouse=True)
def behind_a_proxy(settings):
    settings.PROXIES = 1


@pytest.fixture
def few(monkeypatch):
    """`few("list", 2)`: the same counting with a number that a test reaches soon."""
    def make(name, number):
        monkeypatch.setitem(limits.RATES, name, limits.Rate(number, limits.RATES[name].holds))

    return make


@pytest.fixture
def without_redis(settings, monkeypatch):
    """Nobody listens where the cache should be."""
    settings.CACHES = {**settings.CACHES, "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    monkeypatch.setitem(limits._away, "until", float("-inf"))


def log_in(email, password="wrong", **headers):
    return Client().post("/auth/login", {"email": email, "password": password}, content_type="application/json",
                         headers=ADDRESS | headers)


def statuses(ask, times):
    return [ask().status_code for _time in range(times)]


def test_the_numbers_are_those_that_were_promised():
    numbers = {name: rate.times for name, rate in limits.RATES.items() if rate.seconds == limits.MINUTE}
    promised = {"login": 5, "login-address": 30, "register": 3, "refresh": 10, "list": 100, "partial": 600}
    assert numbers | promised == numbers


def test_the_sixth_login_of_an_account_waits_and_is_told_how_long():
    assert statuses(lambda: log_in("x@x.example"), 5) == [401] * 5
    refused = log_in(" X@x.example ")
    assert refused.status_code == 429 and refused.json()["code"] == "throttled"
    assert 1 <= int(refused["Retry-After"]) <= 60


def test_the_page_counts_with_the_api_and_says_it_in_its_form():
    statuses(lambda: log_in("x@x.example"), 5)
    refused = Client().post("/login", {"email": "x@x.example", "password": "x"}, headers=ADDRESS)
    assert refused.status_code == 429 and int(refused["Retry-After"]) >= 1
    assert "Demasiados intentos" in refused.content.decode() and "x@x.example" in refused.content.decode()


def test_whoever_locks_an_account_out_does_so_for_their_own_address(people):
    email = people["ceo"].user.email
    statuses(lambda: log_in(email), 6)
    assert log_in(email, PASSWORD, **{"X-Forwarded-For": "198.51.100.4"}).status_code == 200


def test_ten_people_behind_one_address_log_in(people, strangers):
    everybody = [member.user.email for member in (*people.values(), *strangers.values())]
    assert len(everybody) >= 10
    assert {log_in(email, PASSWORD).status_code for email in everybody} == {200}


def test_one_attacker_over_many_accounts_is_stopped(people):
    numbers = iter(range(100))
    assert statuses(lambda: log_in(f"x{next(numbers)}@x.example"), 30) == [401] * 30
    assert log_in(people["ceo"].user.email, PASSWORD).status_code == 429
    assert log_in(people["ceo"].user.email, PASSWORD, **{"X-Forwarded-For": "198.51.100.4"}).status_code == 200


def test_a_ipv6_neighbourhood_is_one_address():
    numbers = iter(range(1, 100))
    statuses(lambda: log_in(f"x{next(numbers)}@x.example", **{
        "X-Forwarded-For": f"2001:db8:1:2::{next(numbers):x}"}), 30)
    assert log_in("y@x.example", **{"X-Forwarded-For": "2001:db8:1:2:ffff::1"}).status_code == 429
    assert log_in("y@x.example", **{"X-Forwarded-For": "2001:db8:1:3::1"}).status_code == 401


def test_the_fourth_registration_waits(arrayan):
    body = {"password": "clave-bien-larga-9", "name": "N", "clinic": "arrayan"}
    asked = iter(range(9))

    def register():
        return Client().post("/auth/register", body | {"email": f"n{next(asked)}@x.example"},
                             content_type="application/json", headers=ADDRESS)

    assert statuses(register, 4) == [201, 201, 201, 429]
    page = Client().post("/register", body | {"email": "p@x.example", "role": "ceo"}, headers=ADDRESS)
    assert page.status_code == 429 and page["Retry-After"]


def test_the_eleventh_renewal_of_a_session_waits_and_no_other_session(people, within):
    with within(people["ceo"].tenant):
        tokens = [str(sessions.begin(membership=people["ceo"], bearer=True)) for _session in range(2)]

    def renew(token):
        return Client().post("/auth/refresh", {"refresh": token}, content_type="application/json", headers=ADDRESS)

    assert statuses(lambda: renew(tokens[0]), 10) == [200] * 10, "within its grace"
    assert [renew(token).status_code for token in tokens] == [429, 200]


def test_renewals_that_name_no_session_are_counted_by_address():
    def renew():
        return Client().post("/auth/refresh", {"refresh": "x"}, content_type="application/json", headers=ADDRESS)

    assert statuses(renew, 11) == [401] * 10 + [429]


def test_a_list_is_limited_by_user_and_its_alias_with_it(few, api_as):
    few("list", 2)
    desk, ceo = api_as("secretary"), api_as("ceo")
    assert [desk.get(path).status_code for path in ("/api/v1/patients", "/api/v1/clients")] == [200, 200]
    refused = desk.get("/api/v1/clients?search=x")
    assert refused.status_code == 429 and refused.json()["code"] == "throttled" and refused["Retry-After"]
    assert desk.get("/api/v1/professionals").status_code == 200, "another list"
    assert ceo.get("/api/v1/patients").status_code == 200, "another person"


def test_every_list_of_the_document_is_limited_and_no_other_address():
    generator = SchemaGenerator()
    document = generator.get_schema(request=None, public=True)
    listed = {path for path, operations in document["paths"].items()
              if path.startswith("/api/v1/") and _shows_many(operations.get("get"))}
    limited = {path for path, operations in document["paths"].items()
               if "get" in operations and limits.is_list(path, path.replace("{", "<").replace("}", ">"))}
    assert listed <= limited
    assert {"/api/v1/patients", "/api/v1/appointments", "/api/v1/conversations/{id}/messages"} <= listed


def _shows_many(operation):
    content = operation and operation["responses"]["200"].get("content")
    schema = content and next(iter(content.values()))["schema"]
    return bool(schema) and (schema.get("type") == "array" or "Paginated" in schema.get("$ref", ""))


def test_every_operation_of_the_document_may_answer_429():
    document = SchemaGenerator().get_schema(request=None, public=True)
    answers = [
        operation["responses"] for operations in document["paths"].values() for operation in operations.values()]
    assert answers and all("Retry-After" in answer["429"]["headers"] for answer in answers)


def test_pages_and_their_pieces_are_limited_together_by_user(few, client_as):
    few("partial", 3)
    desk = client_as("secretary")
    asked = ("/agenda/", "/inbox/notices", "/patients/search?q=a")
    assert [desk.get(path, headers={"HX-Request": "true"}).status_code for path in asked] == [200] * 3
    refused = desk.get("/agenda/waiting")
    assert refused.status_code == 429 and refused["Retry-After"]
    assert refused.content.decode().startswith("<!doctype html>"), "the shell takes it for a fault, not for a piece"
    assert client_as("ceo").get("/agenda/").status_code == 200


def test_a_limit_is_told_once_without_a_name(few, client_as, people, within, caplog):
    few("partial", 1)
    desk = client_as("secretary")
    for _time in range(4):
        desk.get("/agenda/waiting")
    assert [record.getMessage() for record in caplog.records if record.name == "clinics.limits"] == [
        "the limit of partial is reached"]
    with within(people["secretary"].tenant):
        (row,) = SystemEvent.objects.filter(event="limit.reached")
    assert (row.actor_id, row.path) == (people["secretary"].user_id, "/agenda/waiting")
    assert row.payload == {"code": "partial"}


def test_guesses_of_a_code_are_few_in_an_hour_too():
    with time_machine.travel(0, tick=False) as clock:
        for minute in range(4):
            clock.move_to(60.0 * minute)
            assert not any(limits.over("code", 1) or limits.over("code-hour", 1) for _time in range(5))
        clock.move_to(300.0)
        with pytest.raises(limits.TooMany) as refused:
            limits.code(1)
    assert int(refused.value.headers["Retry-After"]) > 300
    assert "minutos" in str(refused.value)


def test_without_redis_the_login_still_holds_and_the_rest_opens(few, without_redis, people, client_as, api_as):
    few("list", 1)
    few("partial", 1)
    assert statuses(lambda: log_in("x@x.example"), 6) == [401] * 5 + [429]
    assert log_in(people["ceo"].user.email, PASSWORD).status_code == 200
    assert statuses(lambda: api_as("secretary").get("/api/v1/professionals"), 3) == [200] * 3
    assert statuses(lambda: client_as("secretary").get("/agenda/waiting"), 3) == [200] * 3


def test_a_redis_that_is_away_is_not_asked_by_each_request(without_redis, monkeypatch):
    asked = []

    def away(*args, **kwargs):
        asked.append(1)
        raise redis.TimeoutError

    monkeypatch.setattr(limits, "get_usage", away)
    for _time in range(5):
        limits.over("list", "user 1")
    assert len(asked) == 1


def test_benches_and_fuzzing_run_without_limits(settings, few):
    settings.RATELIMIT_ENABLE = False
    few("list", 1)
    assert [limits.over("list", "user 1") for _time in range(3)] == [0, 0, 0]


@pytest.mark.parametrize(("proxies", "forwarded", "found"), [
    (0, "6.6.6.6", "10.0.0.1"),
    (1, "6.6.6.6, 203.0.113.7", "203.0.113.7"),
    (2, "6.6.6.6, 203.0.113.7, 10.0.0.9", "203.0.113.7"),
    (2, "6.6.6.6", "10.0.0.1"),  # it did not come by both: what it says of itself is not believed
    (1, "", None),
    (1, "not an address", None),
    (1, "::ffff:203.0.113.7", "203.0.113.7"),
    (1, "2001:DB8::1", "2001:db8::1"),
])
def test_who_asks_behind_proxies(settings, proxies, forwarded, found):
    settings.PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": forwarded})
    assert client_ip(request) == found


def test_the_aliases_lead_where_their_names_do():
    def view(path):
        return get_resolver().resolve(f"/api/v1/{path}").func.cls

    assert (view("clients"), view("clients/1")) == (view("patients"), view("patients/1"))
