"""Rows of the agenda, made inside a tenant's transaction. Appointments here pass by the verbs, not by the database."""

from datetime import UTC, datetime, timedelta

import factory

from agenda.models import Appointment, Chair, Closure, TreatmentProfessional, TreatmentType, UsualChair
from clinics.patients.models import Patient
from dentalogic.lib.text import fold
from tests.factories import EPOCH, ProfessionalFactory


class PatientFactory(factory.django.DjangoModelFactory):
    first_name = "Ana"
    last_name = factory.Sequence(lambda n: f"Quiroga{n}")
    folded = factory.LazyAttribute(lambda row: fold(f"{row.last_name} {row.first_name}"))
    created_at = EPOCH

    class Meta:
        model = Patient


class TreatmentFactory(factory.django.DjangoModelFactory):
    code = factory.Sequence(lambda n: f"T{n}")
    name = factory.Sequence(lambda n: f"Limpieza {n}")
    folded = factory.LazyAttribute(lambda row: fold(row.name))
    minutes = 30

    class Meta:
        model = TreatmentType


class TreatmentProfessionalFactory(factory.django.DjangoModelFactory):
    treatment = factory.SubFactory(TreatmentFactory)
    professional = factory.SubFactory(ProfessionalFactory)

    class Meta:
        model = TreatmentProfessional


class ChairFactory(factory.django.DjangoModelFactory):
    name = factory.Sequence(lambda n: f"Sillón {n}")

    class Meta:
        model = Chair


class UsualChairFactory(factory.django.DjangoModelFactory):
    professional = factory.SubFactory(ProfessionalFactory)
    chair = factory.SubFactory(ChairFactory)

    class Meta:
        model = UsualChair


class ClosureFactory(factory.django.DjangoModelFactory):
    start_at = datetime(2026, 12, 8, 3, tzinfo=UTC)
    end_at = factory.LazyAttribute(lambda row: row.start_at + timedelta(days=1))
    reason = "Feriado"

    class Meta:
        model = Closure


class AppointmentFactory(factory.django.DjangoModelFactory):
    patient = factory.SubFactory(PatientFactory)
    professional = factory.SubFactory(ProfessionalFactory)
    treatment = factory.SubFactory(TreatmentFactory)
    start_at = factory.Sequence(lambda n: datetime(2026, 11, 25, 12, tzinfo=UTC) + timedelta(days=n))
    end_at = factory.LazyAttribute(lambda row: row.start_at + timedelta(minutes=row.treatment.minutes))
    created_at = EPOCH

    class Meta:
        model = Appointment
