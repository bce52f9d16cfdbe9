import hashlib
import hmac
from datetime import UTC, datetime

from messaging.providers.base import Signed

SIGNATURE = "YCloud-Signature"


def verify(*, secret, header, body) -> Signed | None:
    """If `header` (`t=…,s=…`) is the body's signature under `secret`; without a secret, never."""
    parts = dict(part.strip().partition("=")[::2] for part in (header or "").split(","))
    stamp, given = parts.get("t", ""), parts.get("s", "")
    if not secret or not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        return None
    if not hmac.compare_digest(sign(secret=secret, stamp=stamp, body=body).encode(), given.encode()):
        return None
    return Signed(at=datetime.fromtimestamp(int(stamp), tz=UTC))


def sign(*, secret, stamp, body) -> str:
    return hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
