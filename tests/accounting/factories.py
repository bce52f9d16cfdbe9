"""Visits and treatments as the cash needs them; the agenda's own verbs are tested with the agenda."""
from datetime import UTC, datetime, timedelta

import factory

from agenda.models import Appointment, TreatmentType
from clinics.models import Professional
from dentalogic.lib.text import fold
from tests.factories import ProfessionalFactory
from tests.patients.factories import PatientFactory


class TreatmentFactory(factory.django.DjangoModelFactory):
    code = factory.Sequence(lambda n: f"T{n}")
    name = "Limpieza"
    folded = factory.LazyAttribute(lambda row: fold(row.name))
    minutes = 30
    price = "25000.00"

    class Meta:
        model = TreatmentType


class VisitFactory(factory.django.DjangoModelFactory):
    """A visit that can be completed; each at its own hour."""

    patient = factory.SubFactory(PatientFactory)
    professional = factory.LazyFunction(lambda: Professional.objects.first() or ProfessionalFactory())
    treatment = factory.SubFactory(TreatmentFactory)
    start_at = factory.Sequence(lambda n: datetime(2026, 11, 24, 12, tzinfo=UTC) + timedelta(hours=n))
    end_at = factory.LazyAttribute(lambda row: row.start_at + timedelta(minutes=30))
    status = "seated"
    created_at = datetime(2026, 11, 1, tzinfo=UTC)

    class Meta:
        model = Appointment
