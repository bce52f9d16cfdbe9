"""Every model x everything that can be asked of it: nothing of the other clinic is read, counted or changed."""
import pytest
from django.db import models

from clinics import tenancy
from tests.architecture.isolation import operations, registry, rows, specimens
from tests.architecture.isolation.rows import FOREIGN, OWN, tenant_models
from tests.conftest import owner_connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def inside(world):
    with tenancy.tenant_context(world["here"].pk), tenancy.atomic():
        yield world


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.label)
def test_nothing_of_the_other_clinic_is_read(inside, model):
    assert operations.read_faults(model, OWN, FOREIGN) == []


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.label)
def test_nothing_of_the_other_clinic_is_changed(inside, model):
    assert operations.write_faults(model, OWN, FOREIGN, inside["there"].pk) == []


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.label)
def test_raw_querysets_are_refused(inside, model):
    with pytest.raises(NotImplementedError):
        model.objects.raw("SELECT 1")


def test_the_registry_is_walled():
    assert registry.faults() == []


# The checks themselves


@pytest.fixture(scope="module")
def loose(world):
    """Tables that nobody walled, each with a row of both clinics."""
    kinds = (specimens.Unscoped, specimens.Unwalled)
    with owner_connection() as owner:
        for table in (kind._meta.db_table for kind in kinds):
            owner.execute(f"CREATE TABLE {table} (tenant_id int, id bigint, name text)")
            owner.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO dentalogic_app")
            owner.execute(f"INSERT INTO {table} VALUES (%s, %s, 'x'), (%s, %s, 'y')",
                          [world["here"].pk, OWN, world["there"].pk, FOREIGN])
    yield
    with owner_connection() as owner:
        for kind in kinds:
            owner.execute(f"DROP TABLE {kind._meta.db_table}")


def test_a_model_without_the_kernel_is_caught(loose, inside):
    found = operations.read_faults(specimens.Unscoped, OWN, FOREIGN)
    shown = {fault.split(": ", 1)[1].removesuffix(" shows another clinic's row") for fault in found}
    assert {f"{kind}: {name}" for kind, asks in operations.READS.items() for name in asks} <= shown
    found = operations.write_faults(specimens.Unscoped, OWN, FOREIGN, inside["there"].pk)
    for name in ("update", "save", "raw update", "delete", "raw delete", "raw insert", "move to the other clinic"):
        assert any(f": {name} reaches" in fault for fault in found), name


def test_a_table_without_a_policy_is_caught(loose, inside):
    assert [fault for fault in operations.read_faults(specimens.Unwalled, OWN, FOREIGN) if "cursor" in fault]
    found = " ".join(operations.write_faults(specimens.Unwalled, OWN, FOREIGN, inside["there"].pk))
    assert "raw update" in found and "raw delete" in found and "raw insert" in found


@pytest.mark.parametrize(("specimen", "fault"), [
    (specimens.Unscoped, "neither a TenantModel"), (specimens.OtherManager, "a manager that does not name"),
    (specimens.PlainLink, "a TenantForeignKey names both"), (specimens.ManyToMany, "a many-to-many link is a model"),
    (specimens.SharedFolder, "the place of a file begins with its clinic"),
])
def test_a_model_written_otherwise_is_caught(specimen, fault):
    assert any(fault in found for found in registry.faults([specimen]))


def test_a_field_that_the_row_maker_does_not_know_is_told():
    field = specimens.SharedFolder._meta.get_field("scan")
    field_of_no_kind = type("Odd", (models.Field,), {})(name="odd")
    field_of_no_kind.model = specimens.SharedFolder
    assert rows._value(specimens.SharedFolder, field, OWN, [], "")
    with pytest.raises(NotImplementedError, match="say in rows.py"):
        rows._value(specimens.SharedFolder, field_of_no_kind, OWN, [], "")
