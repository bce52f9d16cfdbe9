"""YCloud: its webhooks into events, our messages into its API. https://docs.ycloud.com, specification 1.16.2."""
import hashlib
import hmac
import math
from datetime import UTC, datetime

from django.conf import settings
from django.utils.dateparse import parse_datetime

from dentalogic.lib import http
from dentalogic.lib.refusals import ProviderError
from messaging.providers.base import Accepted, Echo, Message, Report, Unknown

INBOUND = "whatsapp.inbound_message.received"
STATUS = "whatsapp.message.updated"
# the second is in the guides and not in the specification; the third is what an agent on the phone wrote
ECHOES = {"whatsapp.smb.message.created", "whatsapp.smb.message.echoes", "whatsapp.echo_message.created"}
STATUSES = {"accepted": "queued", "played": "read"}
MEDIA = {"image", "video", "audio", "document", "sticker"}
TYPING_SECONDS = 2

TOO_FAST = {"429", "TOO_MANY_REQUESTS", "ACCOUNT_RATE_LIMITED", "4", "80007", "130429", "131056"}
PASSING = {"131000", "131016", "135000"}


# Webhooks


def verify(*, secret, header, body) -> datetime | None:
    """When the body was signed, if `header` (`t=…,s=…`) is its signature under `secret`; without a secret, never."""
    parts = dict(part.strip().partition("=")[::2] for part in (header or "").split(","))
    stamp, given = parts.get("t", ""), parts.get("s", "")
    if not secret or not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        return None
    if not hmac.compare_digest(sign(secret=secret, stamp=stamp, body=body).encode(), given.encode()):
        return None
    return datetime.fromtimestamp(int(stamp), tz=UTC)


def sign(*, secret, stamp, body) -> str:
    return hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()


def parse(body) -> list:
    """The events of a decoded body, a batch or one. Never raises: what cannot be read is `Unknown`."""
    return [_event(clean(item)) for item in (body if isinstance(body, list) else [body])]


