from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from agenda.models import Appointment
from clinics import tenancy
from clinics.patients.models import Insurer, Patient
from messaging import turns
from messaging.models import Conversation, Offer, TurnStep
from messaging.receptionist import llm
from tests.agenda.factories import PatientFactory, TreatmentFactory, TreatmentProfessionalFactory
from tests.factories import ProfessionalFactory
from tests.fakes.openai import Model, call
from tests.messaging.factories import NOON
from tests.messaging.receptionist.scripted import CHECK, options_said


@pytest.fixture
def receptionist():
    """The real one: takes the place of the stand-in of the tests around."""


@pytest.fixture(autouse=True)
def _no_model(settings):
    settings.OPENAI_API_KEY = ""


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def furnish(tenant):
    """A small clinic: two professionals, five treatments, three insurers."""
    arrieta = ProfessionalFactory(first_name="Paula", last_name="Arrieta", specialty="General")
    brandt = ProfessionalFactory(first_name="Nicolás", last_name="Brandt", title="Dr.", specialty="Endodoncia")
    rows = {
        "limpieza": TreatmentFactory(name="Limpieza dental", code="LIM", aliases=["limpieza"], minutes=45,
                                     before_visit="Venir 10 minutos antes.", price=Decimal(18000), tell_price=True),
        "blanqueamiento": TreatmentFactory(name="Blanqueamiento", code="BLA", minutes=60, price=Decimal("90000")),
        "consulta": TreatmentFactory(name="Consulta", code="CON", aliases=["revisión", "control", "chequeo"]),
        "urgencia": TreatmentFactory(name="Urgencia", code="URG", aliases=["guardia", "dolor"], minutes=30),
        "conducto": TreatmentFactory(name="Tratamiento de conducto", code="END", minutes=90,
                                     aliases=["conducto", "muela de juicio"]),
        "cirugia": TreatmentFactory(name="Cirugía de implantes", code="CIR", aliases=["implante"], bookable=False),
    }  # fmt: skip
    TreatmentProfessionalFactory(treatment=rows["conducto"], professional=brandt)
    Insurer.objects.create(name="OSDE", folded="osde", aliases=["osde binario"])
    Insurer.objects.create(name="PAMI", folded="pami", policy="rejected")
    Insurer.objects.create(name="Swiss Medical", folded="swiss medical", aliases=["swiss"], policy="restricted",
                           note="Traé la credencial.", delay_days=3)  # fmt: skip
    tenant.receptionist_name = "Lucía"
    tenant.addresses = {"3": "Pellegrini 900"}
    tenant.save()
    return rows | {"arrieta": arrieta, "brandt": brandt}


@pytest.fixture
def rows(arrayan, bosque, within):
    with within(bosque):
        furnish(bosque)
        PatientFactory(first_name="Otra", last_name="Persona", dni="30123456", phone="+5493415550139")
    with within(arrayan):
        return furnish(arrayan)


class Chat:
    """A patient at a phone. `says("hola", "quiero turno")` writes a burst, lets it go quiet and reads the answer."""

    def __init__(self, clinic, writes, traveller):
        self.clinic, self.writes, self.clock = clinic, writes, traveller

    def says(self, *texts, wait=9, **more):
        seen = len(self.clinic.messages(direction="out"))
        for text in texts:
            self.writes(text, **more)
        self.clock.shift(timedelta(seconds=wait))
        self.turn = self.clinic.turn()
        self.answers = [message.text for message in self.clinic.messages(direction="out")[seen:]]
        self.answer = "\n".join(self.answers)
        return self.answer

    def waits(self, **time):
        self.clock.shift(timedelta(**time))

    @property
    def conversation(self) -> Conversation:
        return self.clinic.conversation()

    def all(self, model, **which):
        with self.clinic, tenancy.atomic():
            return list(model.objects.filter(**which).order_by("pk"))

    @property
    def appointments(self):
        with self.clinic, tenancy.atomic():
            return list(Appointment.objects.exclude(status="held").with_names().order_by("pk"))

    @property
    def holds(self):
        return self.all(Appointment, status="held")

    @property
    def patients(self):
        return self.all(Patient)

    @property
    def offers(self):
        return self.all(Offer)

    @property
    def steps(self):
        return [step.tool for step in self.all(TurnStep, turn=self.turn)]

    @property
    def handed_off(self):
        return self.conversation.attended_by == "staff"


@pytest.fixture
def chat(rows, clinic, writes, at_noon, monkeypatch):
    def loudly(_held, fault):
        raise fault

    monkeypatch.setattr(turns, "_failed", loudly)
    return Chat(clinic, writes, at_noon)


@pytest.fixture
def known(rows, arrayan, within):
    """A patient of the clinic whose phone is the one that writes."""
    with within(arrayan):
        return PatientFactory(first_name="Ana", last_name="Quiroga", dni="28456123", phone="+5493415550139",
                              insurance="OSDE")  # fmt: skip


@pytest.fixture
def model(settings):
    peer = Model()
    settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = "sk-test", peer.base
    settings.MODEL_TIMEOUT, settings.TURN_DEADLINE = 5, 9
    yield peer
    peer.close()
    client = llm._client("sk-test", peer.base)
    client.close()
    llm._client.cache_clear()


@pytest.fixture
def offered(chat, model):
    model.then(call("check_availability", **CHECK), options_said)
    chat.says("hola, quiero una limpieza, tengo osde")
    model.asked.clear()
    return chat
