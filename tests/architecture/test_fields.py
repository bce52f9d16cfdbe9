"""What of a row reaches whom: texts that say what they are are looked for in every answer that a role can get."""
import pytest
import time_machine

from clinics import naming
from clinics.access import Role
from tests.architecture import scene as scenes
from tests.architecture.scene import ALERT, CLINICAL, MONEY, RECORD, SURNAME, TRIAGE, VISIT
from tests.patients.factories import PatientFactory

SELLERS = ("setter", "closer")
TABS = ("resumen", "historia", "turnos", "conversacion", "pagos")  # of a patient's page
ASKED = {  # what else an address is asked with, so that it shows what it has
    "patients/": ["?q=zamudio"], "patients/search": ["?q=zamudio"], "patients/pick": ["?q=zamudio"],
    "agenda/patients": ["?who=zamudio"], "agenda/": ["?view=list", "?day=2026-11-24"], "inbox/": ["?q=zamudio"],
    "patients/<int:pk>/": [f"?tab={tab}" for tab in TABS], "api/v1/patients": ["?search=zamudio"],
    "api/v1/appointments": ["?from=2026-11-01&to=2026-11-30"], "agenda/of/<int:pk>": ["?brief=1"],
}
GETS = [one for one in naming.addresses() if not one.of_admin and (
    one.view_class is None or hasattr(one.view_class, "get"))]


@pytest.fixture
def scene(arrayan, people, within, settings):
    settings.RATELIMIT_ENABLE = False
    with time_machine.travel(scenes.NOON, tick=False), within(arrayan):
        made = scenes.make(people)
    with time_machine.travel(scenes.NOON, tick=False):
        yield made


@pytest.fixture
def told(client_as, scene, within, arrayan):
    """`told("setter")`: every answer to a GET that this role gets, as {address: text}."""

    def told(role):
        client, found = client_as(role), {}
        for address in GETS:
            with within(arrayan):
                url = scenes.url_of(address, scene)
            for query in ["", *ASKED.get(address.route, [])]:
                found[url + query] = client.get(url + query).content.decode(errors="replace")
        return found

    return told


def where(found, *texts):
    return sorted({url for url, text in found.items() for one in texts if one.lower() in text.lower()})


def test_the_texts_are_there_to_be_found(told):
    """Who may know all of it is told all of it: a canary that nobody sees proves nothing."""
    ceo = told("ceo")
    for text in (*CLINICAL, SURNAME, MONEY[1], MONEY[0]):
        assert where(ceo, text), text
    assert where(told("secretary"), SURNAME, ALERT, VISIT, TRIAGE, *MONEY)


@pytest.mark.parametrize("role", SELLERS)
def test_who_sells_knows_nobody_but_their_leads(told, role):
    found = told(role)
    assert where(found, SURNAME, *CLINICAL, *MONEY) == []


@pytest.mark.parametrize("role", SELLERS)
def test_who_sells_never_receives_what_is_clinical_of_their_own_lead(told, scene, within, arrayan, role):
    with within(arrayan):
        scenes.give_away(scene, role)
    found = told(role)
    assert where(found, *CLINICAL, *MONEY) == []
    seen = where(found, SURNAME)
    for start in ("/patients/", "/api/v1/patients", "/inbox/", "/api/v1/conversations", "/agenda/", "/api/v1/appoint"):
        assert [url for url in seen if url.startswith(start)], start


@pytest.mark.parametrize("role", SELLERS)
def test_who_sells_sees_of_a_lead_the_visits_that_they_gave(client_as, scene, within, arrayan, role):
    with within(arrayan):
        scenes.give_away(scene, role)
    client, pk = client_as(role), scene.patient.pk
    rows = client.get(f"/api/v1/appointments?patient={pk}").json()["results"]
    assert [row["id"] for row in rows] == [scene.own.pk]
    page = client.get(f"/agenda/of/{pk}").content.decode()
    assert f"appointment={scene.own.pk}" in page
    assert f"appointment={scene.visit.pk}" not in page
    beside = client.get(f"/inbox/{scene.conversation.pk}/thread").content.decode()
    assert f"appointment={scene.visit.pk}" not in beside


