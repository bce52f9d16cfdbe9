"""Which model thinks for this clinic's receptionist: its name, its warmth, its price, what it may spend, its key.

What the clinic left blank is the installation's. Where the model is asked (OPENAI_BASE_URL) is the installation's
alone: an address that a clinic could write would be asked from inside the network, with its key.
"""
import re
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from clinics import access, live, tenancy, vault
from clinics.audit import log_security_event
from clinics.clinic import admit, check
from dentalogic.lib import clock
from messaging import budget
from messaging.models import LanguageModel

KEY_IN_VAULT = "openai.api_key"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,79}")
KEY = re.compile(r"[\x21-\x7e]{10,500}")
MOST_USD, MOST_TOKENS, MOST_PRICE = Decimal(1_000_000), 10**12, Decimal(100_000)
MOST_MINUTES = 1_000_000
FACTS = (
    "model", "temperature", "budget_usd", "budget_tokens", "budget_minutes", "price_in", "price_out", "price_minute")


@dataclass(frozen=True)
class Chosen:
    """What a turn works by."""

    model: str
    temperature: Decimal | None = None
    price: budget.Price | None = None
    most: budget.Most = budget.Most()
    minute: Decimal | None = None  # what one costs, of what is heard


@tenancy.joined
def chosen() -> Chosen:
    row = row_here()
    return Chosen(row.model or settings.OPENAI_MODEL, row.temperature, price_of(row), most_of(row), minute_of(row))


def row_here() -> LanguageModel:
    """The clinic's, or one that chooses nothing."""
    return LanguageModel.objects.first() or LanguageModel()


def price_of(row) -> budget.Price | None:
    """The clinic's own, else the installation's for that model (MODEL_PRICES), else nobody knows it."""
    if row.price_in is not None:
        return budget.Price(row.price_in, row.price_out)
    known = settings.MODEL_PRICES.get(row.model or settings.OPENAI_MODEL)
    return budget.Price(*known) if known else None


def minute_of(row) -> Decimal | None:
    return settings.TRANSCRIPTION_PRICE if row.price_minute is None else row.price_minute


def most_of(row) -> budget.Most:
    return budget.Most(row.budget_usd, row.budget_tokens, row.budget_minutes)


@tenancy.joined
def has_key() -> bool:
    """Nothing is opened."""
    return bool(settings.OPENAI_API_KEY or vault.known(KEY_IN_VAULT))


@tenancy.joined
def thinks() -> bool:
    """Whether a model will be asked: there is a key, and something left to spend."""
    if not has_key():
        return False
    now = chosen()
    return budget.left(now.most, now.price)


def notice(actor) -> str:
    """For who sees every conversation: that the month's budget is used up, or nearly."""
    if access.scope(actor, "conversations.see") != access.ALL:
        return ""
    now = chosen()
    if now.most == budget.Most() or not (has_key() or settings.TRANSCRIPTION_API_KEY):
        return ""
    return budget.words(now.most, now.price, budget.usage(), now.minute)


@tenancy.atomic
def change(*, by, **facts) -> LanguageModel:
    """Change these; others stay. Raises Invalid with every field that cannot be."""
    admit(by, "integrations.manage")
    if strange := set(facts) - set(FACTS):
        raise TypeError(f"not facts of a model: {sorted(strange)}")
    LanguageModel.objects.bulk_create(
        [LanguageModel(tenant_id=tenancy.current_tenant(), changed_at=clock.now())], ignore_conflicts=True)
    row = LanguageModel.objects.select_for_update().get()
    before = {name: getattr(row, name) for name in FACTS}
    for name, value in facts.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    check(_faults(row))
    changed = sorted(name for name in FACTS if getattr(row, name) != before[name])
    if changed:
        row.changed_at = clock.now()
        row.save()
        budget.begin_again(most_of(row))
        log_security_event("model.changed", by=by, severity="warning", changed=changed)
        live.say("CLINIC_UPDATED")
    return row


@tenancy.atomic
def put_key(*, key, by) -> None:
    """The clinic's own key takes the place of the installation's; it is never shown again."""
    admit(by, "credentials.manage")
    check({"key": "" if KEY.fullmatch(key) else _("Pegala entera, sin espacios.")})
    vault.put(KEY_IN_VAULT, key, by=by)


@tenancy.atomic
def forget_key(*, by) -> None:
    admit(by, "credentials.manage")
    vault.forget(KEY_IN_VAULT, by=by)
    LanguageModel.objects.update(tried_at=None)  # what came of it was of that key


def _faults(row) -> dict:
    faults = {
        "model": "" if not row.model or NAME.fullmatch(row.model) else _(
            "Escribilo como lo llama el proveedor, sin espacios."),
        "temperature": _outside(row.temperature, 2), "budget_usd": _outside(row.budget_usd, MOST_USD),
        "budget_tokens": _outside(row.budget_tokens, MOST_TOKENS), "price_in": _outside(row.price_in, MOST_PRICE),
        "price_out": _outside(row.price_out, MOST_PRICE),
        "price_minute": _outside(row.price_minute, MOST_PRICE),
        "budget_minutes": _outside(row.budget_minutes, MOST_MINUTES),
    }
    for name, other in (("price_in", "price_out"), ("price_out", "price_in")):
        if getattr(row, name) is None and getattr(row, other) is not None:
            faults[name] = _("Van los dos precios, o ninguno.")
    if row.budget_usd is not None and not any(faults.values()) and price_of(row) is None:
        faults["budget_usd"] = _("Sin el precio del modelo no se puede contar en dólares. Poné un tope en tokens.")
    return faults


def _outside(value, most) -> str:
    if value is None or 0 <= value <= most:
        return ""
    return _("Tiene que estar entre %(least)s y %(most)s.") % {"least": 0, "most": most}
