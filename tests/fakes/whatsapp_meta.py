"""Meta's Cloud API on loopback: numbers of several accounts, their templates and files, and webhooks that it signs."""
import json
from urllib.parse import parse_qs, urlsplit

from messaging.providers import meta
from tests.fakes import provider

TOKEN, VERSION = "EAAtest-token-1", "v23.0"


class Meta(provider.Provider):
    """`numbers` is {phone_number_id: (account, number as people read it)}. Without a `key` any token is taken. `files`
    is a `fakes.files.Files`, at another host."""

    def __init__(self, *, key=TOKEN, files=None):
        self.key, self.files, self.subscribed = key, files, set()
        self.numbers = {"106540352242922": ("102290129340398", "+54 9 341 555-0100")}
        super().__init__(_Handler)

    @property
    def base(self):
        return self.origin

    def take(self, body):
        wamid = f"wamid.META{self.number(body)}"
        if self.on_send:
            self.on_send(wamid, body)
        to = body.get("to", "")
        return {"messaging_product": "whatsapp", "contacts": [{"input": to, "wa_id": to.lstrip("+")}],
                "messages": [{"id": wamid}]}

    def statuses(self, wamid, body, *, at=1795532460):
        """As Meta tells them, in their order."""
        return [status(wamid, what, at=at + number, code=code, external_id=body.get("biz_opaque_callback_data", ""))
                for number, (what, code) in enumerate(self.fares(body))]


class _Handler(provider.Handler):
    fake: Meta

    def do_GET(self):
        if not self._let_in():
            return None
        parts, query = self._parts()
        if parts[-1] == "message_templates":
            return self._page(self.fake.templates, query, with_next=True)
        if parts[-1] == "phone_numbers":
            found = [self._number(pk) for pk, (account, _shown) in self.fake.numbers.items() if account == parts[0]]
            return self._page(found, query)
        if parts[-1] == "subscribed_apps":
            apps = [{"whatsapp_business_api_data": {"id": "1"}}] if parts[0] in self.fake.subscribed else []
            return self.say(200, {"data": apps})
        if parts[0] in self.fake.numbers:
            return self.say(200, self._number(parts[0]))
        if self.fake.files and parts[0] in self.fake.files.kept:
            pk = parts[0]
            content, mime = self.fake.files.kept[pk]
            return self.say(200, {"url": self.fake.files.url(pk), "mime_type": mime, "file_size": len(content),
                                  "sha256": self.fake.files.sha256(pk), "id": pk, "messaging_product": "whatsapp"})
        return self.say(404, self.fault(404, "100"))

    def do_POST(self):
        raw = self.read()
        if not self._let_in():
            return None
        parts, _query = self._parts()
        if parts[-1] == "subscribed_apps":
            self.fake.subscribed.add(parts[0])
            return self.say(200, {"success": True})
        if parts[0] not in self.fake.numbers:
            return self.say(400, self.fault(400, "100"))
        if parts[-1] == "media":
            file, fields = provider.uploaded(raw)
            if fields.get("messaging_product") != "whatsapp" or not fields.get("type"):
                return self.say(400, self.fault(400, "100"))
            pk = str(1000 + len(self.fake.uploads))
            self.fake.uploads[pk] = file
            return self.say(200, {"id": pk})
        return self._send(json.loads(raw or b"{}"))

    def _send(self, body):
        if body.get("status") == "read":
            self.fake.typed.append((body["message_id"], body.get("typing_indicator")))
            return self.say(200, {"success": True})
        wrong = body.get("messaging_product") != "whatsapp" or bool(body.get("to")) == bool(body.get("recipient"))
        wrong = wrong or not isinstance(body.get(body.get("type")), dict)
        return self.attempt(body, wrong and self.fault(400, "100"))

    def _let_in(self):
        self.fake.calls.append(f"{self.command} {self.path}")
        if not self.fake.key or self.headers.get("Authorization") == f"Bearer {self.fake.key}":
            return True
        self.say(401, self.fault(401, "190"))
        return False

    def _parts(self):
        split = urlsplit(self.path)
        return split.path.removeprefix(f"/{VERSION}/").split("/"), parse_qs(split.query)

    def _page(self, found, query, *, with_next=False):
        size, start = int(query.get("limit", ["25"])[0]), int(query.get("after", ["0"])[0])
        more = start + size < len(found)
        paging = {"cursors": {"after": str(start + size)}}
        if more:  # an address that nobody should follow
            paging["next"] = "https://graph.example/steal?access_token=x"
        return self.say(200, {"data": found[start:start + size], "paging": paging})

    def _number(self, pk):
        return {"id": pk, "display_phone_number": self.fake.numbers[pk][1], "quality_rating": "GREEN",
                "verified_name": "Clínica de prueba", "status": "CONNECTED"}

    def fault(self, status, code="131000", message="no"):
        known = {429: "130429", 500: "1", 503: "2"}
        return {"error": {
            "message": f"(#{code}) {message}", "type": "OAuthException", "code": int(known.get(status, code)),
            "error_data": {"messaging_product": "whatsapp", "details": message}, "fbtrace_id": "trace_1"}}


# Its webhooks


def signed(body, secret):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return raw, {"X-Hub-Signature-256": meta.sign(secret=secret, body=raw)}


def deliver(url, body, secret, *, timeout=10):
    return provider.post(url, *signed(body, secret), timeout=timeout)


def batch(*changes, account="102290129340398"):
    """One delivery with these changes, each in an entry of its own account when it is a pair `(account, change)`."""
    pairs = [change if isinstance(change, tuple) else (account, change) for change in changes]
    return {"object": "whatsapp_business_account", "entry": [
        {"id": whose, "changes": [change]} for whose, change in pairs]}


def change(field="messages", *, line="106540352242922", shown="5493415550100", **value):
    metadata = {"metadata": {"display_phone_number": shown, "phone_number_id": line}} if line else {}
    return {"field": field, "value": {"messaging_product": "whatsapp", **metadata, **value}}


def status(wamid, what, *, at=1795532460, code="", external_id="", to="5493415550139"):
    said = {"id": wamid, "status": what, "timestamp": str(at), "recipient_id": to}
    if external_id:
        said["biz_opaque_callback_data"] = external_id
    if what == "failed":
        said["errors"] = [{
            "code": int(code or 131000), "title": "x", "message": "x", "error_data": {"details": "why"}}]
    if what == "sent":
        said["pricing"] = {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "utility"}
    return said


def message(kind="text", *, wamid="wamid.M1", sender="5493415550139", at=1795532400, **content):
    said = {"id": wamid, "timestamp": str(at), "type": kind, **(content or {"text": {"body": "hola"}})}
    return said | ({"from": sender} if sender else {})


def contact(*, wa_id="5493415550139", user_id="AR.900100", name="Carolina Luque"):
    said = {"profile": {"name": name}, "wa_id": wa_id, "user_id": user_id}
    return {key: value for key, value in said.items() if value}
