"""Her tools in the hands of people, over HTTP: the same gates and rows, by each one's own rights."""

import uuid
from datetime import timedelta

import pytest

from clinics import limits, tenancy
from clinics.models import Professional, SystemEvent
from dentalogic.lib import clock
from messaging import handoff
from messaging.models import Conversation, Turn, TurnStep
from messaging.receptionist import llm, tools
from messaging.receptionist.case import load
from tests.agenda.factories import AppointmentFactory, PatientFactory
from tests.leads.factories import LeadFactory, SellerFactory
from tests.messaging.factories import ConversationFactory
from tests.messaging.receptionist.scripted import CAROLINA, CHECK, codes

CHOSEN = "el 2, soy Carolina Méndez, 30.123.456"
HERS = [tool.name for tool in tools.TOOLS]


class Desk:
    """A person of the clinic, and the conversation in front of them."""

    def __init__(self, client, chat):
        self.client, self.chat, self.at = client, chat, f"/api/v1/conversations/{chat.conversation.pk}"

    def uses(self, tool, _key=None, **arguments):
        headers = {"Idempotency-Key": _key} if _key else {}
        return self.client.post(f"{self.at}/tools/{tool}", arguments, format="json", headers=headers)

    def is_refused(self, tool, **arguments):
        answer = self.uses(tool, **arguments)
        assert {"code", "detail", "fields"} <= answer.json().keys() and answer.json()["detail"]
        return answer.status_code, answer.json()["code"]

    def takes(self):
        assert self.client.post(f"{self.at}/take").status_code == 200
        return self

    def gives_back(self):
        assert self.client.post(f"{self.at}/give-back").status_code == 200

    def says(self, text):
        self.chat.waits(seconds=2)
        assert self.client.post(f"{self.at}/messages", {"text": text}, format="json").status_code == 201
        self.chat.waits(seconds=2)


@pytest.fixture
def desk(chat, api_as):
    """The secretary; a patient has asked for a cleaning, and the receptionist has offered two times."""
    chat.says("hola, quiero una limpieza, tengo osde")
    chat.waits(seconds=5)
    return Desk(api_as("secretary"), chat)


@pytest.fixture
def written(chat, api_as):
    """The same, and nobody has answered yet; the secretary has taken it."""
    chat.writes("hola, quiero una limpieza, tengo osde")
    return Desk(api_as("secretary"), chat).takes()


def in_words(options):
    return "Tengo el " + " o el ".join(f"{one['day']} a las {one['time']}" for one in options)


def test_what_she_offered_the_secretary_books(desk, chat, people):
    chat.writes(CHOSEN)
    desk.takes()
    answer = desk.uses("book_appointment", **CAROLINA | {"code": codes(chat)[1]})
    assert answer.status_code == 200, answer.json()
    (row,), secretary = chat.appointments, people["secretary"].user_id
    told = answer.json()
    assert (told["tool"], told["result"]["treatment"]) == ("book_appointment", "Limpieza dental")
    assert (row.created_by_id, row.patient.dni, row.status) == (secretary, "30123456", "scheduled")
    turn = chat.all(Turn)[-1]
    assert (turn.engine, turn.outcome, turn.by_user_id, turn.pk) == ("person", "used", secretary, told["turn"])
    assert [(step.tool, step.refused) for step in chat.all(TurnStep, turn=turn)] == [("book_appointment", False)]
    (told,) = chat.all(SystemEvent, event="receptionist.tool_lent")
    assert told.actor_id == secretary
    assert told.payload == {"conversation": chat.conversation.pk, "tool": "book_appointment"}
    assert chat.conversation.claim is None and chat.conversation.patient_id == row.patient_id


def test_what_the_secretary_offers_the_receptionist_books(written, chat):
    options = written.uses("check_availability", **CHECK).json()["result"]["options"]
    assert len(options) == 2 and chat.offers[-1].closed_at is None
    written.says(in_words(options))
    written.gives_back()
    assert "reservado" in chat.says(CHOSEN)
    (row,) = chat.appointments
    at = row.start_at.astimezone(chat.clinic.tenant.zone)
    assert (row.created_by_id, f"{at:%H:%M}") == (None, options[1]["time"])


def test_an_offer_that_nobody_told_is_told_before_it_is_booked(written, chat):
    """Neither by the person who made it, nor by her once it is hers."""
    options = written.uses("check_availability", **CHECK).json()["result"]["options"]
    written.says("Ahora te digo qué hay.")
    chat.writes(CHOSEN)
    assert written.is_refused("book_appointment", **CAROLINA | {"code": options[1]["code"]}) == (409, "offer_not_said")
    written.says(in_words(reversed(options)))  # in another order "el 2" would be the other one
    written.gives_back()
    assert options[0]["time"] in chat.says(CHOSEN)
    assert chat.appointments == []
    assert "reservado" in chat.says("el 2")


