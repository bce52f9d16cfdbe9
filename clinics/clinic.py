"""The clinic's own facts and rules. Only who configures the clinic changes them."""
from decimal import Decimal
from zoneinfo import available_timezones

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics import hours, live, tenancy
from clinics.access import can
from clinics.audit import log_security_event
from clinics.models import Tenant
from dentalogic.lib import money, phones
from dentalogic.lib.refusals import Refusal

RANGES = {  # least and most of each rule; minutes, days or seconds as the column says
    "slot_step": (5, 120), "buffer_minutes": (0, 120), "minimum_notice": (0, 20160), "horizon_days": (1, 365),
    "hold_minutes": (1, 120), "offer_minutes": (1, 720), "quiet_seconds": (1, 120), "quiet_max_seconds": (1, 300),
    "return_hours": (0, 720),
}
FACTS = {
    "name", "phone", "address", "addresses", "timezone", "country", "currency", "working_hours",
    "consultation_price", "emergency_number", "emergency_advice", "receptionist_name", "second_factor_required",
    "closes_on_holidays", "holiday_region", *RANGES,
}


class NotYours(Refusal):
    code = "not_yours"
    status = 403
    detail = gettext_lazy("Los ajustes los cambia la dirección de la clínica.")


class Invalid(Refusal):
    code = "invalid"
    detail = gettext_lazy("Hay datos para corregir.")


def admit(by, capability="clinic.configure") -> None:
    """Refuse whoever may not set the clinic up: every verb of Ajustes begins so."""
    if not can(by, capability):
        raise NotYours


def check(faults: dict) -> None:
    """`{field: text or ""}`: refuse with every field that has a text."""
    if found := {field: [text] for field, text in faults.items() if text}:
        raise Invalid(fields=found)


def hours_faults(value, field="working_hours") -> dict:
    """Faults of a week by their whole path: `working_hours.0.slots.1.end`."""
    return {f"{field}.{path}" if path else field: text for path, text in hours.faults(value)}


@tenancy.atomic
def configure(*, by, **facts) -> Tenant:
    """Change these facts of the clinic in scope; others stay. Raises Invalid with every field that cannot be."""
    admit(by)
    if strange := set(facts) - FACTS:
        raise TypeError(f"not facts of a clinic: {sorted(strange)}")
    row = Tenant.objects.select_for_update().get(pk=tenancy.current_tenant())
    facts = _tidy(facts, row)
    check(_faults(facts, row))
    changed = sorted(name for name, value in facts.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, facts[name])
    if changed:
        row.save(update_fields=changed)
        tenancy.remember_here(row)
        log_security_event("clinic.configured", by=by, severity="warning", changed=changed)
        live.say("CLINIC_UPDATED")
    return row


def _tidy(facts, row):
    texts = {name: " ".join(value.split()) for name, value in facts.items() if isinstance(value, str)}
    if "emergency_advice" in facts:
        texts["emergency_advice"] = facts["emergency_advice"].strip()
    if texts.get("phone"):
        texts["phone"] = phones.e164(texts["phone"], texts.get("country", row.country)) or texts["phone"]
    if "addresses" in facts:
        texts["addresses"] = {day: " ".join(text.split()) for day, text in facts["addresses"].items() if text.strip()}
    return facts | texts


def _faults(facts, row) -> dict:
    whole = {name: facts.get(name, getattr(row, name)) for name in FACTS}
    wrong = {
        "name": "" if whole["name"] else _("Falta este dato."),
        "emergency_number": "" if whole["emergency_number"] else _("Falta este dato."),
        "phone": "" if "phone" not in facts or not whole["phone"] or phones.e164(whole["phone"]) else _(
            "Ese teléfono no se entiende. Escribilo con el código de área: 341 555-0139"),
        "timezone": "" if whole["timezone"] in available_timezones() else _("Elegí la zona horaria de la lista."),
        "country": "" if len(whole["country"]) == 2 and whole["country"].isalpha() else _("Elegí el país."),
        "currency": "" if whole["currency"] in money.SIGNS else _("Elegí la moneda de la lista."),
        "addresses": "" if set(whole["addresses"]) <= set(hours.DAYS) else _("El día va de 0 (lunes) a 6 (domingo)."),
        "consultation_price": _price_fault(whole["consultation_price"]),
        "quiet_max_seconds": "" if whole["quiet_max_seconds"] >= whole["quiet_seconds"] else _(
            "Tiene que ser al menos lo que espera después de un mensaje."),
    }
    for name, (least, most) in RANGES.items():
        if not least <= whole[name] <= most:
            wrong[name] = _("Tiene que estar entre %(least)s y %(most)s.") % {"least": least, "most": most}
    return wrong | hours_faults(whole["working_hours"])


def _price_fault(amount) -> str:
    return "" if amount is None or Decimal(amount) >= 0 else _("El precio no puede ser negativo.")
