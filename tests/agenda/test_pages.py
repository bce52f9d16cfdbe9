"""The agenda's page: what each role is shown, the grid's data, the verbs of the panel and the desk's forms."""
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agenda import board, booking, walls
from agenda.models import Appointment, Closure
from clinics.models import Professional
from clinics.patients.models import Patient
from tests.agenda.conftest import TUESDAY, ZONE, at
from tests.agenda.factories import AppointmentFactory, ChairFactory, TreatmentFactory, UsualChairFactory
from tests.factories import ProfessionalFactory
from tests.patients.factories import PatientFactory

DAY = "2026-11-24"


@pytest.fixture(autouse=True)
def _at_noon(noon):
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def clinic(arrayan, bosque, within, people, strangers):
    """Arrayán's day; Bosque has one too, at the same hour, so that a leak has something to leak."""
    with within(bosque):
        AppointmentFactory(patient=PatientFactory(last_name="Bosquesa"), start_at=at(16))
    with within(arrayan):
        professional = people["professional"].professional
        professional.treatment = TreatmentFactory(name="Limpieza")
        professional.visit = AppointmentFactory(
            patient=PatientFactory(first_name="Norma", last_name="Quiroga"), professional=professional,
            treatment=professional.treatment, start_at=at(16), reason="Dolor")
    return professional


@pytest.fixture
def other(arrayan, within, clinic):
    with within(arrayan):
        return ProfessionalFactory(last_name="Duarte")


@pytest.fixture
def row(arrayan, within, clinic):
    def read(pk=None):
        with within(arrayan):
            return Appointment.objects.get(pk=pk or clinic.visit.pk)

    return read


def text(response, status=200):
    assert response.status_code == status, response.content.decode()[-900:]
    return response.content.decode()


def feed(client, first=DAY, last=DAY):
    return client.get(f"/agenda/feed?first={first}&last={last}").json()


def new(clinic, **changes):
    return {
        "treatment": clinic.treatment.pk, "professional": clinic.pk, "day": DAY, "hour": "17:00",
        "patient": clinic.visit.patient_id, "key": "k1"} | changes


def test_the_page_has_one_heading_and_no_inline_code(client_as, clinic):
    page = text(client_as("secretary").get(f"/agenda/?day={DAY}"))
    assert page.count("<h1") == 1
    assert "style=" not in page
    assert "onclick" not in page
    assert "<script>" not in page
    assert "Buscar hueco" in page


@pytest.mark.parametrize(("role", "leads"), [("ceo", True), ("secretary", False)])
def test_without_professionals_the_agenda_leads_to_them(client_as, clinic, arrayan, within, role, leads):
    asked = client_as(role)
    assert "Todavía no hay profesionales" not in text(asked.get("/agenda/"))
    with within(arrayan):
        Professional.objects.update(active=False)
    page = text(asked.get("/agenda/"))
    assert "Todavía no hay profesionales" in page
    assert ('href="/settings/professionals/new/"' in page) == leads


def test_a_day_is_lower_case_inside_a_sentence(client_as, clinic):
    assert "No hay turnos el lunes 23/11" in text(client_as("secretary").get("/agenda/list?day=2026-11-23"))


@pytest.mark.parametrize("role", ["ceo", "professional", "secretary"])
def test_who_may_see_it_all_sees_names(client_as, clinic, role):
    shown = feed(client_as(role))["appointments"][0]
    assert (shown["who"], shown["start"], shown["status"]) == ("Norma Quiroga", f"{DAY} 16:00:00", "booked")


@pytest.mark.parametrize("role", ["setter", "closer"])
def test_free_and_busy_names_nobody(client_as, clinic, role):
    client = client_as(role)
    shown = feed(client)["appointments"][0]
    assert (shown["who"], shown["what"], shown["opens"], shown["movable"]) == ("Ocupado", "", False, False)
    assert (shown["status"], shown["word"], shown["icon"], shown["source"]) == ("busy", "", "", "")
    listed = text(client.get(f"/agenda/?day={DAY}&view=list"))
    assert "Quiroga" not in listed
    assert "<h2>Hay 1 turno que tu rol no nombra.</h2>" in listed
    assert "No hay turnos el" not in listed
    assert 'class="ag-wait"' not in listed
    assert "ag-leg" not in listed
    assert client.get(f"/agenda/panel/{clinic.visit.pk}").status_code == 404
    assert client.get("/agenda/new").status_code == 403
    assert client.get("/agenda/finder").status_code == 403
    assert client.post(f"/agenda/{clinic.visit.pk}/arrive").status_code in (403, 404)
    assert 'data-panel="finder"' not in text(client.get("/agenda/"))


