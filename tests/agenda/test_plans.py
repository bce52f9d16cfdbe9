"""What is asked all day is found by an index, as the application's role, under the policy."""

from datetime import timedelta

import pytest
from django.db import connection

from agenda import facts
from agenda.models import Appointment
from clinics import tenancy
from tests.agenda.conftest import ZONE, at
from tests.agenda.factories import PatientFactory, TreatmentFactory, UsualChairFactory

pytestmark = pytest.mark.django_db(transaction=True)
FILL = """
INSERT INTO appointments (tenant_id, professional_id, chair_id, treatment_id, patient_id, start_at, end_at, status,
    source, urgency, reason, note, held_for, overbooked, overbook_reason, version, created_at, cancel_reason,
    google_calendar_event_id, google_calendar_sync_status)
SELECT %(tenant)s, %(professional)s, %(chair)s, %(treatment)s, %(patient)s, start_at, start_at + interval '30 minutes',
    'scheduled', 'desk', '', '', '', '', false, '', 1, now(), '', '', ''
FROM (SELECT %(last)s::timestamptz - n * interval '1 hour' AS start_at FROM generate_series(0, 4999) n) spans
"""


@pytest.fixture
def crowded(arrayan, bosque, within, owner):
    """5,000 hours of visits in the past of one professional, in one chair, of one patient."""
    with within(arrayan):
        usual, treatment, patient = UsualChairFactory(), TreatmentFactory(), PatientFactory()
    owner.execute(FILL, {
        "tenant": arrayan.pk, "professional": usual.professional_id, "chair": usual.chair_id,
        "treatment": treatment.pk, "patient": patient.pk, "last": at(12)})
    owner.execute("ANALYZE appointments")
    with within(arrayan):
        yield usual, patient


@pytest.fixture
def plan():
    """The plans of the statements that a call sends to `appointments`."""

    def of(call):
        sent = []

        def keep(execute, sql, params, many, context):
            if "appointments" in sql and not sql.startswith("EXPLAIN"):
                sent.append((sql, params))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(keep):
            call()
        lines = []
        with tenancy.cursor() as cursor:
            for statement, params in sent:
                cursor.execute(f"EXPLAIN {statement}", params)
                lines += [line for (line,) in cursor.fetchall()]
        return "\n".join(lines)

    return of


def test_the_facts_of_a_week(crowded, plan):
    usual, _patient = crowded
    who = facts.attending(TreatmentFactory(), None)
    assert usual.chair_id in [one.chair_id for one in who]
    shown = plan(lambda: facts.taken(
        who, since=at(0), until=at(0) + timedelta(days=8), now=at(12), zone=ZONE, holder="user:1"))
    assert "Seq Scan on appointments" not in shown
    assert shown.count("Index Cond: ((tenant_id = ") >= 3


def test_the_feed_and_a_patients_visits(crowded, plan):
    _usual, patient = crowded
    assert "appointments_start" in plan(
        lambda: list(Appointment.objects.overlapping(at(0), at(0) + timedelta(days=7)).standing(at(12))))
    assert "appointments_of_patient" in plan(
        lambda: list(Appointment.objects.filter(patient=patient).upcoming(at(12))))


def test_outside_a_transaction_of_the_clinic_nothing_is_answered(arrayan):
    with tenancy.tenant_context(arrayan.pk), pytest.raises(tenancy.TenantNotSet):
        facts.attending(TreatmentFactory.build(), None)
