from decimal import Decimal

import pytest

from accounting import cash
from tests.patients.factories import PatientFactory


@pytest.fixture
def patient(here):
    return PatientFactory()


@pytest.fixture
def desk(here, people):
    """The actor at the desk."""
    return people["secretary"].actor


@pytest.fixture
def pay(patient, desk, noon):
    def pay(amount="25000", method="cash", **more):
        said = {"patient": patient, "by": desk, "now": noon} | more
        return cash.pay(amount=Decimal(amount), method=method, **said)

    return pay


@pytest.fixture
def spend(here, desk, noon):
    def spend(amount="8500", method="cash", **more):
        return cash.spend(**{"amount": Decimal(amount), "method": method, "detail": "Mensajería", "by": desk,
                             "now": noon} | more)

    return spend