def test_another_clinics_people_see_nothing_of_it(client_as, strangers, clinic):
    client = client_as("ceo", strangers["ceo"])
    assert [one["who"] for one in feed(client)["appointments"]] == ["Carolina Bosquesa"]
    for url in (f"/agenda/panel/{clinic.visit.pk}", f"/agenda/{clinic.visit.pk}/reschedule"):
        assert client.get(url).status_code == 404
    for verb in ("confirm", "arrive", "cancel", "move"):
        assert client.post(f"/agenda/{clinic.visit.pk}/{verb}").status_code == 404
    assert client.post("/agenda/new", new(clinic)).status_code == 422


def test_a_professional_writes_in_their_own_column_alone(client_as, clinic, other, arrayan, within, row):
    with within(arrayan):
        theirs = AppointmentFactory(professional=other, start_at=at(15), patient=PatientFactory())
    client = client_as("professional")
    movable = {one["id"]: one["movable"] for one in feed(client)["appointments"]}
    assert movable == {clinic.visit.pk: True, theirs.pk: False}
    assert feed(client)["professionals"][0]["id"] == clinic.pk
    assert client.post(f"/agenda/{theirs.pk}/confirm").status_code == 403
    assert client.post(f"/agenda/{clinic.visit.pk}/move", {"start": f"{DAY}T17:00", "professional": other.pk}
                       ).status_code == 403
    assert row(theirs.pk).status == "scheduled"


def test_the_grid_speaks_the_clinics_wall_clock(client_as, clinic, arrayan, within):
    with within(arrayan):
        arrayan.timezone = "America/New_York"
        arrayan.save()
    shown = feed(client_as("secretary"))
    assert shown["now"] == f"{DAY} 10:00:00"
    assert shown["appointments"][0]["start"] == f"{DAY} 14:00:00"


def test_closed_hours_closures_and_holds_are_drawn(client_as, clinic, arrayan, within, people):
    with within(arrayan):
        Closure.objects.create(start_at=at(9), end_at=at(10), professional=clinic, kind="block", reason="Ateneo")
        booking.hold(professional=clinic, treatment=clinic.treatment, start_at=at(18), holder="conversation:7",
                     by=people["secretary"].actor)
    shown = feed(client_as("secretary"))
    closed = [(one["start"][11:16], one["end"][11:16]) for one in shown["closed"] if one["professional"] == clinic.pk]
    assert closed == [("00:00", "09:00"), ("13:00", "14:00"), ("19:00", "00:00")]
    assert [one["title"] for one in shown["closures"]] == ["Ateneo"]
    held = shown["appointments"][-1]
    assert (held["who"], held["status"], held["opens"]) == ("Retenido hasta 12:10", "held", False)
    assert shown["summary"] == "1 turno · 1 retenido"
    assert shown["edges"] == {"from": "09:00", "to": "19:00"}


def test_an_expired_hold_is_not_there(client_as, clinic, arrayan, within, people):
    with within(arrayan):
        booking.hold(professional=clinic, treatment=clinic.treatment, start_at=at(18), holder="conversation:7",
                     by=people["secretary"].actor)
    with time_machine.travel(at(12, 11), tick=False):
        assert len(feed(client_as("secretary"))["appointments"]) == 1


def test_a_week_is_the_longest_question(client_as, clinic):
    shown = feed(client_as("secretary"), first="2026-11-23", last="2027-11-23")
    assert (shown["first"], shown["last"]) == ("2026-11-23", "2026-11-29")
    assert feed(client_as("secretary"), first="ayer", last="")["first"] == DAY


@pytest.mark.parametrize("url", [
    f"/agenda/feed?first={DAY}&last={DAY}", f"/agenda/list?day={DAY}", f"/agenda/?day={DAY}&view=list",
    "/agenda/waiting",
])
def test_the_questions_do_not_grow_with_the_rows(client_as, clinic, arrayan, within, url):
    client = client_as("secretary")
    client.get(url)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    with within(arrayan):
        AppointmentFactory(patient=PatientFactory(), start_at=at(9), status="arrived", arrived_at=at(9))
    one = asked()
    with within(arrayan):
        for _n in range(30):
            professional = ProfessionalFactory()
            UsualChairFactory(professional=professional, chair=ChairFactory())
            AppointmentFactory(professional=professional, patient=PatientFactory(), start_at=at(10), status="arrived",
                               arrived_at=at(10))
    assert asked() == one


def test_a_failed_load_is_an_error_and_not_a_free_day(client_as, clinic, monkeypatch):
    client = client_as("secretary")
    client.raise_request_exception = False
    monkeypatch.setattr(board, "load", lambda **asked: 1 / 0)
    assert client.get(f"/agenda/feed?first={DAY}&last={DAY}").status_code == 500


