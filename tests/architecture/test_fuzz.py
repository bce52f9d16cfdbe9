"""The API is asked what its own document allows, and what it does not, by every role: no fault of ours, no answer that
the document does not name. Bounded and the same each time; `FUZZ=100` asks that often, at random.
"""
import itertools
import os

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from rest_framework.response import Response
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from agenda import api
from clinics.access import Role
from clinics.auth import sessions
from tests.architecture import scene

OFTEN = int(os.environ.get("FUZZ", "0"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ASKERS = [*Role.values, "pending", None]
AT_ONCE = len(ASKERS) + 1 if OFTEN else 3  # ask the same case; with three cases each asker has their turn
# What may be asked of a thing that is there, as often as of one that is not: by the name of the parameter or field.
THERE = {"patient": "patient", "guardian": "patient", "appointment": "visit", "treatment": "treatment", "lead": "lead"}
OF_PATH = {"patients": "patient", "appointments": "visit", "conversations": "conversation", "leads": "lead"}


@pytest.fixture
def application(settings):
    """The WSGI application itself; limits are off, and it keeps the connection of the test."""
    settings.RATELIMIT_ENABLE = False
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def document(application, db):
    return schemathesis.openapi.from_wsgi("/api/schema/?format=json", application)


@pytest.fixture
def rows(arrayan, people, within):
    with within(arrayan):
        return scene.make(people)


@pytest.fixture
def ask(rows, people, within):
    """`ask(operation)`: cases of it by everybody, each answer checked against the document; what was wrong."""
    def make(operation):
        headers = {role: _headers(rows.pending if role == "pending" else people.get(role), within) for role in ASKERS}
        order = itertools.cycle(ASKERS)  # somebody else is the first each time: what is done cannot be done again
        faults = []

        def some(case, real):
            if real:
                _point_at_what_is_there(case, rows)
            for role in itertools.islice(order, AT_ONCE):
                faults.extend(_faults(case, role, headers[role]))

        _cases(operation, GenerationMode.POSITIVE, some)
        if list(operation.iter_parameters()) or operation.body:  # else nothing of it can be sent wrongly
            _cases(operation, GenerationMode.NEGATIVE, some)
        return faults

    return make


def _cases(operation, mode, run):
    given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())(hypothesis(
        max_examples=OFTEN or 3, derandomize=not OFTEN, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck))(lambda case, real: run(case, real)))()


def _faults(case, role, headers):
    try:
        case.validate_response(case.call(headers=headers), checks=CHECKS)
    except FailureGroup as group:
        asked = f"{case.operation.label} as {role or 'nobody'}"
        return [f"{asked}: {fault.title}: {fault.message}" for fault in group.exceptions]
    return []


def _headers(member, within):
    if member is None:
        return {}
    with within(member.tenant):
        return {"Authorization": f"Bearer {sessions.begin(membership=member, bearer=True).access_token}"}


def _point_at_what_is_there(case, rows):
    for part in (case.path_parameters, case.query, case.body):
        if not isinstance(part, dict):
            continue
        for name in part:
            if name in THERE:
                part[name] = getattr(rows, THERE[name]).pk
            elif name == "professional":
                part[name] = rows.visit.professional_id
    owner = case.operation.path.removeprefix("/api/v1/").partition("/")[0]
    if owner in OF_PATH and "id" in (case.path_parameters or {}):
        case.path_parameters["id"] = getattr(rows, OF_PATH[owner]).pk


def test_no_fault_and_no_answer_that_the_document_does_not_name(document, ask):
    operations = [found.ok() for found in document.get_all_operations()]
    assert len(operations) > 25
    faults = [fault for operation in operations for fault in ask(operation)]
    assert not faults, "\n\n".join(dict.fromkeys(faults))


@pytest.mark.parametrize("answer", [
    lambda self, request: 1 / 0, lambda self, request: Response({}, status=418), lambda self, request: Response([1])])
def test_a_fault_and_an_answer_without_a_name_are_found(document, ask, monkeypatch, answer):
    monkeypatch.setattr(api.Treatments, "get", answer)
    assert ask(document["/api/v1/treatments"]["GET"])
