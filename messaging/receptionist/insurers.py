"""What is done with what a person says of their insurance. Coverage is only ever what the clinic has configured."""

from dataclasses import dataclass

from clinics import tenancy
from clinics.patients import insurance
from clinics.patients.models import Insurer
from messaging.receptionist.case import Case

PARTICULAR = "particular"
UNSAID = {"", "no se", "nose", "ninguna idea"}


@dataclass(frozen=True)
class Coverage:
    """``policy`` is accepted, restricted, derived, rejected, particular or unknown (not in the clinic's list)."""

    name: str
    policy: str
    note: str = ""
    delay_days: int = 0


def known_of(case: Case) -> str:
    """The insurance that need not be asked, or ""."""
    return case.facts.insurance or (case.known.insurance if case.known else "")


@tenancy.atomic
def take(case: Case, text: str) -> Coverage:
    """Keep what was said; somebody whose insurance is not attended comes as a private patient or not at all."""
    found = insurance.understand(text)
    if isinstance(found, Insurer):
        case.facts.insurance, case.facts.insurer = found.name, found.pk
    elif found == insurance.PARTICULAR:
        case.facts.insurance, case.facts.insurer = PARTICULAR, None
    else:
        case.facts.insurance, case.facts.insurer = " ".join(text.split())[:80], None
    return coverage(case)


@tenancy.atomic
def coverage(case: Case) -> Coverage:
    name = known_of(case)
    if name == PARTICULAR:
        return Coverage(name, PARTICULAR)
    insurer = _row(case, name)
    if insurer is None:
        return Coverage(name, "unknown")
    return Coverage(insurer.name, insurer.policy, insurer.note, insurer.delay_days)


def _row(case: Case, name: str) -> Insurer | None:
    if case.facts.insurer and case.facts.insurance == name:
        return Insurer.objects.filter(pk=case.facts.insurer).first()
    found = insurance.understand(name) if name else None
    return found if isinstance(found, Insurer) else None
