"""Rows of the kernel. They are made inside a tenant's transaction, like everything else."""
from datetime import UTC, datetime

import factory
from django.contrib.auth.hashers import make_password

from clinics.access import Role
from clinics.models import Membership, Professional, Tenant, User
from dentalogic.lib.text import fold

WEEK = {
    str(day): {"enabled": True, "slots": [{"start": "09:00", "end": "13:00"}, {"start": "14:00", "end": "19:00"}]}
    for day in range(5)
}
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
PASSWORD = "una-clave-larga-1"


class TenantFactory(factory.django.DjangoModelFactory):
    name = factory.Sequence(lambda n: f"Clínica {n}")
    slug = factory.Sequence(lambda n: f"clinica-{n}")
    address = "Mitre 1240"
    phone = "+543415550100"
    working_hours = WEEK
    created_at = EPOCH

    class Meta:
        model = Tenant


class UserFactory(factory.django.DjangoModelFactory):
    email = factory.Sequence(lambda n: f"persona{n}@arrayan.example")
    name = factory.Sequence(lambda n: f"Persona {n}")
    password = factory.LazyFunction(lambda: make_password(PASSWORD))
    created_at = EPOCH

    class Meta:
        model = User


class MembershipFactory(factory.django.DjangoModelFactory):
    user = factory.SubFactory(UserFactory)
    role = Role.SECRETARY
    status = Membership.Status.ACTIVE
    created_at = EPOCH

    class Meta:
        model = Membership


class ProfessionalFactory(factory.django.DjangoModelFactory):
    title = "Dra."
    first_name = "Paula"
    last_name = factory.Sequence(lambda n: f"Arrieta{n}")
    folded = factory.LazyAttribute(lambda row: fold(f"{row.last_name} {row.first_name}"))
    licence = "MP 3902"
    specialty = "General"

    class Meta:
        model = Professional


def staff(domain="arrayan.example"):
    """One active member a role; the professional attends."""
    people = {
        role: MembershipFactory(role=role, user=UserFactory(email=f"{role}@{domain}", name=f"{role.title()} {domain}"))
        for role in Role.values
    }
    ProfessionalFactory(membership=people["professional"], first_name="Nicolás", last_name="Brandt", title="Dr.")
    return people
