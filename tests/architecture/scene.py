"""One clinic with a row behind the addresses, whose texts say what kind of thing they are: where one shows up is read
from the answer. And the way from a route to an address of it."""
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

from django.apps import apps
from django.urls import resolve

from accounting import cash
from clinics.models import Membership
from clinics.patients import charting
from clinics.patients.models import Patient
from messaging.models import Turn, TurnStep
from tests.agenda.factories import AppointmentFactory, TreatmentFactory
from tests.factories import MembershipFactory
from tests.leads.factories import LeadFactory, SellerFactory
from tests.messaging.factories import ConversationFactory, PatientMessageFactory
from tests.patients.factories import PatientFactory

NOON = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
SURNAME = "Zamudiocanario"
RECORD, ALERT, VISIT, TRIAGE = "canariohistoria", "canarioalerta", "canariomotivo", "canariotriage"
CLINICAL = (RECORD, ALERT, VISIT, TRIAGE)
AMOUNT, PAID_FOR = Decimal("731977.53"), "canariodinero"
MONEY = ("731977", "731.977", "731,977", PAID_FOR)


def make(people) -> SimpleNamespace:
    """In the clinic in scope: a patient with everything that can be known of one; nothing of it is a setter's yet."""
    patient = PatientFactory(last_name=SURNAME)
    Patient.objects.filter(pk=patient.pk).update(medical_history={"previous_surgeries": RECORD, "allergies": ALERT})
    member, treatment = people["professional"], TreatmentFactory()
    told = {"reason": VISIT, "note": VISIT, "urgency": "urgent", "created_by": people["secretary"].user}
    mine = {"patient": patient, "professional": member.professional, "treatment": treatment}
    visit = AppointmentFactory(start_at=NOON + timedelta(hours=2), **mine, **told)
    AppointmentFactory(start_at=NOON + timedelta(hours=3), status="cancelled", cancel_reason=VISIT, **mine, **told)
    AppointmentFactory(start_at=NOON - timedelta(days=9), status="completed", **mine, **told)
    charting.sign(patient=patient, author=member.professional, text=RECORD, by=member.actor)
    charting.keep_draft(patient=patient, text=RECORD, by=member.actor)
    conversation = ConversationFactory(
        patient=patient, triage_level="urgent", triage_reasons=[TRIAGE], handoff_reason="urgent", unread=1,
        waiting_since=NOON, attended_by="staff")
    turn = Turn.objects.create(conversation=conversation, started_at=NOON)
    TurnStep.objects.create(
        turn=turn, position=1, tool="triage_urgency", started_at=NOON, result={"level": "urgent", "reasons": [TRIAGE]})
    message = PatientMessageFactory(
        conversation=conversation, direction="out", author="receptionist", status="failed", turn=turn)
    paid = cash.pay(
        patient=patient, amount=AMOUNT, method="cash", detail=PAID_FOR, by=people["secretary"].actor, now=NOON)
    return SimpleNamespace(
        people=people, patient=patient, visit=visit, conversation=conversation, message=message, paid=paid,
        lead=LeadFactory(), treatment=treatment,
        pending=MembershipFactory(role="ceo", status=Membership.Status.PENDING))


def give_away(scene, role, patient=None):
    """The patient, the conversation and a visit become this person's: what they know of their own leads."""
    seller, patient = SellerFactory(membership=scene.people[role]), patient or scene.patient
    scene.lead = LeadFactory(**{role: seller}, patient=patient, conversation=scene.conversation, stage="qualified")
    scene.own = AppointmentFactory(
        patient=patient, professional=scene.visit.professional, treatment=scene.treatment,
        start_at=NOON + timedelta(hours=5), created_by=scene.people[role].user, reason=VISIT, note=VISIT,
        urgency="urgent")


# --- from a route to an address

ROWS = (  # the row behind `pk`, by the beginning of the route; the first that fits
    ("patients/", "patient"), ("api/v1/patients", "patient"), ("api/v1/clients", "patient"), ("agenda/of/", "patient"),
    ("agenda/", "visit"), ("api/v1/appointments", "visit"), ("inbox/message/", "message"), ("inbox/of/", "patient"),
    ("inbox/", "conversation"), ("api/v1/conversations", "conversation"), ("cash/movement/", "paid"),
    ("cash/", "patient"), ("api/v1/leads", "lead"),
)
WORDS = {
    "day": "2026-11-24", "verb": "confirm", "what": "clear", "member_id": "0", "app_label": "agenda", "url": "x",
    "public_id": "00000000-0000-0000-0000-000000000000",
}
PART = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)|<(?:(\w+):)?(\w+)>")


def url_of(address, scene) -> str:
    """An address of this route, with rows of the scene where it knows which."""
    def value(found):
        name = found[1] or found[3]
        if name == "object_id":
            return str(_in_admin(address.route))
        if name == "pk":
            attribute = next((attribute for start, attribute in ROWS if address.route.startswith(start)), None)
            return str(getattr(scene, attribute).pk) if attribute else "0"
        return WORDS.get(name, "0")

    url = "/" + PART.sub(value, address.route).rstrip("$").removesuffix("\\Z")
    if address.route != "admin/(?P<url>.*)$":
        assert resolve(url).route.removeprefix("^") == address.route, f"say here how {address.route} is filled"
    return url


def _in_admin(route) -> int:
    parts = route.split("/")
    try:
        row = apps.get_model(parts[1], parts[2]).objects.first()
    except LookupError:
        return 0
    return row.pk if row else 0
