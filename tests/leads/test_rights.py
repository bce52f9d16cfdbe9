"""Whose leads a member reaches, and whose patients, conversations and visits through them."""
from datetime import UTC, datetime

import pytest

from agenda.models import Appointment
from clinics import access
from clinics.patients.models import Patient
from messaging.leads.models import Lead
from messaging.models import Conversation
from tests.agenda.factories import AppointmentFactory, TreatmentFactory
from tests.factories import ProfessionalFactory
from tests.leads.factories import LeadFactory, SellerFactory
from tests.messaging.factories import ConversationFactory
from tests.patients.factories import PatientFactory

pytestmark = pytest.mark.django_db

REACH = [
    ("patients.see", Patient.objects, "patient"), ("conversations.see", Conversation.objects, "conversation"),
    ("conversations.attend", Conversation.objects, "conversation"),
]


@pytest.fixture
def whole(arrayan, within):
    """A lead whose person is a patient and has written."""

    def make(**fields):
        patient = PatientFactory()
        return LeadFactory(patient=patient, conversation=ConversationFactory(patient=patient), **fields)

    return make


def seen(actor, capability, manager):
    return set(access.visible(actor, capability, manager.all()).values_list("pk", flat=True))


@pytest.mark.parametrize(("capability", "manager", "link"), REACH)
@pytest.mark.parametrize("role", ["setter", "closer"])
def test_who_sells_reaches_the_person_of_their_own_leads(
        arrayan, people, sellers, within, whole, role, capability, manager, link):
    with within(arrayan):
        mine = whole(**{role: sellers[role]})
        whole(**{role: SellerFactory()})
        whole()  # nobody's: the lead is seen, the person is not until somebody takes it
        assert seen(people[role].actor, capability, manager) == {getattr(mine, f"{link}_id")}


@pytest.mark.parametrize("stage", ["lost", "archived", "spam"])
def test_a_lead_given_up_opens_no_door(arrayan, people, sellers, within, whole, noon, stage):
    with within(arrayan):
        whole(setter=sellers["setter"], stage=stage, closed_at=noon)
        assert seen(people["setter"].actor, "patients.see", Patient.objects) == set()
        assert seen(people["setter"].actor, "conversations.see", Conversation.objects) == set()


def test_a_lead_that_was_won_is_still_theirs(arrayan, people, sellers, within, whole, noon):
    with within(arrayan):
        won = whole(closer=sellers["closer"], stage="won", closed_at=noon)
        assert seen(people["closer"].actor, "patients.see", Patient.objects) == {won.patient_id}


def test_a_setter_sees_the_new_that_nobody_has_and_a_closer_what_was_handed_over(arrayan, people, sellers, within):
    with within(arrayan):
        new = LeadFactory()
        taken = LeadFactory(setter=sellers["setter"], stage="contacted")
        handed = LeadFactory(setter=SellerFactory(), closer=sellers["closer"], stage="qualified")
        LeadFactory(setter=SellerFactory())
        LeadFactory(stage="contacted")  # nobody's, and somebody has spoken to them
        assert seen(people["setter"].actor, "leads.see", Lead.objects) == {new.pk, taken.pk}
        assert seen(people["closer"].actor, "leads.see", Lead.objects) == {handed.pk}
        assert len(seen(people["secretary"].actor, "leads.see", Lead.objects)) == 5
        assert seen(people["professional"].actor, "leads.see", Lead.objects) == set()


def test_only_first_visits_of_own_leads_are_theirs_to_move(arrayan, people, sellers, within, whole):
    with within(arrayan):
        mine = whole(setter=sellers["setter"]).patient
        first = AppointmentFactory(patient=mine, start_at=datetime(2026, 11, 25, 12, tzinfo=UTC), status="completed")
        AppointmentFactory(patient=mine, start_at=datetime(2026, 11, 26, 12, tzinfo=UTC))
        AppointmentFactory(patient=whole().patient, created_by=people["setter"].user)
        assert seen(people["setter"].actor, "agenda.book", Appointment.objects) == {first.pk}


def test_leads_of_the_other_clinic_reach_nobody_here(arrayan, bosque, people, sellers, strangers, within, whole):
    with within(arrayan):
        whole(setter=sellers["setter"])
    with within(bosque):
        theirs = whole(setter=SellerFactory(membership=strangers["setter"]))
        assert seen(strangers["setter"].actor, "patients.see", Patient.objects) == {theirs.patient_id}
        assert seen(people["setter"].actor, "leads.see", Lead.objects) == set()


def test_a_setter_gives_their_leads_first_visit_and_moves_it_and_no_other(
        arrayan, people, sellers, within, whole, api_as, time_machine):
    time_machine.move_to(datetime(2026, 11, 23, 15, tzinfo=UTC), tick=False)
    with within(arrayan):
        mine, theirs = whole(setter=sellers["setter"]).patient, whole().patient
        asked = {"professional": ProfessionalFactory().pk, "treatment": TreatmentFactory().pk,
                 "start_at": "2026-11-25T10:00:00-03:00"}
        AppointmentFactory(patient=theirs, start_at=datetime(2026, 11, 26, 12, tzinfo=UTC))
        other = Appointment.objects.get()
    api = api_as("setter")
    assert api.post("/api/v1/appointments", asked | {"patient": theirs.pk}).status_code == 400
    booked = api.post("/api/v1/appointments", asked | {"patient": mine.pk})
    assert booked.status_code == 201
    its_own = f"/api/v1/appointments/{booked.json()['id']}"
    moved = api.post(f"{its_own}/reschedule", {"start_at": "2026-11-25T11:00:00-03:00"})
    assert moved.status_code == 200
    assert api.post(f"/api/v1/appointments/{other.pk}/cancel").status_code == 403
    again = api.post("/api/v1/appointments", asked | {"patient": mine.pk, "start_at": "2026-11-27T10:00:00-03:00"})
    assert (again.status_code, again.json()["code"]) == (403, "first_visits_only")
