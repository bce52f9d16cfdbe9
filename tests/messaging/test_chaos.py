"""A minute of patients who write, while worker, sender, Valkey, PostgreSQL and the provider are killed at random.

`CHAOS_SECONDS` makes it longer or shorter, `CHAOS_SEED` repeats the kills of a run (its seed is in what it says).
"""
import os
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count

import psycopg
import pytest

from tests import payloads
from tests.fakes.killable import Process
from tests.fakes.whatsapp import report
from tests.messaging.installation import free_port, running

pytestmark = pytest.mark.crash
SECONDS = int(os.environ.get("CHAOS_SECONDS", "60"))
SEED = int(os.environ.get("CHAOS_SEED", "0")) or random.SystemRandom().randrange(1, 10**9)
VICTIMS = ("worker", "sender", "valkey", "postgres", "provider")
PEOPLE, WRITERS = 24, 6
BETWEEN_KILLS = (3.0, 6.0)
RECOVERY_SECONDS = 120
SAYS = (
    "hola", "quiero un turno para limpieza", "¿atienden los sábados?", "gracias", "¿cuánto sale?", "mañana a la tarde")


@pytest.fixture
def provider(tmp_path):
    process = Process(tmp_path, free_port())
    process.start()
    yield process
    process.kill()


@pytest.fixture
def installation(provider):
    with running(provider.base) as found:
        yield found


def test_after_a_minute_of_kills_everything_is_there_once(installation, provider):
    traffic = Traffic(installation, provider, random.Random(SEED))
    traffic.run(SECONDS)
    until_at_rest(installation)
    traffic.until_all_is_told()
    said = f"seed {SEED}, killed {traffic.killed}, accepted {len(traffic.accepted)}"

    kept = dict(installation.rows(
        "SELECT provider_id, count(*) FROM chat_messages WHERE direction = 'in' AND provider_id LIKE 'wamid.chaos.%' "
        "GROUP BY 1"))
    assert set(traffic.accepted) <= set(kept), f"an accepted webhook is no message ({said})"
    assert set(kept.values()) == {1}, f"a webhook is two messages ({said})"

    sent = Counter(int(one["externalId"].split("-")[2]) for one in provider.taken())
    assert set(sent.values()) == {1}, f"a row was posted twice ({said})"
    for number, status, error in installation.rows(
            "SELECT id, status, error_code FROM chat_messages WHERE direction = 'out' AND created_at > now() - "
            "interval '1 hour' AND conversation_id IN (SELECT conversation_id FROM chat_messages WHERE provider_id "
            "LIKE 'wamid.chaos.%')"):
        went = number in sent
        doubtful = status == "queued" and error == "in_doubt"
        assert doubtful or went == (status in ("sent", "delivered", "read")), (
            f"message {number} is {status} {error}, at the provider: {went} ({said})")

    twice = installation.rows(
        "SELECT conversation_id, upto_message_id, count(*) FROM turns WHERE outcome = 'answered' "
        "GROUP BY 1, 2 HAVING count(*) > 1")
    assert twice == [], f"a turn was answered twice ({said})"
    unanswered = installation.rows(
        "SELECT c.id FROM conversations c JOIN chat_messages m ON m.conversation_id = c.id AND m.id > c.answered_upto "
        "WHERE m.provider_id LIKE 'wamid.chaos.%' AND c.attended_by = 'receptionist'")
    assert unanswered == [], f"a message was answered by nobody ({said})"
    assert len(traffic.accepted) > SECONDS, said
    assert set(traffic.killed) == set(VICTIMS) or SECONDS < 60, said


class Traffic:
    """Patients who write and a provider that redelivers and reports, until each was accepted; and who kills."""

    def __init__(self, installation, provider, chance):
        self.installation, self.provider, self.chance = installation, provider, chance
        self.accepted, self.killed, self.lock = [], Counter(), threading.Lock()
        self.numbers, self.over, self.told = count(), threading.Event(), 0

    def run(self, seconds):
        with ThreadPoolExecutor(WRITERS + 2) as pool:
            work = [pool.submit(self.write, random.Random(SEED + number)) for number in range(WRITERS)]
            work += [pool.submit(self.report), pool.submit(self.kill)]
            time.sleep(seconds)
            self.over.set()
            for one in work:
                one.result(90)

    def write(self, chance):
        while not self.over.is_set():
            number = next(self.numbers)
            body = payloads.ycloud(
                "text", event=f"evt_chaos_{number}", wamid=f"wamid.chaos.{number}", id=f"in_chaos_{number}",
                from_=f"+54934158{number % PEOPLE:05}", fromUserId=None, sendTime=None,
                text={"body": chance.choice(SAYS)})
            self.deliver(body)
            with self.lock:
                self.accepted.append(f"wamid.chaos.{number}")
            if chance.random() < 0.2:
                self.installation.post(body)  # a copy, whatever becomes of it
            time.sleep(chance.uniform(0.2, 0.8))

    def deliver(self, body):
        """As the provider does: again until it is taken."""
        for _attempt in range(180):
            if self.installation.post(body) == 200:
                return
            time.sleep(0.5)
        pytest.fail("a webhook was never accepted")

    def report(self):
        """How each message fares, but for one in ten that nobody ever hears of."""
        while not self.over.is_set():
            self.until_all_is_told()
            time.sleep(0.5)

    def until_all_is_told(self):
        taken = self.provider.taken()
        for kept in taken[self.told:]:
            if int(kept["id"].removeprefix("out_")) % 10:
                self.deliver(report(kept, "delivered"))
        self.told = len(taken)

    def kill(self):
        waiting = self.chance.sample(VICTIMS, len(VICTIMS))  # each once, and then whoever it meets
        while not self.over.wait(self.chance.uniform(*BETWEEN_KILLS)):
            victim = waiting.pop() if waiting else self.chance.choice(VICTIMS)
            if victim == "provider":
                self.provider.kill()
                time.sleep(self.chance.uniform(0, 2))
                self.provider.start()
            else:
                with suppress(OSError):  # it is down, and about to be started again
                    self.installation.kill(victim)
            self.killed[victim] += 1


def until_at_rest(installation):
    end = time.monotonic() + RECOVERY_SECONDS
    while (busy := _busy(installation)) != [(0, 0)]:
        assert time.monotonic() < end, f"not recovered: {busy}, seed {SEED}\n{installation.said()}"
        time.sleep(1)


def _busy(installation):
    try:
        return installation.rows("""SELECT
            (SELECT count(*) FROM conversations WHERE quiet_at IS NOT NULL OR claim IS NOT NULL),
            (SELECT count(*) FROM chat_messages WHERE direction = 'out' AND status = 'queued' AND provider_ref = ''
                AND error_code <> 'in_doubt')""")
    except psycopg.OperationalError as fault:
        return [(str(fault),)]
