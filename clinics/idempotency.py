"""A request that may be sent twice carries a key; the row it made answers the second time."""
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter

from dentalogic.lib.refusals import Refusal

LONGEST = 150
HEADER = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="The same key returns the row it made.")


class KeyTooLong(Refusal):
    code = "key_too_long"
    detail = _("La clave de idempotencia es demasiado larga.")


class KeyReused(Refusal):
    """The same key is the same request: for another one it would answer with what nobody asked for."""

    code = "key_reused"
    status = 409
    detail = _("Ese envío ya se registró con otros datos.")


def key_of(request, actor) -> str | None:
    """The key of a header or of a form's hidden field, in the person's own space."""
    said = request.headers.get("Idempotency-Key", "") or request.POST.get("key", "")
    if len(said) > LONGEST:
        raise KeyTooLong
    return f"{actor.holder}:{said}" if said else None
