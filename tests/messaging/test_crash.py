"""kill -9 of the worker, of Valkey and of PostgreSQL in the middle of a burst of 200 webhooks.

Real processes as `bin/dev` runs and watches them, on embedded servers of their own, and a provider that behaves as
YCloud does: it redelivers what was not accepted, and reports what it was given.
"""
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from dentalogic import keys
from tests import payloads
from tests.fakes.whatsapp import WhatsApp, deliver, report

pytestmark = pytest.mark.crash
ROOT = Path(__file__).parents[2]
BURST, SENDERS = 200, 8
READY_SECONDS, RECOVERY_SECONDS = 150, 90
KILLS = {40: "worker", 90: "valkey", 140: "postgres"}  # after so many accepted webhooks
NOT_OURS = (
    "DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "DENTALOGIC_", "DJANGO_", "JWT_", "OPENAI_", "PYTEST", "BENCH")


class Installation:
    """`bin/dev` in a folder of its own, with the demo's first clinic."""

    def __init__(self, data, fake):
        self.data, self.port = data, _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        environment = {name: value for name, value in os.environ.items() if not name.startswith(NOT_OURS)} | {
            "YCLOUD_API_BASE": fake.base, "QUIET_SECONDS": "1", "TURN_LEASE": "10", "OUTBOX_DOUBT": "15"}
        self.log = (data.parent / "dev.log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dentalogic.dev", "--port", str(self.port), "--data", str(data)],
            cwd=ROOT, env=environment, stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True)

    def until_ready(self):
        end = time.monotonic() + READY_SECONDS
        while not self.ready():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < end, self.said()
            time.sleep(0.3)
        demo = json.loads((self.data / "demo.json").read_text())
        self.channel = demo["channels"][0]

    def ready(self):
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return answer.status == 200 and (self.data / "demo.json").exists()
        except OSError:
            return False

    def said(self):
        return Path(self.log.name).read_text()[-3000:]

    def post(self, body):
        try:
            return deliver(self.url + self.channel["webhook_path"], body, self.channel["secret"], timeout=20)
        except OSError:
            return 0

    def kill(self, name):
        os.kill(json.loads((self.data / "run" / f"{name}.json").read_text())["pid"], signal.SIGKILL)

    def rows(self, query):
        secret = keys.load(self.data)["POSTGRES_PASSWORD"]
        port = json.loads((self.data / "ports.json").read_text())["postgres"]
        with psycopg.connect(
                host="127.0.0.1", port=port, user="postgres", password=secret, dbname="dentalogic") as database:
            return database.execute(query).fetchall()

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        finally:
            self.log.close()


@pytest.fixture
def provider():
    fake = WhatsApp(key="")
    yield fake
    fake.close()


@pytest.fixture
def installation(tmp_path, provider):
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o711)  # the database's account passes through
    made = Installation(tmp_path / "data", provider)
    try:
        made.until_ready()
        yield made
    finally:
        made.end()


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


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