def test_the_waiting_room_counts_minutes(client_as, clinic, arrayan, within):
    with within(arrayan):
        Appointment.objects.filter(pk=clinic.visit.pk).update(status="arrived", arrived_at=at(11, 46))
    assert "14 min" in text(client_as("secretary").get("/agenda/waiting"))


def test_the_day_step_by_step(client_as, clinic, row):
    client = client_as("secretary")
    page = text(client.get(f"/agenda/panel/{clinic.visit.pk}"))
    assert "Confirmar" in page
    assert "Dolor" in page
    for verb, button in (("confirm", "Llegó"), ("arrive", "Pasar a sillón"), ("seat", "Finalizar")):
        assert button in text(client.post(f"/agenda/{clinic.visit.pk}/{verb}"))
    assert "Cobrar" in text(client.post(f"/agenda/{clinic.visit.pk}/complete"))
    assert row().status == "completed"


def test_a_step_out_of_order_says_why_where_it_was_asked(client_as, clinic, row):
    page = text(client_as("secretary").post(f"/agenda/{clinic.visit.pk}/complete"), 409)
    assert 'role="alert"' in page
    assert "ya no está en un estado que lo permita" in page
    assert row().status == "scheduled"


def test_cancelling_keeps_the_reason_and_leaves_the_grid(client_as, clinic, row):
    client = client_as("secretary")
    assert "Cancelado" in text(client.post(f"/agenda/{clinic.visit.pk}/cancel", {"reason": "Viaje"}))
    assert row().cancel_reason == "Viaje"
    assert feed(client)["appointments"] == []
    assert "Viaje" in text(client.get(f"/agenda/list?day={DAY}"))


def test_dragging_moves_and_a_refusal_says_what_is_left(client_as, clinic, arrayan, within, row):
    client = client_as("secretary")
    moved = client.post(f"/agenda/{clinic.visit.pk}/move", {
        "start": f"{DAY}T17:00", "professional": clinic.pk, "version": 1})
    assert (moved.status_code, row().start_at) == (200, at(17))

    with within(arrayan):
        AppointmentFactory(patient=PatientFactory(), professional=clinic, treatment=clinic.treatment, start_at=at(18))
    refused = client.post(f"/agenda/{clinic.visit.pk}/move", {
        "start": f"{DAY}T18:00", "professional": clinic.pk, "version": 2})
    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    assert "Ese horario se ocupó recién. Quedan " in refused.json()["detail"]
    assert row().start_at == at(17)


def test_two_who_drag_the_same_visit(client_as, clinic, row):
    client, said = client_as("secretary"), {"professional": clinic.pk, "version": 1}
    assert client.post(f"/agenda/{clinic.visit.pk}/move", said | {"start": f"{DAY}T17:00"}).status_code == 200
    late = client.post(f"/agenda/{clinic.visit.pk}/move", said | {"start": f"{DAY}T18:00"})
    assert (late.status_code, late.json()["code"]) == (409, "stale_version")
    assert row().start_at == at(17)


@pytest.mark.parametrize("start", ["", "mañana", "2026-13-45T99:00"])
def test_a_time_that_is_none_is_refused(client_as, clinic, row, start):
    assert client_as("secretary").post(f"/agenda/{clinic.visit.pk}/move", {"start": start}).status_code == 400
    assert row().start_at == at(16)


def test_a_wall_clock_that_the_clock_skips_is_no_instant():
    with pytest.raises(ValueError, match="does not exist"):
        walls.instant("2026-03-08T02:30", ZoneInfo("America/New_York"))
    assert walls.instant("2026-11-24T16:00", ZONE) == at(16)


def test_rescheduling_by_words(client_as, clinic, row):
    client = client_as("secretary")
    page = text(client.get(f"/agenda/{clinic.visit.pk}/reschedule", {"when": "jueves a la tarde"}))
    assert "26/11" in page
    assert f'data-start="{DAY[:8]}26T14:00"' in page
    asked = {"start": "2026-11-26T14:00", "professional": clinic.pk, "version": 1}
    done = text(client.post(f"/agenda/{clinic.visit.pk}/move", asked, headers={"HX-Request": "true"}))
    assert "Turno reprogramado" in done
    assert row().start_at == at(14, day=TUESDAY + timedelta(days=2))
    page = text(client.get(f"/agenda/{clinic.visit.pk}/reschedule", {"when": "cuando cante el gallo"}))
    assert "No entendimos cuándo" in page


def test_the_desk_gives_a_turn_once(client_as, clinic, arrayan, within):
    client = client_as("secretary")
    for _twice in range(2):
        assert "Turno dado" in text(client.post("/agenda/new", new(clinic)))
    with within(arrayan):
        made = Appointment.objects.exclude(pk=clinic.visit.pk).get()
    assert (made.start_at, made.source) == (at(17), "desk")


