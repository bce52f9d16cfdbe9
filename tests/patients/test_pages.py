import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinics.access import SYSTEM
from clinics.patients import anamnesis, charting
from clinics.patients.models import ClinicalRecord, Patient, RecordDraft
from tests.accounting.factories import VisitFactory
from tests.patients.factories import PatientFactory

SECRET = "Compromiso pulpar, se indica endodoncia"


@pytest.fixture
def patient(arrayan, bosque, within, people, noon):
    member = people["professional"]
    with within(arrayan):
        row = PatientFactory(first_name="Carolina", last_name="Luque", dni="30555014")
        VisitFactory(patient=row, professional=member.professional)
        anamnesis.merge(
            patient=row, answers={"allergies": "Penicilina", "base_diseases": "Asma severa"}, by=SYSTEM,
            through="api", now=noon)
        charting.sign(patient=row, author=member.professional, text=SECRET, by=member.actor)
        return Patient.objects.get(pk=row.pk)


@pytest.fixture
def at(patient):
    return f"/patients/{patient.pk}/"


def text(response, status=200):
    assert response.status_code == status, response.content.decode()[-800:]
    return response.content.decode()


@pytest.mark.parametrize("role", ["ceo", "professional", "secretary"])
def test_the_list_shows_who_is_who(client_as, patient, role):
    page = text(client_as(role).get("/patients/"))
    assert "Luque, Carolina" in page
    assert "30.555.014" in page
    assert "Alergia a penicilina" in page


@pytest.mark.parametrize("role", ["setter", "closer"])
def test_setters_and_closers_see_an_empty_list(client_as, patient, at, role):
    client = client_as(role)
    assert "Todavía no hay pacientes" in text(client.get("/patients/"))
    assert text(client.get("/patients/search", {"q": "luque"})).count("<a") == 0
    assert client.get(at).status_code == 404
    assert client.get("/patients/new/").status_code == 403


def test_another_clinics_people_see_nothing(client_as, strangers, patient, at):
    client = client_as("ceo", strangers["ceo"])
    assert "Luque" not in text(client.get("/patients/"))
    for url in (at, f"{at}?tab=historia", f"{at}edit/", f"{at}alerts"):
        assert client.get(url).status_code == 404
    assert client.post(f"{at}sign", {"text": "x"}).status_code == 404


def test_the_search_answers_a_piece(client_as, patient):
    piece = text(client_as("secretary").get("/patients/", {"q": "luq"}, headers={"HX-Request": "true"}))
    assert "<html" not in piece
    assert "Luque" in piece
    empty = text(client_as("secretary").get("/patients/", {"q": "zzz"}))
    assert "Nadie coincide con “zzz”" in empty
    assert "/patients/new/?q=zzz" in empty
    assert "Carolina Luque" in text(client_as("secretary").get("/patients/search", {"q": "30555"}))
    assert f'href="?patient={patient.pk}"' in text(client_as("secretary").get("/patients/pick", {"q": "caro"}))


@pytest.mark.parametrize("role", ["ceo", "professional"])
def test_who_attends_sees_the_record(client_as, at, role):
    client = client_as(role)
    assert SECRET in text(client.get(at))
    page = text(client.get(f"{at}?tab=historia"))
    assert SECRET in page
    assert "1 entrada, íntegra" in page
    assert "Asma severa" in text(client.get(at))


def test_reception_sees_the_alert_and_neither_record_nor_history(client_as, at):
    client = client_as("secretary")
    page = text(client.get(at))
    assert "Alergia a penicilina" in page
    for hidden in (SECRET, "Asma severa", "Historia clínica", "Antecedentes"):
        assert hidden not in page
    assert client.get(f"{at}?tab=historia").status_code == 403
    assert client.get(f"{at}history/").status_code == 403
    assert client.post(f"{at}sign", {"text": "x"}).status_code == 403
    assert client.post(f"{at}draft", {"text": "x"}).status_code == 403


def test_the_professional_sees_no_money(client_as, at):
    page = text(client_as("professional").get(at))
    assert "Cobrar" not in page
    assert "/cash/" not in page
    assert client_as("professional").get(f"{at}?tab=pagos").status_code == 403


@pytest.mark.parametrize("asked", ["?tab=", "?tab=nada", "?tab=historia%20"])
def test_a_tab_that_there_is_not_is_the_first(client_as, at, asked):
    assert 'href="?tab=resumen" aria-current="page"' in text(client_as("secretary").get(at + asked))


def test_an_entry_is_signed_once(client_as, at, arrayan, within):
    client = client_as("professional")
    said = {"text": "Anestesia troncular", "key": "k1"}
    assert client.post(f"{at}sign", said)["Location"] == f"{at}?tab=historia"
    assert client.post(f"{at}sign", said).status_code == 302
    with within(arrayan):
        assert ClinicalRecord.objects.count() == 2
    assert "Anestesia troncular" in text(client.get(f"{at}?tab=historia"))


def test_an_empty_entry_is_refused_beside_what_was_typed(client_as, at):
    page = text(client_as("professional").post(f"{at}sign", {"text": "  "}), 400)
    assert "La entrada está vacía" in page


