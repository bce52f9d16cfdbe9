import hashlib
import hmac

from messaging.providers.base import Signed

SIGNATURE = "X-Hub-Signature-256"


def verify(*, secret, header, body) -> Signed | None:
    """If `header` (`sha256=…`) is the body's signature under the app's secret; without a secret, never. It does
    not say when it was made."""
    if not secret or not header:
        return None
    return Signed() if hmac.compare_digest(sign(secret=secret, body=body).encode(), header.strip().encode()) else None


def sign(*, secret, body) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