@pytest.mark.parametrize("role", SELLERS)
def test_free_and_busy_is_when_and_nothing_else(client_as, scene, role):
    client = client_as(role)
    row = client.get(f"/api/v1/appointments/{scene.visit.pk}").json()
    said = {name: value for name, value in row.items() if value not in ("", None, False)}
    assert set(said) == {
        "id", "professional", "professional_name", "start_at", "end_at", "status", "version"}
    block = next(one for one in client.get("/agenda/feed?first=2026-11-24").json()["appointments"]
                 if one["id"] == scene.visit.pk)
    assert {name for name, value in block.items() if value} == {
        "id", "professional", "start", "end", "version", "status", "who"}
    assert (block["status"], block["who"]) == ("busy", "Ocupado")
    assert client.get(f"/agenda/panel/{scene.visit.pk}").status_code == 404


@pytest.mark.parametrize("role", SELLERS)
@pytest.mark.parametrize("verb", ["confirm", "cancel", "reschedule"])
def test_what_a_verb_answers_is_no_more_than_what_is_shown(api_as, scene, within, arrayan, role, verb):
    with within(arrayan):
        scenes.give_away(scene, role, PatientFactory())
    given = {"start_at": "2026-11-24T17:00:00-03:00"} if verb == "reschedule" else {}
    answer = api_as(role).post(f"/api/v1/appointments/{scene.own.pk}/{verb}", given, format="json")
    assert answer.status_code == 200, answer.content
    assert VISIT not in answer.content.decode()


@pytest.mark.parametrize("role", SELLERS)
@pytest.mark.parametrize("verb", ["arrive", "seat", "complete", "miss"])
def test_the_day_of_a_visit_is_the_clinics(api_as, scene, within, arrayan, role, verb):
    """What is done is charged: who sells gives a visit, and does not say that it was done."""
    with within(arrayan):
        scenes.give_away(scene, role, PatientFactory())
    assert api_as(role).post(f"/api/v1/appointments/{scene.own.pk}/{verb}").status_code == 403


def test_a_setter_gives_the_first_visit_alone(api_as, scene, within, arrayan):
    with within(arrayan):
        scenes.give_away(scene, "setter")
    asked = {"patient": scene.patient.pk, "professional": scene.visit.professional_id,
             "treatment": scene.treatment.pk, "start_at": "2026-11-26T10:00:00-03:00"}
    answer = api_as("setter").post("/api/v1/appointments", asked, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "first_visits_only")
    assert api_as("secretary").post("/api/v1/appointments", asked, format="json").status_code == 201


def test_professionals_receive_no_amounts(told):
    found = told("professional")
    assert where(found, *MONEY) == []
    assert where(found, RECORD)


def test_the_desk_is_told_alerts_and_not_the_history(told):
    found = told("secretary")
    assert where(found, RECORD) == []
    assert where(found, ALERT)


@pytest.mark.parametrize("role", [one for one in Role.values if one != "ceo"])
def test_what_she_was_asked_and_answered_is_for_who_configures_her(client_as, scene, role, within, arrayan):
    if role in SELLERS:
        with within(arrayan):
            scenes.give_away(scene, role)
    asked = f"/inbox/{scene.conversation.pk}/thread"
    assert "<pre>" in client_as("ceo").get(asked).content.decode()
    assert "<pre>" not in client_as(role).get(asked).content.decode()


@pytest.mark.parametrize("role", SELLERS)
def test_somebody_is_needed_without_how_urgent_it_is(client_as, scene, within, arrayan, role):
    with within(arrayan):
        scenes.give_away(scene, role)
    mine, desk = client_as(role), client_as("secretary")
    for url in ("/inbox/list", "/inbox/notices", f"/inbox/{scene.conversation.pk}/thread"):
        assert "Urgente" in desk.get(url).content.decode(), url
        assert "Urgente" not in mine.get(url).content.decode(), url
    assert "Espera a alguien" in mine.get("/inbox/list").content.decode()
    row = next(iter(mine.get("/api/v1/conversations").json()["results"]))
    assert (row["triage_level"], row["triage_reasons"], row["handoff_reason"]) == ("", [], "")
    assert next(iter(desk.get("/api/v1/conversations").json()["results"]))["triage_level"] == "urgent"
