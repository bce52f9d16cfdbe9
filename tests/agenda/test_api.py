"""The agenda over HTTP: shapes, refusals, who reaches what, and how many queries it takes."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agenda.models import Appointment, Status
from clinics.access import Role
from clinics.models import Professional, SystemEvent
from tests.agenda.conftest import at
from tests.agenda.factories import AppointmentFactory, PatientFactory, TreatmentFactory
from tests.factories import ProfessionalFactory

URL = "/api/v1/appointments"


@pytest.fixture
def world(arrayan, bosque, people, within, frozen, api_as):
    """Rows of one clinic, committed before the requests that look at them; `look` reads them afterwards."""
    with within(arrayan):
        brandt = Professional.objects.get()
        made = SimpleNamespace(
            people=people, api=api_as("secretary"), as_=api_as, brandt=brandt, other=ProfessionalFactory(),
            treatment=TreatmentFactory(), patient=PatientFactory(), within=lambda: within(arrayan))

    def body(start_at, **others):
        return {
            "patient": made.patient.pk, "professional": made.brandt.pk, "treatment": made.treatment.pk,
            "start_at": start_at if isinstance(start_at, str | None) else start_at.isoformat(), **others}

    def visit(**values):
        with within(arrayan):
            return AppointmentFactory(
                **{"patient": made.patient, "professional": brandt, "treatment": made.treatment} | values)

    made.body, made.visit = body, visit
    made.post = lambda start_at, api=made.api, headers=None, **others: api.post(
        URL, body(start_at, **others), headers=headers)
    made.search = lambda api=made.api, **asked: api.get(
        "/api/v1/availability",
        {"treatment": made.treatment.pk, "from": "2026-11-24", "to": "2026-11-24"} | asked)
    return made


def queries(call):
    with CaptureQueriesContext(connection) as caught:
        call()
    return len(caught)


def test_availability(world):
    answer = world.search(professional=world.brandt.pk)
    assert answer.status_code == 200
    page = answer.json()
    assert (page["count"], page["next"], page["previous"]) == (19, None, None)
    assert page["results"][0] == {
        "professional": world.brandt.pk,
        "start_at": "2026-11-24T14:00:00-03:00", "end_at": "2026-11-24T14:30:00-03:00"}
    everyone = world.search().json()
    assert {one["professional"] for one in everyone["results"]} == {world.brandt.pk, world.other.pk}


@pytest.mark.parametrize(("asked", "field"), [
    ({"treatment": ""}, "treatment"), ({"treatment": 99999}, "treatment"), ({"treatment": 2**70}, "treatment"),
    ({"from": ""}, "from"), ({"from": "24/11/2026"}, "from"),
    ({"to": "2026-02-30"}, "to"), ({"to": "9999-12-31"}, "to"),
    ({"to": "2026-11-23"}, "to"), ({"to": "2026-12-25"}, "to"), ({"professional": "x"}, "professional"),
    ({"professional": 99999}, "professional"), ({"professional": 2**70}, "professional"),
    ({"urgency": "ya"}, "urgency"),
])
def test_availability_names_the_field_at_fault(world, asked, field):
    answer = world.search(**asked)
    assert answer.status_code == 400
    body = answer.json()
    assert (body["code"], list(body["fields"])) == ("invalid", [field])
    assert all(isinstance(text, str) and text for text in body["fields"][field])


def test_thirty_one_days_are_not_too_many(world):
    assert world.search(to="2026-12-24").status_code == 200


def test_faults_are_in_spanish(world):
    assert world.search(to="2026-12-25").json()["fields"] == {"to": ["Se pueden pedir hasta 31 días."]}


def test_book(world):
    answer = world.post(at(15), reason="Control")
    assert answer.status_code == 201
    row = answer.json()
    assert {
        "patient": world.patient.pk, "patient_name": world.patient.name, "professional": world.brandt.pk,
        "professional_name": world.brandt.name, "treatment": world.treatment.pk, "status": "scheduled", "version": 1,
        "source": "api",
        "start_at": "2026-11-24T15:00:00-03:00", "end_at": "2026-11-24T15:30:00-03:00", "reason": "Control",
    }.items() <= row.items()
    assert world.api.get(f"{URL}/{row['id']}").json() == row
    with world.within():
        assert Appointment.objects.get().created_by_id == world.people["secretary"].user_id


def test_a_taken_time(world):
    world.visit(start_at=at(15))
    with world.within():
        rival = PatientFactory()
    answer = world.post(at(15, 15), patient=rival.pk)
    assert answer.status_code == 409
    body = answer.json()
    assert (body["code"], body["fields"]) == ("slot_taken", {})
    assert body["detail"] == "Ese horario se ocupó recién."
    assert set(body["openings"][0]) == {"professional", "start_at", "end_at"}
    assert world.post(body["openings"][0]["start_at"], patient=rival.pk).status_code == 201


@pytest.mark.parametrize(("start_at", "code"), [
    ("2026-11-24T12:15:00-03:00", "too_soon"), ("2026-11-24T20:00:00-03:00", "outside_hours"),
    ("2027-06-01T10:00:00-03:00", "beyond_horizon"),
])
def test_refusals_have_a_code_and_a_text(world, start_at, code):
    answer = world.post(start_at)
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert answer.json()["detail"]
    with world.within():
        assert not Appointment.objects.exists()


@pytest.mark.parametrize(("others", "field"), [
    ({"start_at": "2026-11-24T15:00:00"}, "start_at"), ({"start_at": "mañana"}, "start_at"),
    ({"start_at": "9999-12-31T23:59:59Z"}, "start_at"), ({"start_at": None}, "start_at"),
    ({"patient": 99999}, "patient"), ({"patient": 2**70}, "patient"), ({"professional": "x"}, "professional"),
    ({"treatment": None}, "treatment"), ({"urgency": "ya"}, "urgency"), ({"reason": "x" * 301}, "reason"),
])
def test_what_is_missing_or_wrong_is_named(world, others, field):
    answer = world.api.post(URL, world.body(at(15)) | others)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_an_offset_is_an_offset(world):
    answer = world.post("2026-11-24T18:00:00Z")
    assert answer.json()["start_at"] == "2026-11-24T15:00:00-03:00"


def test_the_same_key_twice(world):
    first = world.post(at(15), headers={"Idempotency-Key": "a"})
    again = world.post(at(15), headers={"Idempotency-Key": "a"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert world.post(at(15), headers={"Idempotency-Key": "b"}).status_code == 409
    assert world.post(at(15), api=world.as_("ceo"), headers={"Idempotency-Key": "a"}).status_code == 409


def test_reschedule(world):
    row = world.visit(start_at=at(15))
    url = f"{URL}/{row.pk}/reschedule"
    answer = world.api.post(url, {"start_at": at(16).isoformat(), "professional": world.other.pk, "version": 1})
    assert answer.status_code == 200
    moved = answer.json()
    assert (moved["id"], moved["professional"], moved["version"]) == (row.pk, world.other.pk, 2)
    stale = world.api.post(url, {"start_at": at(17).isoformat(), "version": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    world.visit(start_at=at(17), professional=world.other)
    taken = world.api.post(url, {"start_at": at(17).isoformat()})
    assert (taken.status_code, taken.json()["code"]) == (409, "slot_taken")
    assert taken.json()["openings"]


def test_the_day_of_a_visit(world):
    row = world.visit(start_at=at(15))
    steps = {"confirm": "confirmed", "arrive": "arrived", "seat": "seated", "complete": "completed"}
    for verb, status in steps.items():
        answer = world.api.post(f"{URL}/{row.pk}/{verb}")
        assert (answer.status_code, answer.json()["status"]) == (200, status)
    answer = world.api.post(f"{URL}/{row.pk}/cancel", {"reason": "Viaja"})
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")


def test_cancel_and_miss(world):
    row, other = world.visit(start_at=at(15)), world.visit(start_at=at(16))
    answer = world.api.post(f"{URL}/{row.pk}/cancel", {"reason": "Viaja"})
    assert (answer.json()["status"], answer.json()["cancel_reason"]) == ("cancelled", "Viaja")
    assert world.api.post(f"{URL}/{other.pk}/miss").json()["status"] == "no_show"


def test_the_list_and_its_filters(world):
    first = world.visit(start_at=at(23, 30))
    second = world.visit(start_at=at(0, 30) + timedelta(days=1), professional=world.other, status=Status.CONFIRMED)
    with world.within():
        third = world.visit(start_at=at(15) + timedelta(days=3), patient=PatientFactory(), status=Status.CANCELLED)

    def found(**asked):
        return [one["id"] for one in world.api.get(URL, asked).json()["results"]]

    assert found() == [first.pk, second.pk, third.pk]
    assert found(**{"from": "2026-11-24", "to": "2026-11-24"}) == [first.pk]
    assert found(**{"from": "2026-11-25"}) == [second.pk, third.pk]
    assert found(professional=world.other.pk) == [second.pk]
    assert found(patient=world.patient.pk) == [first.pk, second.pk]
    assert found(status="confirmed,cancelled") == [second.pk, third.pk]
    bad = world.api.get(URL, {"status": "maybe"})
    assert (bad.status_code, list(bad.json()["fields"])) == (400, ["status"])


def test_a_hold_that_ran_out_is_not_listed(world):
    world.visit(start_at=at(15), patient=None, status=Status.HELD, held_until=at(12, 5), held_for="conversation:7")
    assert world.api.get(URL).json()["results"][0]["status"] == "held"
    with world.within():
        Appointment.objects.update(held_until=at(12))
    assert world.api.get(URL).json()["count"] == 0


def test_treatments_and_professionals(world):
    with world.within():
        TreatmentFactory(active=False)
        ProfessionalFactory(active=False)
    treatments = world.api.get("/api/v1/treatments").json()
    assert [(one["id"], one["minutes"]) for one in treatments["results"]] == [(world.treatment.pk, 30)]
    professionals = world.api.get("/api/v1/professionals").json()
    assert {one["name"] for one in professionals["results"]} == {world.brandt.name, world.other.name}


def test_free_and_busy_is_all_that_a_setter_sees(world):
    row = world.visit(start_at=at(15), reason="Dolor", note="Llamar antes")
    own = world.visit(start_at=at(16), created_by=world.people["setter"].user)
    shown = world.as_("setter").get(URL).content.decode()
    assert world.patient.name in shown  # of their own booking
    one = world.as_("setter").get(f"{URL}/{row.pk}").json()
    assert (one["patient"], one["patient_name"], one["reason"], one["note"]) == (None, "", "", "")
    assert (one["start_at"], one["status"]) == ("2026-11-24T15:00:00-03:00", "scheduled")
    assert world.as_("closer").get(f"{URL}/{own.pk}").json()["patient"] is None
    assert world.as_("setter").get(f"{URL}/{own.pk}").json()["patient"] == world.patient.pk


def test_filtering_does_not_tell_a_setter_whose_time_it_is(world):
    world.visit(start_at=at(15))
    answer = world.as_("setter").get(URL, {"patient": world.patient.pk})
    assert answer.json()["count"] == 0


BOOKS = {Role.CEO: 201, Role.PROFESSIONAL: 201, Role.SECRETARY: 201, Role.SETTER: 400, Role.CLOSER: 400}


@pytest.mark.parametrize("role", Role.values)
def test_who_books(world, role):
    """A setter's patients are their leads'; until that floor says who they are, there is none."""
    answer = world.post(at(15), api=world.as_(role))
    assert answer.status_code == BOOKS[role]
    if answer.status_code == 400:
        assert list(answer.json()["fields"]) == ["patient"]


@pytest.mark.parametrize("role", Role.values)
def test_who_books_with_somebody_else(world, role):
    answer = world.post(at(15), api=world.as_(role), professional=world.other.pk)
    assert answer.status_code == (403 if role == Role.PROFESSIONAL else BOOKS[role])


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("verb", ["cancel", "reschedule", "confirm", "arrive", "seat", "complete", "miss"])
def test_who_touches_somebody_elses_visit(world, role, verb):
    status = "arrived" if verb == "complete" else "scheduled"
    row = world.visit(start_at=at(15), professional=world.other, status=status)
    answer = world.as_(role).post(f"{URL}/{row.pk}/{verb}", {"start_at": at(17).isoformat()})
    assert answer.status_code == (200 if role in (Role.CEO, Role.SECRETARY) else 403)


def test_a_professional_does_not_hand_a_visit_over(world):
    row = world.visit(start_at=at(15))
    api = world.as_("professional")
    url = f"{URL}/{row.pk}/reschedule"
    assert api.post(url, {"start_at": at(16).isoformat(), "professional": world.other.pk}).status_code == 403
    assert api.post(url, {"start_at": at(16).isoformat()}).status_code == 200


@pytest.mark.parametrize(("role", "status"), [("ceo", 201), ("professional", 201), ("secretary", 403)])
def test_who_overbooks(world, role, status):
    with world.within():
        world.visit(start_at=at(15), patient=PatientFactory())
    answer = world.post(at(15), api=world.as_(role), overbook_reason="Dolor")
    assert answer.status_code == status
    with world.within():
        assert SystemEvent.objects.filter(event="agenda.overbooked").count() == (status == 201)


def test_nobody_is_refused(world, client):
    for url in (URL, "/api/v1/availability", "/api/v1/treatments", "/api/v1/professionals"):
        assert client.get(url).status_code == 401


def test_another_clinics_rows_are_not_there(world, strangers, bosque, within, api_as):
    row = world.visit(start_at=at(15))
    stranger = api_as("ceo", strangers["ceo"])
    assert stranger.get(f"{URL}/{row.pk}").status_code == 404
    assert stranger.get(URL).json()["count"] == 0
    assert stranger.post(f"{URL}/{row.pk}/cancel").status_code == 404
    answer = world.post(at(16), api=stranger)
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {"patient", "professional", "treatment"}


@pytest.mark.parametrize("path", [URL, "/api/v1/availability", "/api/v1/treatments", "/api/v1/professionals"])
def test_the_number_of_queries_does_not_grow(world, path):
    asked = {"treatment": world.treatment.pk, "from": "2026-11-24", "to": "2026-12-20"} if "avail" in path else {}
    world.visit(start_at=at(15))

    def get():
        assert world.api.get(path, asked).status_code == 200

    get()
    few = queries(get)
    with world.within():
        for n in range(30):
            world.visit(start_at=at(15) + timedelta(days=n + 1), patient=PatientFactory())
            TreatmentFactory()
            ProfessionalFactory()
    assert queries(get) == few


def test_events_leave_after_the_commit_and_not_on_a_refusal(world, monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr("clinics.live._sender", lambda: SimpleNamespace(tell=lambda *args: sent.append(args)))
    with django_capture_on_commit_callbacks(execute=True):
        world.post(at(15))
        world.post(at(15))
    frames = [message["frame"] for _tenant, message in sent]
    assert [frame["event"] for frame in frames] == ["NEW_APPOINTMENT"]
    assert set(frames[0]["ids"]) == {"appointment", "professional"}


def test_what_the_page_holds_is_free_to_its_own_requests(world, client_as):
    browser = client_as("secretary")
    holder = f"user:{world.people['secretary'].user_id}"
    world.visit(start_at=at(15), patient=None, status=Status.HELD, held_until=at(12, 10), held_for=holder)

    def first(client):
        asked = {"treatment": world.treatment.pk, "from": "2026-11-24", "to": "2026-11-24"}
        found = client.get("/api/v1/availability", asked | {"professional": world.brandt.pk}).json()["results"]
        return "2026-11-24T15:00:00-03:00" in [one["start_at"] for one in found]

    assert first(browser)
    assert not first(world.api)


def test_what_is_turned_off_is_not_bookable(world):
    with world.within():
        off = {
            "patient": PatientFactory(status="archived"), "professional": ProfessionalFactory(active=False),
            "treatment": TreatmentFactory(active=False)}
    for name, row in off.items():
        answer = world.post(at(15), **{name: row.pk})
        assert (answer.status_code, answer.json()["code"]) == (409, "not_bookable"), name
