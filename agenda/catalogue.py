"""What the clinic does: treatments, what they take and cost, and who gives them."""
import re

from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda.models import TreatmentProfessional, TreatmentType
from clinics import live, tenancy
from clinics.audit import log_security_event
from clinics.clinic import admit, check
from clinics.models import Professional
from clinics.patients import insurers
from dentalogic.lib.refusals import Refusal
from dentalogic.lib.sql import constraint_of
from dentalogic.lib.text import fold

SHORTEST, LONGEST = 5, 720  # minutes; a CHECK holds it
FACTS = {
    "code", "name", "aliases", "category", "minutes", "minutes_min", "minutes_max", "price", "tell_price",
    "bookable", "active", "sessions", "gap_days", "before_visit", "after_visit",
}


class CodeTaken(Refusal):
    code = "code_taken"
    status = 409
    detail = gettext_lazy("Ya hay un tratamiento con ese código.")


class NobodyLeft(Refusal):
    code = "nobody_left"
    status = 409
    detail = gettext_lazy("Nadie más lo hace. Desactivá el tratamiento, o marcá antes quién lo va a hacer.")


@tenancy.atomic
def add(*, by, doers=(), **facts) -> TreatmentType:
    """A new treatment; without a code it gets one from its name. `doers` as in `change`. Raises Invalid, CodeTaken."""
    admit(by)
    row = TreatmentType()
    facts["code"] = facts.get("code") or _free_code(facts.get("name", ""))
    return _store(row, facts, doers, by, "treatment.added")


@tenancy.atomic
def change(*, treatment, by, doers=None, **facts) -> TreatmentType:
    """Change these facts; `doers` are the professionals who do it, an empty list is everybody, None leaves them."""
    admit(by)
    row = TreatmentType.objects.select_for_update().get(pk=treatment.pk)
    if "code" in facts:
        facts["code"] = facts["code"] or row.code
    return _store(row, facts, doers, by, "treatment.changed")


@tenancy.atomic
def assign(*, professional, treatments, by) -> None:
    """The professional does these treatments and no other.

    What everybody does becomes a list of the others when it is taken from one. Raises NobodyLeft where there is none.
    """
    admit(by)
    wanted = {one.pk for one in treatments}
    lists = _lists()
    for treatment in TreatmentType.objects.active():
        listed = lists.get(treatment.pk, set())
        does = not listed or professional.pk in listed
        if does == (treatment.pk in wanted):
            continue
        if does:
            _set_doers(treatment, _others(professional, listed, treatment))
        else:
            TreatmentProfessional.objects.create(treatment=treatment, professional=professional)
        log_security_event("treatment.doers", by=by, treatment=treatment.pk, professional=professional.pk)
    live.say("CLINIC_UPDATED", professional=professional.pk)


def done_by(professional) -> set[int]:
    """The active treatments that the professional does."""
    lists = _lists()
    everything = TreatmentType.objects.active().values_list("pk", flat=True)
    return {pk for pk in everything if pk not in lists or professional.pk in lists[pk]}


def done_by_a_new_one() -> set[int]:
    """What everybody does."""
    lists = _lists()
    return {pk for pk in TreatmentType.objects.active().values_list("pk", flat=True) if pk not in lists}


def _lists() -> dict[int, set[int]]:
    """Treatment -> the professionals listed; one without a list is done by all."""
    lists = {}
    for treatment, professional in TreatmentProfessional.objects.values_list("treatment", "professional"):
        lists.setdefault(treatment, set()).add(professional)
    return lists


def _others(professional, listed, treatment):
    others = Professional.objects.active().exclude(pk=professional.pk)
    left = list(others.filter(pk__in=listed) if listed else others)
    if not left:
        raise NobodyLeft(_("%(treatment)s: nadie más lo hace.") % {"treatment": treatment.name}, fields={
            "treatments": [_("%(treatment)s: nadie más lo hace. Desactivá el tratamiento, o marcá antes quién lo va "
                             "a hacer.") % {"treatment": treatment.name}]})
    return left


def _store(row, facts, doers, by, event):
    if strange := set(facts) - FACTS:
        raise TypeError(f"not facts of a treatment: {sorted(strange)}")
    before = {name: getattr(row, name) for name in facts} if row.pk else {}
    for name, value in facts.items():
        setattr(row, name, _tidy(name, value))
    row.folded = fold(row.name)
    check(_faults(row))
    try:
        with tenancy.atomic():
            row.save()
    except IntegrityError as fault:
        if constraint_of(fault) != "treatment_types_code_key":
            raise
        raise CodeTaken(fields={"code": [str(CodeTaken.detail)]}) from fault
    if before.get("code", row.code) != row.code:
        insurers.recode(old=before["code"], new=row.code)
    if doers is not None:
        _set_doers(row, doers)
    changed = sorted(name for name in facts if name not in before or before[name] != getattr(row, name))
    log_security_event(event, by=by, treatment=row.pk, changed=changed)
    live.say("CLINIC_UPDATED", treatment=row.pk)
    return row


def _tidy(name, value):
    if name in ("before_visit", "after_visit"):
        return value.strip()
    if name == "aliases":
        return list(dict.fromkeys(filter(None, (" ".join(alias.split()) for alias in value))))
    return " ".join(value.split()) if isinstance(value, str) else value


def _faults(row) -> dict:
    missing, between = _("Falta este dato."), _("Tiene que estar entre 5 y 720 minutos.")
    minutes_ok = row.minutes is not None and SHORTEST <= row.minutes <= LONGEST
    least, most = row.minutes_min or row.minutes, row.minutes_max or row.minutes
    return {
        "name": "" if row.name else missing, "code": "" if row.code else missing,
        "minutes": "" if minutes_ok else between,
        "minutes_min": "" if not minutes_ok or SHORTEST <= least <= row.minutes else _(
            "El mínimo va de 5 a los minutos de siempre."),
        "minutes_max": "" if not minutes_ok or row.minutes <= most <= LONGEST else _(
            "El máximo va de los minutos de siempre a 720."),
        "price": "" if row.price is None or row.price >= 0 else _("El precio no puede ser negativo."),
        "tell_price": _("Poné el precio para poder informarlo.") if row.tell_price and row.price is None else "",
        "sessions": "" if 1 <= row.sessions <= 99 else _("Tiene que estar entre 1 y 99."),
        "gap_days": "" if 0 <= row.gap_days <= 365 else _("Tiene que estar entre 0 y 365."),
    }


def _set_doers(treatment, doers):
    TreatmentProfessional.objects.filter(treatment=treatment).delete()
    TreatmentProfessional.objects.bulk_create(
        TreatmentProfessional(treatment=treatment, professional=one) for one in doers)


def _free_code(name) -> str:
    """`Limpieza dental` -> LIMP, LIMP2…"""
    stem = (re.sub(r"[^a-z0-9]", "", fold(name))[:4] or "t").upper()
    taken = set(TreatmentType.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(code for number in range(1, len(taken) + 2)
                if (code := stem if number == 1 else f"{stem}{number}") not in taken)
