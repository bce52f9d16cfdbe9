"""The demo's people, phones, documents, texts and secrets are canaries: none of them is ever in an audit row."""
import json
import re

import pytest
from django.test import Client
from django.urls import get_resolver

from agenda.models import Appointment
from clinics import tenancy, vault
from clinics.auth import sessions
from clinics.models import Credential, Membership, SystemEvent, Tenant, User
from clinics.patients.models import ClinicalRecord, Patient
from messaging.models import Channel, ChatMessage, Conversation
from tests.architecture.test_demo import demo  # noqa: F401  (the fixture)
from tests.clinics.test_audit_routes import addresses

pytestmark = pytest.mark.django_db
NAMES_TYPED = (
    "q", "search", "text", "first_name", "last_name", "dni", "phone", "reason", "why", "name", "day", "type")
SHORT = 4  # letters: a shorter name may be part of a word of ours


def canaries():
    """Of the clinic in scope."""
    for patient in Patient.objects.all():
        yield from re.split(r"\W+", f"{patient.first_name} {patient.last_name}")
        yield from (patient.dni, patient.phone, patient.email, patient.member_number)
    yield from ChatMessage.objects.values_list("text", flat=True)
    yield from ClinicalRecord.objects.values_list("text", flat=True)
    yield from Appointment.objects.values_list("reason", flat=True)
    yield from Channel.objects.values_list("number", flat=True)
    for name in Credential.objects.values_list("name", flat=True):
        yield vault.get(name, purpose="send")
    for user in User.objects.all():
        yield from (user.email, *re.split(r"\W+", user.name))


def told():
    return [
        f"{row.event} {row.severity} {row.role} {row.method} {row.path} {json.dumps(row.payload, ensure_ascii=False)}"
        for row in SystemEvent.objects.all()]


def walk(member, numbers, words):
    """Every address of the product, asked and sent to, with names where names may be typed."""
    with tenancy.tenant_context(member.tenant_id):
        refresh = sessions.begin(membership=member)
    client = Client(raise_request_exception=False)
    client.cookies["dl_access"], client.cookies["dl_refresh"] = str(refresh.access_token), str(refresh)
    typed = dict.fromkeys(NAMES_TYPED, words)
    for route, _view in addresses(get_resolver().url_patterns):
        if route.startswith(("logout", "auth/", "switch", "simulator/ycloud", "webhooks/", "api/schema", "account/")):
            continue
        path = "/" + re.sub(r"<str:\w+>", words, re.sub(r"<int:\w+>|\(\?P<pk>\\d\+\)", numbers, route))
        path = re.sub(r"\(\?P<\w+>[^()]*(\([^()]*\))?[^()]*\)", "2026-11-24", path).replace("^", "").replace("$", "")
        client.get(path, typed)
        client.post(path, typed)


def test_no_name_phone_document_text_or_secret_is_in_an_audit_row(demo):  # noqa: F811
    arrayan = Tenant.objects.get(slug="arrayan")
    with tenancy.tenant_context(arrayan.pk), tenancy.atomic():
        someone = Patient.objects.exclude(dni="").first()
        words = f"{someone.first_name} {someone.last_name} {someone.dni} {someone.phone}"
        numbers = str(Conversation.objects.first().pk)
        people = list(Membership.objects.select_related("user", "tenant").filter(
            status="active", role__in=("ceo", "professional")))
    Client().post("/login", {"email": words, "password": words})
    for member in people[:2]:
        walk(member, numbers, words)
    for tenant in Tenant.objects.all():
        with tenancy.tenant_context(tenant.pk), tenancy.atomic():
            rows, found = told(), {str(one) for one in canaries() if one and len(str(one)) > SHORT}
            assert len(rows) > 30 and len(found) > 100
            whole = "\n".join(rows).casefold()
            leaked = {one for one in found if re.search(rf"(?<!\w){re.escape(one.casefold())}(?!\w)", whole)}
            assert leaked == set()
            assert '"?"' not in whole, "each value was what its key holds"
