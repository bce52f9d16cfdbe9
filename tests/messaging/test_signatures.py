"""Failure 67: a shared secret passed when both sides were empty. No secret, no signature that counts, whoever asks."""
import pytest

from messaging.providers import meta, ycloud

BODY, STAMP = b'{"type": "x"}', "1795532400"


@pytest.mark.parametrize("secret", ["", None])
@pytest.mark.parametrize("header", ["", None, "sha256=", "t=,s=", f"t={STAMP},s="])
def test_without_a_secret_nothing_is_signed(secret, header):
    for provider in (ycloud, meta):
        assert provider.verify(secret=secret, header=header, body=BODY) is None


def test_what_is_signed_with_nothing_is_not_signed():
    """Whoever knows that there is no secret can sign with it."""
    assert ycloud.verify(
        secret="", header=f"t={STAMP},s={ycloud.sign(secret='', stamp=STAMP, body=BODY)}", body=BODY) is None
    assert meta.verify(secret="", header=meta.sign(secret="", body=BODY), body=BODY) is None
