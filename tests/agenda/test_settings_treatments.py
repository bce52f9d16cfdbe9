"""Ajustes > Tratamientos: what is done, what it takes and costs, and who does it."""
from decimal import Decimal

import pytest

from agenda import catalogue
from agenda.models import TreatmentProfessional, TreatmentType, who_do
from clinics.clinic import Invalid, NotYours
from clinics.patients.models import Coverage
from tests.agenda.factories import TreatmentFactory
from tests.factories import ProfessionalFactory
from tests.patients.factories import InsurerFactory

URL = "/settings/treatments/"


def typed(**changes):
    said = {"name": "Limpieza dental", "minutes": "45", "sessions": "1", "gap_days": "0", "bookable": "on",
            "active": "on", "who": "all"}
    return {name: value for name, value in (said | changes).items() if value is not None}


@pytest.fixture
def ceo(client_as):
    return client_as("ceo")


def test_a_treatment_is_what_the_form_says(ceo, arrayan, within, people):
    response = ceo.post(f"{URL}new/", typed(
        price="32.000", tell_price="on", aliases="sarro, Higiene ,, sarro", minutes_min="30", category="Prevención",
        before_visit="Cepillate antes."))
    assert (response.status_code, response.headers["Location"]) == (302, f"{URL}?saved")
    with within(arrayan):
        made = TreatmentType.objects.get(name="Limpieza dental")
        assert (made.code, made.folded, made.price, made.aliases) == (
            "LIMP", "limpieza dental", Decimal("32000.00"), ["sarro", "Higiene"])
        assert (made.minutes, made.minutes_min, made.minutes_max, made.tell_price) == (45, 30, None, True)
        assert who_do(made).count() == 1
    ceo.post(f"{URL}new/", typed(name="Limpieza profunda"))
    with within(arrayan):
        assert TreatmentType.objects.get(name="Limpieza profunda").code == "LIMP2"


@pytest.mark.parametrize(("changes", "field", "said"), [
    ({"name": ""}, "name", "Falta este dato."), ({"minutes": ""}, "minutes", "Falta este dato."),
    ({"minutes": "3"}, "minutes", "entre 5 y 720"), ({"minutes": "mucho"}, "minutes", "Escribí un número."),
    ({"minutes_min": "90"}, "minutes_min", "El mínimo"), ({"minutes_max": "10"}, "minutes_max", "El máximo"),
    ({"price": "gratis"}, "price", "25.000,00"), ({"sessions": "0"}, "sessions", "entre 1 y 99"),
    ({"code": "OTRO"}, "code", "Ya hay un tratamiento con ese código."),
    ({"tell_price": "on"}, "tell_price", "Poné el precio"), ({"who": "some"}, "doers", "Marcá quién lo hace."),
])
def test_a_bad_value_is_said_beside_its_field_and_nothing_is_lost(ceo, arrayan, within, changes, field, said):
    with within(arrayan):
        TreatmentFactory(code="OTRO")
    response = ceo.post(f"{URL}new/", typed(aliases="palabra rara", **changes))
    page = response.content.decode()
    assert response.status_code == 422
    assert "palabra rara" in page
    assert said in page[page.index(f'name="{field}"') - 900:page.index(f'name="{field}"') + 900] or said in page
    with within(arrayan):
        assert TreatmentType.objects.count() == 1


def test_some_do_it_or_all(ceo, arrayan, within):
    with within(arrayan):
        one, _other = ProfessionalFactory(), ProfessionalFactory()
        row = TreatmentFactory(name="Endodoncia", code="ENDO")
    form = typed(name="Endodoncia", code="ENDO")
    ceo.post(f"{URL}{row.pk}/", form | {"who": "some", "doers": [one.pk]})
    with within(arrayan):
        assert list(who_do(row)) == [one]
    ceo.post(f"{URL}{row.pk}/", form | {"who": "all", "doers": [one.pk]})
    with within(arrayan):
        assert not TreatmentProfessional.objects.filter(treatment=row).exists()


def test_a_treatment_that_is_not_done_any_more_is_offered_no_more(ceo, arrayan, within):
    with within(arrayan):
        row = TreatmentFactory(name="Perno", code="P")
    ceo.post(f"{URL}{row.pk}/", typed(name="Perno", code="P", active=None))
    with within(arrayan):
        assert not TreatmentType.objects.active().exists()


def test_its_coverages_follow_a_new_code(here, people):
    row, insurer = TreatmentFactory(code="A"), InsurerFactory()
    kept = Coverage.objects.create(insurer=insurer, treatment_code="A")
    catalogue.change(treatment=row, by=people["ceo"].actor, code="B")
    assert list(Coverage.objects.values_list("pk", "treatment_code")) == [(kept.pk, "B")]


def test_another_clinics_treatment_and_doers(ceo, bosque, within):
    with within(bosque):
        theirs, person = TreatmentFactory(), ProfessionalFactory()
    assert ceo.get(f"{URL}{theirs.pk}/").status_code == 404
    assert ceo.post(f"{URL}{theirs.pk}/", typed()).status_code == 404
    assert ceo.post(f"{URL}new/", typed(who="some", doers=[person.pk])).status_code == 422


def test_the_verb_refuses_by_field_and_by_role(here, people):
    with pytest.raises(Invalid) as refused:
        catalogue.add(by=people["ceo"].actor, name=" ", minutes=1, price=Decimal("-1"))
    assert set(refused.value.fields) == {"name", "minutes", "price"}
    for role in ("professional", "secretary", "setter", "closer"):
        with pytest.raises(NotYours):
            catalogue.change(treatment=TreatmentFactory(), by=people[role].actor, name="X")
