"""A database of an earlier release, with rows in every table, becomes today's without losing a row or a value.

`releases/<n>/` is what a release was: the leaves of its migrations, the sums of their SQL, and rows written for its
schema. None of it is ever edited; a later release is a folder of its own.
"""
import hashlib
import sys
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from clinics.management.commands.write_foundation import blocks
from dentalogic.lib.sql import RunBlock
from tests.architecture.test_schema import catalog
from tests.conftest import drop_database, owner_connection, owner_credentials

pytestmark = pytest.mark.django_db(transaction=True)

RELEASES = sorted(Path(__file__).with_name("releases").iterdir(), key=lambda folder: int(folder.name))
OURS = ("clinics", "patients", "agenda", "accounting", "messaging", "leads")
DJANGO = ("admin", "auth", "contenttypes")
FILLED_BY_MIGRATE = {"django_migrations"}
# "table.column" that a later migration fills anew, with why; its rows must still be there
REWRITTEN: dict[str, str] = {}


def leaves(release):
    return [tuple(line.split()) for line in (release / "leaves.txt").read_text().splitlines()]


@contextmanager
def speaking_to(name):
    """Django's connection, as the owner, in another database."""
    original = dict(connection.settings_dict)
    connection.close()
    try:
        connection.settings_dict.update({"NAME": name, **owner_credentials()})
        yield
    finally:
        connection.close()
        connection.settings_dict.update(original)


def connected(name):
    parts = connection.settings_dict
    return psycopg.connect(host=parts["HOST"], port=parts["PORT"], dbname=name, autocommit=True,
                           user=owner_credentials()["USER"], password=owner_credentials()["PASSWORD"])


@pytest.fixture(scope="module")
def database(django_db_setup, django_db_blocker):
    """Makes databases, from nothing or as another one is; all are dropped at the end."""
    made = []

    def make(template="template1"):
        made.append(f"{connection.settings_dict['NAME']}_{uuid4().hex[:8]}")
        with owner_connection() as owner:
            owner.execute(f'CREATE DATABASE "{made[-1]}" TEMPLATE "{template}"')
        return made[-1]

    with django_db_blocker.unblock():
        yield make
        with owner_connection() as owner:
            for name in made:
                drop_database(owner, name)


@pytest.fixture(scope="module")
def earlier(database):
    """`earlier(release)`: a database of its own, as that release left it."""
    made = {}

    def make(release):
        if release not in made:
            name = database()
            as_it_was(name, release)
            made[release] = name
        return database(made[release])

    return make


def as_it_was(name, release):
    """The release's schema and its rows."""
    with speaking_to(name):
        executor = MigrationExecutor(connection)
        django = [leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] in DJANGO]
        executor.migrate([*django, *leaves(release)])
    with connected(name) as owner:
        owner.execute((release / "rows.sql").read_text())


def migrated(name):
    with speaking_to(name):
        call_command("migrate", verbosity=0)


def columns(owner):
    found = {}
    for table, column in owner.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " ORDER BY table_name, ordinal_position").fetchall():
        found.setdefault(table, []).append(column)
    return found


def rows(owner):
    """Table -> primary key -> column -> value, all of it as text."""
    keys = dict(owner.execute(
        "SELECT conrelid::regclass::text, (SELECT array_agg(attname ORDER BY attname) FROM pg_attribute"
        " WHERE attrelid = conrelid AND attnum = ANY(conkey)) FROM pg_constraint"
        " WHERE contype = 'p' AND connamespace = 'public'::regnamespace").fetchall())
    found = {}
    for table, names in columns(owner).items():
        shown = ", ".join(f'"{name}"::text' for name in names)
        lines = [dict(zip(names, line, strict=True)) for line in owner.execute(f'SELECT {shown} FROM "{table}"')]
        found[table] = {tuple(line[name] for name in keys[table]): line for line in lines}
    return found


def losses(before, after):
    """What was there and is not, or is another: tables, columns, rows, values."""
    for table, lines in before.items():
        if table not in after:
            yield f"{table}: the table is gone"
            continue
        for key, line in lines.items():
            found = after[table].get(key)
            if found is None:
                yield f"{table} {key}: the row is gone"
                continue
            for name, value in line.items():
                if name not in found:
                    yield f"{table}.{name}: the column is gone"
                elif found[name] != value and f"{table}.{name}" not in REWRITTEN:
                    yield f"{table}.{name} {key}: {value!r} became {found[name]!r}"


