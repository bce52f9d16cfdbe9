"""A POST that nobody knows the end of: never a second one before the first is settled, shown when nobody tells."""
from datetime import timedelta

import pytest
from django.db import OperationalError

from clinics import tenancy
from messaging import doubts, outbox
from messaging.models import ChatMessage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


# In doubt


@pytest.fixture
def short_patience(monkeypatch):
    from dentalogic.lib import http

    call = http.call
    monkeypatch.setattr(http, "call", lambda *how, **more: call(*how, **{**more, "seconds": 0.3}))


@pytest.mark.usefixtures("short_patience")
@pytest.mark.parametrize("step", ["hang", "lost"])
def test_a_timeout_is_unknown_and_nothing_is_sent_again(clinic, say, whatsapp, at_noon, settings, step):
    message, behind = say("hola"), say("y después")
    whatsapp.script.append(step)
    clinic.send()
    accepted = len(whatsapp.sent)
    at_noon.shift(timedelta(seconds=settings.OUTBOX_DOUBT - 1))
    clinic.send()
    assert len(whatsapp.sent) == accepted
    assert clinic.row(behind).status == "queued"
    at_noon.shift(timedelta(seconds=2))
    with clinic:
        doubts.show()
    doubtful = clinic.row(message)
    assert (doubtful.status, doubtful.in_doubt, doubtful.attempts) == ("queued", True, 1)
    assert clinic.conversation().waiting_since is not None
    clinic.send()
    assert whatsapp.texts()[accepted:] == ["y después"]  # what came after goes on; the doubtful one does not


@pytest.mark.usefixtures("short_patience")
@pytest.mark.parametrize("shown", [False, True])
def test_a_report_settles_the_doubt(clinic, say, whatsapp, post, at_noon, settings, shown):
    message = say("hola")
    whatsapp.script.append("hang")
    clinic.send()
    if shown:
        at_noon.shift(timedelta(seconds=settings.OUTBOX_DOUBT + 1))
        with clinic:
            doubts.show()
    post("status", status="delivered", externalId=message.external_id, wamid="wamid.late", id="out_late")
    settled = clinic.row(message)
    assert (settled.status, settled.error_code, settled.provider_id) == ("delivered", "", "wamid.late")
    at_noon.shift(timedelta(minutes=5))
    with clinic:
        doubts.show()
    clinic.send()
    assert whatsapp.texts() == ["hola"]
    assert clinic.row(message).status == "delivered"


def test_a_worker_that_dies_in_the_middle_of_a_post_leaves_a_doubt(clinic, say, whatsapp, at_noon, settings):
    message = say("hola")
    with clinic:
        outbox._claimed(message.conversation_id)  # and then kill -9
    clinic.send()
    assert whatsapp.sent == []
    at_noon.shift(timedelta(seconds=settings.OUTBOX_DOUBT + 1))
    with clinic:
        doubts.show()
    assert clinic.row(message).in_doubt


def test_how_a_post_ended_is_written_through_a_restart_of_the_database(clinic, say, whatsapp, monkeypatch):
    message, pauses, real = say("hola"), [], outbox._accepted

    def away_twice(*how):
        if len(pauses) < 2:
            raise OperationalError("the database is starting up")
        return real(*how)

    monkeypatch.setattr(outbox, "_accepted", away_twice)
    monkeypatch.setattr(outbox.time, "sleep", pauses.append)
    clinic.send()
    assert len(whatsapp.sent) == 1
    assert clinic.row(message).status == "sent"


@pytest.mark.parametrize("state", [{"status": "failed", "error_code": "131026"}, {"error_code": "in_doubt"}])
def test_a_person_may_send_it_anew(clinic, say, whatsapp, secretary, state):
    message = say("hola")
    with clinic, tenancy.atomic():
        ChatMessage.objects.filter(pk=message.pk).update(**state)
    clinic.send()
    assert whatsapp.sent == []
    with clinic:
        outbox.again(message=message, by=secretary)
    clinic.send()
    assert whatsapp.texts() == ["hola"]
    with clinic:
        outbox.again(message=message, by=secretary)
    clinic.send()
    assert whatsapp.texts() == ["hola"]