def test_a_new_patient_and_the_turn_are_both_or_neither(client_as, clinic, arrayan, within):
    client = client_as("secretary")
    said = new(clinic, patient="new", first_name="Ana", last_name="Paz", phone="341 555-0190", hour="16:00")
    page = text(client.post("/agenda/new", said), 409)
    assert "Quedan" in page
    assert 'value="Paz"' in page
    with within(arrayan):
        assert not Patient.objects.filter(last_name="Paz").exists()
    text(client.post("/agenda/new", said | {"hour": "17:00"}))
    with within(arrayan):
        assert Appointment.objects.filter(patient__last_name="Paz", start_at=at(17)).count() == 1


@pytest.mark.parametrize(("wrong", "words"), [
    ({"patient": ""}, "Elegí a quién"), ({"treatment": ""}, "Falta este dato"), ({"day": "ayer"}, "no se entiende"),
    ({"hour": "tarde"}, "La hora se escribe 10:30"), ({"patient": "new", "first_name": "Ana"}, "Falta este dato"),
])
def test_what_is_wrong_is_said_and_what_was_typed_stays(client_as, clinic, wrong, words):
    page = text(client_as("secretary").post("/agenda/new", new(clinic, reason="Control", **wrong)), 422)
    assert words in page
    assert 'value="Control"' in page


def test_overbooking_is_a_right_with_a_reason(client_as, clinic, arrayan, within):
    said = new(clinic, hour="16:00", patient="")
    with within(arrayan):
        said["patient"] = PatientFactory().pk
    assert "Motivo del sobreturno" not in text(client_as("secretary").post("/agenda/new", said), 409)
    assert client_as("secretary").post("/agenda/new", said | {"overbook_reason": "x"}).status_code == 403
    assert "Motivo del sobreturno" in text(client_as("ceo").post("/agenda/new", said), 409)
    said |= {"overbook_reason": "Se le cayó la corona"}
    assert "Sobreturno" in text(client_as("ceo").post("/agenda/new", said))


def test_a_chosen_opening_is_held_until_the_form_is_closed(client_as, clinic, arrayan, within):
    client = client_as("secretary")
    page = text(client.get("/agenda/finder", {"treatment": clinic.treatment.pk, "when": "mañana a la tarde"}))
    assert 'data-start="2026-11-25T14:00"' in page
    chosen = {"treatment": clinic.treatment.pk, "professional": clinic.pk, "start": "2026-11-25T14:00"}
    assert "Horario retenido" in text(client.post("/agenda/hold", chosen))
    with within(arrayan):
        assert Appointment.objects.filter(status="held", start_at=datetime(2026, 11, 25, 14, tzinfo=ZONE)).exists()
    assert client.post("/agenda/release").status_code == 204
    with within(arrayan):
        assert not Appointment.objects.filter(status="held").exists()


def test_a_save_that_fails_keeps_what_was_held(client_as, clinic, arrayan, within):
    client = client_as("secretary")
    client.post("/agenda/hold", {
        "treatment": clinic.treatment.pk, "professional": clinic.pk, "start": f"{DAY}T18:00"})
    held = text(client.post("/agenda/new", new(clinic, hour="18:00", patient="")), 422)
    assert " data-held" in held
    assert "Horario retenido</b> hasta las 12:10" in held
    elsewhere = text(client.post("/agenda/new", new(clinic, hour="17:00", patient="")), 422)
    assert " data-held" in elsewhere
    assert "Horario retenido" not in elsewhere
    with time_machine.travel(at(12, 11), tick=False):
        assert " data-held" not in text(client.post("/agenda/new", new(clinic, hour="18:00", patient="")), 422)


def test_without_words_the_finder_looks_a_week_ahead_of_the_day_shown(client_as, clinic):
    client = client_as("secretary")
    page = text(client.get("/agenda/finder", {"treatment": clinic.treatment.pk, "day": "2026-11-30"}))
    assert "30/11 al 06/12 ·" in page
    assert 'name="when" value=""' in page
    assert "24/11 al 30/11 ·" in text(client.get("/agenda/finder", {"day": "2026-11-02"}))
    assert "24/11 al 30/11 ·" in text(client.get("/agenda/finder", {"day": "ayer"}))


def test_the_form_finds_patients_of_this_clinic(client_as, clinic):
    client = client_as("secretary")
    assert "Norma Quiroga" in text(client.get("/agenda/patients", {"who": "quir"}))
    assert "Nadie coincide" in text(client.get("/agenda/patients", {"who": "bosquesa"}))


def test_alerts_are_where_the_patient_is(client_as, clinic, arrayan, within):
    with within(arrayan):
        Patient.objects.filter(pk=clinic.visit.patient_id).update(medical_history={"allergies": "Penicilina"})
    assert "Alergia a penicilina" in text(client_as("secretary").get(f"/agenda/panel/{clinic.visit.pk}"))
