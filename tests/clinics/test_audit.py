import logging

import pytest

from clinics.models import SystemEvent
from dentalogic.lib.faults import QuietFormatter
from tests.patients.factories import PatientFactory

pytestmark = pytest.mark.django_db


def test_what_was_shown_stays_noted_when_the_request_is_refused(client_as, people, arrayan, within):
    with within(arrayan):
        patient = PatientFactory()
    response = client_as("professional").post(f"/patients/{patient.pk}/sign", {"text": " "})
    assert response.status_code in (400, 403)
    shown = response.status_code == 400
    with within(arrayan):
        assert SystemEvent.objects.filter(event="record.read").exists() is shown


def test_a_refused_request_leaves_no_other_trace(client_as, arrayan, within):
    client_as("professional").get("/cash/")
    with within(arrayan):
        assert list(SystemEvent.objects.values_list("event", flat=True)) == ["refused"]


def test_a_logged_fault_keeps_its_lines_and_loses_its_text():
    told = "canario quiroga".upper()
    try:
        raise ValueError(told)
    except ValueError as fault:
        seen = (ValueError, fault, fault.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "falló", None, seen)
    said = QuietFormatter("%(message)s").format(record)
    assert "CANARIO" not in said
    assert "ValueError" in said and "test_audit.py" in said


def test_in_production_http_becomes_https(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/login").status_code == 301
    assert client.get("/healthz").status_code in (200, 503), "the proxy asks it inside"
