"""One request to a provider's API, as each of them wants it: a key that is one, and a sandbox that stays here."""
import httpx2

from dentalogic.lib import http
from dentalogic.lib.refusals import ProviderError


def usable(key):
    """A header's fault would quote the key, so that it is looked at before."""
    if not key or not (key.isascii() and key.isprintable()):
        raise ProviderError("the channel has no API key", permanent=True, code="no_key")
    return key


def stays(channel, base):
    if channel.sandbox and not http.is_loopback(base):
        raise ProviderError("a sandbox channel never leaves the machine", permanent=True, code="sandbox")


def call(*, channel, key, base, path, headers, method="GET", **how) -> http.Answer:
    stays(channel, base)
    return http.call(method, f"{base.rstrip('/')}/{path}", trusted=base, headers=headers, **how)


def loaded(answer) -> dict:
    body = answer.json()
    return body if isinstance(body, dict) else {}


def form(name, file, **fields) -> dict:
    """A file `(filename, content, mime)` and the fields beside it, as an upload wants them: for `call`."""
    made = httpx2.Request("POST", "http://localhost", data=fields, files={name: file})
    return {"content": made.read(), "headers": {"Content-Type": made.headers["Content-Type"]}}


def uploaded(reference) -> str:
    if not reference:
        raise ProviderError("the upload has no id", permanent=False, code="no_media_id")
    return reference


def listed(body, name) -> list:
    """What a list's answer holds. Another answer, as a page of somebody in between, is no empty list: nobody is to
    take it for the word that all is gone."""
    if not isinstance(body.get(name), list):
        raise ProviderError("the answer has no list", permanent=False, code="no_list")
    return body[name]
