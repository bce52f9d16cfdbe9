"""How the simulator speaks to the product: signed webhooks over HTTP, each with a line in the log."""
import json
import time
import uuid
from dataclasses import dataclass
from datetime import timedelta

from clinics import tenancy, vault
from clinics.tasks import each_tenant
from dentalogic.lib import clock, http
from dentalogic.lib.refusals import ProviderError
from messaging.models import Channel
from messaging.providers import ycloud
from messaging.simulator import store

KNOWN_SECONDS = 30


@dataclass(frozen=True)
class Line:
    """A channel as the provider knows it: its number, and where and how it is told things."""

    tenant_id: int
    number: str
    path: str
    secret: str

    def name(self, *parts):
        """Of what the simulator remembers of this line: each clinic's apart."""
        return (f"t{self.tenant_id}", self.number, *parts)


_lines: dict = {}


def line_of(number, key) -> Line | None:
    """The active channel of that number and key, whatever its clinic: the provider has one list of accounts."""
    known = _lines.get((number, key))
    if known and time.monotonic() - known[0] < KNOWN_SECONDS:
        return known[1]
    for _tenant in each_tenant():
        with tenancy.atomic():
            channel = Channel.objects.filter(number=number, active=True).first()
            if channel is not None and key and vault.get(channel.api_key_name, purpose="simulator") == key:
                _lines[number, key] = time.monotonic(), line(channel)
                return _lines[number, key][1]
    return None


def lines_of(key) -> list[Line]:
    """Every active channel of that key."""
    found = []
    for _tenant in each_tenant():
        with tenancy.atomic():
            for channel in Channel.objects.filter(active=True).order_by("pk"):
                if key and vault.get(channel.api_key_name, purpose="simulator") == key:
                    found.append(line(channel))
    return found


def line(channel) -> Line:
    """In the tenant's transaction."""
    return Line(channel.tenant_id, channel.number, channel.webhook_path, vault.get(
        channel.secret_name, purpose="simulator") or "")


def envelope(kind, **payload):
    return {
        "id": f"evt_sim_{uuid.uuid4().hex[:16]}", "type": kind, "apiVersion": "v2", "createTime": stamp(), **payload}


def stamp():
    return clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")


def deliver(site, line, body, *, what, secret=None):
    """Post a webhook as the provider does; the status, or 0 where nobody answered."""
    raw = json.dumps(body, ensure_ascii=False).encode()
    signed_at = str(int(clock.now().timestamp()))
    signature = ycloud.sign(secret=line.secret if secret is None else secret, stamp=signed_at, body=raw)
    headers = {"Content-Type": "application/json", "YCloud-Signature": f"t={signed_at},s={signature}"}
    began = time.perf_counter()
    try:
        status = http.call("POST", site + line.path, trusted=site, headers=headers, content=raw).status
    except ProviderError:
        status = 0
    note(line, "in", body["type"], what, body, status, time.perf_counter() - began)
    return status


def note(line, direction, kind, what, body, status, seconds):
    """One line of the log; `direction` is as the product sees it."""
    inner = next((value for value in body.values() if isinstance(value, dict) and "wamid" in value), body)
    store.add(*line.name("log"), item={
        "at": stamp(), "direction": direction, "kind": kind, "what": what, "id": inner.get("wamid", ""),
        "status": status, "ms": round(seconds * 1000), "body": body})


def window_open(line, address):
    """As far as this phone knows; of who wrote by another way (curl) it knows nothing."""
    last = store.get(*line.name("wrote", address))
    return last is None or clock.now().timestamp() - last <= timedelta(hours=24).total_seconds()
