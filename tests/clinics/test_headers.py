"""What every answer tells the browser, whoever made it; tests/ops/test_served.py asks the served application."""
import asyncio
import re

import pytest
from django.test import Client, override_settings

from clinics import security

pytestmark = pytest.mark.django_db

PAGES = ["/agenda/", "/patients/", "/inbox/", "/cash/", "/login", "/register", "/admin/", "/api/docs/", "/nobody"]
DATA = ["/api/v1/patients", "/api/v1/patients/0", "/auth/me", "/healthz", "/webhooks/ycloud/x"]


def policy(answer):
    return dict(directive.split(" ", 1) for directive in answer["Content-Security-Policy"].split("; ")
                if " " in directive)


@pytest.mark.parametrize("path", PAGES + DATA)
@pytest.mark.parametrize("role", ["ceo", "setter", None])
def test_every_answer_has_them_all(client_as, path, role):
    answer = (client_as(role) if role else Client()).get(path)
    assert answer.status_code < 500 or path == "/healthz"
    for name, value in security.ALWAYS.items():
        assert answer[name] == value, name
    closed = "object-src" if path in PAGES else "default-src"
    assert policy(answer)["frame-ancestors"] == policy(answer)[closed] == "'none'"
    assert "no-store" in answer["Cache-Control"]


def test_nothing_inline_is_allowed_and_each_answer_has_its_nonce(client_as):
    client = client_as("ceo")
    policies = [policy(client.get("/agenda/")) for _time in range(2)]
    assert all("unsafe" not in value for one in policies for value in one.values())
    nonces = [re.search(r"'nonce-([\w-]{22,})'", one["script-src"]).group(1) for one in policies]
    assert nonces[0] != nonces[1]
    assert policies[0]["style-src"] == policies[0]["default-src"] == "'self'"


def test_a_page_opens_its_own_sockets_and_no_others(client_as):
    assert policy(client_as("ceo").get("/agenda/"))["connect-src"] == "'self' ws://testserver"


@override_settings(SECURE_SSL_REDIRECT=False, PROXIES=1, SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"))
def test_over_https_it_stays_https_for_two_years(client_as):
    answer = client_as("ceo").get("/agenda/", headers={
        "X-Forwarded-Proto": "https", "Host": "testserver"})
    assert answer["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"
    assert policy(answer)["connect-src"] == "'self' wss://testserver"
    assert "upgrade-insecure-requests" in answer["Content-Security-Policy"]


def test_a_host_that_is_not_ours_is_refused_and_not_said_back():
    answer = Client().get("/login", headers={"Host": "evil.example; script-src *"})
    assert answer.status_code == 400
    assert "evil" not in answer["Content-Security-Policy"] and answer["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND"])
def test_methods_nobody_needs_are_refused(client_as, method):
    answer = client_as("ceo").generic(method, "/agenda/")
    assert answer.status_code == 405 and answer["X-Frame-Options"] == "DENY"


def test_a_fault_has_them_too_and_tells_nothing(client_as, monkeypatch):
    monkeypatch.setattr("agenda.api.Treatments.queryset", None)
    client = client_as("ceo")
    client.raise_request_exception = False
    answer = client.get("/api/v1/treatments")
    assert answer.status_code == 500 and answer.json()["code"] == "fault"
    assert "Treatments" not in answer.content.decode()
    assert answer["Content-Security-Policy"] == security.BARE_POLICY and answer["Cache-Control"] == "no-store"


def test_front_ends_of_other_origins_are_named_and_get_no_cookies(client_as, settings):
    settings.ORIGINS = ["https://front.example"]
    mine, other = (client_as("ceo").get("/api/v1/treatments", headers={"Origin": origin})
                   for origin in ("https://front.example", "https://evil.example"))
    assert mine["Access-Control-Allow-Origin"] == "https://front.example"
    assert "Access-Control-Allow-Credentials" not in mine and "Access-Control-Allow-Origin" not in other


def test_a_body_that_is_too_large_or_too_deep_is_refused(api_as, settings):
    settings.API_MAX_BYTES = 5000
    desk = api_as("secretary")
    large = desk.generic("POST", "/api/v1/patients", b'"' + b"x" * 5000 + b'"', content_type="application/json")
    assert (large.status_code, large.json()["code"]) == (413, "too_large")
    settings.API_MAX_BYTES = 10**6
    deep = desk.generic("POST", "/api/v1/patients", b"[" * 200_000, content_type="application/json")
    assert (deep.status_code, deep.json()["code"]) == (400, "parse_error")


def ask_asgi(scope):
    """What the application for sockets answers by itself."""
    from dentalogic import asgi  # noqa: PLC0415  (on import it asks the database what its role may)

    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False} if scope["type"] == "http" else {
            "type": "websocket.connect"}

    async def send(message):
        sent.append(message)

    asyncio.run(asgi.application(scope, receive, send))
    return sent


@override_settings(PROXIES=1)
def test_what_socketio_answers_by_itself_has_them():
    start = ask_asgi({
        "type": "http", "method": "GET", "path": "/socket.io/", "raw_path": b"/socket.io/", "query_string": b"",
        "headers": [(b"host", b"testserver"), (b"x-forwarded-proto", b"https")], "scheme": "http",
        "asgi": {"version": "3.0"}, "http_version": "1.1", "server": ("testserver", 80), "client": ("127.0.0.1", 1),
    })[0]
    headers = dict(start["headers"])
    assert start["status"] == 400
    assert headers[b"content-security-policy"].decode() == security.BARE_POLICY
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"strict-transport-security"].startswith(b"max-age=63072000")


def test_socketio_asks_no_browser_for_the_cookie_of_another_origin():
    def start(origin):
        return ask_asgi({
            "type": "http", "method": "GET", "path": "/socket.io/", "raw_path": b"/socket.io/",
            "query_string": b"EIO=4&transport=polling", "headers": [(b"host", b"testserver"), (b"origin", origin)],
            "scheme": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "server": ("testserver", 80),
            "client": ("127.0.0.1", 1)})[0]

    mine, other = start(b"http://testserver"), start(b"https://evil.example")
    assert (mine["status"], other["status"]) == (200, 400)
    assert not [name for answer in (mine, other) for name, _value in answer["headers"]
                if name.lower() == b"access-control-allow-credentials"]


def test_a_socket_nobody_serves_is_refused_in_order():
    assert ask_asgi({"type": "websocket", "path": "/ws/elsewhere", "headers": [], "subprotocols": []}) == [
        {"type": "websocket.close", "code": 4404}]


def test_a_header_that_would_be_taken_for_a_proxys_is_not_heard():
    """`X_Forwarded_For` and `X-Forwarded-For` are one name to WSGI and to Socket.IO, and the last one wins."""
    heard = []

    async def application(scope, receive, send):
        heard.extend(scope["headers"])

    sent = [(b"x-forwarded-for", b"203.0.113.7"), (b"x_forwarded_for", b"1.1.1.1"), (b"x_forwarded_proto", b"https")]
    asyncio.run(security.covered(application)({"type": "http", "headers": sent}, None, None))
    assert heard == sent[:1]
