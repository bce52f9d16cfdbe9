"""Whose a file is, and where it is found again."""
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinics import live, tenancy
from clinics.models import SystemEvent
from messaging.media import filing, pages, tasks
from messaging.models import Conversation, MediaFile
from tests.agenda.factories import PatientFactory
from tests.fakes.media import JPEG, PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient(within, arrayan, bosque):
    with within(bosque):
        PatientFactory(first_name="Otra", last_name="Persona", phone="+5493415550139")
    with within(arrayan):
        return PatientFactory(first_name="Ana", last_name="Quiroga", dni="28456123", phone="+5493415550177")


@pytest.fixture
def recognise(clinic, patient):
    def link():
        with clinic, tenancy.atomic():
            Conversation.objects.update(patient=patient)

    return link


def whose(arrives, file):
    return arrives.again(file).patient_id


def test_a_file_of_who_is_known_is_filed_as_it_comes(arrives, recognise, patient):
    file = arrives("image", JPEG)
    recognise()
    assert whose(arrives, arrives.fetch(file)) == patient.pk


def test_a_file_of_who_is_not_known_waits_for_a_name(arrives, recognise, patient):
    file = arrives.fetch(arrives("image", JPEG))
    tasks.sweep_media()
    assert whose(arrives, file) is None
    recognise()
    tasks.sweep_media()
    assert whose(arrives, file) == patient.pk


def test_what_a_person_filed_stays_where_it_was_put(arrives, patient, clinic, secretary):
    file = arrives.fetch(arrives("image", JPEG))
    with clinic, tenancy.atomic():
        child = PatientFactory(first_name="Hija", last_name="Quiroga", dni="52456123", phone="", guardian=patient)
        Conversation.objects.update(patient=patient)
        filing.give_to(file=file, patient=child, by=secretary)
    tasks.sweep_media()
    assert whose(arrives, file) == child.pk


def test_what_did_not_come_is_filed_to_nobody(arrives, recognise, api):
    recognise_later = arrives("image", JPEG, link=api.fail("/v2/gone", 404))
    recognise()
    assert whose(arrives, arrives.fetch(recognise_later)) is None


def test_the_patient_s_page_has_them(arrives, recognise, patient, client_as):
    photo, rx = arrives("image", JPEG, caption="mi muela"), arrives("document", PDF, filename="informe.pdf")
    arrives.fetch(photo)
    recognise()
    client = client_as("secretary")
    page = client.get(f"/patients/{patient.pk}/?tab=archivos")
    assert f"/inbox/files/{patient.pk}" in page.content.decode()
    before = client.get(f"/inbox/files/{patient.pk}").content.decode()
    assert photo.address in before  # though no sweep has filed it yet
    assert rx.address not in before
    arrives.fetch(rx)
    said = client.get(f"/inbox/files/{patient.pk}").content.decode()
    assert "mi muela" in said
    assert "informe.pdf" in said


def test_without_any_it_says_so(patient, client_as):
    assert "Todavía no hay archivos" in client_as("secretary").get(f"/inbox/files/{patient.pk}").content.decode()


@pytest.mark.parametrize(("role", "status"), [
    ("ceo", 200), ("secretary", 200), ("professional", 200), ("setter", 403), ("closer", 403)])
def test_who_may_open_them(arrives, recognise, patient, client_as, role, status):
    file = arrives.fetch(arrives("image", JPEG))
    recognise()
    tasks.sweep_media()
    client = client_as(role)
    assert client.get(f"/inbox/files/{patient.pk}").status_code == status
    assert client.get(f"/patients/{patient.pk}/?tab=archivos").status_code == (
        status if role not in ("setter", "closer") else 403)
    assert client.get(file.address).status_code == (302 if status == 200 else 404)


def test_another_clinic_s_patient_has_none_here(arrives, recognise, patient, client_as, strangers):
    file = arrives.fetch(arrives("image", JPEG))
    recognise()
    foreign = client_as("secretary", strangers["secretary"])
    assert foreign.get(f"/inbox/files/{patient.pk}").status_code == 404
    assert foreign.get(file.address).status_code == 404


@pytest.mark.parametrize("where", ["", "?beside"])
def test_the_same_questions_for_one_and_for_thirty(arrives, recognise, patient, client_as, clinic, where):
    first, client = arrives.fetch(arrives("image", JPEG)), client_as("secretary")
    recognise()
    counts = []
    for more in (0, 29):
        with clinic, tenancy.atomic():
            MediaFile.objects.bulk_create([
                MediaFile(kind="image", state="stored", name=f"x{number}", mime="image/jpeg", patient=patient,
                          created_at=first.created_at) for number in range(more)])
        with CaptureQueriesContext(connection) as asked:
            said = client.get(f"/inbox/files/{patient.pk}{where}").content.decode()
        assert said.count("<li>") == (min(more + 1, pages.BESIDE) if where else more + 1)
        assert ("Ver todos" in said) == bool(where and more)
        counts.append(len(asked))
    assert counts[0] == counts[1]


