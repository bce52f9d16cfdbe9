"""Doors, jobs, sockets, webhooks, files: none reaches the other clinic, and one that would is caught."""
from contextlib import suppress

import pytest
import time_machine
from celery import shared_task
from django.db import transaction
from django.test import Client

from clinics import live, tenancy
from clinics.models import SystemEvent
from clinics.tasks import TenantTask
from messaging import webhooks
from messaging.models import ChatMessage, MessageStatus
from tests import payloads
from tests.architecture.isolation import operations, rows, surfaces
from tests.architecture.isolation.rows import FOREIGN, NOON, OWN, SECRET, tenant_models
from tests.fakes.whatsapp import signed

of_tenants = [task for task in surfaces.tasks().values() if isinstance(task, TenantTask)]
sweepers = [
    task for name, task in surfaces.tasks().items() if "each clinic" in surfaces.OF_NO_CLINIC.get(name, "")]


@pytest.fixture
def frozen():
    webhooks._known.clear()  # another module's clinics had these addresses
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def untouched(world, db):
    """Whatever the test does, the other clinic's rows are as they were; its audit may say that it was knocked at."""
    there, kinds = world["there"].pk, [model for model in tenant_models() if model is not SystemEvent]
    before = {model: operations.fingerprint(model, there) for model in kinds}
    yield world
    assert [model.__name__ for model in kinds if operations.fingerprint(model, there) != before[model]] == []


# Who chooses the clinic


def test_only_doors_put_a_clinic_in_scope():
    assert surfaces.door_faults(surfaces.sources()) == []
    assert surfaces.stale() == []


def test_statements_by_hand_ask_the_kernel():
    assert surfaces.cursor_faults(surfaces.sources()) == []


@pytest.mark.parametrize(("check", "text"), [
    (surfaces.door_faults, "def view(request, pk):\n    with tenancy.tenant_context(pk):\n        return look()"),
    (surfaces.door_faults, "for tenant in each_tenant():\n    look()"),
    (surfaces.cursor_faults, "with connection.cursor() as one:\n    one.execute('SELECT 1')"),
    (surfaces.socket_faults, "layer.group_send('everybody', {})"),
    (surfaces.socket_faults, "layer.group_add(room, channel)"),
    (surfaces.socket_faults, "server.emit('NEW_MESSAGE', frame)"),
    (surfaces.socket_faults, "server.emit('NEW_MESSAGE', frame, room='all')"),
    (surfaces.socket_faults, "server.enter_room(sid, 'all')"),
])
def test_one_that_would_reach_another_clinic_is_caught(check, text):
    assert len(check({"agenda/somewhere.py": text})) == 1


# Jobs


def test_every_job_carries_its_clinic():
    assert surfaces.task_faults(surfaces.tasks()) == []


def test_a_job_without_a_clinic_is_caught():
    @shared_task(name="agenda.tasks.loose", bind=False)
    def loose(*, appointment_id):
        """Nobody's."""

    @shared_task(name="agenda.tasks.names", base=TenantTask)
    def names(*, patient_name):
        """It takes a name into the queue."""

    for task, fault in ((loose, "a job without a clinic"), (names, "jobs take ids alone")):
        found = surfaces.task_faults({task.name: surfaces.tasks()[task.name]})
        surfaces.current_app.tasks.unregister(task.name)
        assert [fault in one for one in found] == [True]


@pytest.mark.parametrize("task", of_tenants, ids=lambda task: task.name)
def test_a_job_of_one_clinic_does_nothing_to_the_other(frozen, untouched, task):
    here = untouched["here"].pk
    for number in (FOREIGN, rows.NOBODYS):
        with suppress(LookupError), transaction.atomic():
            assert task(tenant_id=here, **surfaces.ids_of(task, number)) is None
    with pytest.raises(tenancy.TenantNotSet):
        tenancy.current_tenant()
    with pytest.raises(TypeError):
        task(**surfaces.ids_of(task, OWN))


@pytest.mark.parametrize("task", sweepers, ids=lambda task: task.name)
@pytest.mark.django_db
def test_a_sweeper_leaves_no_clinic_in_scope(frozen, world, task):
    task()
    with pytest.raises(tenancy.TenantNotSet):
        tenancy.current_tenant()


# Webhooks


def posted(number, secret, name="text", **changes):
    body, headers = signed(payloads.ycloud(name, **changes), SECRET.format(secret))
    return Client().post(
        f"/webhooks/ycloud/{rows.public_id(number)}", body, content_type="application/json", headers=headers)


def test_a_webhook_signed_by_another_clinic_is_refused(frozen, untouched):
    assert posted(FOREIGN, OWN).status_code == 401
    assert posted(rows.NOBODYS, OWN).status_code == 404


def test_a_webhook_tells_its_own_clinic_alone(frozen, untouched):
    """Its person writes to both; a report that names the other clinic's message finds none."""
    assert posted(OWN, OWN, to=None).status_code == 200
    word, reference = rows.WORDS[FOREIGN], f"dl-{rows.public_id(OWN).hex[:12]}-{FOREIGN}"
    names = {"wamid": word, "id": word, "externalId": reference}
    assert posted(OWN, OWN, "status", from_=None, **names).status_code == 200
    with tenancy.tenant_context(untouched["here"].pk), tenancy.atomic():
        assert ChatMessage.objects.filter(text="hola, quiero una limpieza").count() == 1
        assert not MessageStatus.objects.filter(message=FOREIGN).exists()


# Sockets


def test_sockets_are_fed_by_clinic():
    assert surfaces.socket_faults(surfaces.sources()) == []


def test_nothing_is_said_without_a_clinic():
    with pytest.raises(tenancy.TenantNotSet):
        live.say("NEW_APPOINTMENT", appointment=7)
    with pytest.raises(tenancy.TenantNotSet):
        live.recheck(7)
