"""AES-256-GCM under a ring of keys: the newest writes, every one reads. A token names its key.

A token is `v1.<key id>.<base64url of nonce and ciphertext>`. What it belongs to is associated data, so that a token
copied to another row does not open.

Fernet tokens of an earlier installation are read too. Fernet (AES-128-CBC with HMAC) has no associated data: such a
token opens wherever it stands, until it is written again as one of ours.
"""
import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
KEY_BYTES = 32
FERNET_BEGINS = "gAAAA"  # version 0x80 and the first bytes of a 64-bit time, in base64
FERNET = "fernet"  # the key id of such a token; no key of the ring may be called so


class CannotOpen(Exception):
    """The token was changed, belongs elsewhere, or its key is not in the ring."""


class Ring:
    """Keys as `id:base64`, newest first, and Fernet keys that only read. Raises ValueError for a key that is none; its
    text never holds the key."""

    def __init__(self, keys, fernet_keys=()):
        parsed = [self._parse(place, item) for place, item in enumerate(keys, 1)]
        self._keys = dict(parsed)
        if not parsed:
            raise ValueError("an empty key ring")
        if len(self._keys) < len(parsed):
            raise ValueError("two vault keys have the same id")
        self.newest = parsed[0][0]
        self._fernet = _fernet(fernet_keys)

    @staticmethod
    def _parse(place, item):
        key_id, _, encoded = item.partition(":")
        try:
            key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
        except binascii.Error:
            key = b""
        if not key_id or "." in key_id or key_id == FERNET or len(key) != KEY_BYTES:
            raise ValueError(f"vault key number {place} is not id:base64 of {KEY_BYTES} bytes")
        return key_id, AESGCM(key)

    def seal(self, clear: str, *, belongs_to: str) -> str:
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + self._keys[self.newest].encrypt(nonce, clear.encode(), belongs_to.encode())
        return f"v1.{self.newest}.{base64.urlsafe_b64encode(sealed).decode()}"

    def open(self, token: str, *, belongs_to: str) -> str:
        if token.startswith(FERNET_BEGINS):
            return self._open_fernet(token)
        try:
            version, key_id, encoded = token.split(".")
            sealed = base64.urlsafe_b64decode(encoded)
            if version != "v1":
                raise CannotOpen(version)
            clear = self._keys[key_id].decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], belongs_to.encode())
        except (KeyError, ValueError, binascii.Error, InvalidTag) as fault:
            raise CannotOpen(key_id_of(token)) from fault
        return clear.decode()

    def _open_fernet(self, token):
        try:
            return self._fernet.decrypt(token).decode()
        except (AttributeError, InvalidToken, UnicodeDecodeError) as fault:
            raise CannotOpen(FERNET) from fault

    def is_newest(self, token: str) -> bool:
        return key_id_of(token) == self.newest


def _fernet(keys):
    try:
        return MultiFernet([Fernet(key) for key in keys]) if keys else None
    except ValueError as fault:
        raise ValueError("a Fernet key is not 32 url-safe base64 bytes") from fault


def key_id_of(token: str) -> str:
    if token.startswith(FERNET_BEGINS):
        return FERNET
    parts = token.split(".")
    return parts[1] if len(parts) == 3 else ""
