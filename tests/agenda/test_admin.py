"""What the admin writes has no verb; what has a verb it only shows."""

import pytest

from agenda.models import Appointment, Closure, TreatmentType
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


def test_an_appointment_is_only_looked_at(client_as, visit, arrayan, within):
    ceo = client_as("ceo")
    url = f"/admin/agenda/appointment/{visit.pk}/change/"
    assert ceo.get(url).status_code == 200
    assert ceo.post(url, {"status": "cancelled"}).status_code == 403
    assert ceo.get("/admin/agenda/appointment/add/").status_code == 403
    assert ceo.post(f"/admin/agenda/appointment/{visit.pk}/delete/", {"post": "yes"}).status_code == 403
    with within(arrayan):
        assert Appointment.objects.get().status == "scheduled"


def test_a_treatment_is_written_with_its_folded_name(client_as, people, arrayan, within):
    answer = client_as("ceo").post("/admin/agenda/treatmenttype/add/", {
        "code": "RX", "name": "Radiografía  periapical", "aliases": "[]", "minutes": 15, "sessions": 1, "gap_days": 0,
        "active": "on", "bookable": "on"})
    assert answer.status_code == 302, answer.context["errors"]
    with within(arrayan):
        assert TreatmentType.objects.get().folded == "radiografia periapical"


def test_a_closure_names_rows_of_its_own_clinic_alone(client_as, visit, bosque, strangers, arrayan, within):
    page = client_as("ceo").get("/admin/agenda/closure/add/").content.decode()
    assert visit.professional.last_name in page
    answer = client_as("ceo").post("/admin/agenda/closure/add/", {
        "start_at_0": "2026-12-08", "start_at_1": "03:00", "end_at_0": "2026-12-09", "end_at_1": "03:00",
        "kind": "holiday", "reason": "Inmaculada", "professional": "99999"})
    assert answer.status_code == 200
    with within(arrayan):
        assert not Closure.objects.exists()
