"""What the database itself refuses: rows 2 and 13 of the failures, and links between two clinics."""

import pytest
from django.db import IntegrityError, connection, transaction

from agenda.models import Appointment
from tests.agenda.conftest import at
from tests.agenda.factories import (
    AppointmentFactory,
    ChairFactory,
    ClosureFactory,
    PatientFactory,
    TreatmentFactory,
    TreatmentProfessionalFactory,
    UsualChairFactory,
)
from tests.factories import ProfessionalFactory


def refused(name):
    return pytest.raises(IntegrityError, match=name)


@pytest.mark.parametrize(("name", "values"), [
    ("appointments_span", {"end_at": at(15)}),
    ("appointments_span", {"end_at": at(15, day=at(15).date().replace(day=25))}),
    ("appointments_status", {"status": "maybe"}),
    ("appointments_patient_known", {"patient": None}),
    ("appointments_hold_ends", {"status": "held"}),
    ("appointments_hold_ends", {"status": "held", "held_until": at(16)}),
])
def test_checks(here, name, values):
    with refused(name), transaction.atomic():
        AppointmentFactory(start_at=at(15), **values)


@pytest.mark.parametrize(("factory", "link", "other"), [
    (AppointmentFactory, "patient_id", PatientFactory), (AppointmentFactory, "professional_id", ProfessionalFactory),
    (AppointmentFactory, "treatment_id", TreatmentFactory), (AppointmentFactory, "chair_id", ChairFactory),
    (ClosureFactory, "professional_id", ProfessionalFactory), (ClosureFactory, "chair_id", ChairFactory),
    (UsualChairFactory, "professional_id", ProfessionalFactory), (UsualChairFactory, "chair_id", ChairFactory),
    (TreatmentProfessionalFactory, "treatment_id", TreatmentFactory),
    (TreatmentProfessionalFactory, "professional_id", ProfessionalFactory),
])
def test_no_row_points_into_another_clinic(arrayan, bosque, within, factory, link, other):
    with within(bosque):
        foreign = other()
    with within(arrayan):
        row = factory()
        with refused(f"{row._meta.db_table}_{link}_same_tenant"), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**{link: foreign.pk})
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_clinic_sees_its_own_rows_alone(arrayan, bosque, within):
    with within(arrayan):
        mine = AppointmentFactory(start_at=at(15))
    with within(bosque):
        theirs = AppointmentFactory(start_at=at(15))
        assert list(Appointment.objects.all()) == [theirs]
        assert not Appointment.objects.filter(pk=mine.pk).exists()


def test_minutes_of_a_treatment(here):
    for values in ({"minutes": 0}, {"minutes": 30, "minutes_min": 40}, {"minutes": 30, "minutes_max": 20},
                   {"minutes": 721}):
        with refused("treatment_types_minutes"), transaction.atomic():
            TreatmentFactory(**values)
