"""What is not sent to PostgreSQL changes nothing of what a dialogue sees, keeps or forgets."""
from contextlib import contextmanager

import pytest
from django.db import connection

from clinics import tenancy
from clinics.models import Professional
from messaging.evaluation.quiet import quiet
from messaging.evaluation.stage import undone

SELECT = "SELECT count(*) FROM professionals"


@contextmanager
def heard():
    """What PostgreSQL is told inside."""
    told = []

    def listen(execute, sql, params, many, context):
        told.append(sql)
        return execute(sql, params, many, context)

    with undone(), quiet(connection), connection.execute_wrapper(listen):
        yield told


def hire(name):
    return Professional.objects.create(first_name=name, last_name=name, folded=name)


def count():
    with connection.cursor() as cursor:
        cursor.execute(SELECT)
        return cursor.fetchone()[0]


@pytest.fixture
def here(arrayan):
    with tenancy.tenant_context(arrayan.pk):
        yield arrayan


@pytest.mark.django_db
def test_reading_sends_no_savepoint_and_says_the_clinic_once(here):
    with heard() as told:
        for _time in range(3):
            with tenancy.atomic(), tenancy.atomic():
                count()
    assert told == [f"""SET LOCAL "app.tenant_id" TO '{here.pk}'""", SELECT, SELECT, SELECT]


@pytest.mark.django_db
def test_what_was_written_in_a_failed_part_is_gone_and_the_rest_stays(here):
    with heard(), tenancy.atomic():
        hire("ana")
        with pytest.raises(ZeroDivisionError), tenancy.atomic(), tenancy.atomic():
            hire("brenda")
            raise ZeroDivisionError
        with pytest.raises(ZeroDivisionError), tenancy.atomic():
            assert count() == 1
            raise ZeroDivisionError
        with tenancy.atomic():
            hire("carla")
        assert sorted(Professional.objects.values_list("first_name", flat=True)) == ["ana", "carla"]
    with tenancy.atomic():
        assert not Professional.objects.exists()


@pytest.mark.django_db
def test_each_clinic_is_asked_as_itself_and_none_as_none(arrayan, bosque):
    with heard():
        with tenancy.tenant_context(arrayan.pk), tenancy.atomic():
            hire("ana")
            with tenancy.tenant_context(bosque.pk), tenancy.atomic():
                assert count() == 0
                hire("beto")
                hire("berta")
            assert count() == 1
            with pytest.raises(ZeroDivisionError), tenancy.tenant_context(bosque.pk), tenancy.atomic():
                hire("bruno")
                raise ZeroDivisionError
            with tenancy.tenant_context(bosque.pk), tenancy.atomic():
                assert count() == 2
            assert count() == 1
        assert count() == 0
        with tenancy.tenant_context(bosque.pk), tenancy.atomic():
            assert count() == 2
