"""What waits for its number keeps the clinic's hours, and what would be of no use any more does not go."""
from datetime import timedelta

import pytest

from clinics import tenancy
from messaging import outbox
from messaging.automations.kinds import Kind
from messaging.models import Channel
from tests.fakes.whatsapp import WhatsApp
from tests.messaging.automations.conftest import at


@pytest.fixture
def whatsapp(settings):
    server = WhatsApp(key="")
    settings.YCLOUD_API_BASE = server.base
    yield server
    server.close()


@pytest.fixture
def sweep(scene):
    """What the sweeper does."""

    def run():
        with tenancy.tenant_context(scene.tenant.pk):
            for pk in outbox.overdue():
                outbox.send(conversation_id=pk)

    return run


@pytest.fixture
def reminded(scene, whatsapp):
    """At ten to eight in the evening: the number rests, and the reminder of tomorrow at 15 waits."""
    scene.on(Kind.REMINDER)  # from 10 to 20
    scene.visit(at(15, day=25))
    scene.clock.move_to(at(19, 50))
    with scene.within():
        Channel.objects.update(held_until=at(20, 5), held_code="131042")
    scene.tend()
    return lambda: scene.messages()[0]


def test_a_reminder_that_waited_does_not_go_at_night(scene, reminded, sweep, whatsapp):
    sweep()
    scene.clock.move_to(at(3, day=25))
    sweep()
    assert whatsapp.sent == [] and reminded().status == "queued"
    assert reminded().scheduled_at == at(10, day=25)
    scene.clock.move_to(at(10, 1, day=25))
    sweep()
    assert len(whatsapp.sent) == 1 and reminded().status == "sent"


def test_nor_is_it_kept_for_an_hour_at_which_it_is_of_no_use(scene, reminded, sweep, whatsapp):
    with scene.within():
        type(reminded()).objects.update(send_before=at(9, day=25))
    scene.clock.move_to(at(20, 6))
    sweep()
    assert (reminded().status, reminded().error_code, whatsapp.sent) == ("failed", "too_late", [])


def test_in_the_hour_before_the_visit_it_is_of_no_use(scene, reminded, sweep, whatsapp):
    with scene.within():
        Channel.objects.update(held_until=at(14, 30, day=25))
    scene.clock.move_to(at(14, 31, day=25))
    sweep()
    assert (reminded().status, reminded().error_code) == ("failed", "too_late")


def test_what_a_person_tries_goes_at_any_hour(scene, whatsapp, sweep, ceo):
    from messaging.automations import trying

    scene.on(Kind.REMINDER)
    scene.clock.move_to(at(23))
    with scene.within():
        trying.send(kind=Kind.REMINDER, phone="+5493415550177", by=ceo)
    scene.clock.shift(timedelta(seconds=5))
    sweep()
    assert len(whatsapp.sent) == 1
