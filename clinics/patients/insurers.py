"""What the clinic does with each insurer, and what each covers of which treatment."""
from decimal import Decimal

from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics import tenancy
from clinics.audit import log_security_event
from clinics.clinic import admit, check
from clinics.patients.insurance import NONE, PARTICULAR
from clinics.patients.models import Coverage, Insurer, Policy
from dentalogic.lib.refusals import Refusal
from dentalogic.lib.sql import constraint_of
from dentalogic.lib.text import fold

LONGEST_DELAY = 365  # days
EVERYTHING = ""  # the treatment code of what holds for all
TERMS = {"policy", "copay", "needs_authorisation", "delay_days", "note"}


class NameTaken(Refusal):
    code = "name_taken"
    status = 409
    detail = gettext_lazy("Ya está en la lista.")


class CoverageTaken(Refusal):
    code = "coverage_taken"
    status = 409
    detail = gettext_lazy("Ese tratamiento ya tiene su cobertura en esta obra social.")


@tenancy.atomic
def add(*, name, by, aliases=(), **terms) -> Insurer:
    """An insurer and what holds for all its treatments: policy, copay, needs_authorisation, delay_days, note."""
    admit(by)
    return _store(Insurer(), by, "insurer.added", name=name, aliases=aliases, **terms)


@tenancy.atomic
def change(*, insurer, by, **facts) -> Insurer:
    admit(by)
    row = Insurer.objects.select_for_update().get(pk=insurer.pk)
    return _store(row, by, "insurer.changed", **facts)


@tenancy.atomic
def remove(*, insurer, by) -> None:
    """Off the list, with its coverages. Patients keep the name they said."""
    admit(by)
    Coverage.objects.filter(insurer=insurer.pk).delete()
    rows = Insurer.objects.filter(pk=insurer.pk)
    rows._raw_delete(rows.db)  # by clinic and id: Django's collector would look for what the line above removed
    log_security_event("insurer.removed", by=by, severity="warning", insurer=insurer.pk)


@tenancy.atomic
def cover(*, insurer, treatment_code, by, coverage=None, **terms) -> Coverage:
    """What the insurer covers of this treatment: a new row, or `coverage` changed."""
    admit(by)
    row = coverage or Coverage(insurer=insurer)
    row.treatment_code = treatment_code
    _take(row, terms)
    check(_faults(row) | {"treatment_code": "" if treatment_code else _("Elegí el tratamiento.")})
    try:
        with tenancy.atomic():
            row.save()
    except IntegrityError as fault:
        if constraint_of(fault) != "coverages_treatment_key":
            raise
        raise CoverageTaken(fields={"treatment_code": [str(CoverageTaken.detail)]}) from fault
    log_security_event("coverage.changed", by=by, insurer=insurer.pk, coverage=row.pk)
    return row


@tenancy.atomic
def uncover(*, coverage, by) -> None:
    """What holds for all treatments holds for this one too."""
    admit(by)
    Coverage.objects.filter(pk=coverage.pk).exclude(treatment_code=EVERYTHING).delete()
    log_security_event("coverage.removed", by=by, insurer=coverage.insurer_id, coverage=coverage.pk)


@tenancy.atomic
def recode(*, old, new) -> None:
    """A treatment has another code: its coverages go along. Codes are unique, so what has the new one is nobody's."""
    Coverage.objects.filter(treatment_code=new).delete()
    Coverage.objects.filter(treatment_code=old).update(treatment_code=new)


def general(insurer) -> Coverage:
    """What holds for all treatments, as one row: kept, or made of what the insurer itself says."""
    row = Coverage.objects.filter(insurer=insurer.pk, treatment_code=EVERYTHING).first() or Coverage(insurer=insurer)
    row.policy, row.delay_days, row.note = insurer.policy, insurer.delay_days, insurer.note
    return row


def _store(row, by, event, **facts):
    terms = {name: facts.pop(name) for name in TERMS & set(facts)}
    for name, value in facts.items():
        setattr(row, name, _tidy(name, value))
    row.folded = fold(row.name)
    for name in ("policy", "delay_days", "note"):  # on the insurer's own row too
        setattr(row, name, _tidy(name, terms.get(name, getattr(row, name))))
    whole = general(row) if row.pk else Coverage()
    _take(whole, terms)
    check(_faults(whole) | {"name": _name_fault(row.name)})
    try:
        with tenancy.atomic():
            row.save()
    except IntegrityError as fault:
        if constraint_of(fault) != "insurers_folded_key":
            raise
        raise NameTaken(fields={"name": [str(NameTaken.detail)]}) from fault
    whole.insurer = row
    whole.save()
    log_security_event(event, by=by, insurer=row.pk)
    return row


def _take(row, terms):
    if strange := set(terms) - TERMS:
        raise TypeError(f"not terms of a coverage: {sorted(strange)}")
    for name, value in terms.items():
        setattr(row, name, _tidy(name, value))


def _tidy(name, value):
    if name == "aliases":
        return list(dict.fromkeys(filter(None, (" ".join(alias.split()) for alias in value))))
    return " ".join(value.split()) if isinstance(value, str) else value


def _name_fault(name):
    plain = fold(name)
    if not plain:
        return _("Falta este dato.")
    return _("Así se llama a quien no tiene obra social.") if plain == PARTICULAR or NONE.search(plain) else ""


def _faults(row) -> dict:
    return {
        "policy": "" if row.policy in Policy.values else _("Elegí una de la lista."),
        "copay": "" if row.copay is None or Decimal(row.copay) >= 0 else _("El copago no puede ser negativo."),
        "delay_days": "" if 0 <= row.delay_days <= LONGEST_DELAY else _("Tiene que estar entre 0 y 365."),
    }
