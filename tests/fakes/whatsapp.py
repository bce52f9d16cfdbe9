"""A YCloud on loopback: takes sends as the real one does, remembers them, and fails as it is told to.

We fake the network, not our code: the product talks HTTP to it.
"""
import json
import time
from urllib.parse import parse_qs, urlsplit

from messaging.providers import ycloud
from tests.fakes import provider

API_KEY = "ycloud-test-key"


class WhatsApp(provider.Provider):
    """`sent` holds the bodies that were accepted; `script` is provider.py's. Without a `key` any is taken. `endpoints`
    and `numbers` are the account's."""

    def __init__(self, *, port=0, key=API_KEY):
        self.key, self.kept, self.endpoints, self.secrets = key, {}, [], 0
        self.numbers = [{"phoneNumber": "+5493415550100", "wabaId": "waba_1", "qualityRating": "GREEN"}]
        super().__init__(_Handler, port=port)

    @property
    def base(self):
        return f"{self.origin}/v2"

    def texts(self, to=None):
        return [body["text"]["body"] for body in self.sent if to in (None, body.get("to"), body.get("recipient"))]

    def take(self, body):
        """The stored message, as `WhatsappMessage`."""
        number = self.number(body)
        kept = {**body, "id": f"out_{number}", "wamid": f"wamid.OUT{number}", "wabaId": "waba_1", "status": "accepted"}
        self.kept[kept["id"]] = kept
        if self.on_send:
            self.on_send(kept)
        return kept

    def reports(self, kept):
        """The webhooks that tell how it fared, in their order."""
        return [report(kept | ({"errorCode": code} if code else {}), status) for status, code in self.fares(kept)]


class _Handler(provider.Handler):
    fake: WhatsApp

    def do_GET(self):
        if not self._let_in():
            return None
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        lists = {"/whatsapp/templates": self.fake.templates, "/webhookEndpoints": self.fake.endpoints,
                 "/whatsapp/phoneNumbers": self.fake.numbers}
        place = path.removeprefix("/v2")
        if place in lists:
            size = int(query.get("limit", ["10"])[0])
            start = (int(query.get("page", ["1"])[0]) - 1) * size
            return self.say(200, {"offset": start, "limit": size, "items": lists[place][start:start + size]})
        found = next((one for one in self.fake.endpoints if place == f"/webhookEndpoints/{one['id']}"), None)
        found = found or self.fake.kept.get(place.rsplit("/", 1)[-1])
        return self.say(200, found) if found else self.say(404, self.fault(404))

    def do_POST(self):
        raw = self.read()
        if not self._let_in():
            return None
        if self.path.endswith("/upload"):
            file, _fields = provider.uploaded(raw)
            pk = f"media_{len(self.fake.uploads) + 1}"
            self.fake.uploads[pk] = file
            return self.say(200, {"id": pk})
        if self.path.endswith("/rotateSecret"):
            return self._rotate(self.path.split("/")[-2])
        if self.path.endswith("/typingIndicator"):
            self.fake.typed.append(self.path.split("/")[-2])
            return self.say(200, {})
        if not self.path.endswith("/whatsapp/messages"):
            return self.say(404, self.fault(404))
        body = json.loads(raw or b"{}")
        wrong = fault_of(body)
        return self.attempt(body, wrong and self.fault(400, message=wrong))

    def _let_in(self):
        self.fake.calls.append(f"{self.command} {self.path}")
        if self.headers.get("X-API-Key", "") == (self.fake.key or self.headers.get("X-API-Key")):
            return True
        self.say(401, self.fault(401))
        return False

    def _rotate(self, pk):
        self.fake.secrets += 1
        found = next(one for one in self.fake.endpoints if one["id"] == pk)
        found["secret"] = f"whsec_{self.fake.secrets:08}"
        return self.say(200, found) if not self.step({}) else None

    def fault(self, status, code="", message="no"):
        names = {429: "TOO_MANY_REQUESTS", 401: "UNAUTHORIZED", 404: "NOT_FOUND", 400: "PARAM_INVALID"}
        inner = {"whatsappApiError": {"code": code, "message": "x", "error_data": {"details": f"{code}: x"}}}
        return {"error": {
            "status": status, "code": names.get(status, "INTERNAL"), "message": message, "requestId": "req_1",
            **(inner if code else {})}}


def fault_of(body):
    """What the schema alone does not refuse: no recipient, two, or a type without its object."""
    if not body.get("from") or not body.get("type"):
        return "from and type are required"
    if bool(body.get("to")) == bool(body.get("recipient")):
        return "either to or recipient"
    return "" if isinstance(body.get(body["type"]), dict) else f"{body['type']} is missing"


def signed(body, secret, *, stamp=None):
    """The raw bytes of a webhook and its headers."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    stamp = str(int(time.time() if stamp is None else stamp))
    return raw, {"YCloud-Signature": f"t={stamp},s={ycloud.sign(secret=secret, stamp=stamp, body=raw)}"}


def deliver(url, body, secret, *, timeout=10):
    """Post a webhook over HTTP; its status."""
    return provider.post(url, *signed(body, secret), timeout=timeout)


def report(kept, status, *, number=1):
    """The webhook that tells how a sent message fares."""
    return {
        "id": f"evt_{kept['id']}_{status}_{number}", "type": "whatsapp.message.updated", "apiVersion": "v2",
        "createTime": "2026-11-24T15:01:00.000Z", "whatsappMessage": {**kept, "status": status}}