def test_the_draft_saves_itself_and_comes_back(client_as, at, arrayan, within):
    client = client_as("professional")
    assert "guardado" in text(client.post(f"{at}draft", {"text": "Apertura came", "key": "k1"}))
    assert "Apertura came</textarea>" in text(client.get(f"{at}?tab=historia"))
    client.post(f"{at}sign", {"text": "Apertura cameral", "key": "k1"})
    client.post(f"{at}draft", {"text": "Apertura cameral", "key": "k1"})  # the autosave that was on its way
    with within(arrayan):
        assert not RecordDraft.objects.exists()


def test_a_correction_points_at_the_old_entry(client_as, at, arrayan, within):
    client = client_as("professional")
    with within(arrayan):
        wrong = ClinicalRecord.objects.get()
    assert "Corrección a la entrada del" in text(client.get(f"{at}?tab=historia&corrects={wrong.pk}"))
    client.post(f"{at}sign", {"text": "Era otra pieza", "corrects": wrong.pk})
    with within(arrayan):
        assert ClinicalRecord.objects.get(kind="correction").corrects == wrong


def test_who_does_not_treat_reads_but_does_not_write(client_as, arrayan, bosque, within, people):
    with within(arrayan):
        other = PatientFactory()
    client = client_as("professional")
    assert "Firmar" not in text(client.get(f"/patients/{other.pk}/?tab=historia"))
    assert client.get(f"/patients/{other.pk}/history/").status_code == 403
    assert client.post(f"/patients/{other.pk}/sign", {"text": "x"}).status_code == 403


def test_an_altered_record_says_so(client_as, at, patient, monkeypatch):
    monkeypatch.setattr(charting, "verify_chain", lambda _patient: charting.Chain(1, (1,), True))
    page = text(client_as("ceo").get(f"{at}?tab=historia"))
    assert "La historia fue alterada" in page
    assert "No es lo que se firmó" in page


def test_a_patient_is_registered_at_the_desk(client_as, arrayan, within):
    client = client_as("secretary")
    assert 'value="Norma"' in text(client.get("/patients/new/", {"q": "Norma Quiroga"}))
    said = {"first_name": "Norma", "last_name": "Quiroga", "document_type": "DNI", "dni": "28.111.222",
            "birth_on": "14/3/1989", "phone": "341 555-0139", "key": "k"}
    made = client.post("/patients/new/", said)
    assert made.status_code == 302
    assert client.post("/patients/new/", said)["Location"] == made["Location"]
    with within(arrayan):
        assert str(Patient.objects.get(dni="28111222").birth_on) == "1989-03-14"


def test_what_is_wrong_is_said_beside_its_field_and_stays(client_as, patient):
    said = {"first_name": "Paciente", "last_name": "Luque", "document_type": "DNI", "dni": "30555014", "phone": "x1",
            "birth_on": "ayer"}
    page = text(client_as("secretary").post("/patients/new/", said), 422)
    assert "Escribila así: 14/03/1989" in page
    assert 'value="Paciente"' in page
    page = text(client_as("secretary").post("/patients/new/", said | {"birth_on": ""}), 422)
    assert "Falta el nombre completo" in page
    taken = text(client_as("secretary").post(
        "/patients/new/", said | {"first_name": "Ana", "birth_on": "", "phone": ""}), 422)
    assert f'href="/patients/{patient.pk}/"' in taken


def test_data_and_history_are_edited(client_as, at, arrayan, within):
    said = {"first_name": "Carolina", "last_name": "Luque", "document_type": "DNI", "dni": "30555014",
            "insurance": "Swiss"}
    assert client_as("secretary").post(f"{at}edit/", said).status_code == 302
    answers = {"allergies": "", "previous_surgeries": "no"}
    assert client_as("professional").post(f"{at}history/", answers).status_code == 302
    with within(arrayan):
        row = Patient.objects.get()
    assert (row.insurance, row.medical_history["allergies"]) == ("Swiss", "Penicilina")
    assert row.medical_history["edited"]["through"] == "chair"


@pytest.mark.parametrize("url", ["/patients/", "/patients/search?q=luque", "/patients/pick?q=luque"])
def test_lists_cost_the_same_for_one_and_for_thirty(client_as, patient, arrayan, within, url):
    client, counts = client_as("secretary"), []
    for more in (0, 29):
        with within(arrayan):
            PatientFactory.create_batch(more)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_record_costs_the_same_for_one_and_for_thirty(client_as, patient, at, arrayan, within, people):
    client, member, counts = client_as("professional"), people["professional"], []
    for more in (0, 29):
        with within(arrayan):
            for number in range(more):
                charting.sign(patient=patient, author=member.professional, text=f"n {number}", by=member.actor)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{at}?tab=historia")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_pages_are_paged(client_as, patient, arrayan, within):
    with within(arrayan):
        PatientFactory.create_batch(55)
    page = text(client_as("secretary").get("/patients/"))
    assert "1–50 de 56" in page
    assert "51–56 de 56" in text(client_as("secretary").get("/patients/?page=2"))


@pytest.mark.parametrize("role", ["ceo", "professional", "secretary"])
@pytest.mark.parametrize("panel", ["/agenda/of/{}", "/agenda/of/{}?brief=1", "/agenda/of/{}/now", "/inbox/of/{}"])
def test_the_panels_of_other_floors(client_as, strangers, patient, role, panel):
    text(client_as(role).get(panel.format(patient.pk)))
    assert client_as("ceo", strangers["ceo"]).get(panel.format(patient.pk)).status_code == 404
