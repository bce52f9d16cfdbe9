"""`bin/dev` as real processes on embedded servers of their own, for tests that kill them."""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import psycopg

from dentalogic import keys
from tests import prepared
from tests.fakes.whatsapp import deliver

ROOT = Path(__file__).parents[2]
READY_SECONDS = 150


class Installation:
    """`bin/dev` in a folder of its own, with the demo's first clinic."""

    def __init__(self, data, provider):
        self.data, self.port = data, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        environment = prepared.environment() | {
            "YCLOUD_API_BASE": provider, "QUIET_SECONDS": "1", "TURN_LEASE": "10", "OUTBOX_DOUBT": "15"}
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


@contextmanager
def running(provider):
    """An installation that talks to the provider at that address, ready; it ends and is forgotten with the block.

    Not in pytest's own folder: each run of pytest shuts that for everybody else, and the database's account passes
    through it.
    """
    folder = Path(tempfile.mkdtemp(prefix="dentalogic-killed-"))
    folder.chmod(0o711)
    prepared.copy_to(folder / "data")
    installation = Installation(folder / "data", provider)
    try:
        installation.until_ready()
        yield installation
    finally:
        installation.end()
        shutil.rmtree(folder, ignore_errors=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
