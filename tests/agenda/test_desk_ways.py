"""The desk's ways from one page to the next, and what the panel says of who comes."""
import pytest

from agenda import booking
from agenda.models import Appointment
from clinics.access import SYSTEM
from clinics.patients.models import Patient
from tests.agenda.conftest import at
from tests.agenda.factories import PatientFactory, TreatmentFactory


@pytest.fixture
def clinic(arrayan, bosque, within, people, frozen):
    with within(arrayan):
        professional = people["professional"].professional
        professional.treatment = TreatmentFactory()
    return professional


def text(response):
    assert response.status_code == 200, response.content.decode()[-900:]
    return response.content.decode()


@pytest.mark.parametrize(("known", "said"), [
    ({"birth_on": "1990-01-02", "dni": "30111222", "insurance": "OSDE"}, "36 años · DNI 30.111.222 · OSDE"),
    ({"dni": "30111222"}, "DNI 30.111.222"), ({"insurance": "OSDE"}, "OSDE"), ({}, None),
])
def test_the_panel_says_what_is_known_of_who_comes(client_as, clinic, arrayan, within, known, said):
    with within(arrayan):
        row = booking.book(patient=PatientFactory(**known), professional=clinic, treatment=clinic.treatment,
                           start_at=at(15), by=SYSTEM)
    page = text(client_as("secretary").get(f"/agenda/panel/{row.pk}"))
    who = page.partition('<div class="who">')[2].partition("</div>")[0]
    assert who.endswith("</h2>" if said is None else f'<p class="mut sm">{said}</p>')


def test_from_the_agenda_to_the_waitlist(client_as, clinic):
    assert 'href="/agenda/waitlist/"' in text(client_as("secretary").get("/agenda/"))
    assert 'href="/agenda/waitlist/"' not in text(client_as("setter").get("/agenda/"))


def test_from_the_finder_to_the_waitlist_with_what_was_looked_for(client_as, clinic):
    client = client_as("secretary")
    for words in ("domingo", "jueves"):
        page = text(client.get(
            "/agenda/finder", {"treatment": clinic.treatment.pk, "professional": clinic.pk, "when": words}))
        assert f'/agenda/waitlist/?treatment={clinic.treatment.pk}&amp;professional={clinic.pk}"' in page or (
            f'/agenda/waitlist/?treatment={clinic.treatment.pk}&professional={clinic.pk}"' in page), words
    form = text(client.get("/agenda/waitlist/", {"treatment": clinic.treatment.pk, "professional": clinic.pk}))
    assert f'<option value="{clinic.treatment.pk}" selected>' in form
    assert f'<option value="{clinic.pk}" selected>' in form
    assert "Anotar en lista de espera" not in text(client.get("/agenda/finder", {"when": "xyz"}))


def test_a_new_patients_turn_clicked_twice_is_one_patient_with_one_turn(client_as, clinic, arrayan, within):
    client, said = client_as("secretary"), {
        "patient": "new", "first_name": "Carla", "last_name": "Paz", "phone": "341 555-0139", "insurance": "",
        "professional": clinic.pk, "treatment": clinic.treatment.pk, "day": "2026-11-24", "hour": "15:00", "key": "k"}
    pages = [text(client.post("/agenda/new", said)) for _ in range(2)]
    assert all("Turno dado." in page for page in pages)
    with within(arrayan):
        assert Patient.objects.filter(last_name="Paz").count() == 1
        assert Appointment.objects.count() == 1
    other = client.post("/agenda/new", said | {"hour": "16:00"})
    assert other.status_code == 409
    assert "ya se usó con otros datos" in other.content.decode()