# Beside the conversation, and put where it belongs


@pytest.fixture
def heard(monkeypatch):
    """What other screens are told."""
    said = []
    monkeypatch.setattr(live, "say", lambda event, **ids: said.append((event, ids)))
    return said


@pytest.fixture
def family(clinic, patient):
    """A child without a phone, and somebody else."""
    with clinic, tenancy.atomic():
        child = PatientFactory(first_name="Hija", last_name="Quiroga", dni="52456123", phone="", guardian=patient)
        return child, PatientFactory(first_name="Otro", last_name="Vecino", phone="+5493415550666")


@pytest.mark.parametrize(("role", "shown"), [
    ("ceo", True), ("secretary", True), ("setter", False), ("closer", False)])
def test_beside_the_conversation_for_whom_they_are(
        arrives, recognise, client_as, patient, monkeypatch, role, shown):
    file = arrives.fetch(arrives("image", JPEG))
    recognise()
    monkeypatch.setattr("clinics.access.visible", lambda _actor, _capability, rows: rows)  # a lead of theirs
    client = client_as(role)
    thread = client.get(f"/inbox/{file.message.conversation_id}/thread").content.decode()
    assert (f"/inbox/files/{patient.pk}?beside" in thread, "/whose" in thread) == (shown, shown)
    if shown:
        said = client.get(f"/inbox/files/{patient.pk}?beside").content.decode()
        assert f'src="{file.address}"' in said
        assert file.name not in said


def test_without_any_the_panel_says_so(patient, client_as):
    said = client_as("secretary").get(f"/inbox/files/{patient.pk}?beside").content.decode()
    assert "Todavía no mandó ninguno." in said


def test_a_file_is_put_where_it_belongs_and_the_other_desk_sees_it(
        arrives, recognise, client_as, patient, family, clinic, heard):
    child, neighbour = family
    file, client = arrives.fetch(arrives("image", JPEG)), client_as("secretary")
    recognise()
    tasks.sweep_media()
    said = client.get(f"/inbox/media/{file.pk}/whose").content.decode()
    assert [one.name in said for one in (patient, child, neighbour)] == [True, True, False]
    assert f'data-value="{patient.pk}"' not in said  # it is there
    heard.clear()
    for _twice in range(2):
        assert client.post(f"/inbox/media/{file.pk}/file", {"patient": child.pk}).status_code == 204
    assert whose(arrives, file) == child.pk
    assert heard == [("MESSAGE_SENT", {"conversation": file.message.conversation_id, "message": file.message_id})]
    with clinic, tenancy.atomic():
        rows = SystemEvent.objects.filter(event="media.filed")
        assert [row.payload for row in rows] == [{"row": file.pk, "patient": child.pk}]
    assert f"En la ficha de {child.name}" in client.get(
        f"/inbox/{file.message.conversation_id}/thread").content.decode()
    assert file.address in client.get(f"/inbox/files/{child.pk}?beside").content.decode()
    assert file.address not in client.get(f"/inbox/files/{patient.pk}?beside").content.decode()


@pytest.mark.parametrize("which", ["neighbour", "nobody", "words"])
def test_it_is_filed_to_nobody_else(arrives, recognise, client_as, family, patient, which):
    file = arrives.fetch(arrives("image", JPEG))
    recognise()
    tasks.sweep_media()
    said = {"neighbour": family[1].pk, "nobody": "", "words": "9" * 40}[which]
    answer = client_as("secretary").post(f"/inbox/media/{file.pk}/file", {"patient": said})
    assert (answer.status_code, answer.json()["code"]) == (404, "patient_not_found")
    assert whose(arrives, file) == patient.pk


@pytest.mark.parametrize(("role", "status"), [("professional", 403), ("setter", 403), ("closer", 403), ("", 404)])
def test_who_may_not_say_whose_a_file_is(arrives, recognise, client_as, family, strangers, role, status):
    file = arrives.fetch(arrives("image", JPEG))
    recognise()
    client = client_as(role) if role else client_as("secretary", strangers["secretary"])
    assert client.get(f"/inbox/media/{file.pk}/whose").status_code == status
    assert client.post(f"/inbox/media/{file.pk}/file", {"patient": family[0].pk}).status_code == status
