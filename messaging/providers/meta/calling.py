from django.conf import settings

from dentalogic.lib.refusals import ProviderError
from messaging.providers import calling
from messaging.providers.base import AGAIN
from messaging.providers.meta.errors import TABLE, meaning
from messaging.providers.reading import part, text


def base():
    return f"{settings.META_API_BASE.rstrip('/')}/{settings.META_API_VERSION}"


def bearer(key) -> dict:
    return {"Authorization": f"Bearer {calling.usable(key)}"}


def call(channel, key, method, path, headers=None, **how) -> dict:
    """One request; its body when it went well, else ProviderError with the code of errors.py."""
    answer = calling.call(
        channel=channel, key=key, base=base(), path=path, method=method, headers=bearer(key) | (headers or {}), **how)
    if not answer.ok:
        raise fault(answer, key)
    return calling.loaded(answer)


def fault(answer, key):
    """Meta answers 400 to nearly everything: its own code says what it is. Should it quote the token, nobody reads
    that."""
    error = part(calling.loaded(answer), "error")
    code = text(error, "code") or str(answer.status)
    if code in _SAYS_NOTHING and answer.status not in (400, 500):
        code = str(answer.status)
    if (answer.status == 429 or answer.status >= 500) and code not in TABLE:
        code = str(answer.status)
    again = meaning(code) in AGAIN
    said = text(part(error, "error_data"), "details") or text(error, "message") or f"HTTP {answer.status}"
    said, code = said.replace(key, "…"), code.replace(key, "…")
    return ProviderError(said, permanent=not again, code=code[:60], retry_after=answer.retry_after)


_SAYS_NOTHING = {"0", "1", "2", "100"}
