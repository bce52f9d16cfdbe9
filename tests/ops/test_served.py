"""What the served application answers, on both ports of production: headers, cookies, limits, audit, sockets.

The rest of the suite asks the application in its own process; here servers, files and settings are production's.
"""
import re
import socket
import time
from types import SimpleNamespace

import psycopg
import pytest
from django.db import connection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from clinics import security, staff
from tests.conftest import owner_connection, owner_credentials
from tests.factories import PASSWORD
from tests.ops import served as production
from tests.ops.served import HOST, Browser, Served

BOTH = ["web", "sockets"]
TWO_YEARS = "max-age=63072000; includeSubDomains; preload"


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """`site.web` and `site.sockets` are the ports, `site.people` who works in the clinic."""
    database = f"{connection.settings_dict['NAME']}_served"
    with django_db_blocker.unblock():
        connection.close()
        with owner_connection() as owner:
            owner.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        _copy(connection.settings_dict["NAME"], database)
        served = Served(database)
        try:
            clinics = production.fill(served)
            yield SimpleNamespace(
                served=served, database=database, people=clinics["arrayan"], others=clinics["bosque"],
                **dict(zip(BOTH, served.start(*BOTH), strict=True)))
        finally:
            served.stop()
            with owner_connection() as owner:
                owner.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def _copy(template, database):
    """The tests' own database as its owner migrated it; nobody may be in it while it is copied."""
    place = {"host": connection.settings_dict["HOST"], "port": connection.settings_dict["PORT"], "dbname": "postgres"}
    application, owner = connection.settings_dict, owner_credentials()
    with psycopg.connect(
            **place, user=application["USER"], password=application["PASSWORD"], autocommit=True) as line:
        line.execute(  # what the threads of earlier tests have left open
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = %s AND usename = current_user", [template])
    with psycopg.connect(**place, user=owner["USER"], password=owner["PASSWORD"], autocommit=True) as line:
        line.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')


@pytest.fixture
def browser(site):
    """`browser("web")`: nobody yet, asking that port."""
    return lambda part="web", **options: Browser(getattr(site, part), **options)


@pytest.fixture
def rows(site, django_db_blocker):
    """`rows("refused")`: what the audit holds of that event, as the owner sees it."""
    def ask(event):
        with django_db_blocker.unblock(), _owner_of(site) as owner:
            owner.row_factory = psycopg.rows.dict_row
            return owner.execute("SELECT * FROM system_events WHERE event = %s ORDER BY id", [event]).fetchall()

    return ask


def _owner_of(site):
    return psycopg.connect(site.served.environment["DATABASE_OWNER_URL"], autocommit=True)


def assert_headers(answer, *, bare=False):
    for name, value in security.ALWAYS.items():
        assert answer.headers[name] == value, name
    assert answer.headers["Strict-Transport-Security"] == TWO_YEARS
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert (policy == security.BARE_POLICY) is bare
    assert not re.search(r"\d", answer.headers.get("Server", "")), "which version serves is nobody's business"


@pytest.mark.parametrize("part", BOTH)
class TestHeaders:
    @pytest.mark.parametrize(("path", "status"), [
        ("/login", 200), ("/agenda/", 302), ("/nobody", 404), ("/api/docs/", 200), ("/simulator/", 404)])
    def test_pages_and_errors(self, browser, part, path, status):
        answer = browser(part).get(path)
        assert answer.status == status
        assert_headers(answer)
        assert "no-store" in answer.headers["Cache-Control"]

    @pytest.mark.parametrize(("path", "status"), [
        ("/api/v1/patients", 401), ("/api/v1/nobody", 404), ("/auth/me", 401), ("/healthz", 503),
        ("/webhooks/ycloud/00000000-0000-0000-0000-000000000000", 405)])
    def test_data_and_its_errors(self, browser, part, path, status):
        answer = browser(part).get(path)
        assert answer.status == status
        assert_headers(answer, bare=True)
        assert "no-store" in answer.headers["Cache-Control"]

    def test_what_is_behind_the_session(self, browser, site, part):
        ceo = browser(part)
        ceo.log_in(site.people["ceo"])
        for path in ("/agenda/", "/patients/", "/inbox/", "/cash/", "/admin/", "/settings/audit/"):
            answer = ceo.get(path)
            assert answer.status == 200, path
            assert_headers(answer)
            assert "no-store" in answer.headers["Cache-Control"]
            assert re.search(r"connect-src 'self' wss://clinic\.example;", answer.headers["Content-Security-Policy"])

    def test_static_files_are_kept_and_have_them_too(self, browser, part):
        page = browser(part).get("/login").body.decode()
        addresses = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js|svg))"', page)
        assert len(addresses) >= 3
        for address in addresses:
            answer = browser(part).get(address)
            assert answer.status == 200 and re.search(r"\.[0-9a-f]{12}\.", address)
            assert "immutable" in answer.headers["Cache-Control"]
            assert_headers(answer)

    def test_plain_http_is_sent_to_https_and_health_is_not(self, browser, part):
        moved = browser(part).get("/agenda/?day=2026-11-24", X_Forwarded_Proto="http")
        assert (moved.status, moved.headers["Location"]) == (301, f"https://{HOST}/agenda/?day=2026-11-24")
        assert moved.headers["X-Frame-Options"] == "DENY" and moved.headers["Content-Security-Policy"]
        assert browser(part).get("/healthz", X_Forwarded_Proto="http").status == 503

    def test_a_host_that_is_not_ours(self, browser, part):
        answer = browser(part).get("/login", Host="evil.example")
        assert answer.status == 400
        assert b"evil" not in answer.body and "evil" not in str(answer.headers)
        assert_headers(answer, bare=True)

    @pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "PUT"])
    def test_methods_nobody_needs(self, browser, part, method):
        answer = browser(part).ask(method, "/auth/login")
        assert answer.status == 405
        assert_headers(answer, bare=True)

    def test_what_is_no_http_is_refused_by_the_server_without_its_version(self, site, part):
        with socket.create_connection(("127.0.0.1", getattr(site, part)), 5) as line:
            line.sendall(b"GET / HTTP/1.1\r\nHost clinic\r\n\r\n")
            said = line.recv(4096)
        assert said.startswith(b"HTTP/1.1 400") and not re.search(rb"(?i)granian|uvicorn/|python|django", said)


