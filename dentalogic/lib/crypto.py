"""AES-256-GCM under a ring of keys: the newest writes, every one reads. A token names its key.

A token is `v1.<key id>.<base64url of nonce and ciphertext>`. What it belongs to is associated data, so that a token
copied to another row does not open.
"""
import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
KEY_BYTES = 32


class CannotOpen(Exception):
    """The token was changed, belongs elsewhere, or its key is not in the ring."""


class Ring:
    """Keys as `id:base64`, newest first; raises ValueError for a key that is not 32 bytes."""

    def __init__(self, keys):
        self._keys = dict(self._parse(item) for item in keys)
        if not self._keys:
            raise ValueError("an empty key ring")
        self.newest = next(iter(self._keys))

    @staticmethod
    def _parse(item):
        key_id, _, encoded = item.partition(":")
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_")
        if not key_id or "." in key_id or len(key) != KEY_BYTES:
            raise ValueError(f"vault key {key_id!r} is not id:base64 of {KEY_BYTES} bytes")
        return key_id, AESGCM(key)

    def seal(self, clear: str, *, belongs_to: str) -> str:
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + self._keys[self.newest].encrypt(nonce, clear.encode(), belongs_to.encode())
        return f"v1.{self.newest}.{base64.urlsafe_b64encode(sealed).decode()}"

    def open(self, token: str, *, belongs_to: str) -> str:
        try:
            version, key_id, encoded = token.split(".")
            sealed = base64.urlsafe_b64decode(encoded)
            if version != "v1":
                raise CannotOpen(version)
            clear = self._keys[key_id].decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], belongs_to.encode())
        except (KeyError, ValueError, binascii.Error, InvalidTag) as fault:
            raise CannotOpen(key_id_of(token)) from fault
        return clear.decode()


def key_id_of(token: str) -> str:
    parts = token.split(".")
    return parts[1] if len(parts) == 3 else ""
