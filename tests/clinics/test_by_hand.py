"""What is written and read by hand is what the ORM writes and reads, behind the same walls."""
import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from clinics import by_hand, tenancy
from clinics.models import Professional
from tests.factories import MembershipFactory, ProfessionalFactory

HOURS = {"0": {"enabled": True, "slots": [{"start": "08:00", "end": "20:00"}]}}


@pytest.mark.django_db
class TestRows:
    def test_a_row_comes_back_as_the_orm_has_it(self, arrayan, within):
        with within(arrayan):
            one = by_hand.add(Professional(first_name="Ana", last_name="Ruiz", folded="ana ruiz", working_hours=HOURS))
            (read,) = by_hand.read(Professional, "first_name = %s OR last_name = %s", ["Ana", "Gil"], "ORDER BY id")
            same = Professional.objects.get(pk=one.pk)
            for field in Professional._meta.concrete_fields:
                said = [getattr(row, field.attname) for row in (one, read, same)]
                assert said[0] == said[1] == said[2], field
            assert not one._state.adding
            one.save()  # an UPDATE from here on
            assert Professional.objects.count() == 1

    def test_one_is_added_and_another_changed_together(self, arrayan, within):
        with within(arrayan):
            there = ProfessionalFactory()
            by_hand.add_and_write(Professional(first_name="Ana", last_name="Ruiz"), there, title="%s; 100 %")
            assert there.title == "%s; 100 %"
            assert Professional.objects.get(first_name="Ana").tenant_id == arrayan.pk
            assert Professional.objects.get(pk=there.pk).title == "%s; 100 %"

    def test_one_comes_with_what_it_leads_to(self, arrayan, within, django_assert_num_queries):
        with within(arrayan):
            member = MembershipFactory()
            one, free = ProfessionalFactory(membership=member), ProfessionalFactory(membership=None)
            with django_assert_num_queries(2):
                found = by_hand.get(Professional, one.pk, "membership", "tenant", locked=True)
                assert (found, found.membership, found.tenant) == (one, member, arrayan)
                assert found.membership.user_id == member.user_id
                assert by_hand.get(Professional, free.pk, "membership").membership is None
            with pytest.raises(Professional.DoesNotExist):
                by_hand.get(Professional, 0)

    def test_nothing_of_another_clinic(self, arrayan, bosque, within):
        with within(bosque):
            theirs = ProfessionalFactory()
        with within(arrayan):
            assert by_hand.read(Professional, "id = %s", [theirs.pk]) == []
            with pytest.raises(Professional.DoesNotExist):
                by_hand.get(Professional, theirs.pk)
            by_hand.write(theirs, title="x")  # its own clinic's number is in the statement, and row security behind it
            with pytest.raises(tenancy.WrongTenant):
                by_hand.add(Professional(tenant=bosque, first_name="Ana"))
        with within(bosque):
            assert Professional.objects.get(pk=theirs.pk).title != "x"

    def test_outside_a_transaction_of_the_tenant_it_refuses(self, arrayan):
        with tenancy.tenant_context(arrayan.pk), pytest.raises(tenancy.TenantNotSet):
            by_hand.read(Professional, "true", [])

    def test_a_broken_rule_is_djangos_error(self, arrayan, within):
        with within(arrayan):
            there = ProfessionalFactory()
            with pytest.raises(IntegrityError), transaction.atomic():
                by_hand.write(there, id=None)
        assert there.pk is not None


@pytest.mark.django_db(transaction=True)
class TestBegins:
    def test_the_transaction_and_its_scope_are_one_trip(self, arrayan, within):
        trips = []

        def note(execute, sql, params, many, context):
            trips.append(sql)
            return execute(sql, params, many, context)

        connection.ensure_connection()
        with connection.execute_wrapper(note), within(arrayan):
            assert trips == []
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_setting('app.tenant_id')")
                assert cursor.fetchone() == (str(arrayan.pk),)
        assert not connection.in_atomic_block

    def test_what_it_began_is_undone(self, arrayan, within):
        with pytest.raises(ZeroDivisionError), within(arrayan):
            ProfessionalFactory()
            raise ZeroDivisionError
        with within(arrayan):
            assert Professional.objects.count() == 0

    def test_a_server_that_went_away_is_an_operational_error(self, arrayan, within):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        other.close()
        with pytest.raises(OperationalError), within(arrayan):
            pass
        connection.close()
        with within(arrayan):
            assert Professional.objects.count() == 0
