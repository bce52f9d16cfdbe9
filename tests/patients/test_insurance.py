import pytest

from clinics.patients import insurance
from tests.patients.factories import InsurerFactory


@pytest.fixture
def known(here, bosque, within):
    with within(bosque):
        InsurerFactory(name="Galeno")
    return {
        "OSDE": InsurerFactory(name="OSDE", aliases=["osde 210", "osde 310"]),
        "Swiss Medical": InsurerFactory(name="Swiss Medical", aliases=["swiss", "docthos"]),
        "Swiss Medical Plus": InsurerFactory(name="Swiss Medical Plus"),
    }


@pytest.mark.parametrize(("said", "name"), [
    ("tengo OSDE", "OSDE"), ("osde 310", "OSDE"), ("Ósde", "OSDE"), ("swiss", "Swiss Medical"),
    ("swiss medical plus", "Swiss Medical Plus"), ("no tengo osde, tengo swiss medical", "Swiss Medical"),
])
def test_an_insurer_of_the_clinic(known, said, name):
    assert insurance.understand(said) == known[name]


@pytest.mark.parametrize("said", [
    "particular", "voy particular, antes tenía OSDE", "no tengo obra social", "sin cobertura", "no", "ninguna",
    "no tengo", "por mi cuenta",
])
def test_somebody_without_one(known, said):
    assert insurance.understand(said) == insurance.PARTICULAR


@pytest.mark.parametrize("said", ["", "Galeno", "hola", "mañana a la tarde", "osdex"])
def test_what_the_clinic_does_not_list_is_not_known(known, said):
    assert insurance.understand(said) is None
