"""The jobs' edges: what a sweeper asks for, and how often."""
from datetime import timedelta

import pytest
from django.core.cache import cache

from messaging import tasks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


@pytest.fixture
def asked(monkeypatch):
    """What was put on the queue, as `(task, tenant, conversation)`."""
    seen = []
    for task in (tasks.take_turn, tasks.send):
        monkeypatch.setattr(task, "_enqueue", lambda message, countdown, name=task.name: seen.append(
            (name.rpartition(".")[2], message["tenant_id"], message["conversation_id"])))
    return seen


def test_a_sweeper_asks_once_for_what_is_overdue(
        writes, clinic, asked, at_noon, django_capture_on_commit_callbacks, whatsapp):
    writes("hola")
    at_noon.shift(timedelta(seconds=11))
    row = clinic.conversation()
    with django_capture_on_commit_callbacks(execute=True):
        for _sweep in range(3):
            tasks.sweep_turns()
    assert asked == [("take_turn", row.tenant_id, row.pk)]
    tasks.take_turn(tenant_id=row.tenant_id, conversation_id=row.pk)
    at_noon.shift(timedelta(seconds=3))
    asked.clear()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.sweep_turns()
        tasks.sweep_outbox()
    assert asked == [("send", row.tenant_id, row.pk)]
    tasks.send(tenant_id=row.tenant_id, conversation_id=row.pk)
    assert whatsapp.texts() == ["Hola, soy la recepcionista."]


def test_it_asks_again_when_the_job_was_lost(writes, asked, at_noon, django_capture_on_commit_callbacks):
    writes("hola")
    at_noon.shift(timedelta(seconds=11))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.sweep_turns()
        cache.clear()  # its time came, or the server it was on was lost
        tasks.sweep_turns()
    assert len(asked) == 2


def test_a_sweep_settles_what_is_in_doubt(writes, clinic, answered, at_noon, settings):
    from messaging import outbox

    with clinic:
        outbox._claimed(answered.conversation_id)
    at_noon.shift(timedelta(seconds=settings.OUTBOX_DOUBT + 1))
    tasks.sweep_outbox()
    assert clinic.messages(direction="out")[0].in_doubt


def test_what_somebody_waits_for_has_a_queue_that_slow_turns_are_not_in():
    from dentalogic.celery import PARTS, PROMPT, ROUTES, SLOW, app

    app.loader.import_default_modules()
    assert set(ROUTES) <= set(app.tasks)  # none was renamed
    queues = {name: app.amqp.router.route({}, name)["queue"].name for name in (*ROUTES, "messaging.tasks.take_turn")}
    assert queues.pop("messaging.tasks.take_turn") == SLOW
    assert set(queues.values()) == {PROMPT}
    assert set(PARTS.values()) == {SLOW, PROMPT} <= set(app.amqp.queues)
