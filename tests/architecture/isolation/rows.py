"""A row of every model of the registry for a clinic, each under the same number, so that one number is a row of that
clinic wherever it is said: in an address, a form, a body or a query. Every text of it is the clinic's word.
"""
import uuid
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

from django.apps import apps
from django.db import IntegrityError, models, transaction

from clinics import routes, tenancy, vault
from clinics.models import Tenant, User
from clinics.tenancy import TenantModel
from tests import factories

OWN, FOREIGN, NOBODYS = 800_001, 900_001, 900_002
WORDS = {OWN: "zorzalpropio", FOREIGN: "zorzalajenos", NOBODYS: "zorzalnadies"}  # as long, and they begin alike
SECRET = "whsec_of_{}"
NOON = datetime(2026, 11, 24, 15, tzinfo=UTC)

# Where a constraint or a format wants something else than its type's usual value.
CHOSEN = {
    "accounting.DailyCash": {
        "opening_balance": 0, "cash": 1, "card": 0, "transfer": 0, "qr": 0, "expenses": 0, "expected": 1,
        "counted": None, "difference": None, "closed_at": None, "closed_by_id": None},
    "accounting.Transaction": {
        "kind": "payment", "method": "cash", "currency": "ARS", "amount": 1, "covered_by_insurance": 0,
        "paid_by_patient": 1, "reverses_id": None},
    "agenda.Appointment": {
        "status": "scheduled", "end_at": NOON + timedelta(minutes=30), "held_until": None, "held_for": ""},
    "agenda.Calendar": {
        "state": "choosing", "google_id": None, "choices": [
            {"id": "turnos@calendario.example", "name": "turnos", "zone": "UTC", "writes": True}]},
    "agenda.Closure": {
        "start_at": NOON + timedelta(days=9), "end_at": NOON + timedelta(days=10), "until_on": None},
    "agenda.FreedTime": {"end_at": NOON + timedelta(minutes=30), "look_at": None},
    "agenda.Series": {"sessions": 2, "gap_days": 7},
    "agenda.WaitlistEntry": {"closed_at": None, "weekdays": [], "parts": []},
    "agenda.WaitlistOffer": {"end_at": NOON + timedelta(minutes=30), "closed_at": None},
    "agenda.TreatmentType": {"minutes": 30, "minutes_min": 20, "minutes_max": 60},
    "clinics.AuditSeal": {"first_id": lambda number: number, "last_id": lambda number: number},
    "clinics.Membership": {"role": "secretary", "status": "active"},
    "clinics.Professional": {"working_hours": None},
    "clinics.Session": {"expires_at": NOON + timedelta(days=900), "ended_at": None},
    "leads.Lead": {"closed_at": None, "stage": "new"},
    "messaging.Automation": {"meanings": [], "sends_from": None, "sends_until": None},
    "messaging.ChatMessage": {
        "status": "failed", "direction": "out", "author": "system", "kind": "text", "media": {}, "buttons": []},
    "messaging.Conversation": {
        "claim": None, "claimed_at": None, "quiet_at": None, "facts": {}, "merged_into_id": None},
    "messaging.MediaFile": {"kind": "document", "state": "stored", "mime": "application/pdf", "busy_since": None},
    "messaging.Merge": {"moved": {}, "undone_at": None, "before": {
        "keep": {"patient_id": None, "address": "", "marketing_opt_out_at": None},
        "gone": {"patient_id": None, "unread": 0, "waiting_since": None}}},
    "messaging.Tap": {"tapped_at": None, "acted_at": None},
    "messaging.Template": {"status": "approved", "category": "utility", "components": []},
    "messaging.Offer": {"options": [], "closed_at": None},
    "patients.ClinicalRecord": {"hash": "a" * 64, "previous_hash": "", "corrects_id": None},
    "patients.Patient": {"medical_history": {}, "status": "active", "guardian_id": None},
}

AFTER = {"accounting.Transaction": {"accounting.DailyCash"}}  # what a trigger wants there first


def tenant_models() -> list:
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]


def in_order(known) -> list:
    """Models after those they point at; `known` may be in any order."""
    left, placed = list(known), []
    while left:
        ready = next((model for model in left if _targets(model, all_of_them=True) <= set(placed)), None)
        # of two that point at each other, the one that may wait for its link
        ready = ready or next(model for model in left if _targets(model) <= set(placed))
        left.remove(ready)
        placed.append(ready)
    return placed


def _targets(model, all_of_them=False):
    wanted = {apps.get_model(label) for label in AFTER.get(model._meta.label, ())}
    return wanted | {
        field.related_model for field in links(model)
        if field.related_model is not model and (all_of_them or not field.null)}


