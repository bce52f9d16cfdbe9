"""The ear itself: what passes, what does not, and that it hears every connection."""
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connection

from clinics import tenancy
from tests.architecture.isolation import listening
from tests.architecture.isolation.listening import heard, is_of_a_clinic, sender
from tests.architecture.isolation.statements import unnamed

TABLES = frozenset({"patients", "appointments", "sessions", "treatment_types", "professionals"})

NAMED = [
    'SELECT "patients"."id", "patients"."sessions" FROM "patients" WHERE "patients"."tenant_id" = %s',
    'SELECT 1 FROM "appointments" LEFT OUTER JOIN "patients" ON ("appointments"."patient_id" = "patients"."id" AND '
    '("patients"."tenant_id" = ("appointments"."tenant_id"))) WHERE "appointments"."tenant_id" = %s',
    'SELECT 1 FROM "appointments" INNER JOIN "patients" T3 ON (T3."tenant_id" = ("appointments"."tenant_id")) '
    'INNER JOIN "patients" T4 ON (T4."tenant_id" = (T3."tenant_id")) WHERE "appointments"."tenant_id" = %s',
    'SELECT 1 FROM "patients" WHERE "patients"."tenant_id" = %s AND EXISTS(SELECT 1 FROM "appointments" U0 '
    'WHERE U0."tenant_id" = %s LIMIT 1)',
    '(SELECT "patients"."id" FROM "patients" WHERE "patients"."tenant_id" = %s) UNION (SELECT "patients"."id" FROM '
    '"patients" WHERE "patients"."tenant_id" = %s)',
    'UPDATE "patients" SET "tenant_id" = %s, "last_name" = %s WHERE ("patients"."tenant_id" = %s AND TRUE)',
    'DELETE FROM "sessions" WHERE "sessions"."tenant_id" = %s',
    'INSERT INTO "treatment_types" ("tenant_id", "code", "sessions") VALUES (%s, %s, %s) RETURNING "id"',
    "SELECT id FROM appointments WHERE tenant_id = %(tenant)s UNION ALL SELECT id FROM patients WHERE tenant_id = %s",
    'SELECT "tenants"."id" FROM "tenants"', "SET LOCAL x TO 'FROM patients'",
    "DO $$ BEGIN DELETE FROM patients; END $$",
    'SELECT EXTRACT(DAY FROM "patients"."born") FROM "patients" WHERE "patients"."tenant_id" = %s',
    'SELECT 1 FROM "appointments" WHERE "appointments"."tenant_id" = %s FOR UPDATE OF "appointments"',
]
UNNAMED = [
    ('SELECT 1 FROM "patients" WHERE "patients"."id" = %s', "SELECT", "patients"),
    ('SELECT "patients"."tenant_id" FROM "patients" WHERE "patients"."id" = %s', "SELECT", "patients"),
    ('SELECT 1 FROM "appointments" INNER JOIN "patients" ON ("appointments"."patient_id" = "patients"."id") WHERE '
     '"appointments"."tenant_id" = %s', "SELECT", "patients"),
    ('SELECT 1 FROM "appointments" INNER JOIN "patients" ON ("patients"."tenant_id" = ("appointments"."tenant_id"))',
     "SELECT", "appointments"),
    ('SELECT 1 FROM "patients" WHERE "patients"."tenant_id" = %s AND EXISTS(SELECT 1 FROM "appointments" U0 WHERE '
     'U0."patient_id" = "patients"."id")', "SELECT", "appointments"),
    ('UPDATE "patients" SET "tenant_id" = %s WHERE "patients"."id" = %s', "UPDATE", "patients"),
    ('DELETE FROM "sessions" WHERE "sessions"."id" IN (%s, %s)', "DELETE", "sessions"),
    ('INSERT INTO "treatment_types" ("code") VALUES (%s)', "INSERT", "treatment_types"),
    ("SELECT a.id FROM tenants t, patients a WHERE t.id = 1", "SELECT", "patients"),
    ("SELECT id FROM appointments WHERE tenant_id = %s UNION SELECT id FROM patients", "SELECT", "patients"),
    ("SELECT id FROM patients WHERE note = 'tenant_id = 1'", "SELECT", "patients"),
    ("WITH x AS (SELECT id FROM patients) SELECT * FROM x", "WITH", "patients"),
]


@pytest.mark.parametrize("sql", NAMED)
def test_a_statement_that_names_its_clinic(sql):
    assert unnamed(sql, TABLES) == ()


@pytest.mark.parametrize(("sql", "verb", "table"), UNNAMED)
def test_a_statement_that_does_not(sql, verb, table):
    assert (verb, table) in unnamed(sql, TABLES)


@pytest.mark.django_db(transaction=True)
def test_every_connection_is_heard_the_threads_too(monkeypatch):
    monkeypatch.setattr(listening, "sender", lambda frame: "agenda/somewhere.py:1")

    def send():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM professionals")
        connection.close()

    send()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(send).result()
    faults = heard.take()
    assert len(faults) == 2 and all("SELECT of professionals does not name its clinic" in fault for fault in faults)


def test_a_tests_own_statement_is_not_the_products(here):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM professionals")
    assert sender(sys._getframe()) is None and heard.take() == []


@pytest.mark.parametrize(("key", "answer"), [
    ("t7:swept:turn:3", True), ("swept:turn:3", False), ("patient:3", False), ("rl:abc", True),
])
def test_a_key_names_its_clinic(key, answer):
    assert is_of_a_clinic(key) is answer
    assert is_of_a_clinic(cache.make_key(key)) is answer


def test_a_key_is_written_by_the_kernel():
    with tenancy.tenant_context(7):
        assert tenancy.key("seen", 3) == "t7:seen:3" and is_of_a_clinic(tenancy.key("seen", 3))
    with pytest.raises(tenancy.TenantNotSet):
        tenancy.key("seen", 3)
