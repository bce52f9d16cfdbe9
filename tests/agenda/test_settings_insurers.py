"""Ajustes > Obras sociales: what is done with each, in general and treatment by treatment."""
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agenda import catalogue
from clinics.clinic import NotYours
from clinics.patients import insurance, insurers
from clinics.patients.models import Coverage, Insurer
from tests.agenda.factories import TreatmentFactory
from tests.patients.factories import InsurerFactory

URL = "/settings/insurers/"


def typed(**changes):
    said = {"name": "OSDE", "policy": "accepted", "delay_days": "0"} | changes
    return {name: value for name, value in said.items() if value is not None}


@pytest.fixture
def ceo(client_as):
    return client_as("ceo")


def test_an_insurer_and_what_holds_for_all(ceo, arrayan, within):
    response = ceo.post(f"{URL}new/", typed(
        aliases="osde 210, osde 310", policy="restricted", copay="4.500", needs_authorisation="on", delay_days="3",
        note="Traé la orden."))
    assert response.status_code == 302
    with within(arrayan):
        made = Insurer.objects.get()
        assert (made.folded, made.aliases, made.policy, made.delay_days, made.note) == (
            "osde", ["osde 210", "osde 310"], "restricted", 3, "Traé la orden.")
        assert insurance.terms(made) == insurance.Terms(
            "OSDE", "restricted", "Traé la orden.", 3, Decimal("4500.00"), True)
        assert insurance.understand("tengo osde 310") == made
    page = ceo.get(f"{URL}{made.pk}/").content.decode()
    assert 'value="4.500"' in page
    assert "osde 210, osde 310" in page


@pytest.mark.parametrize(("changes", "field", "said"), [
    ({"name": ""}, "name", "Falta este dato."), ({"name": "Ósde"}, "name", "Ya está en la lista."),
    ({"name": "Particular"}, "name", "no tiene obra social"), ({"policy": "todo"}, "policy", "Elegí una"),
    ({"copay": "gratis"}, "copay", "25.000,00"), ({"delay_days": "400"}, "delay_days", "entre 0 y 365"),
])
def test_a_bad_value_is_said_beside_its_field_and_nothing_is_lost(ceo, arrayan, within, changes, field, said):
    with within(arrayan):
        InsurerFactory()
    response = ceo.post(f"{URL}new/", typed(**{"name": "Galeno", "note": "Palabra rara."} | changes))
    page = response.content.decode()
    assert response.status_code == 422
    assert said in page.split(f'id="f-{field}-e"')[1][:300]
    assert "Palabra rara." in page
    with within(arrayan):
        assert Insurer.objects.count() == 1


def test_a_treatment_with_its_own_terms(ceo, people, arrayan, within):
    with within(arrayan):
        row, treatment = InsurerFactory(), TreatmentFactory(code="IMPL", name="Implante")
    response = ceo.post(f"{URL}{row.pk}/cover/", typed(treatment_code="IMPL", policy="rejected", note="Va aparte."))
    assert (response.status_code, response.headers["Location"]) == (302, f"{URL}{row.pk}/?saved")
    with within(arrayan):
        made = Coverage.objects.get()
        assert insurance.terms(row, "IMPL").policy == "rejected"
        assert insurance.terms(row).policy == insurance.terms(row, "OTRO").policy == "accepted"
    page = ceo.get(f"{URL}{row.pk}/").content.decode()
    assert "Implante" in page  # its name, not its code
    again = ceo.post(f"{URL}{row.pk}/cover/", typed(treatment_code="IMPL"))
    assert again.status_code == 422
    assert "ya tiene su cobertura" in again.content.decode()
    assert ceo.post(f"{URL}{row.pk}/cover/{made.pk}/", typed(treatment_code="IMPL", copay="900")).status_code == 302
    with within(arrayan):
        assert insurance.terms(row, "IMPL").copay == Decimal(900)
        catalogue.change(treatment=treatment, active=False, by=people["ceo"].actor)
    assert "Implante" in ceo.get(f"{URL}{row.pk}/cover/{made.pk}/").content.decode()
    assert ceo.post(f"{URL}{row.pk}/cover/{made.pk}/remove").status_code == 302
    with within(arrayan):
        assert insurance.terms(row, "IMPL") == insurance.terms(row)


def test_what_holds_for_all_is_no_coverage_that_is_removed(ceo, arrayan, within):
    ceo.post(f"{URL}new/", typed(copay="100"))
    with within(arrayan):
        row, whole = Insurer.objects.get(), Coverage.objects.get()
    assert whole.treatment_code == ""
    assert ceo.get(f"{URL}{row.pk}/cover/{whole.pk}/").status_code == 404
    assert ceo.post(f"{URL}{row.pk}/cover/{whole.pk}/remove").status_code == 404
    assert ceo.post(f"{URL}{row.pk}/cover/", typed(treatment_code="")).status_code == 422


def test_off_the_list_with_its_coverages(ceo, arrayan, bosque, within):
    with within(bosque):
        InsurerFactory()
    ceo.post(f"{URL}new/", typed())
    with within(arrayan):
        row = Insurer.objects.get()
    assert ceo.post(f"{URL}{row.pk}/remove").status_code == 302
    with within(arrayan):
        assert not Insurer.objects.exists() and not Coverage.objects.exists()
    with within(bosque):
        assert Insurer.objects.exists()


def test_another_clinics_insurer_is_not_found(ceo, bosque, arrayan, within):
    with within(bosque):
        theirs = InsurerFactory()
        kept = Coverage.objects.create(insurer=theirs, treatment_code="A")
    with within(arrayan):
        ours = InsurerFactory()
    theirs_in_ours = f"{ours.pk}/cover/{kept.pk}"
    for url in (f"{theirs.pk}/", f"{theirs.pk}/cover/", f"{theirs.pk}/cover/{kept.pk}/", f"{theirs_in_ours}/"):
        assert ceo.get(URL + url).status_code == ceo.post(URL + url, typed()).status_code == 404, url
    for url in (f"{theirs.pk}/remove", f"{theirs.pk}/cover/{kept.pk}/remove", f"{theirs_in_ours}/remove"):
        assert ceo.post(URL + url).status_code == 404, url


def test_a_list_asks_the_same_of_one_and_of_thirty(ceo, arrayan, within):
    counts = []
    for numbers in (range(1), range(1, 30)):
        with within(arrayan):
            for number in numbers:
                Coverage.objects.create(insurer=InsurerFactory(name=f"Obra {number}"), treatment_code="A")
        with CaptureQueriesContext(connection) as asked:
            ceo.get(URL)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_verbs_refuse_whoever_is_no_ceo(here, people):
    row = InsurerFactory()
    kept = Coverage.objects.create(insurer=row, treatment_code="A")
    for role in ("professional", "secretary", "setter", "closer"):
        by = people[role].actor
        for verb in (lambda by=by: insurers.add(name="X", by=by),
                     lambda by=by: insurers.change(insurer=row, by=by, note="X"),
                     lambda by=by: insurers.remove(insurer=row, by=by),
                     lambda by=by: insurers.cover(insurer=row, treatment_code="B", by=by),
                     lambda by=by: insurers.uncover(coverage=kept, by=by)):
            with pytest.raises(NotYours):
                verb()
