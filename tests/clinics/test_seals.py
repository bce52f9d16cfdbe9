"""Seals over the audit: whatever is changed, taken away or put in afterwards shows. The owner's hand does the damage:
the application's may not."""
import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from clinics import audit, jobs, seals, tenancy
from clinics.models import AuditSeal, SystemEvent
from dentalogic.celery import SCHEDULE
from dentalogic.lib import clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sealed(arrayan, bosque, within):
    """Three seals of two rows each in Arrayán, with rows of Bosque between them; the ids of Arrayán's rows."""
    made = []
    for _seal in range(3):
        for clinic in (arrayan, bosque, arrayan):
            with within(clinic):
                row = audit.log_security_event("login", user=7)
                made += [row.pk] if clinic == arrayan else []
        with tenancy.tenant_context(arrayan.pk):
            assert len(seals.seal()) == 1
    return made


def faults(tenant, **how):
    with tenancy.tenant_context(tenant.pk):
        return [fault.kind for fault in seals.verify(**how).faults]


def test_what_was_not_touched_holds(sealed, arrayan, bosque):
    with tenancy.tenant_context(arrayan.pk):
        verdict = seals.verify()
        assert verdict.intact and (verdict.seals, verdict.rows, verdict.unsealed) == (3, 6, 0)
        with tenancy.atomic():
            spans = list(AuditSeal.objects.order_by("first_id").values_list("first_id", "last_id", "rows"))
    assert spans[0][0] == 1 and spans[-1][1] == sealed[-1]
    assert all(after[0] == before[1] + 1 for before, after in zip(spans, spans[1:], strict=False)), "without gaps"
    with tenancy.tenant_context(bosque.pk):
        assert seals.verify().unsealed == 3, "the other clinic has its own"


def test_nothing_new_needs_no_seal(sealed, arrayan):
    with tenancy.tenant_context(arrayan.pk):
        assert seals.seal() == []


@pytest.mark.parametrize("change", [
    "event = 'logout'", "severity = 'critical'", "payload = '{\"user\": 8}'", "at = at + interval '1 microsecond'",
    "actor_id = NULL, role = 'ceo'", "path = '/x'", "method = 'GET'", "ip = '10.0.0.1'",
])
def test_a_changed_row_shows(sealed, arrayan, owner, change):
    owner.execute(f"UPDATE system_events SET {change} WHERE id = %s", [sealed[2]])
    assert faults(arrayan) == ["changed"]


def test_a_row_that_is_taken_away_shows(sealed, arrayan, owner):
    owner.execute("DELETE FROM system_events WHERE id = %s", [sealed[3]])
    assert faults(arrayan) == ["missing"]


def test_a_row_that_is_put_in_shows_even_between_two_others(sealed, arrayan, owner):
    free = sealed[2] + 1  # an id of the other clinic's: keys are (tenant, id)
    owner.execute(
        "INSERT INTO system_events (tenant_id, id, at, event, severity, role, method, path, payload)"
        " VALUES (%s, %s, %s, 'login', 'info', '', '', '', '{}')", [arrayan.pk, free, clock.now()])
    assert faults(arrayan) == ["inserted"]


def test_a_row_before_the_first_shows(sealed, arrayan, owner):
    owner.execute(
        "INSERT INTO system_events (tenant_id, id, at, event, severity, role, method, path, payload)"
        " VALUES (%s, -5, %s, 'login', 'info', '', '', '', '{}')", [arrayan.pk, clock.now()])
    assert faults(arrayan) == ["inserted"]


def test_a_row_that_changed_clinic_shows_in_the_one_it_left(sealed, arrayan, bosque, owner):
    owner.execute("UPDATE system_events SET tenant_id = %s WHERE id = %s", [bosque.pk, sealed[0]])
    assert faults(arrayan) == ["missing"]


@pytest.mark.parametrize(("change", "kinds"), [
    ("hash = repeat('0', 64)", {"changed", "seal"}), ("rows = 1", {"inserted"}),
    ("previous_hash = ''", {"changed", "seal"}), ("sealed_at = sealed_at + interval '1 s'", {"changed"}),
])
def test_a_changed_seal_shows(sealed, arrayan, owner, change, kinds):
    owner.execute(f"UPDATE audit_seals SET {change} WHERE tenant_id = %s AND last_id = %s", [arrayan.pk, sealed[3]])
    assert set(faults(arrayan)) == kinds


def test_a_missing_seal_shows(sealed, arrayan, owner):
    owner.execute("DELETE FROM audit_seals WHERE tenant_id = %s AND last_id = %s", [arrayan.pk, sealed[3]])
    assert faults(arrayan) == ["seal"]


def test_the_newest_seals_taken_away_with_their_rows_show_by_the_noted_head(sealed, arrayan, owner):
    with tenancy.tenant_context(arrayan.pk):
        head = seals.verify().head
    assert faults(arrayan, head=head) == []
    owner.execute("DELETE FROM audit_seals WHERE tenant_id = %s AND last_id = %s", [arrayan.pk, sealed[5]])
    owner.execute("DELETE FROM system_events WHERE tenant_id = %s AND id > %s", [arrayan.pk, sealed[3]])
    assert faults(arrayan) == []
    assert faults(arrayan, head=head) == ["seal"]


