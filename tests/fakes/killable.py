"""The YCloud of whatsapp.py as a process of its own, so that it can be killed: `python -m tests.fakes.killable`.

What it took is in its journal before it answers, a JSON object a line: a provider that dies has sent what it took.
"""
import argparse
import json
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

from tests.fakes.whatsapp import WhatsApp

ROOT = Path(__file__).parents[2]


class Process:
    """On a port of its own, which it keeps when it is started again."""

    def __init__(self, folder, port):
        self.journal, self.port, self.process = folder / "journal", port, None
        self.journal.touch()

    @property
    def base(self):
        return f"http://127.0.0.1:{self.port}/v2"

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.fakes.killable", "--port", str(self.port), "--journal", str(self.journal)],
            cwd=ROOT, start_new_session=True)
        while True:
            try:
                urllib.request.urlopen(self.base, timeout=1).close()
            except urllib.error.HTTPError:
                return
            except OSError:
                assert self.process.poll() is None, "the provider did not start"

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def taken(self) -> list[dict]:
        return [json.loads(line) for line in self.journal.read_text().splitlines()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int)
    parser.add_argument("--journal", type=Path)
    chosen = parser.parse_args()
    fake = WhatsApp(port=chosen.port, key="")
    fake.sent.extend(chosen.journal.read_text().splitlines())  # so that no number is given twice
    lock = threading.Lock()
    with chosen.journal.open("a") as journal:
        def write(kept):
            with lock:
                journal.write(json.dumps(kept) + "\n")
                journal.flush()

        fake.on_send = write
        signal.sigwait({signal.SIGTERM, signal.SIGINT})
    fake.close()


if __name__ == "__main__":
    main()
