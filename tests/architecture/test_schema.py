"""The promises of the schema: one way to it, blocks that run twice, walls on every tenant table."""
import re
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, models

from clinics.management.commands.write_foundation import blocks, foundation
from clinics.tenancy import TenantModel
from tests.conftest import drop_database, owner_connection, owner_credentials

pytestmark = pytest.mark.django_db

GLOBAL = {
    "tenants", "users", "public_routes", "django_migrations", "django_content_type", "django_admin_log",
    "auth_permission", "auth_group", "auth_group_permissions", "second_factors", "recovery_codes",
}
CATALOG = {
    "columns": """SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity, is_generated,
        generation_expression, collation_name FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraints": """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "policies": "SELECT tablename, policyname, cmd, roles::text, qual, with_check FROM pg_policies",
    "walls": """SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')""",
    "triggers": """SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger
        WHERE NOT tgisinternal""",
    "functions": """SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        AND proname LIKE 'dl\\_%'""",
    "grants": """SELECT table_name, grantee, privilege_type FROM information_schema.role_table_grants
        WHERE table_schema = 'public' AND grantee = 'dentalogic_app'""",
}


def catalog(cursor):
    return {name: sorted(map(str, cursor.execute(query).fetchall())) for name, query in CATALOG.items()}


@pytest.fixture
def empty_database():
    """A database of its own, dropped at the end; yields its name."""
    name = f"{connection.settings_dict['NAME']}_{uuid4().hex[:8]}"
    with owner_connection() as owner:
        owner.execute(f'CREATE DATABASE "{name}"')
        yield name
        drop_database(owner, name)


def test_db_init_is_what_the_migrations_say():
    folder = Path(settings.BASE_DIR) / "db" / "init"
    assert {path.name: path.read_text() for path in folder.glob("*.sql")} == foundation()


@pytest.mark.django_db(transaction=True)
def test_foundation_then_migrate_equals_migrate(empty_database):
    original = dict(connection.settings_dict)
    connection.close()
    try:
        connection.settings_dict.update({"NAME": empty_database, **owner_credentials()})
        with _connect(empty_database) as fresh:
            for _name, text in sorted(foundation().items()):
                fresh.execute(text)
        call_command("migrate", verbosity=0)
        with _connect(empty_database) as fresh:
            rebuilt = catalog(fresh)
    finally:
        connection.close()
        connection.settings_dict.update(original)
    with owner_connection() as owner:
        migrated = catalog(owner)
    for part, rows in migrated.items():
        assert rebuilt[part] == rows, part


def _connect(name):
    parts = connection.settings_dict
    return psycopg.connect(
        host=parts["HOST"], port=parts["PORT"], dbname=name, user=owner_credentials()["USER"],
        password=owner_credentials()["PASSWORD"], autocommit=True)


def test_every_block_runs_twice_without_a_change(owner):
    before = catalog(owner)
    for _app, block in blocks():
        owner.execute(block.text)
    assert catalog(owner) == before


def test_every_migration_of_ours_is_one_do_block():
    for app, block in blocks():
        code = re.sub(r"--[^\n]*", "", block.text).strip()
        assert code.startswith("DO $$") and code.endswith("$$;") and code.count("\nDO $$") == 0, (app, block.name)


def test_no_model_lacks_its_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def tenant_models():
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]


def test_the_list_of_global_tables_is_complete(owner):
    tables = {row[0] for row in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert tables - {model._meta.db_table for model in tenant_models()} == GLOBAL


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.db_table)
def test_a_tenant_table_stands_behind_its_walls(owner, model):
    table = model._meta.db_table
    enabled, forced = owner.execute(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", [table]).fetchone()
    assert enabled and forced
    policies = owner.execute("SELECT qual, with_check FROM pg_policies WHERE tablename = %s AND policyname = 'tenant'",
                             [table]).fetchall()
    assert len(policies) == 1 and all("app.tenant_id" in part for part in policies[0])
    key = owner.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass"
                        " AND contype = 'p'", [table]).fetchone()[0]
    assert key.startswith("PRIMARY KEY (tenant_id,")
    assert model._meta.base_manager_name == "objects"


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.db_table)
def test_a_link_between_tenant_tables_is_composite(owner, model):
    definitions = [row[0] for row in owner.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'",
        [model._meta.db_table])]
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and issubclass(field.related_model, TenantModel):
            target = field.related_model._meta.db_table
            wanted = f"FOREIGN KEY (tenant_id, {field.column}) REFERENCES {target}(tenant_id, id)"
            assert any(text.startswith(wanted) for text in definitions), (model, field.name)


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.db_table)
def test_the_columns_are_the_fields(owner, model):
    rows = owner.execute(
        "SELECT column_name, is_nullable FROM information_schema.columns WHERE table_schema = 'public'"
        " AND table_name = %s AND is_generated = 'NEVER'", [model._meta.db_table]).fetchall()
    assert dict(rows) == {field.column: "YES" if field.null else "NO" for field in model._meta.concrete_fields}


INDEXES_WITHOUT_TENANT = {"memberships_of_user"}  # a login finds its clinics before a tenant is chosen


def test_every_index_of_a_tenant_table_starts_with_the_tenant(owner):
    tables = [model._meta.db_table for model in tenant_models()]
    for name, definition in owner.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)", [tables]).fetchall():
        if name not in INDEXES_WITHOUT_TENANT:
            assert re.search(r"USING \w+ \(tenant_id[,)]", definition), definition


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.db_table)
def test_with_no_tenant_the_table_answers_nothing(owner, arrayan, model):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
        assert cursor.fetchone() == (0,)


def test_the_application_owns_nothing_and_cannot_bypass(db):
    from clinics.checks import powerful  # noqa: PLC0415

    assert powerful() == []


