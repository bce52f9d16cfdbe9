"""Without the tables of sales: everything else works, nobody sees more, and only sales say that they are not there."""
import pytest
from django.db import IntegrityError, ProgrammingError, connection, models, transaction
from django.http import Http404

from clinics import modules, naming, tenancy
from clinics.access import Role
from clinics.management.commands.write_foundation import blocks
from clinics.modules import ModuleNotAvailable
from dentalogic.lib.refusals import Refusal
from messaging.leads.models import Lead, Seller
from messaging.leads.rights import MODULE
from tests.agenda.factories import AppointmentFactory
from tests.conftest import owner_connection
from tests.factories import PASSWORD
from tests.leads.factories import LeadFactory, SellerFactory
from tests.messaging.factories import ConversationFactory
from tests.patients.factories import PatientFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def drop(db):
    """Drops some of the module's tables, as the owner, when it is called; the block makes them again at the end."""
    def now(*tables):
        with owner_connection() as owner:
            owner.execute("DROP TABLE " + ", ".join(tables or MODULE.tables) + " CASCADE")

    yield now
    with owner_connection() as owner:
        owner.execute("DROP TABLE IF EXISTS " + ", ".join(MODULE.tables))
        for app, block in blocks():
            if app == MODULE.label:
                owner.execute(block.text)
    assert MODULE.there()


@pytest.fixture
def world(arrayan, people, sellers, within):
    """The setter and the closer have a lead each, whose person is a patient with a conversation and a visit."""
    found = {}
    with within(arrayan):
        for role in ("setter", "closer"):
            patient = PatientFactory()
            talk = ConversationFactory(patient=patient)
            LeadFactory(patient=patient, conversation=talk, **{role: sellers[role]})
            found[role] = (patient, talk, AppointmentFactory(patient=patient, created_by=people[role].user))
    return found


@pytest.fixture
def unlimited(settings):
    settings.RATELIMIT_ENABLE = False


def plain_addresses():
    """Every address of ours that is read without an id."""
    routes = {one.route for one in naming.addresses()}
    return sorted(f"/{route}" for route in routes - {"logout", "admin/logout/"} if not set(route) & set("<("))


def walk(client, found):
    """Address -> status, over all that can be asked by GET, and what there is of one person."""
    of_people = [url for patient, talk, visit in found.values() for url in (
        f"/patients/{patient.pk}/", f"/api/v1/patients/{patient.pk}", f"/inbox/{talk.pk}/",
        f"/api/v1/conversations/{talk.pk}/messages", f"/api/v1/appointments/{visit.pk}")]
    client.raise_request_exception = False
    return {url: client.get(url).status_code for url in [*plain_addresses(), *of_people]}


@pytest.mark.parametrize("role", [*Role.values, None])
def test_everything_else_answers_as_before(role, world, client_as, client, drop, unlimited):
    asks = client_as(role) if role else client
    before = walk(asks, world)
    drop()
    after = walk(asks, world)
    sales = {url for url in before if url.startswith(("/api/v1/leads", "/admin/leads/"))}
    of_ones_own = set()
    if role in world:  # what a seller reached through their leads is shut, not open
        patient, talk, _visit = world[role]
        of_ones_own = {url for url in before if url in (
            f"/patients/{patient.pk}/", f"/api/v1/patients/{patient.pk}", f"/inbox/{talk.pk}/",
            f"/api/v1/conversations/{talk.pk}/messages")}
        assert {before[url] for url in of_ones_own} == {200}
        assert {after[url] for url in of_ones_own} == {404}
    for url in set(before) - sales - of_ones_own - {"/healthz"}:
        assert after[url] == before[url] and after[url] < 500, url
    for url in sales:  # who was let in hears that it is not there, and nobody else hears anything new
        assert after[url] == (503 if before[url] == 200 else before[url]), url


@pytest.mark.parametrize("role", Role.values)
def test_one_still_logs_in(role, people, drop, client, unlimited):
    drop()
    answer = client.post("/login", {"email": people[role].user.email, "password": PASSWORD, "next": "/agenda/"})
    assert (answer.status_code, answer.headers.get("Location")) == (302, "/agenda/")
    assert client.get("/agenda/").status_code == 200


def test_a_closed_door_says_why_and_nobody_elses_page_speaks_of_it(world, drop, client_as, api_as):
    drop()
    said = "Ventas no está disponible todavía"
    for role in ("setter", "closer"):
        page = client_as(role).get("/patients/")
        assert (page.status_code, said in page.content.decode()) == (200, True)
        assert api_as(role).get("/api/v1/patients").json()["count"] == 0
        assert api_as(role).get("/api/v1/conversations").json()["count"] == 0
    for role in ("ceo", "professional", "secretary"):
        assert said not in client_as(role).get("/patients/").content.decode()
    body = api_as("ceo").get("/api/v1/leads").json()
    assert (body["code"], body["fields"]) == ("module_not_available", {})
    with owner_connection() as owner:  # and that somebody asked is noted
        asked = owner.execute("SELECT payload FROM system_events WHERE path = '/api/v1/leads'").fetchall()
    assert asked == [({"capability": "leads.see", "status": 503},)]


