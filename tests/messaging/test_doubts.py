"""A POST that nobody knows the end of: never a second one before the first is settled, shown when nobody tells."""
from datetime import timedelta

import pytest
from django.db import OperationalError

from clinics import tenancy
from messaging import doubts, outbox
from messaging.models import ChatMessage
from messaging.providers.base import Report

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
    post("status", status="delivered", externalId=clinic.row(message).external_id, wamid="wamid.late", id="out_late")
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




# Asking, and a person's word


def test_a_provider_that_can_tell_is_asked_before_anybody_doubts(clinic, say, at_noon, settings, monkeypatch):
    """No provider of today finds a message by our id; one that could would be asked by this job."""
    message, asked = say("hola"), []

    def find_sent(*, channel, key, external_id, ref):
        asked.append(external_id)
        return Report(
            event_id="", kind="asked", raw={}, external_id=external_id, ref="out_9", provider_id="wamid.9",
            status="queued")

    monkeypatch.setattr("messaging.providers.ycloud.find_sent", find_sent)
    with clinic:
        outbox._claimed(message.conversation_id)  # and then kill -9
        assert doubts.askable() == []
        at_noon.shift(timedelta(seconds=settings.OUTBOX_DOUBT / 2))
        assert doubts.askable() == [message.pk]
        doubts.ask(message_id=message.pk)
        assert doubts.askable() == []
    settled = clinic.row(message)
    assert (settled.status, settled.provider_ref, settled.posting_since) == ("sent", "out_9", None)
    assert asked == [clinic.row(message).external_id]


def test_an_attempt_that_may_have_gone_is_looked_for_before_the_next(clinic, say, whatsapp, at_noon, monkeypatch):
    message = say("hola")
    monkeypatch.setattr("messaging.providers.ycloud.find_sent", lambda **who: Report(
        event_id="", kind="asked", raw={}, external_id=who["external_id"], ref="out_9", status="delivered"))
    whatsapp.script.append(500)
    clinic.send()
    at_noon.shift(timedelta(minutes=5))
    clinic.send()
    assert whatsapp.sent == []
    assert clinic.row(message).status == "delivered"


def test_what_the_provider_never_told_of_is_asked_for(clinic, say, whatsapp, at_noon):
    """Its webhook was lost: WhatsApp refused the message, and nobody here would ever know."""
    message = say("hola")
    clinic.send()
    with clinic:
        assert doubts.unreported() == []
        at_noon.shift(doubts.SILENT + timedelta(seconds=1))
        assert doubts.unreported() == [message.pk]
        doubts.ask(message_id=message.pk)
    assert clinic.row(message).status == "sent"  # it is on its way still
    whatsapp.kept["out_1"] |= {"status": "failed", "errorCode": "131026"}
    with clinic:
        doubts.ask(message_id=message.pk)
        assert doubts.unreported() == []
    assert (clinic.row(message).status, clinic.row(message).error_code) == ("failed", "131026")


@pytest.mark.parametrize(("went", "status"), [(True, "sent"), (False, "failed")])
def test_a_person_knows_what_became_of_it(clinic, say, whatsapp, secretary, went, status):
    message = say("hola")
    with clinic, tenancy.atomic():
        ChatMessage.objects.filter(pk=message.pk).update(error_code="in_doubt")
    with clinic:
        doubts.decide(message=message, by=secretary, went=went)
        with pytest.raises(doubts.NotInDoubt):
            doubts.decide(message=message, by=secretary, went=went)
    clinic.send()
    assert (clinic.row(message).status, whatsapp.sent) == (status, [])
