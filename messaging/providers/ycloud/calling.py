from django.conf import settings

from dentalogic.lib.refusals import ProviderError
from messaging.providers import calling
from messaging.providers.base import AGAIN
from messaging.providers.reading import part, text
from messaging.providers.ycloud.errors import TABLE, meaning


def call(channel, key, method, path, headers=None, **how) -> dict:
    """One request; its body when it went well, else ProviderError with the code of errors.py."""
    answer = calling.call(
        channel=channel, key=key, base=settings.YCLOUD_API_BASE, path=path, method=method,
        headers={"X-API-Key": calling.usable(key), **(headers or {})}, **how)
    if not answer.ok:
        raise fault(answer, key)
    return calling.loaded(answer)


def fault(answer, key):
    """Should the answer quote the key, nobody reads that."""
    error = part(calling.loaded(answer), "error")
    inner = part(error, "whatsappApiError")
    code = text(inner, "code") or (answer.status != 401 and text(error, "code")) or str(answer.status)
    if (answer.status == 429 or answer.status >= 500) and code not in TABLE:
        code = str(answer.status)
    again = meaning(code) in AGAIN
    said = text(part(inner, "error_data"), "details") or text(error, "message") or f"HTTP {answer.status}"
    said, code = said.replace(key, "…"), code.replace(key, "…")
    return ProviderError(said, permanent=not again, code=code[:60], retry_after=answer.retry_after)
