"""Refusals: what a verb says when it will not do a thing. Expected, readable, never logged as errors."""
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response


class Refusal(Exception):
    """A verb's "no": a stable code, an HTTP status and a text in the reader's language."""

    code = "refused"
    status = 400
    detail = _("No se puede hacer.")
    headers: dict = {}

    def __init__(self, detail=None, *, fields=None, extra=None):
        self.detail = detail or self.detail
        self.fields = fields or {}
        self.extra = extra or {}
        super().__init__(self.code)

    def __str__(self):
        return str(self.detail)

    def as_dict(self):
        return {"code": self.code, "detail": str(self.detail), "fields": self.fields, **self.extra}


class ProviderError(Exception):
    """The outside world failed. `permanent` says that trying again is of no use."""

    def __init__(self, message, *, permanent, code="", retry_after=None, unknown=False):
        self.permanent = permanent
        self.code = code
        self.retry_after = retry_after  # seconds
        self.unknown = unknown  # it may have been done all the same: look before doing it again
        super().__init__(message)


def _fields(detail, path=()):
    """DRF's nested faults, flat: `{"hours.0.start": ["…"]}`."""
    if isinstance(detail, dict):
        branches = detail.items()
    elif isinstance(detail, list) and detail and isinstance(detail[0], dict | list):
        branches = enumerate(detail)
    else:
        return {".".join(path): [str(item) for item in (detail if isinstance(detail, list) else [detail])]}
    found = {}
    for key, value in branches:
        found.update(_fields(value, (*path, str(key))))
    return found


def api_answer(error, context):
    """DRF's exception handler: one shape, `{"code", "detail", "fields"}`."""
    if isinstance(error, Refusal):
        return Response(error.as_dict(), status=error.status, headers=error.headers)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait))
    if isinstance(error, exceptions.ValidationError):
        body = {"code": "invalid", "detail": str(_("Hay datos para corregir.")), "fields": _fields(error.detail)}
    else:
        body = {"code": error.get_codes(), "detail": str(error.detail), "fields": {}}
    return Response(body, status=error.status_code, headers=headers)
