"""What leaves a row, and when: whatever becomes of the request."""
import ast
import logging
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from redis import ConnectionError as NoRedis

from clinics import audit, audit_words, tenancy
from clinics.models import Membership, SystemEvent
from clinics.tasks import TenantTask
from dentalogic.lib.faults import QuietFormatter
from tests.messaging.factories import ChannelFactory, ConversationFactory
from tests.patients.factories import PatientFactory

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def patient(arrayan, within):
    with within(arrayan):
        return PatientFactory()


@pytest.fixture
def told(arrayan, within):
    """The rows of Arrayán, oldest first, as (event, status)."""

    def read(**wanted):
        with within(arrayan):
            rows = SystemEvent.objects.filter(**wanted).order_by("pk")
            return [(row.event, row.payload.get("status")) for row in rows]

    return read


# What leaves a row


def test_what_was_shown_stays_noted_when_the_request_is_refused(client_as, patient, arrayan, within):
    response = client_as("professional").post(f"/patients/{patient.pk}/sign", {"text": " "})
    assert response.status_code in (400, 403)
    shown = response.status_code == 400
    with within(arrayan):
        assert SystemEvent.objects.filter(event="record.read").exists() is shown


def test_a_refused_request_leaves_one_row_with_what_it_asked_for(client_as, people, arrayan, within):
    client_as("professional").get("/cash/")
    with within(arrayan):
        row = SystemEvent.objects.get()
        assert (row.event, row.severity, row.role, row.path) == ("refused", "warning", "professional", "/cash/")
        assert row.payload == {"status": 403, "capability": "cash.see"}
        assert (row.actor_id, row.ip) == (people["professional"].user_id, "127.0.0.1")


def test_a_verbs_row_says_where_it_was_asked_from(client_as, people, client, arrayan, within):
    client_as("ceo").post(f"/settings/people/{people['setter'].pk}/suspend")
    client.post("/register", {"email": "nueva@x.example", "password": "clave-bien-larga-9", "name": "Nueva",
                              "clinic": "arrayan", "role": "ceo"})
    with within(arrayan):
        rows = SystemEvent.objects.filter(event__in=["member.suspended", "registered"]).order_by("pk")
        assert [(row.ip, row.method, row.path) for row in rows] == [
            ("127.0.0.1", "POST", f"/settings/people/{people['setter'].pk}/suspend"),
            ("127.0.0.1", "POST", "/register")]


def test_a_page_and_an_api_view_leave_the_answers_status(client_as, api_as, patient, told):
    client_as("secretary").get(f"/patients/{patient.pk}/")
    api_as("secretary").get(f"/api/v1/patients/{patient.pk + 999}")
    assert told(event="access") == [("access", 200), ("access", 404)]


def test_an_api_view_is_noted_with_its_methods_capability(api_as, arrayan, within):
    api_as("secretary").post("/api/v1/patients", {"last_name": ""})
    with within(arrayan):
        assert SystemEvent.objects.get().payload == {"status": 400, "capability": "patients.edit"}


def test_a_request_that_breaks_leaves_its_row_and_nothing_else(client_as, patient, told, monkeypatch):
    from clinics.patients import intake  # noqa: PLC0415

    def half(**_ignored):
        audit.log_security_event("patient.updated", patient=patient.pk)
        raise RuntimeError("roto")

    monkeypatch.setattr(intake, "update", half)
    client = client_as("secretary")
    client.raise_request_exception = False
    response = client.post(f"/patients/{patient.pk}/edit/", {
        "first_name": "Ana", "last_name": "Paz", "document_type": "DNI", "dni": "30111222"})
    assert response.status_code == 500
    assert told(event__in=["access", "patient.updated"]) == [("access", 500)], "the verb's row went with the verb"


def test_the_other_clinic_sees_none_of_it(client_as, patient, bosque, within):
    client_as("ceo").get(f"/patients/{patient.pk}/")
    with within(bosque):
        assert not SystemEvent.objects.exists()


def test_nobody_without_a_session_writes_in_a_clinics_audit(client, arrayan, told):
    client.get("/patients/")
    client.get("/cash/")
    assert told() == []


def test_a_piece_that_fetches_itself_again_is_one_look(client_as, arrayan, within, told):
    with within(arrayan):
        conversation = ConversationFactory()
    client, path = client_as("secretary"), f"/inbox/{conversation.pk}/thread"
    for _time in range(3):
        assert client.get(path, headers={"HX-Request": "true"}).status_code == 200
    assert told(path=path) == [("access", 200)]
    client_as("ceo").get(path, headers={"HX-Request": "true"})
    assert len(told(path=path)) == 2, "somebody else's look is another"
    client.get(f"/inbox/{conversation.pk}/")
    client.get(f"/inbox/{conversation.pk}/")
    assert len(told(path=f"/inbox/{conversation.pk}/")) == 2, "a page that is opened is always noted"


def test_without_redis_every_look_is_noted(client_as, told, monkeypatch, arrayan, within):
    with within(arrayan):
        conversation = ConversationFactory()

    def away(*_args, **_more):
        raise NoRedis

    client, path = client_as("secretary"), f"/inbox/{conversation.pk}/thread"
    monkeypatch.setattr(cache, "add", away)
    for _time in range(2):
        client.get(path, headers={"HX-Request": "true"})
    assert told(path=path) == [("access", 200)] * 2


def test_a_refused_piece_is_noted_each_time(client_as, told):
    client = client_as("professional")
    for _time in range(2):
        client.get("/cash/", headers={"HX-Request": "true"})
    assert told() == [("refused", 403)] * 2


