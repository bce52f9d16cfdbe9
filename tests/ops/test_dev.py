"""`bin/dev` from the moment the checkout is ready: watched parts, an end in order, a start after the worst end."""
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from dentalogic.processes import birth
from tests import prepared

pytestmark = pytest.mark.crash
ROOT = Path(__file__).resolve().parents[2]
PARTS = ("postgres", "valkey", "web", "worker", "sender", "beat")


class Dev:
    def __init__(self, data, port):
        self.data, self.url = data, f"http://127.0.0.1:{port}"
        self.output = (data.parent / f"{data.name}.out").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dentalogic.dev", "--port", str(port), "--data", str(data), "--no-demo"],
            stdout=self.output, stderr=subprocess.STDOUT, cwd=ROOT,
            env=prepared.environment(),
        )

    def said(self):
        return Path(self.output.name).read_text()

    def pids(self):
        return {name: json.loads((self.data / "run" / f"{name}.json").read_text())["pid"] for name in PARTS}

    def health(self):
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as answer:
            return answer.code
        except OSError:
            return 0

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        self.output.close()
        Path(self.output.name).unlink(missing_ok=True)


def until(condition, *, seconds):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.1)


@pytest.fixture
def dev(data):
    prepared.copy_to(data)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = []

    def start():
        made.append(Dev(data, port))
        until(lambda: made[-1].process.poll() is not None or "is ready" in made[-1].said(), seconds=90)
        assert f"Dentalogic is ready: {made[-1].url}" in made[-1].said()
        assert made[-1].health() == 200
        return made[-1]

    yield start
    for one in made:
        one.close()


def gone(pids):
    return not any(birth(pid) for pid in pids.values())


def test_dead_parts_are_started_again_and_the_end_is_in_order(dev):
    running = dev()
    before = running.pids()
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    until(lambda: len(re.findall("has ended", running.said())) == len(PARTS), seconds=10)
    until(lambda: running.health() == 200, seconds=30)
    after = running.pids()
    assert all(before[name] != after[name] for name in PARTS)
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(40) == 0
    assert running.said().rstrip().endswith("Ended.")
    assert gone(after)


def test_after_kill_9_of_who_watches_all_ends_and_the_next_start_recovers(dev):
    first = dev()
    pids = first.pids()
    first.process.kill()
    first.process.wait()
    second = dev()
    assert gone(pids)
    assert second.pids().keys() == pids.keys()


def test_a_command_of_manage_beside_it(dev):
    running = dev()
    code = "from django.db import connection; print(connection.cursor().execute('SELECT current_user').fetchone())"
    asked = subprocess.run(
        [sys.executable, "-m", "dentalogic.dev", "--data", str(running.data), "manage", "shell", "-c", code],
        capture_output=True, text=True, cwd=ROOT, env=prepared.environment(),
    )
    assert "('dentalogic_app',)" in asked.stdout, asked.stderr


def test_a_taken_port_is_said_at_once(data):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        running = Dev(data, taken.getsockname()[1])
        assert running.process.wait(20) == 1
        assert "is taken; choose another with --port" in running.said()
        running.close()