def test_the_gates_are_hers(desk, chat):
    """A choice in the patient's words, the data they wrote, a visit of theirs; what is held stays held."""
    chat.writes("dale")
    desk.takes()
    code = codes(chat)[1]
    assert desk.is_refused("book_appointment", **CAROLINA | {"code": code}) == (409, "choice_not_explicit")
    assert desk.is_refused("book_appointment", **CAROLINA | {"code": "ffffff"}) == (409, "unknown_code")
    chat.writes("el 2")
    answer = desk.uses("book_appointment", **CAROLINA | {"code": code})
    assert (answer.status_code, answer.json()["missing"]) == (409, ["first_name", "last_name", "dni"])
    assert [one.held_for for one in chat.holds] == [f"conversation:{chat.conversation.pk}"]
    steps = [step.result["code"] for step in chat.all(TurnStep, turn__by_user__isnull=False)]
    assert steps == ["choice_not_explicit", "unknown_code", "data_missing"]
    assert desk.is_refused("cancel_appointment", appointment="t1", reason=None) == (404, "no_such_appointment")
    assert desk.is_refused("hand_off", reason="asked_for_person") == (409, "no_reason_to_hand_off")
    assert desk.uses("drop_offer", reason="another_time").status_code == 409  # just chosen
    chat.writes("Carolina Méndez 30.123.456")
    assert desk.uses("book_appointment", **CAROLINA | {"code": code}).status_code == 200


def test_a_visit_is_cancelled_by_a_yes_to_a_question_that_was_put(chat, api_as, known, rows, arrayan, within):
    with within(arrayan):
        visit = AppointmentFactory(patient=known, professional=rows["brandt"], treatment=rows["limpieza"])
    chat.writes("hola, no voy a poder ir, ok")
    desk = Desk(api_as("secretary"), chat).takes()
    (mine,) = desk.uses("list_my_appointments").json()["result"]["appointments"]
    for _twice in range(2):  # nobody has asked them yet: their "ok" is to nothing
        answer = desk.is_refused("cancel_appointment", appointment=mine["code"], reason=None)
        assert answer == (409, "cancel_not_confirmed")
    desk.says("¿Te lo cancelo?")
    assert desk.uses("cancel_appointment", appointment=mine["code"], reason=None).status_code == 409
    chat.writes("sí, cancelalo")
    assert desk.uses("cancel_appointment", appointment=mine["code"], reason=None).status_code == 200
    with within(arrayan):
        visit.refresh_from_db()
    assert visit.status == "cancelled"


def test_only_where_she_does_not_attend(desk, chat):
    assert desk.is_refused("check_availability", **CHECK) == (409, "not_taken")
    assert desk.is_refused("drop_offer", reason="no_visit") == (409, "not_taken")
    assert desk.uses("list_services").status_code == desk.uses("list_my_appointments").status_code == 200
    assert "1)" in chat.says("¿me repetís las opciones?")  # she goes on as if nothing had been


def test_one_at_a_time(desk, chat, clinic):
    """While her turn is under way, or a colleague's use, it waits; and a turn whose conversation was taken does no
    more."""
    turns = len(chat.all(Turn))
    clinic.change(claim=uuid.uuid4(), claimed_at=clock.now())
    answer = desk.uses("list_services")
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (409, "turn_running", "5")
    assert len(chat.all(Turn)) == turns
    with clinic, tenancy.atomic():
        row = Conversation.objects.get()
        case = load(conversation=row, messages=[], turn=None, now=clock.now())
        handoff.take(conversation=row, by=case.by)
        done = tools.use(case, tools.BY_NAME["check_availability"], CHECK)
    assert done.refused and done.data["code"] == "not_in_hand"
    assert desk.uses("list_services").status_code == 200


def test_her_turn_that_came_due_meanwhile_is_taken(desk, chat, clinic, monkeypatch):
    later = []
    monkeypatch.setattr("messaging.tasks.take_turn.later", lambda **asked: later.append(asked))
    clinic.change(quiet_at=clock.now() - timedelta(seconds=1))
    assert desk.uses("list_services").status_code == 200
    assert [one["conversation_id"] for one in later] == [chat.conversation.pk]


def test_sent_twice_is_done_once(desk, chat):
    chat.writes(CHOSEN)
    desk.takes()
    arguments = CAROLINA | {"code": codes(chat)[1]}
    first, again = (desk.uses("book_appointment", "k1", **arguments) for _twice in range(2))
    assert first.status_code == again.status_code == 200 and first.json() == again.json()
    assert len(chat.appointments) == len(chat.all(TurnStep, tool="book_appointment")) == 1
    other = desk.uses("book_appointment", "k1", **arguments | {"first_name": "Ana"})
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")
    refused = [desk.uses("hand_off", "k2", reason="document").status_code for _twice in range(2)]
    assert refused == [409, 409]


def test_what_cannot_be_read_is_refused(written, chat):
    status, code = written.is_refused("check_availability", **CHECK | {"tenant": 2, "when": 7})
    assert (status, code) == (400, "bad_arguments")
    fields = written.uses("check_availability", **CHECK | {"tenant": 2, "when": 7}).json()["fields"]
    assert set(fields) == {"tenant", "when"}
    assert written.uses("drop_tables").status_code == 404
    assert written.uses("check_availability", **CHECK | {"treatment": "x" * 5000}).status_code == 400
    assert written.client.post(f"{written.at}/tools/list_services", [1], format="json").status_code == 400
    assert written.uses("check_availability", **CHECK | {"treatment": "\0"}).status_code == 400
    assert chat.offers == []