@pytest.mark.parametrize("release", RELEASES, ids=lambda folder: folder.name)
def test_what_a_release_ran_is_never_edited(release):
    for line in (release / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split()
        assert hashlib.sha256((Path(settings.BASE_DIR) / name).read_bytes()).hexdigest() == digest, (
            f"{name} ran at customers': write another migration")


def sources(migration):
    """The SQL files that a migration runs, as paths from the project's root."""
    folder = Path(sys.modules[type(migration).__module__].__file__).parent
    return [str((folder / "sql" / f"{block.name}.sql").relative_to(settings.BASE_DIR))
            for block in migration.operations if isinstance(block, RunBlock)]


@pytest.mark.parametrize("release", RELEASES, ids=lambda folder: folder.name)
def test_its_sums_are_of_all_that_it_ran(release):
    graph = MigrationLoader(None).graph
    ran = {key for leaf in leaves(release) for key in graph.forwards_plan(leaf)}
    summed = {line.split()[1] for line in (release / "SHA256SUMS").read_text().splitlines()}
    assert {path for key in ran for path in sources(graph.nodes[key])} == summed


@pytest.mark.parametrize("release", RELEASES, ids=lambda folder: folder.name)
def test_a_database_of_an_earlier_release_becomes_todays_without_loss(release, earlier):
    name = earlier(release)
    with connected(name) as owner:
        before = rows(owner)
        names = columns(owner)
    for table in set(before) - FILLED_BY_MIGRATE:
        lines = before[table].values()
        assert len(lines) >= 2, f"{release.name}/rows.sql has too few rows of {table}"
        empty = [column for column in names[table] if all(line[column] is None for line in lines)]
        assert not empty, f"{release.name}/rows.sql says nothing of {table}.{empty}"
    migrated(name)
    with connected(name) as owner, owner_connection() as today:
        after = rows(owner)
        assert list(losses(before, after)) == []
        schema = catalog(today)
        assert {part: lines for part, lines in catalog(owner).items() if lines != schema[part]} == {}
        for _app, block in blocks():  # run again they change no row either
            owner.execute(block.text)
        assert rows(owner) == after


@pytest.mark.parametrize("release", RELEASES, ids=lambda folder: folder.name)
def test_a_release_that_still_runs_writes_into_todays_schema(release, database):
    """While a new release starts, the one before it goes on: what it wrote, it can still write."""
    name = database()
    migrated(name)
    with connected(name) as owner:
        owner.execute((release / "rows.sql").read_text())


MUTILATIONS = {  # what an evolution may do without knowing it, and where it is seen
    "DELETE FROM patient_words WHERE word = 'tomi'": "patient_words (",
    "ALTER TABLE patients DROP COLUMN member_number": "patients.member_number: the column",
    "ALTER TABLE patients RENAME member_number TO affiliate": "patients.member_number: the column",
    "UPDATE chat_messages SET text = left(text, 3)": "chat_messages.text (",
    "UPDATE tenants SET consultation_price = NULL": "tenants.consultation_price (",
    "ALTER TABLE accounting_transactions ALTER covered_by_insurance TYPE numeric(12, 1)":
        "accounting_transactions.covered_by_insurance (",
    "DROP TABLE record_drafts": "record_drafts: the table",
    "DELETE FROM django_migrations": "django_migrations (",
    "UPDATE tenants SET name = name": None,  # what changes nothing is no loss
}


@pytest.mark.parametrize(("mutilation", "told"), MUTILATIONS.items())
def test_an_evolution_that_loses_something_is_found(mutilation, told, earlier):
    name = earlier(RELEASES[0])
    with connected(name) as owner:
        before = rows(owner)
        owner.execute(mutilation)
        found = list(losses(before, rows(owner)))
    assert found if told else not found
    assert all(line.startswith(told) for line in found)


FORGOTTEN = [
    "PERFORM dl_link('leads', 'patient_id', 'patients');",
    "PERFORM dl_tenant_table('leads', 'SELECT, INSERT, UPDATE');",
    "ALTER TABLE users ADD COLUMN IF NOT EXISTS email_confirmed_at timestamptz;",
]


@pytest.mark.parametrize("line", FORGOTTEN)
def test_an_evolution_that_forgets_something_is_found(line, earlier):
    """A database that is already there must get all that a new one gets."""
    name = earlier(RELEASES[0])
    texts = [block.text for _app, block in blocks()]
    assert any(line in text for text in texts)
    with connected(name) as owner, owner_connection() as today:
        for text in texts:
            owner.execute(text.replace(line, ""))
        assert catalog(owner) != catalog(today)
        for text in texts:
            owner.execute(text)
        assert catalog(owner) == catalog(today)


def test_one_leaf_an_app():
    graph = MigrationLoader(None).graph
    for app in OURS:
        assert len(graph.leaf_nodes(app)) == 1, f"{app} has {graph.leaf_nodes(app)}"
    assert {app for app, _block in blocks()} <= set(OURS)
