"""Every test's world: two clinics, the five roles, a database made by its owner and used as the application's role."""
import os
import time
from datetime import UTC, datetime
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client, TransactionTestCase
from rest_framework.test import APIClient

from clinics import tenancy
from clinics.auth import sessions
from tests import factories
from tests.architecture.isolation.listening import heard

KEPT = ("django_migrations", "django_content_type", "auth_permission")


LONG = {"test_dialogues", "test_fuzz", "test_served", "test_canaries", "test_module", "test_races"}  # in few tests


def pytest_collection_modifyitems(items):
    """Files go to the workers of pytest-xdist in this order."""
    items.sort(key=lambda item: item.path.stem not in LONG)


def owner_credentials():
    parts = urlsplit(os.environ["DATABASE_OWNER_URL"])
    return {"USER": parts.username, "PASSWORD": parts.password}


def owner_connection(**options):
    """A connection that passes by row level security: for set-up, and to look at what the application may not."""
    settings = connection.settings_dict
    owner = owner_credentials()
    return psycopg.connect(
        host=settings["HOST"], port=settings["PORT"], dbname=settings["NAME"], user=owner["USER"],
        password=owner["PASSWORD"], autocommit=True, **options)


def drop_database(owner, name):
    """PostgreSQL's own autovacuum may be in it, which only a superuser may end: it leaves by itself."""
    for pause in (0.2, 0.5, 1, 2, 4, None):
        try:
            return owner.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        except psycopg.errors.InsufficientPrivilege:
            if pause is None:
                raise
            time.sleep(pause)
    return None


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker, worker_id="master"):
    """Made and migrated by the owner; every test runs as the role that `DATABASE_URL` names."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    application = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
    name = os.environ.get("TEST_DATABASE_NAME") or f"test_{connection.settings_dict['NAME']}"
    connection.settings_dict["TEST"]["NAME"] = f"{name}_{worker}" if worker else name
    with django_db_blocker.unblock():
        connection.settings_dict.update(owner_credentials())
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connection.close()
        connection.settings_dict.update(application)
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict.update(owner_credentials())
        connection.creation.destroy_test_db(name, verbosity=0)


def truncate_as_owner(_testcase):
    """What Django's flush does after a test with real transactions; TRUNCATE is refused to the application's role."""
    connection.close()
    with owner_connection() as owner:
        tables = [row[0] for row in owner.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND NOT tablename = ANY(%s)", [list(KEPT)])]
        owner.execute("TRUNCATE " + ", ".join(f'"{table}"' for table in tables) + " CASCADE")


TransactionTestCase._fixture_teardown = truncate_as_owner


@pytest.fixture(scope="module")
def lasting(django_db_setup, django_db_blocker):
    """`with lasting():` rows that a module's tests look at; each test takes back what it did to them."""
    yield django_db_blocker.unblock
    with django_db_blocker.unblock():
        truncate_as_owner(None)


@pytest.fixture(autouse=True)
def _clean_cache():
    yield
    for one in caches.all():
        one.clear()


@pytest.fixture(autouse=True)
def _every_statement_and_key_names_its_clinic():
    """Of the whole run, not only of the tests that think of it."""
    heard.take()
    yield
    if faults := heard.take():
        pytest.fail("\n".join(faults), pytrace=False)


@pytest.fixture
def owner(db):
    """Autocommits on its own connection: sees what other connections have committed."""
    with owner_connection() as opened:
        yield opened


@pytest.fixture
def arrayan(db):
    return factories.TenantFactory(name="Clínica Arrayán", slug="arrayan")


@pytest.fixture
def bosque(db, arrayan):
    """The other clinic, always there, so that a leak has something to leak."""
    return factories.TenantFactory(name="Odontología Bosque", slug="bosque", timezone="America/Argentina/Cordoba")


@pytest.fixture
def here(arrayan, bosque):
    """A tenant's transaction open, as behind a door."""
    with tenancy.tenant_context(arrayan.pk), tenancy.atomic():
        yield arrayan


@pytest.fixture
def within():
    """`with within(bosque):` for what happens in another clinic, or behind another door."""

    class Within:
        def __init__(self, tenant):
            self.scope, self.block = tenancy.tenant_context(tenant.pk), None

        def __enter__(self):
            self.scope.__enter__()
            self.block = tenancy.atomic()
            return self.block.__enter__()

        def __exit__(self, *fault):
            self.block.__exit__(*fault)
            self.scope.__exit__(*fault)

    return Within


@pytest.fixture
def people(arrayan, bosque, within):
    """One active member of each role in Arrayán, the professional with a Professional row."""
    with within(arrayan):
        return factories.staff()


@pytest.fixture
def strangers(bosque, within):
    """The same cast in the other clinic."""
    with within(bosque):
        return factories.staff(domain="bosque.example")


@pytest.fixture
def client_as(people):
    """`client_as("secretary")`: a browser that is logged in."""
    return lambda role, member=None: logged_in(member or people[role])


def logged_in(member):
    client = Client()
    with tenancy.tenant_context(member.tenant_id), tenancy.atomic():
        refresh = sessions.begin(membership=member)
    client.cookies["dl_access"] = str(refresh.access_token)
    client.cookies["dl_refresh"] = str(refresh)
    return client


@pytest.fixture
def api_as(people, within):
    """`api_as("secretary")`: an API client with a bearer token."""

    def make(role, member=None):
        member = member or people[role]
        with within(member.tenant):
            token = sessions.begin(membership=member, bearer=True).access_token
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return client

    return make


@pytest.fixture
def noon():
    """Tuesday 24/11/2026, 12:00 in Buenos Aires."""
    return datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