class TestCookies:
    @pytest.mark.parametrize("part", BOTH)
    def test_a_login_sets_three_that_nothing_else_can_set_or_read(self, browser, site, part):
        answer = browser(part).log_in(site.people["secretary"])
        assert answer.status == 200
        assert set(answer.cookies) == {"__Host-dl_access", "__Host-dl_refresh", "__Host-csrftoken"}
        for name, morsel in answer.cookies.items():
            assert morsel["secure"] and morsel["path"] == "/" and morsel["domain"] == "", name
            assert morsel["samesite"] == "Lax" and int(morsel["max-age"]) > 0
            assert bool(morsel["httponly"]) is (name != "__Host-csrftoken"), "that one is for our own scripts"
        assert "access" not in answer.json() and "refresh" not in answer.json()

    def test_a_logout_takes_them_back_and_the_session_is_over_everywhere(self, browser, site):
        person, copy = browser(), browser("sockets")
        person.log_in(site.people["secretary"])
        copy.jar = dict(person.jar)
        answer = person.post("/auth/logout")
        assert answer.status == 204 and "__Host-dl_access" not in person.jar
        assert all(morsel["secure"] for morsel in answer.cookies.values()), "else a browser keeps a __Host- cookie"
        assert copy.get("/auth/me").status == 401

    def test_an_unsafe_request_with_the_cookie_needs_the_token(self, browser, site):
        person = browser()
        person.log_in(site.people["secretary"])
        for headers in ({}, {"X_CSRFToken": "x" * 32}):
            refused = person.ask("POST", "/auth/switch", {"tenant_id": 1}, **headers)
            assert (refused.status, refused.json()["code"]) == (403, "csrf")
        foreign = person.ask(
            "POST", "/auth/switch", {"tenant_id": 1}, X_CSRFToken=person.csrf, Origin="https://evil.example")
        assert foreign.status == 403
        assert person.post("/auth/switch", {"tenant_id": 0}).status == 404, "heard"

    def test_no_form_of_another_site_logs_anybody_in(self, browser, site):
        form = f"email={site.people['ceo'].user.email}&password={PASSWORD}"
        assert browser().ask("POST", "/login", form=form).status == 403
        assert browser().ask("POST", "/auth/login", form=form).status == 415

    def test_the_choice_of_a_language_is_secure_too(self, browser):
        person = browser()
        person.get("/login")
        answer = person.ask(
            "POST", "/language", form=f"language=en&csrfmiddlewaretoken={person.csrf}", Origin=f"https://{HOST}")
        (morsel,) = (one for name, one in answer.cookies.items() if name != "__Host-csrftoken")
        assert morsel["secure"] and morsel["httponly"] and morsel["samesite"] == "Lax"


