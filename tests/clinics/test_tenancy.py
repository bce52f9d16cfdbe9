import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from clinics import tenancy
from clinics.models import Credential, Membership, Professional, SystemEvent
from dentalogic.lib import clock
from tests.factories import MembershipFactory, ProfessionalFactory

pytestmark = pytest.mark.django_db


def test_a_query_without_a_tenant_raises(arrayan):
    with pytest.raises(tenancy.TenantNotSet):
        list(Professional.objects.all())


def test_a_query_outside_the_transaction_raises_too(arrayan):
    with tenancy.tenant_context(arrayan.pk), pytest.raises(tenancy.TenantNotSet):
        Professional.objects.count()


@pytest.mark.parametrize("ask", [
    lambda q: list(q.all()), lambda q: list(q.all()[:1]), lambda q: q.exists(), lambda q: q.exclude(pk=0).exists(),
    lambda q: q.count(), lambda q: q.aggregate(), lambda q: list(q.values("pk")), lambda q: list(q.all() | q.all()),
    lambda q: list(q.union(q.all())), lambda q: list(q.iterator()), lambda q: q.update(title="x"),
    lambda q: q.filter(pk=0).delete(), lambda q: q.create(first_name="x", last_name="x"),
    lambda q: q.bulk_create([Professional(first_name="x")]), lambda q: q.explain(), lambda q: q.first(),
    lambda q: list(q.filter(pk__in=q.values("pk"))), lambda q: q.get_or_create(first_name="x"),
    lambda q: q.in_bulk(), lambda q: q.latest("pk"),
])
def test_every_kind_of_query_refuses_without_a_tenant(arrayan, ask):
    with pytest.raises(tenancy.TenantNotSet), transaction.atomic():
        ask(Professional.objects)


def test_each_clinic_sees_its_own(arrayan, bosque, within):
    late = Professional.objects.filter(title="Dra.")  # written before any tenant is in scope
    with within(arrayan):
        mine = ProfessionalFactory()
    with within(bosque):
        theirs = ProfessionalFactory()
        assert list(late.all()) == [theirs]
    with within(arrayan):
        assert list(late.all()) == [mine]
        assert not Professional.objects.filter(pk=theirs.pk).exists()
        assert Professional.objects.filter(pk=theirs.pk).update(title="x") == 0


def test_the_database_alone_separates_clinics(arrayan, bosque, within):
    with within(bosque):
        ProfessionalFactory()
    with within(arrayan), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM professionals")
        assert cursor.fetchone() == (0,)
        cursor.execute("UPDATE professionals SET title = 'x'")
        assert cursor.rowcount == 0


def test_with_no_tenant_every_table_is_empty_for_raw_sql(arrayan, within):
    with within(arrayan):
        ProfessionalFactory()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM professionals")
        assert cursor.fetchone() == (0,)


def test_a_nested_scope_puts_the_former_one_back(arrayan, bosque, within):
    with within(arrayan):
        mine = ProfessionalFactory()
        with within(bosque):
            ProfessionalFactory()
        assert list(Professional.objects.all()) == [mine]
        with pytest.raises(ZeroDivisionError), within(bosque):
            1 / 0  # noqa: B018
        assert list(Professional.objects.all()) == [mine]


def test_a_scope_that_is_left_late_takes_no_other_away(arrayan, bosque):
    late = tenancy.tenant_context(arrayan.pk)
    late.__enter__()
    with tenancy.tenant_context(bosque.pk):
        late.__exit__(None, None, None)
        assert tenancy.current_tenant() == bosque.pk
    with pytest.raises(tenancy.TenantNotSet):
        tenancy.current_tenant()


def test_a_row_cannot_be_moved_to_another_clinic(arrayan, bosque, within):
    with within(arrayan):
        row = ProfessionalFactory()
        with pytest.raises(ProgrammingError), transaction.atomic():
            Professional.objects.filter(pk=row.pk).update(tenant_id=bosque.pk)
        row.tenant_id = bosque.pk
        with pytest.raises(tenancy.WrongTenant):
            row.save()


def test_a_row_cannot_point_at_another_clinics_row(arrayan, bosque, within):
    with within(bosque):
        theirs = MembershipFactory()
    with within(arrayan), pytest.raises(IntegrityError), transaction.atomic():
        ProfessionalFactory(membership_id=theirs.pk)


def test_deleting_one_row_names_the_tenant(here, django_assert_num_queries):
    row = Credential.objects.create(name="x", ciphertext="x", key_id="k", updated_at=clock.now())
    with django_assert_num_queries(1) as captured:
        row.delete()
    assert "tenant_id" in captured.captured_queries[0]["sql"]


def test_saving_and_refreshing_name_the_tenant(here, django_assert_num_queries):
    row = ProfessionalFactory()
    with django_assert_num_queries(2) as captured:
        row.save(update_fields=["title"])
        row.refresh_from_db()
    assert all('"tenant_id" = ' in query["sql"] for query in captured.captured_queries)


def test_system_events_are_never_changed(here):
    event = SystemEvent.objects.create(at=clock.now(), event="x")
    for change in (lambda: SystemEvent.objects.update(event="y"), event.delete):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()


def test_memberships_of_a_person_are_read_without_a_tenant(arrayan, bosque, within):
    from clinics.auth.identity import memberships_of  # noqa: PLC0415

    with within(arrayan):
        member = MembershipFactory()
        MembershipFactory()
    with within(bosque):
        MembershipFactory(user=member.user)
    assert [row["tenant_id"] for row in memberships_of(member.user)] == [arrayan.pk, bosque.pk]
    with within(arrayan):
        assert memberships_of(member.user)
        assert Membership.objects.filter(user=member.user).count() == 1
