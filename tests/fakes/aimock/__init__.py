"""aimock (MIT), a model server that we did not write: OpenAI's own client talks to it. Its answers are clinic.json."""
import json
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

CLI = Path(__file__).parents[3] / "node_modules" / "@copilotkit" / "aimock" / "dist" / "cli.js"


class Aimock:
    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.site = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            ["node", str(CLI), "-p", str(port), "-h", "127.0.0.1", "-f", str(Path(__file__).parent / "clinic.json"),
             "--strict", "--validate-on-load"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._until_there()

    @property
    def base(self):
        return f"{self.site}/v1"

    def journal(self) -> list:
        """What really came, as it keeps it."""
        with urllib.request.urlopen(f"{self.site}/__aimock/journal", timeout=5) as answer:
            return json.loads(answer.read())

    def close(self):
        self.process.terminate()
        self.process.wait(10)

    def _until_there(self):
        end = time.monotonic() + 30
        while True:
            try:
                return self.journal()
            except OSError:
                if self.process.poll() is not None or time.monotonic() > end:
                    raise
                time.sleep(0.1)