class TestLimits:
    def test_logins_are_counted_over_both_ports(self, browser, site):
        member, numbers = site.people["closer"], iter(range(100, 200))
        address = f"203.0.113.{next(numbers)}"
        statuses = [browser(part, address=address).log_in(member, "wrong").status for part in BOTH * 3]
        if 429 not in statuses[:5]:  # a minute may have turned over while it was counted
            statuses += [browser(address=address).log_in(member, "wrong").status for _time in range(5)]
        assert 429 in statuses and set(statuses) == {401, 429}
        refused = browser(address=address).log_in(member, "wrong")
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        assert_headers(refused, bare=True)
        elsewhere = browser(address="198.51.100.9").log_in(member)
        assert elsewhere.status == 200, "it is the account with the address"

    def test_what_stands_before_our_proxys_own_word_is_not_believed(self, browser, site):
        statuses = [
            browser(address=f"198.51.100.{number}, 203.0.113.66").log_in(site.people["setter"], "wrong").status
            for number in range(11)]
        assert statuses.count(429) >= 1

    def test_without_redis_the_login_holds_and_the_rest_works(self, site, browser):
        (port,) = site.served.start("web", REDIS_URL="redis://127.0.0.1:1/0")
        one = Browser(port, address="203.0.113.80")
        assert [one.log_in(site.people["closer"], "wrong").status for _time in range(6)] == [401] * 5 + [429]
        desk = Browser(port, address="203.0.113.81")
        assert desk.log_in(site.people["secretary"]).status == 200
        assert {desk.get("/api/v1/treatments").status for _time in range(105)} == {200}


class TestAudit:
    def test_logins_and_refusals_leave_their_rows_with_the_real_address(self, browser, site, rows):
        desk = browser(address="203.0.113.90")
        assert desk.log_in(site.people["professional"]).status == 200
        assert desk.get("/cash/").status == 403
        user = site.people["professional"].user_id
        entered, refused = (
            [row for row in rows(event) if row["actor_id"] == user][-1] for event in ("login", "refused"))
        assert str(entered["ip"]) == str(refused["ip"]) == "203.0.113.90"
        assert (refused["path"], refused["severity"], refused["role"]) == ("/cash/", "warning", "professional")

    def test_the_ceo_reads_them_and_nobody_else(self, browser, site, rows):
        ceo, desk = browser(), browser("sockets")
        ceo.log_in(site.people["ceo"])
        desk.log_in(site.people["secretary"])
        assert desk.get("/admin/core/audit/logs").status == 403
        answer = ceo.get("/admin/core/audit/logs?type=refused&severity=warning")
        assert answer.status == 200
        assert_headers(answer, bare=True)
        assert any(row["path"] == "/admin/core/audit/logs" for row in answer.json()["results"])
        mine = {row["tenant_id"] for row in rows("refused")}
        assert mine == {site.people["ceo"].tenant_id}

    def test_the_applications_role_writes_them_and_changes_none(self, site):
        with psycopg.connect(site.served.environment["DATABASE_URL"], autocommit=True) as application:
            application.execute(f"SET app.tenant_id TO '{site.people['ceo'].tenant_id}'")
            assert application.execute("SELECT count(*) FROM system_events").fetchone()[0] > 0
            for statement in ("UPDATE system_events SET event = 'x'", "DELETE FROM system_events"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    application.execute(statement)

    def test_no_password_and_no_token_reaches_a_log(self, site, browser):
        person = browser()
        person.log_in(site.people["secretary"])
        person.log_in(site.people["secretary"], "a-wrong-but-secret-one")
        said = site.served.log.read_text()
        for secret in (PASSWORD, "a-wrong-but-secret-one", *person.jar.values()):
            assert secret not in said


class TestSockets:
    def test_nobody_hears_anything(self, browser, site):
        with browser().socket(site.sockets) as line, pytest.raises(ConnectionClosed):
            line.recv(5)

    @pytest.mark.parametrize("path", ["/ws/elsewhere", "/"])
    def test_an_address_nobody_serves(self, browser, site, path):
        with pytest.raises(InvalidStatus) as refused:
            browser().socket(site.sockets, path)
        assert refused.value.response.status_code == 403

    def test_what_socketio_says_by_itself_has_the_headers(self, browser):
        answer = browser("sockets").get("/socket.io/?EIO=9")
        assert answer.status == 400
        assert_headers(answer, bare=True)

    def test_a_suspended_person_is_out_within_seconds(self, browser, site, django_db_blocker):
        person, ceo = browser(), site.people["ceo"]
        person.log_in(site.people["setter"])
        with person.socket(site.sockets) as line:
            with pytest.raises(TimeoutError):
                line.recv(0.3)
            with django_db_blocker.unblock(), site.served.at_its_database(ceo.tenant_id):
                staff.suspend(membership=site.people["setter"], by=ceo.actor)
            began = time.monotonic()
            with pytest.raises(ConnectionClosed):
                line.recv(10)
            assert time.monotonic() - began < 5
        assert person.get("/auth/me").status == 401
        assert person.ask("GET", "/auth/me", port=site.sockets).status == 401