def test_with_the_tables_there_no_page_speaks_of_it(world, client_as):
    assert "no está disponible todavía" not in client_as("setter").get("/patients/").content.decode()


@pytest.mark.parametrize("table", ["sellers", "leads", "lead_events"])
def test_half_a_module_is_no_module(world, drop, api_as, arrayan, people, within, table):
    with within(arrayan):
        lead = Lead.objects.of_setter(people["setter"].pk).get()
    drop(table)
    assert api_as("ceo").get(f"/api/v1/leads/{lead.pk}").status_code == 503
    assert api_as("setter").get("/api/v1/patients").json()["count"] == 0


def test_the_admin_leaves_the_section_out_and_its_pages_say_so(drop, client_as):
    assert "/admin/leads/" in client_as("ceo").get("/admin/").content.decode()
    drop()
    shown = client_as("ceo").get("/admin/")
    assert (shown.status_code, "/admin/leads/" in shown.content.decode()) == (200, False)
    for page in ("lead/", "seller/", "leadevent/", "lead/1/change/"):
        answer = client_as("ceo").get(f"/admin/leads/{page}")
        assert answer.status_code == 503 and "no está disponible" in answer.content.decode(), page
    assert client_as("ceo").get("/admin/clinics/professional/").status_code == 200


# The guard itself


def test_a_missing_table_does_not_end_the_transaction_of_whoever_asked(drop, arrayan, within):
    drop()
    with within(arrayan):
        patient = PatientFactory()
        with pytest.raises(ModuleNotAvailable), MODULE.guard():
            list(Lead.objects.all())
        assert type(patient).objects.get() == patient


OTHERS = [
    ("SELECT * FROM no_such_table", ProgrammingError), ("SELECT * FROM old_leads", ProgrammingError),
    ("SELECT no_such_column FROM patients", ProgrammingError), ("SELECT no_such_function()", ProgrammingError),
    ("SELECT 1 FROM", ProgrammingError), ("INSERT INTO tenants (slug) VALUES ('leads')", IntegrityError),
]


@pytest.mark.parametrize(("statement", "kind"), OTHERS)
@pytest.mark.parametrize("there", [True, False])
def test_no_other_error_is_taken_for_it(drop, arrayan, within, statement, kind, there):
    if not there:
        drop()
    with within(arrayan), pytest.raises(kind), MODULE.guard(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_column_that_sales_lack_is_a_fault(arrayan, within, drop):
    with owner_connection() as owner:
        owner.execute("ALTER TABLE leads DROP COLUMN score")
    try:
        with within(arrayan), pytest.raises(ProgrammingError), MODULE.guard():
            list(Lead.objects.all())
    finally:
        drop()  # and the block makes them whole


@pytest.mark.parametrize("raised", [Http404, Refusal, KeyError, tenancy.TenantNotSet])
def test_what_is_said_inside_passes_as_it_is(arrayan, within, drop, raised):
    drop()
    with within(arrayan), pytest.raises(raised) as told, MODULE.guard():
        raise raised("x")
    assert not isinstance(told.value, ModuleNotAvailable)


def test_what_was_written_inside_is_undone(arrayan, within, people, drop):
    drop("leads", "lead_events")
    with within(arrayan):
        with pytest.raises(ModuleNotAvailable), MODULE.guard():
            SellerFactory(membership=people["setter"])
            list(Lead.objects.all())
        assert not Seller.objects.exists()


def test_it_opens_no_tenant(arrayan):
    with pytest.raises(tenancy.TenantNotSet), MODULE.guard():
        list(Lead.objects.all())


def test_it_is_the_one_way_to_be_missing():
    """Whatever model the app gains is the module's; no table of another app is."""
    assert set(MODULE.tables) == {"leads", "sellers", "lead_events"}
    assert modules._all == [MODULE]
    others = {field.related_model._meta.db_table for model in (Lead, Seller) for field in model._meta.fields
              if isinstance(field, models.ForeignKey)}
    assert others - set(MODULE.tables) <= {"tenants", "memberships", "conversations", "patients", "sellers"}


def test_nothing_else_points_at_its_tables(owner):
    """What the rest links to could not be missing."""
    pointing = owner.execute(
        "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'").fetchall()
    assert {source for source, target in pointing if target in MODULE.tables} <= set(MODULE.tables)
    assert transaction.get_autocommit()