def test_a_jobs_row_about_a_fault_survives_what_the_fault_rolled_back(here, arrayan):
    class Breaks(TenantTask):
        name = "breaks"

        @tenancy.atomic
        def run(self):
            audit.log_security_event("login")
            audit.survives("vault.unreadable", severity="critical", name="x", purpose="send")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        Breaks()(tenant_id=arrayan.pk)
    assert list(SystemEvent.objects.values_list("event", flat=True)) == ["vault.unreadable"]


def test_a_row_may_be_of_a_clinic_that_is_named(here, bosque, within):
    audit.log_security_event("login", tenant_id=bosque.pk)
    assert not SystemEvent.objects.exists()
    with within(bosque):
        assert SystemEvent.objects.get().event == "login"


def test_the_application_may_not_change_or_remove_a_row(here):
    row = audit.log_security_event("login")
    for statement in (
        f"UPDATE system_events SET event = 'x' WHERE tenant_id = {here.pk} AND id = {row.pk}",
        f"DELETE FROM system_events WHERE tenant_id = {here.pk} AND id = {row.pk}",
        "TRUNCATE system_events", f"DELETE FROM audit_seals WHERE tenant_id = {here.pk}",
    ):
        with pytest.raises(Exception, match="permission denied"), tenancy.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


# What a row may say


def test_a_key_that_is_not_listed_is_refused(here):
    with pytest.raises(ValueError, match="first_name"):
        audit.log_security_event("login", first_name="Ana")


@pytest.mark.parametrize(("key", "value"), [
    ("code", "Ana Quiroga"), ("code", "5493415550139"), ("name", "sk-proj-0123456789abcdef"), ("why", "le duele"),
    ("patient", "30111222"), ("patient", True), ("changed", ["dni", "30111222"]), ("hash", "x" * 64), ("day", "ayer"),
    ("amount", "$ 5"), ("on", "sí"), ("fault", "No existe el paciente Quiroga"), ("code", ""),
])
def test_a_value_that_is_no_such_thing_is_not_written(here, caplog, key, value):
    audit.log_security_event("login", **{key: value})
    assert SystemEvent.objects.get().payload == {key: "?"}
    assert str(value) not in caplog.text or value in ("", True)


def test_codes_ids_and_amounts_are_written(here):
    said = {
        "code": "131031", "patient": 7, "changed": ["dni", "phone"], "hash": "ab" * 32, "day": "2026-11-24",
        "amount": "-1250.50", "on": False, "fault": "APIConnectionError", "name": "channel.7.api_key"}
    audit.log_security_event("login", **said, user=None)
    assert SystemEvent.objects.get().payload == said


def test_an_unguessable_address_is_not_noted(rf, here):
    from django.urls import resolve  # noqa: PLC0415

    secret = "0b0e7c58-5b3a-4a3e-9f11-0a3f1f3c9d11"
    for path, noted in ((f"/webhooks/ycloud/{secret}", "/webhooks/ycloud/…"), ("/patients/7/", "/patients/7/"),
                        ("/cash/2026-11-24/", "/cash/2026-11-24/"), ("/patients/7/?q=quiroga", "/patients/7/")):
        request = rf.get(path)
        request.resolver_match = resolve(request.path)
        assert audit.log_security_event("login", request=request).path == noted
    assert audit.log_security_event("login", request=rf.get("/ana/quiroga")).path == ""


def calls():
    """Every call that writes a row, in the product's code."""
    for folder in ("clinics", "agenda", "accounting", "messaging", "dentalogic"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                name = getattr(getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", ""))
                if isinstance(node, ast.Call) and name in ("log_security_event", "survives"):
                    yield file.relative_to(ROOT), node


def test_every_call_names_listed_keys_and_an_event_that_has_words():
    own = {"by", "request", "severity", "seen", "tenant_id"}
    for file, node in calls():
        keys = {word.arg for word in node.keywords if word.arg} - own
        assert keys <= set(audit_words.KEYS), f"{file}:{node.lineno}"
        if isinstance(node.args[0], ast.Constant):
            assert node.args[0].value in audit_words.EVENTS, f"{file}:{node.lineno}: {node.args[0].value}"


def test_only_the_audit_writes_rows():
    for folder in ("clinics", "agenda", "accounting", "messaging", "dentalogic"):
        for file in (ROOT / folder).rglob("*.py"):
            made = "SystemEvent.objects.create" in file.read_text() or "SystemEvent(" in file.read_text()
            assert not made or file.name in ("audit.py", "models.py"), file


# Logs


def test_a_logged_fault_keeps_its_lines_and_loses_its_text():
    told = "canario quiroga".upper()
    try:
        raise ValueError(told)
    except ValueError as fault:
        seen = (ValueError, fault, fault.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "falló", None, seen)
    said = QuietFormatter("%(message)s").format(record)
    assert "CANARIO" not in said
    assert "ValueError" in said and "test_audit.py" in said


def test_in_production_http_becomes_https(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/login").status_code == 301
    assert client.get("/healthz").status_code in (200, 503), "the proxy asks it inside"


def test_a_pending_member_is_not_audited_as_anybody_who_saw(client_as, people, arrayan, within, patient, told):
    with within(arrayan):
        Membership.objects.filter(pk=people["secretary"].pk).update(status=Membership.Status.PENDING)
    client_as("secretary").get(f"/patients/{patient.pk}/")
    assert told(event="access") == []


def test_a_channels_door_leaves_no_row_of_a_person(client, arrayan, within, told):
    with within(arrayan):
        channel = ChannelFactory()
    client.post(channel.webhook_path, b"{}", content_type="application/json")
    assert [event for event, _status in told() if event in ("access", "refused")] == []