def test_each_sees_the_tools_of_their_role(desk, chat, api_as, people, arrayan, within):
    with within(arrayan):
        Conversation.objects.update(patient=PatientFactory())
        talk = Conversation.objects.get()
        sellers = {role: SellerFactory(membership=people[role]) for role in ("setter", "closer")}
        LeadFactory(conversation=talk, patient=talk.patient, **sellers)
        own = Professional.objects.get(membership=people["professional"])
        AppointmentFactory(patient=talk.patient, professional=own)
    seen = {role: api_as(role).get(f"{desk.at}/tools").json() for role in people}
    names = {role: [tool["name"] for tool in listed] for role, listed in seen.items()}
    unclinical = [name for name in HERS if name != "triage_urgency"]
    assert names == dict.fromkeys(("ceo", "professional", "secretary"), HERS) | dict.fromkeys(
        ("setter", "closer"), unclinical)
    for told, tool in zip(seen["ceo"], tools.TOOLS, strict=True):
        strict = llm.tool_schema(tool)["function"]
        assert (told["name"], told["description"], told["arguments"]) == (
            strict["name"], strict["description"], strict["parameters"])
    setter = Desk(api_as("setter"), chat)
    assert setter.is_refused("triage_urgency", level=None) == (403, "not_yours")
    assert setter.uses("list_my_appointments").json()["result"]["appointments"] == []  # not of their own giving


def test_each_acts_as_far_as_they_reach(desk, chat, api_as, people, arrayan, within):
    chat.writes(CHOSEN)
    desk.takes()
    with within(arrayan):
        setter = SellerFactory(membership=people["setter"])
        LeadFactory(conversation=Conversation.objects.get(), setter=setter)
    theirs, code = Desk(api_as("setter"), chat), codes(chat)[1]
    assert theirs.is_refused("book_appointment", **CAROLINA | {"code": code}) == (403, "not_yours")
    assert chat.patients == [] and chat.holds == []  # who registers nobody books nobody new
    with within(arrayan):
        patient = PatientFactory(first_name="Carolina", last_name="Méndez", dni="30123456", insurance="OSDE",
                                 phone="+5493415550139")  # fmt: skip
        Conversation.objects.update(patient=patient)
        own = Professional.objects.get(membership=people["professional"])
        AppointmentFactory(patient=patient, professional=own)
    professional = Desk(api_as("professional"), chat)
    assert professional.is_refused("book_appointment", **CAROLINA | {"code": code}) == (403, "not_yours")
    assert chat.holds == []  # the time is a colleague's


def test_who_does_not_reach_the_conversation_finds_nothing(desk, chat, api_as, strangers, bosque, within):
    for client in (api_as("professional"), api_as("setter"), api_as("closer"), api_as(None, strangers["ceo"])):
        assert client.get(f"{desk.at}/tools").status_code == 404
        assert client.post(f"{desk.at}/tools/list_services", {}, format="json").status_code == 404
    with within(bosque):
        theirs = ConversationFactory()
    answers = [desk.client.post(f"/api/v1/conversations/{pk}/tools/list_services", {}, format="json")
               for pk in (theirs.pk, 999_999)]  # fmt: skip
    assert [one.status_code for one in answers] == [404, 404] and answers[0].content == answers[1].content
    assert chat.all(Turn, by_user__isnull=False) == []


def test_the_thread_tells_who_used_what(desk, chat, client_as):
    desk.uses("triage_urgency", level="urgent")
    desk.uses("list_services")
    page = client_as("secretary").get(f"/inbox/{chat.conversation.pk}/thread").content.decode()
    assert page.count("Secretary arrayan.example usó una herramienta") == 2
    assert "Triage" in page and "Ver tratamientos" in page


def test_a_long_talk_costs_no_more_statements(desk, chat, arrayan, within, django_assert_max_num_queries):
    def statements(tool):
        with django_assert_max_num_queries(90) as counted:
            assert desk.uses(tool).status_code == 200
        return len(counted)

    few = {tool: statements(tool) for tool in ("list_services", "list_my_appointments")}
    for _each in range(30):
        chat.writes("hola")
    with within(arrayan):
        talk = Conversation.objects.get()
        for number in range(30):
            turn = Turn.objects.create(conversation=talk, started_at=clock.now(), outcome="answered")
            TurnStep.objects.create(turn=turn, position=number, tool="list_services", started_at=clock.now())
    assert {tool: statements(tool) for tool in few} == few


def test_so_often_and_no_more(desk, monkeypatch):
    monkeypatch.setitem(limits.RATES, "tool", limits.Rate(2))
    assert [desk.uses("list_services").status_code for _time in range(3)] == [200, 200, 429]