def links(model) -> list:
    """The links of a tenant model to tenant models."""
    return [field for field in model._meta.concrete_fields
            if isinstance(field, models.ForeignKey) and issubclass(field.related_model, TenantModel)]


def values(model, number, placed, unique="") -> dict:
    """What a row of `model` holds; links go to rows of the same number that are there already."""
    said = {field.attname: _value(model, field, number, placed, unique) for field in model._meta.concrete_fields}
    return said | {"id": number} | _chosen(model, number)


def _chosen(model, number):
    known = {field.attname for field in model._meta.concrete_fields}
    return {name: one(number) if callable(one) else one
            for name, one in CHOSEN.get(model._meta.label, {}).items() if name in known}


def _value(model, field, number, placed, unique):
    if isinstance(field, models.ForeignKey):
        if field.related_model is User:
            return number
        return number if field.related_model in placed else None
    for kinds, make in _KINDS:
        if isinstance(field, kinds):
            return make(field, number, unique)
    raise NotImplementedError(f"{model._meta.label}.{field.name}: say in rows.py what such a field holds")


def _text(field, number, unique):
    if field.choices:
        return field.choices[0][0]
    return (WORDS[number] + unique)[:field.max_length]


def _json(field, number, unique):
    is_list = field.has_default() and isinstance(field.get_default(), list)
    return [WORDS[number]] if is_list else {"nota": WORDS[number]}


_KINDS = (
    (models.TimeField, lambda field, number, unique: time(9)),
    (models.EmailField, lambda field, number, unique: f"{WORDS[number]}{unique}@{WORDS[number]}.example"),
    (models.FileField, lambda field, number, unique: f"{WORDS[number]}.png"),
    (models.UUIDField, lambda field, number, unique: public_id(number)),
    (models.GenericIPAddressField, lambda field, number, unique: "192.0.2.7"),
    (models.DateTimeField, lambda field, number, unique: NOON),
    (models.DateField, lambda field, number, unique: day_of(number)),
    (models.TimeField, lambda field, number, unique: NOON.time()),
    (models.BooleanField, lambda field, number, unique: field.get_default() or False),
    (models.BigAutoField, lambda field, number, unique: number),
    ((models.IntegerField, models.DecimalField), lambda field, number, unique: 1),
    (models.JSONField, _json),
    ((models.CharField, models.TextField), _text),
)


def public_id(number) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, WORDS[number])


def day_of(number) -> date:
    return date(2026, 11, 2) + timedelta(days=(OWN, FOREIGN, NOBODYS).index(number))


def person(number) -> User:
    return User.objects.create(
        pk=number, email=f"{WORDS[number]}@persona.example", name=f"{WORDS[number]} persona", created_at=NOON)


def fill(number) -> None:
    """In the scope of a clinic: one row of each model, and what leads to its channel."""
    placed = []
    for model in in_order(tenant_models()):
        _put(model, number, placed)
        placed.append(model)


def _put(model, number, placed):
    """With the clinic's word in every text, or with what the model itself proposes where a constraint refuses that."""
    said = values(model, number, placed)
    try:
        with transaction.atomic():
            model._base_manager.bulk_create([model(**said)])
    except IntegrityError:
        optional = {field.attname: field.get_default() for field in model._meta.concrete_fields
                    if field.blank and not field.is_relation and not field.primary_key}
        model._base_manager.bulk_create([model(**said | optional | _chosen(model, number))])


@transaction.atomic
def build() -> dict:
    """Two clinics with their staff and a row of everything in each: `{"arrayan": {role: membership}, …}`."""
    cast = {}
    for slug, number in (("arrayan", OWN), ("bosque", FOREIGN)):
        tenant = factories.TenantFactory(name=f"{WORDS[number]} clínica", slug=slug)
        person(number)
        with tenancy.tenant_context(tenant.pk), tenancy.atomic():
            cast[slug] = factories.staff(domain=f"{WORDS[number]}.example")
            fill(number)
            lead_to_channel(number)
    return cast


def lead_to_channel(number):
    channel = apps.get_model("messaging.Channel").objects.get(pk=number)
    routes.add(kind="ycloud", address=channel.public_id, row_id=channel.pk)
    vault.put(channel.secret_name, SECRET.format(number))
    vault.put(channel.api_key_name, f"key-{number}")


def tenants() -> tuple[Tenant, Tenant]:
    return Tenant.objects.get(slug="arrayan"), Tenant.objects.get(slug="bosque")


def grow() -> None:
    """In the scope of the other clinic: another row of each model."""
    person(NOBODYS)
    placed = []
    for model in in_order(tenant_models()):
        with suppress(IntegrityError), transaction.atomic():  # of some a clinic has one at most
            _put(model, NOBODYS, placed)
            placed.append(model)
