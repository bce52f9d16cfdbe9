"""One worker, jobs of two clinics and of none: each has its own tenant, and nothing of the job before."""
import queue
from uuid import uuid4

import pytest
from celery.contrib.testing.worker import start_worker
from django.db import connection

from clinics import tenancy
from clinics.patients.models import Patient
from clinics.tasks import TenantTask, each_tenant
from dentalogic.celery import app
from tests.patients.factories import PatientFactory

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 30  # seconds until a worker that does not answer is a failure


class Job(TenantTask):
    """Tells what became of it: a worker keeps no results."""

    said = queue.Queue()

    def __call__(self, *args, **kwargs):
        try:
            self.said.put(super().__call__(*args, **kwargs))
        except Exception as fault:
            self.said.put(type(fault))
            raise
        finally:
            connection.close()  # the thread's own: the next test empties the tables


@app.task(base=Job, name="tests.names", shared=False)
def names(*, rename="", fails=False):
    with tenancy.atomic():
        if rename:
            Patient.objects.update(first_name=rename)
        if fails:
            raise ArithmeticError("in the middle of it")
        return sorted(Patient.objects.values_list("first_name", flat=True))


@app.task(name="tests.nobodys", shared=False)
def nobodys():
    """A job that forgot to say whose it is."""
    try:
        with tenancy.atomic():  # where a clinic that was left behind would be spoken for
            Job.said.put(list(Patient.objects.values_list("first_name", flat=True)))
    except tenancy.TenantNotSet as fault:
        Job.said.put(type(fault))
    finally:
        connection.close()


@app.task(name="tests.everybodys", shared=False)
def everybodys():
    """As sweepers do: one clinic after the other, and no clinic when they are through."""
    seen = []
    for _tenant in each_tenant():
        with tenancy.atomic():
            seen.append(sorted(Patient.objects.values_list("first_name", flat=True)))
    Job.said.put(seen)
    connection.close()


@pytest.fixture
def clinics(arrayan, bosque, within):
    for tenant, name in ((arrayan, "Ana"), (bosque, "Bruno")):
        with within(tenant):
            PatientFactory(first_name=name)
    return arrayan.pk, bosque.pk


@pytest.fixture(scope="module")
def line():
    """The queue of a worker of one thread, which no other listens to."""
    name = f"test-{uuid4().hex}"
    with start_worker(app, pool="solo", perform_ping_check=False, queues=[name], loglevel="CRITICAL",
                      shutdown_timeout=PATIENCE):
        yield name


@pytest.fixture
def do(clinics, line):
    """`do(task, tenant_id=…)`: what the worker made of it."""

    def make(task, *args, **kwargs):
        task.apply_async(args=args, kwargs=kwargs, queue=line, retry=False)
        return Job.said.get(timeout=PATIENCE)

    return make


def test_two_jobs_in_one_worker_each_see_their_own_clinic(do, clinics):
    here, there = clinics
    assert [do(names, tenant_id=one) for one in (here, there, here)] == [["Ana"], ["Bruno"], ["Ana"]]


def test_a_job_without_a_clinic_sees_none_whoever_came_before_it(do, clinics):
    here, there = clinics
    assert do(nobodys) is tenancy.TenantNotSet
    for one in (here, there):
        do(names, tenant_id=one)
        assert do(nobodys) is tenancy.TenantNotSet


def test_a_clinics_job_that_was_sent_without_one_does_nothing(do, clinics):
    here, there = clinics
    do(names, tenant_id=here)
    assert do(names, rename="Nadie") is TypeError
    assert do(names, tenant_id=None, rename="Nadie") is TypeError
    assert do(names, there, rename="Nadie") is TypeError
    assert do(names, tenant_id="1; --", rename="Nadie") is TypeError
    assert [do(names, tenant_id=one) for one in clinics] == [["Ana"], ["Bruno"]]


def test_a_job_that_breaks_off_leaves_neither_its_work_nor_its_clinic_behind(do, clinics):
    here, there = clinics
    assert do(names, tenant_id=here, rename="Nadie", fails=True) is ArithmeticError
    assert do(nobodys) is tenancy.TenantNotSet
    assert [do(names, tenant_id=one) for one in (there, here)] == [["Bruno"], ["Ana"]]


def test_a_sweeper_walks_the_clinics_and_ends_in_none(do, clinics):
    assert do(everybodys) == [["Ana"], ["Bruno"]]
    assert do(nobodys) is tenancy.TenantNotSet


def test_what_a_clinics_job_writes_is_that_clinics(do, clinics):
    here, there = clinics
    assert do(names, tenant_id=there, rename="Berta") == ["Berta"]
    assert do(names, tenant_id=here) == ["Ana"]
