"""The demo is the widest world there is: both clinics have rows in nearly every table. Nothing of it leaks."""
import json
import stat

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from accounting import cash
from accounting.models import DailyCash
from clinics import access, tenancy
from clinics.models import Membership, Tenant
from clinics.patients import charting
from clinics.patients.models import ClinicalRecord, Patient
from messaging.demo import days, world
from messaging.leads.models import Lead, LeadEvent
from tests.architecture.test_schema import tenant_models

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demo(lasting, tmp_path_factory):
    """A short demo: fewer days, everything else as it is."""
    path = tmp_path_factory.mktemp("demo") / "demo.json"
    with lasting(), override_settings(DATA_DIR=path.parent), pytest.MonkeyPatch.context() as short:
        short.setattr(days, "PAST_DAYS", 2)
        short.setattr(days, "NEXT_DAYS", 1)
        call_command("seed_demo", verbosity=0)
    return json.loads(path.read_text()), path


def counts(cursor, tenant=None):
    found = {}
    for model in tenant_models():
        where = f" WHERE tenant_id = {tenant}" if tenant else ""
        cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"{where}')
        found[model._meta.db_table] = cursor.fetchone()[0]
    return found


def test_each_clinic_sees_its_rows_and_with_no_tenant_there_are_none(demo):
    tenants = list(Tenant.objects.order_by("pk"))
    seen = {}
    for tenant in tenants:
        with tenancy.tenant_context(tenant.pk), tenancy.atomic(), connection.cursor() as cursor:
            seen[tenant.pk] = counts(cursor)
            others = [other.pk for other in tenants if other != tenant]
            assert set(counts(cursor, others[0]).values()) == {0}, "raw SQL that asks for the other clinic"
    full = [table for table in seen[tenants[0].pk] if all(seen[tenant.pk][table] for tenant in tenants)]
    assert len(full) >= 15, full
    with connection.cursor() as cursor:
        assert set(counts(cursor).values()) == {0}


def test_the_file_tells_all_that_is_needed_and_only_its_owner(demo):
    said, path = demo
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {login["role"] for login in said["logins"] if login["tenant_id"] == said["logins"][0]["tenant_id"]} == {
        "ceo", "professional", "secretary", "setter", "closer"}
    assert all({"webhook_path", "secret", "number"} <= set(channel) for channel in said["channels"])
    assert len(said["channels"]) == len(world.CLINICS)


def test_its_cash_its_chains_and_its_people_are_as_the_product_would_have_them(demo):
    for tenant in Tenant.objects.all():
        with tenancy.tenant_context(tenant.pk), tenancy.atomic():
            for day in DailyCash.objects.all():
                assert all(getattr(day, name) == value for name, value in cash.recompute(day.day).items())
            signed = Patient.objects.filter(pk__in=ClinicalRecord.objects.values("patient"))
            assert all(charting.verify_chain(patient).intact for patient in signed)
            assert Membership.objects.filter(role="ceo", status="active").count() == 1


def test_who_sells_has_leads_and_reaches_their_people_alone(demo):
    for tenant in Tenant.objects.all():
        with tenancy.tenant_context(tenant.pk), tenancy.atomic():
            seen = {}
            for role in ("setter", "closer"):
                actor = Membership.objects.get(role=role).actor
                leads = access.visible(actor, "leads.see", Lead.objects.all())
                patients = access.visible(actor, "patients.see", Patient.objects.all())
                seen[role] = (leads.count(), patients.count())
            assert seen == {"setter": (3, 2), "closer": (1, 1)}
            assert all(LeadEvent.objects.of(lead).exists() for lead in Lead.objects.all())
