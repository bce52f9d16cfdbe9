import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions

from dentalogic.lib.refusals import Refusal, api_answer


class Taken(Refusal):
    code, status, detail = "taken", 409, "Ocupado."


@pytest.mark.parametrize(("error", "status", "body"), [
    (Taken(), 409, {"code": "taken", "detail": "Ocupado.", "fields": {}}),
    (Taken("Otro.", fields={"a": ["x"]}, extra={"openings": []}), 409,
     {"code": "taken", "detail": "Otro.", "fields": {"a": ["x"]}, "openings": []}),
    (Http404(), 404, None), (PermissionDenied(), 403, None), (exceptions.NotAuthenticated(), 401, None),
    (exceptions.ValidationError({"a": {"b": ["mal"]}, "c": ["peor"]}), 400,
     {"code": "invalid", "detail": "Hay datos para corregir.", "fields": {"a.b": ["mal"], "c": ["peor"]}}),
    (exceptions.ValidationError([{"a": ["mal"]}]), 400,
     {"code": "invalid", "detail": "Hay datos para corregir.", "fields": {"0.a": ["mal"]}}),
])
def test_every_error_has_one_shape(error, status, body):
    answer = api_answer(error, {})
    assert answer.status_code == status
    assert set(answer.data) >= {"code", "detail", "fields"}
    assert body is None or answer.data == body


def test_a_fault_of_ours_is_not_dressed_up():
    assert api_answer(ZeroDivisionError(), {}) is None
