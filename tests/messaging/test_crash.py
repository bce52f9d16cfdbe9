"""kill -9 of the workers, of Valkey and of PostgreSQL in the middle of a burst of 200 webhooks.

Real processes as `bin/dev` runs and watches them, on embedded servers of their own, and a provider that behaves as
YCloud does: it redelivers what was not accepted, and reports what it was given.
"""
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests import payloads
from tests.fakes.whatsapp import WhatsApp, report
from tests.messaging.installation import running

pytestmark = pytest.mark.crash
BURST, SENDERS = 200, 8
RECOVERY_SECONDS = 180
KILLS = {40: "worker", 65: "sender", 90: "valkey", 140: "postgres"}  # after so many accepted webhooks


@pytest.fixture
def provider():
    fake = WhatsApp(key="")
    yield fake
    fake.close()


@pytest.fixture
def installation(provider):
    with running(provider.base) as found:
        yield found


def test_nothing_accepted_is_lost_and_nothing_is_answered_twice(installation, provider):
    provider.on_send = Reports(installation).tell
    send_the_burst(installation)
    until_at_rest(installation)

    kept = installation.rows(
        "SELECT provider_id, count(*) FROM chat_messages WHERE direction = 'in' AND provider_id LIKE 'wamid.burst.%' "
        "GROUP BY 1")
    assert sorted(kept) == sorted((f"wamid.burst.{number}", 1) for number in range(BURST))

    sent = [body["externalId"] for body in provider.sent]
    assert len(sent) == len(set(sent)), "a row was posted twice"
    answers = dict(installation.rows(
        "SELECT c.phone, count(*) FROM turns t JOIN conversations c ON c.id = t.conversation_id "
        "WHERE t.outcome = 'answered' AND c.phone LIKE '+54934156%' GROUP BY 1"))
    assert answers == {phone_of(number): 1 for number in range(BURST)}
    told = {body["to"] for body in provider.sent}
    shown = {row[0] for row in installation.rows(
        "SELECT DISTINCT c.phone FROM chat_messages m JOIN conversations c ON c.id = m.conversation_id "
        "WHERE m.error_code = 'in_doubt'")}
    untold = {phone_of(number) for number in range(BURST)} - told
    assert untold <= shown, "an answer neither went out nor is shown as in doubt"
    assert len(untold) <= 8  # at most what the worker's threads had in hand when it was killed


class Reports:
    """Tells how each message fares, again and again until it is taken, as the provider does."""

    def __init__(self, installation):
        self.installation, self.pool = installation, ThreadPoolExecutor(4)

    def tell(self, kept):
        self.pool.submit(self._tell, report(kept, "delivered"))

    def _tell(self, body):
        for _attempt in range(60):
            if self.installation.post(body) == 200:
                return
            time.sleep(1)


def send_the_burst(installation):
    accepted, lock, kills = [], threading.Lock(), dict(KILLS)

    def patient(number):
        body = payloads.ycloud(
            "text", event=f"evt_burst_{number}", wamid=f"wamid.burst.{number}", id=f"in_{number}",
            from_=phone_of(number), fromUserId=None, sendTime=None, text={"body": "hola"})
        for _attempt in range(120):
            if installation.post(body) == 200:
                break
            time.sleep(0.5)
        else:
            pytest.fail("a webhook was never accepted")
        with lock:
            accepted.append(number)
            victim = kills.pop(len(accepted), None)
        if victim:
            installation.kill(victim)
        if number % 5 == 0:
            assert installation.post(body) in (0, 200, 503)  # a copy

    with ThreadPoolExecutor(SENDERS) as senders:
        list(senders.map(patient, range(BURST)))
    assert kills == {}


def until_at_rest(installation):
    end = time.monotonic() + RECOVERY_SECONDS
    while (busy := _busy(installation)) != [(0, 0, 0)]:
        assert time.monotonic() < end, f"not recovered: {busy}\n{installation.said()}"
        time.sleep(1)


def _busy(installation):
    try:
        return installation.rows("""SELECT
            (SELECT count(*) FROM conversations WHERE quiet_at IS NOT NULL OR claim IS NOT NULL),
            (SELECT count(*) FROM chat_messages WHERE direction = 'out' AND status = 'queued' AND provider_ref = ''
                AND error_code <> 'in_doubt'),
            (SELECT count(*) FROM chat_messages WHERE direction = 'out' AND status = 'sent' AND provider_ref <> ''
                AND created_at > now() - interval '1 hour')""")
    except psycopg.OperationalError as fault:
        return [(str(fault),)]


def phone_of(number):
    return f"+54934156{number:05}"