def test_the_newest_alone_may_be_compared(sealed, arrayan, owner):
    owner.execute("UPDATE system_events SET role = 'x' WHERE id = %s", [sealed[0]])
    assert faults(arrayan, newest=1) == faults(arrayan, newest=4) == []
    assert faults(arrayan, newest=6) == ["changed"]
    owner.execute("DELETE FROM audit_seals WHERE tenant_id = %s AND last_id = %s", [arrayan.pk, sealed[3]])
    assert faults(arrayan, newest=2) == ["seal"], "the newest does not follow the one before"


def test_a_row_that_commits_after_a_later_one_is_not_left_out(arrayan, within, monkeypatch):
    """Ids are given out in one order and committed in another: no seal closes over a row that is on its way."""
    monkeypatch.setattr(seals, "PAUSE", 0.001)
    written, go_on, first = threading.Event(), threading.Event(), []

    def slow():
        with within(arrayan):
            first.append(audit.log_security_event("login", user=1).pk)
            written.set()
            go_on.wait(20)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    try:
        assert written.wait(20)
        with within(arrayan):
            later = audit.log_security_event("login", user=2).pk
        with tenancy.tenant_context(arrayan.pk):
            assert seals.seal() == [], "the first is not committed yet"
    finally:
        go_on.set()
        thread.join(20)
    with tenancy.tenant_context(arrayan.pk):
        (seal,) = seals.seal()
        assert (seal.rows, seal.last_id) == (2, later) and first[0] < later
        assert seals.verify().intact


def test_a_writer_never_waits_for_a_seal_that_waits(arrayan, within, monkeypatch):
    """Who finds somebody writing steps aside; only rows that have waited for long make writers wait, a moment."""
    monkeypatch.setattr(seals, "PAUSE", 0.001)
    asked = []
    monkeypatch.setattr(seals, "insist", lambda kind: asked.append(kind) or False)
    written, go_on = threading.Event(), threading.Event()

    def slow():
        with within(arrayan):
            audit.log_security_event("login")
            written.set()
            go_on.wait(20)
        connection.close()

    with within(arrayan):
        audit.log_security_event("login")
    thread = threading.Thread(target=slow)
    thread.start()
    try:
        assert written.wait(20)
        with tenancy.tenant_context(arrayan.pk):
            assert seals.seal() == [] and asked == []
            with clock.standing_at(clock.now() + timedelta(minutes=11)):
                assert seals.seal() == [] and asked == ["audit"]
    finally:
        go_on.set()
        thread.join(20)


def test_insisting_gives_up_and_leaves_the_transaction_whole(arrayan, within):
    from dentalogic.lib.sql import insist  # noqa: PLC0415

    written, go_on = threading.Event(), threading.Event()

    def slow():
        with within(arrayan):
            audit.log_security_event("login")
            written.set()
            go_on.wait(20)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    try:
        assert written.wait(20)
        with within(arrayan):
            assert insist("audit", milliseconds=50) is False
            assert SystemEvent.objects.count() == 0
    finally:
        go_on.set()
        thread.join(20)
    with within(arrayan):
        assert insist("audit", milliseconds=50) is True


def test_many_rows_are_several_seals(arrayan, within, monkeypatch):
    monkeypatch.setattr(seals, "BATCH", 3)
    with within(arrayan):
        for _row in range(7):
            audit.log_security_event("login")
    with tenancy.tenant_context(arrayan.pk):
        assert [seal.rows for seal in seals.seal()] == [3, 3, 1]
        assert seals.verify().intact


def test_the_job_seals_every_clinic_and_ones_fault_is_not_the_others(arrayan, bosque, within, monkeypatch):
    assert SCHEDULE["seal-audit"] == {
        "task": jobs.seal_audit.name, "schedule": 60.0, "options": {"expires": 60}}
    for clinic in (arrayan, bosque):
        with within(clinic):
            audit.log_security_event("login")
    whole = seals.seal

    def breaks_in_one():
        if tenancy.current_tenant() == arrayan.pk:
            raise RuntimeError
        return whole()

    monkeypatch.setattr(seals, "seal", breaks_in_one)
    jobs.seal_audit()
    for clinic, count in ((arrayan, 0), (bosque, 1)):
        with within(clinic):
            assert AuditSeal.objects.count() == count


def test_the_command_says_what_holds_and_fails_where_it_does_not(sealed, arrayan, bosque, owner, within):
    said = StringIO()
    call_command("verify_audit", stdout=said)
    assert "arrayan: 3 sellos, 6 renglones, 0 sin sellar" in said.getvalue() and "bosque: 0 sellos" in said.getvalue()
    owner.execute("DELETE FROM system_events WHERE id = %s", [sealed[3]])
    with pytest.raises(CommandError, match="arrayan"):
        call_command("verify_audit", "--tenant", "arrayan", stdout=said)
    assert f"faltan renglones entre {sealed[2]}" in said.getvalue() or "faltan renglones" in said.getvalue()
    with within(arrayan):
        row = SystemEvent.objects.get(event="audit.broken")
        assert (row.severity, row.payload["kind"]) == ("critical", "missing")
    call_command("verify_audit", "--tenant", "bosque", stdout=said)
    with pytest.raises(CommandError):
        call_command("verify_audit", "--tenant", "ninguna", stdout=said)