def clean(value):
    """Without what PostgreSQL cannot keep: NUL, half surrogates, numbers that are none."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [clean(item) for item in value]
    if isinstance(value, dict):
        return {clean(key): clean(item) for key, item in value.items()}
    return value


def _event(raw):
    if not isinstance(raw, dict):
        raw = {"body": raw}
    kind = _text(raw, "type")
    known = {"event_id": _text(raw, "id")[:200], "kind": kind[:80] or "unreadable", "raw": raw}
    if kind == INBOUND:
        return _message(known, _part(raw, "whatsappInboundMessage"))
    if kind == STATUS:
        return _report(known, _part(raw, "whatsappMessage"), raw)
    if kind in ECHOES:
        return _echo(known, _part(raw, "whatsappMessage"))
    return Unknown(**known, alarming=not kind)


def _message(known, part):
    if part.get("groupId"):
        return Unknown(**known)
    sender = {"phone": _phone(part, "from"), "user_id": _text(part, "fromUserId")[:140]}
    if not any(sender.values()):
        return Unknown(**known, alarming=True)
    name = _text(_part(part, "customerProfile"), "name")[:120]
    return Message(**known | _content(part), **sender, **_identity(part), name=name)


def _echo(known, part):
    user_id = _text(part, "toUserId") or _text(part, "recipientUserId")
    person = {"phone": _phone(part, "to"), "user_id": user_id[:140]}
    if not any(person.values()):
        return Unknown(**known, alarming=True)
    return Echo(**known | _content(part), **person, **_identity(part), external_id=_text(part, "externalId"))


def _identity(part):
    return {
        "provider_id": (_text(part, "wamid") or _text(part, "id"))[:200], "ref": _text(part, "id")[:200],
        "sent_at": _instant(part, "sendTime") or _instant(part, "createTime")}


def _report(known, part, raw):
    status = _text(part, "status")
    if not status:
        return Unknown(**known, alarming="whatsappGroup" not in raw)
    fault = _part(part, "whatsappApiError")
    return Report(
        **known, provider_id=_text(part, "wamid")[:200], ref=_text(part, "id")[:200],
        external_id=_text(part, "externalId"), status=STATUSES.get(status, status)[:20],
        at=next((at for at in (_instant(part, name) for name in _times(status)) if at), _instant(raw, "createTime")),
        error_code=(_text(part, "errorCode") or _text(fault, "code"))[:60],
        error_text=(_text(_part(fault, "error_data"), "details") or _text(part, "errorMessage"))[:300])


def _times(status):
    return {"sent": ["sendTime"], "delivered": ["deliverTime"], "read": ["readTime"]}.get(status, []) + ["updateTime"]


def _content(part):
    """`kind`, `text` and `media` of a message; `unsupported` when the object that its type promises is not there."""
    kind = _text(part, "type")
    inner = _part(part, kind)
    if kind == "text" and "body" in inner:
        return {"kind": "text", "text": _text(inner, "body"), "media": {}}
    if kind == "button" and inner:
        return _tap(_text(inner, "text"), _text(inner, "payload"))
    if kind == "interactive" and inner:
        return _interactive(inner)
    if kind in MEDIA and inner:
        return {"kind": kind, "text": _text(inner, "caption"), "media": inner}
    if kind == "location" and inner:
        return {"kind": kind, "text": ", ".join(filter(None, (_text(inner, n) for n in ("name", "address")))),
                "media": inner}
    if kind == "reaction" and inner:
        return {"kind": kind, "text": _text(inner, "emoji"), "media": inner}
    if kind in {"text", "button", "interactive", "location", "reaction", "unsupported", ""} | MEDIA:
        return {"kind": "unsupported", "text": "", "media": {"type": kind}}
    return {"kind": kind[:20], "text": _text(inner, "body"), "media": inner}


def _interactive(inner):
    reply = _part(inner, "button_reply") or _part(inner, "list_reply")
    if reply:
        return _tap(_text(reply, "title"), _text(reply, "id"))
    return {"kind": "interactive", "text": "", "media": inner}


def _tap(title, code):
    return {"kind": "button", "text": title, "media": {"reply_id": code[:200]}}


def _part(raw, name):
    value = raw.get(name)
    return value if isinstance(value, dict) else {}


def _text(raw, name):
    value = raw.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _phone(raw, name):
    number = _text(raw, name)[:20]
    return f"+{number}" if number.isdigit() else number


def _instant(raw, name):
    try:
        instant = parse_datetime(_text(raw, name))
    except ValueError:
        return None
    return instant if instant and instant.tzinfo else None


# Sending


def send_text(*, channel, key, to, text, external_id) -> Accepted:
    """One POST. Raises ProviderError; `unknown` when it may have gone out all the same."""
    return _send(channel, key, to, external_id, {"type": "text", "text": {"body": text, "preview_url": False}})


def send_buttons(*, channel, key, to, text, buttons, external_id) -> Accepted:
    """With up to three buttons `{"id", "title"}`, the id an opaque code."""
    taps = [{"type": "reply", "reply": {"id": b["id"], "title": b["title"][:20]}} for b in buttons[:3]]
    return _send(channel, key, to, external_id, {
        "type": "interactive",
        "interactive": {"type": "button", "body": {"text": text}, "action": {"buttons": taps}}})


def typing(*, channel, key, ref) -> None:
    """Mark a patient's message as read and show that an answer is being written."""
    _call(channel, key, "POST", f"whatsapp/inboundMessages/{ref}/typingIndicator", seconds=TYPING_SECONDS)


def _send(channel, key, to, external_id, content):
    who = {"to": to} if to.startswith("+") else {"recipient": to}
    answer = _call(channel, key, "POST", "whatsapp/messages", json={
        "from": channel.number, **who, "externalId": external_id, **content})
    return Accepted(provider_id=_text(answer, "wamid")[:200], ref=_text(answer, "id")[:200] or external_id)


def _call(channel, key, method, path, **how):
    base = settings.YCLOUD_API_BASE
    if not key or not (key.isascii() and key.isprintable()):  # a header's fault would quote it
        raise ProviderError("the channel has no API key", permanent=True, code="no_key")
    if channel.sandbox and not http.is_loopback(base):
        raise ProviderError("a sandbox channel never leaves the machine", permanent=True, code="sandbox")
    answer = http.call(method, f"{base.rstrip('/')}/{path}", trusted=base, headers={"X-API-Key": key}, **how)
    if not answer.ok:
        raise _fault(answer, key)
    body = answer.json()
    return body if isinstance(body, dict) else {}


def _fault(answer, key):
    """What an error answer means: too fast and passing faults may be tried again, the rest is for a person. Should it
    quote the key, nobody reads that."""
    error = _part(answer.json() if isinstance(answer.json(), dict) else {}, "error")
    inner = _part(error, "whatsappApiError")
    code = _text(inner, "code") or (answer.status != 401 and _text(error, "code")) or str(answer.status)
    said = _text(_part(inner, "error_data"), "details") or _text(error, "message") or f"HTTP {answer.status}"
    again = answer.status == 429 or answer.status >= 500 or code in TOO_FAST | PASSING
    said, code = said.replace(key, "…"), code.replace(key, "…")
    return ProviderError(said, permanent=not again, code=code[:60], retry_after=answer.retry_after)
