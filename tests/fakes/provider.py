"""What the fakes of both WhatsApp providers share: a server that remembers, fails as it is told to, and delivers its
webhooks well or badly.

A `script` says what happens to the next sends, in order: a status (429, 500…), a pair (429, seconds) with Retry-After,
a dict (an error body) with "status", a code of WhatsApp's ("131056"), "hang" (accepts, never answers), "lost"
(neither).
"""
import random
import threading
import time
import urllib.error
import urllib.request
from collections import deque

from tests.fakes import serving

WINDOW = 24 * 3600


class Provider(serving.Server):
    def __init__(self, handler, *, port=0):
        self.sent, self.refused, self.typed, self.calls = [], [], [], []
        self.script, self.lock, self.on_send = deque(), threading.Lock(), None
        self.wrote = None  # {address: when they last wrote}; without it nobody's window is looked at
        self.templates, self.uploads = [], {}
        super().__init__(handler, port=port)

    def number(self, body):
        with self.lock:
            self.sent.append(body)
            return len(self.sent)

    def closed(self, address, now=None):
        """Whether a free message to them comes too late."""
        if self.wrote is None:
            return False
        return (time.time() if now is None else now) - self.wrote.get(address, 0) > WINDOW

    def fares(self, body):
        """What becomes of a message that was taken: its statuses, in their order, and an error code."""
        late = body["type"] != "template" and self.closed(body.get("to") or body.get("recipient"))
        return [("failed", "131047")] if late else [("sent", ""), ("delivered", ""), ("read", "")]

    def template_fault(self, said):
        """The code for a template that does not go: not there in that language, or not approved."""
        known = [one for one in self.templates if one["name"] == said["name"]]
        if not self.templates:
            return ""
        found = next((one for one in known if one["language"] == said["language"]["code"]), None)
        if found is None:
            return "132001"
        return {"APPROVED": "", "PAUSED": "132015", "DISABLED": "132016"}.get(found["status"], "132001")


class Handler(serving.Handler):
    fake: Provider
    protocol_version = "HTTP/1.1"

    def step(self, body):
        """Do what the script says of this send; False when it goes its way."""
        step = self.fake.script.popleft() if self.fake.script else None
        if step is None:
            return False
        if step in ("lost", "hang"):
            if step == "hang":
                self.fake.take(body)
            self.fake.open.wait(30)
            self.close_connection = True
        elif isinstance(step, tuple):
            self.say(step[0], self.fault(step[0]), {"Retry-After": str(step[1])})
        elif isinstance(step, int):
            self.say(step, self.fault(step))
        elif isinstance(step, str):
            self.say(400, self.fault(400, step))
        else:
            self.say(step["status"], {"error": step})
        return True

    def attempt(self, body, wrong):
        """A send that the script, the provider's own rules (`wrong`: how it refuses by them) or a template refuses, or
        that is taken."""
        if wrong:
            self.fake.refused.append(body)
            return self.say(400, wrong)
        if self.step(body):
            return None
        code = self.fake.template_fault(body["template"]) if body["type"] == "template" else ""
        if code:
            self.fake.refused.append(body)
            return self.say(400, self.fault(400, code))
        return self.say(200, self.fake.take(body))


def uploaded(raw):
    """Of a multipart body: the file's name, type and content, and the other fields."""
    boundary, file, fields = raw.split(b"\r\n", 1)[0], None, {}
    for part in raw.split(boundary)[1:-1]:
        head, content = part.strip(b"\r\n").split(b"\r\n\r\n", 1) if b"\r\n\r\n" in part else (part, b"")
        name = head.split(b'name="', 1)[1].split(b'"', 1)[0].decode()
        if b'filename="' in head:
            mime = head.split(b"Content-Type: ", 1)[1].split(b"\r\n", 1)[0].decode()
            file = (head.split(b'filename="', 1)[1].split(b'"', 1)[0].decode(), mime, content)
        else:
            fields[name] = content.decode()
    return file, fields


def post(url, raw, headers, *, timeout=10):
    """Deliver a webhook over HTTP; its status."""
    request = urllib.request.Request(url, raw, {"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.status
    except urllib.error.HTTPError as fault:
        return fault.code


def badly(bodies, *, times=1, seed=None, delay=0):
    """The same deliveries as a provider has them on a bad day: each several times, in another order, with pauses."""
    made = [body for body in bodies for _time in range(times)]
    if seed is not None:
        random.Random(seed).shuffle(made)
    for body in made:
        if delay:
            time.sleep(delay)
        yield body
