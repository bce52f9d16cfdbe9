"""A YCloud on loopback: takes sends as the real one does, remembers them, and fails as it is told to.

We fake the network, not our code: the product talks HTTP to it.
"""
import json
import threading
import time
import urllib.request
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from messaging.providers import ycloud

API_KEY = "ycloud-test-key"


class WhatsApp:
    """`sent` holds the bodies that were accepted. `script` is what happens to the next sends, in order:
    429, 500, 401, a dict (an error body) with "status"; "hang" (accepts, never answers), "lost" (neither).
    Without a `key` any is taken."""

    def __init__(self, *, port=0, key=API_KEY):
        self.key, self.sent, self.refused, self.typed = key, [], [], []
        self.script, self.lock, self.on_send = deque(), threading.Lock(), None
        self.open = threading.Event()
        handler = type("Handler", (_Handler,), {"fake": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def base(self):
        return f"http://127.0.0.1:{self.server.server_port}/v2"

    def texts(self, to=None):
        return [body["text"]["body"] for body in self.sent if to in (None, body.get("to"), body.get("recipient"))]

    def close(self):
        self.open.set()  # whoever hangs is let go
        self.server.shutdown()
        self.server.server_close()

    def take(self, body):
        """The stored message, as `WhatsappMessage`."""
        with self.lock:
            number = len(self.sent) + 1
            self.sent.append(body)
        kept = {**body, "id": f"out_{number}", "wamid": f"wamid.OUT{number}", "wabaId": "waba_1", "status": "accepted"}
        if self.on_send:
            self.on_send(kept)
        return kept


class _Handler(BaseHTTPRequestHandler):
    fake: WhatsApp
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        if self.headers.get("X-API-Key", "") != (self.fake.key or self.headers.get("X-API-Key")):
            return self._answer(401, _error(401, "UNAUTHORIZED"))
        if self.path.endswith("/typingIndicator"):
            self.fake.typed.append(self.path.split("/")[-2])
            return self._answer(200, {})
        if not self.path.endswith("/whatsapp/messages"):
            return self._answer(404, _error(404, "NOT_FOUND"))
        return self._send(body)

    def _send(self, body):
        wrong = fault_of(body)
        if wrong:
            self.fake.refused.append(body)
            return self._answer(400, _error(400, "PARAM_INVALID", wrong))
        step = self.fake.script.popleft() if self.fake.script else None
        if step == "lost":
            return self._hang()
        if step == "hang":
            self.fake.take(body)
            return self._hang()
        if isinstance(step, int):
            return self._answer(step, _error(step, "TOO_MANY_REQUESTS" if step == 429 else "INTERNAL"))
        if isinstance(step, dict):
            return self._answer(step["status"], {"error": step})
        return self._answer(200, self.fake.take(body))

    def _hang(self):
        self.fake.open.wait(30)
        self.close_connection = True

    def _answer(self, status, body):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


def fault_of(body):
    """What the schema alone does not refuse: no recipient, two, or a type without its object."""
    if not body.get("from") or not body.get("type"):
        return "from and type are required"
    if bool(body.get("to")) == bool(body.get("recipient")):
        return "either to or recipient"
    return "" if isinstance(body.get(body["type"]), dict) else f"{body['type']} is missing"


def _error(status, code, message="no"):
    return {"error": {"status": status, "code": code, "message": message, "requestId": "req_1"}}


def signed(body, secret, *, stamp=None):
    """The raw bytes of a webhook and its headers."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    stamp = str(int(time.time() if stamp is None else stamp))
    return raw, {"YCloud-Signature": f"t={stamp},s={ycloud.sign(secret=secret, stamp=stamp, body=raw)}"}


def deliver(url, body, secret, *, timeout=10):
    """Post a webhook over HTTP; its status."""
    raw, headers = signed(body, secret)
    request = urllib.request.Request(url, raw, {"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.status
    except urllib.error.HTTPError as fault:
        return fault.code


def report(kept, status, *, number=1):
    """The webhook that tells how a sent message fares."""
    return {
        "id": f"evt_{kept['id']}_{status}_{number}", "type": "whatsapp.message.updated", "apiVersion": "v2",
        "createTime": "2026-11-24T15:01:00.000Z", "whatsappMessage": {**kept, "status": status}}
