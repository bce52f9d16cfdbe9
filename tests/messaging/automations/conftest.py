from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import time_machine

from clinics import access, tenancy
from messaging.automations import kinds, looks, rules
from messaging.models import Automation, AutomationRun, ChatMessage, Template
from tests.agenda.factories import AppointmentFactory, PatientFactory, TreatmentFactory
from tests.factories import ProfessionalFactory
from tests.messaging.factories import ChannelFactory

ZONE = ZoneInfo("America/Argentina/Buenos_Aires")
NOON = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # a Tuesday


def at(hour, minute=0, *, day=24, month=11, zone=ZONE):
    """An instant by the clinic's wall clock, in November 2026 unless told."""
    return datetime(2026, month, day, hour, minute, tzinfo=zone)


def components(text, buttons=()):
    made = [{"type": "BODY", "text": text}]
    if buttons:
        made.append({"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": one} for one in buttons]})
    return made


def template_of(kind, channel, **changes):
    """The template that we propose for a rule, as WhatsApp approved it."""
    rule = kinds.RULES[kind]
    return Template.objects.create(**{
        "channel": channel, "name": rule.name, "language": "es_AR", "category": rule.category, "status": "approved",
        "components": components(rule.template, [str(one) for one in rule.replies]),
        "synced_at": NOON} | changes)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def scene(arrayan, bosque, within, clock):
    """A clinic with its number; `on(kind)` turns a rule on with its template, `visit(…)` makes one, `tend()` works."""
    with within(bosque):
        ChannelFactory(number="+5493515550100")
    made = SimpleNamespace(tenant=arrayan, clock=clock, within=lambda: within(arrayan))
    with within(arrayan):
        made.channel = ChannelFactory()
        made.professional, made.treatment = ProfessionalFactory(), TreatmentFactory(name="Limpieza")

    def on(kind, *, template=True, **how):
        with within(arrayan):
            row = template_of(kind, made.channel) if template is True else template or None
            fills = list(kinds.RULES[kind].fills) if row else []
            Automation.objects.create(
                kind=kind, enabled=True, changed_at=NOON, template=row, **{"meanings": fills} | how)
            return row

    def visit(start_at=None, **more):
        with within(arrayan):
            patient = more.pop("patient", None) or PatientFactory(phone=more.pop("phone", "+5493415550139"))
            return AppointmentFactory(**{
                "patient": patient, "professional": made.professional, "treatment": made.treatment,
                "start_at": start_at or at(10, day=25)} | more)

    def tend():
        with tenancy.tenant_context(arrayan.pk):
            looks.tend()
        return runs()

    def runs(**which):
        with within(arrayan):
            return list(AutomationRun.objects.filter(**which).select_related("message", "conversation").order_by("pk"))

    def messages(**which):
        with within(arrayan):
            return list(ChatMessage.objects.filter(direction="out", **which).order_by("pk"))

    def reasons():
        return [(run.kind, run.state, run.reason) for run in runs()]

    made.on, made.visit, made.tend, made.runs, made.messages, made.reasons = on, visit, tend, runs, messages, reasons
    made.rule = lambda kind: rules.of(kind)
    return made


@pytest.fixture
def ceo(people, within, arrayan):
    with within(arrayan):
        return people["ceo"].actor


@pytest.fixture
def desk():
    return access.Actor(kind="staff", role="secretary", holder="user:1")


__all__ = ["timedelta"]
