"""A broker that is away: whoever asks for a job does not wait for it again and again; sweepers take what is left."""
import socket
import types

import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from clinics import tasks
from clinics.tasks import TenantTask
from dentalogic.celery import configuration
from messaging.tasks import send


@pytest.fixture
def broker(monkeypatch):
    """Away; each attempt takes as long as it says."""
    made = types.SimpleNamespace(now=1000.0, takes=6.0, asked=0)

    def attempt(**_message):
        made.asked += 1
        made.now += made.takes
        raise OperationalError("away")

    monkeypatch.setattr(TenantTask, "rests_until", 0.0)
    monkeypatch.setattr(send, "apply_async", attempt)
    monkeypatch.setattr(tasks, "time", types.SimpleNamespace(monotonic=lambda: made.now))
    return made


def test_nobody_waits_for_it_twice_in_a_row(broker):
    for _job in range(5):
        send._enqueue({"tenant_id": 1}, 0)
    assert broker.asked == 1
    broker.now += tasks.REST + 1
    send._enqueue({"tenant_id": 1}, 0)
    assert broker.asked == 2


def test_one_that_refuses_at_once_is_asked_each_time(broker):
    broker.takes = 0.01
    for _job in range(5):
        send._enqueue({"tenant_id": 1}, 0)
    assert broker.asked == 5


def test_one_that_hears_and_never_answers_is_given_up():
    """Without a limit this would wait for ever."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        app = Celery("silent", broker=f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        options = configuration()["broker_transport_options"]
        app.conf.broker_transport_options = {**options, "socket_timeout": options["socket_timeout"] / 50}
        with pytest.raises(OperationalError):
            app.send_task("anything", retry=False)
