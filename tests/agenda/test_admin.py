"""The admin shows the agenda and writes none of it: each table has its verbs."""

import pytest

from agenda.models import Appointment, TreatmentType
from tests.agenda.conftest import at
from tests.agenda.factories import AppointmentFactory

PAGES = ["treatmenttype", "treatmentprofessional", "chair", "usualchair", "closure", "appointment"]


@pytest.fixture
def visit(arrayan, within, people):
    with within(arrayan):
        return AppointmentFactory(start_at=at(15))


@pytest.mark.parametrize("name", PAGES)
def test_lists_are_for_who_configures_the_clinic(client_as, visit, name):
    assert client_as("ceo").get(f"/admin/agenda/{name}/").status_code == 200
    assert client_as("secretary").get(f"/admin/agenda/{name}/").status_code in (302, 403)


@pytest.mark.parametrize(("name", "said"), [
    ("appointment", {"status": "cancelled"}), ("treatmenttype", {"name": "Otro"})])
def test_a_row_is_only_looked_at(client_as, visit, arrayan, within, name, said):
    ceo, pk = client_as("ceo"), {"appointment": visit.pk, "treatmenttype": visit.treatment_id}[name]
    url = f"/admin/agenda/{name}/{pk}/change/"
    assert ceo.get(url).status_code == 200
    assert ceo.post(url, said).status_code == 403
    assert ceo.post(f"/admin/agenda/{name}/add/", said).status_code == 403
    assert ceo.post(f"/admin/agenda/{name}/{pk}/delete/", {"post": "yes"}).status_code == 403
    with within(arrayan):
        assert Appointment.objects.get().status == "scheduled"
        assert TreatmentType.objects.get().name == visit.treatment.name
