"""Patients come in through the verb, so that their search words are there."""
import factory

from clinics.access import SYSTEM
from clinics.patients import intake
from clinics.patients.models import Insurer, Patient
from dentalogic.lib.text import fold

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def letters(number):
    """0 -> "aa", 1 -> "ab": a different surname each, since a digit is no name."""
    return LETTERS[number // 26 % 26] + LETTERS[number % 26]


class PatientFactory(factory.django.DjangoModelFactory):
    first_name = "Carolina"
    last_name = factory.Sequence(lambda n: f"Luque{letters(n)}")
    dni = factory.Sequence(lambda n: str(30_000_000 + n))
    phone = factory.Sequence(lambda n: f"+54934155{n % 100_000:05d}")
    insurance = "OSDE 310"

    class Meta:
        model = Patient

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return intake.register(by=SYSTEM, **kwargs)


class InsurerFactory(factory.django.DjangoModelFactory):
    name = "OSDE"
    folded = factory.LazyAttribute(lambda row: fold(row.name))

    class Meta:
        model = Insurer
