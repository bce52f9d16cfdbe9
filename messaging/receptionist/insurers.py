"""What is done with what a person says of their insurance. Coverage is only ever what the clinic has configured."""

import re
from dataclasses import asdict, dataclass

from agenda.models import TreatmentType
from clinics import tenancy
from clinics.patients import insurance
from clinics.patients.models import Insurer
from dentalogic.lib.text import fold
from messaging.receptionist.case import Case

PARTICULAR = "particular"
UNSAID = {"", "no se", "nose", "ninguna idea"}


WELL_KNOWN = (
    "ioma|pami|osde|osecac|iosfa|iapos|apross|dosep|osep|osprera|ospe|ospedyc|osuthgra|osdepym|osmata|uom|uocra|smg"
    "|galeno|omint|medife|medicus|sancor|accord|dasuten|daspu|issn|ipross|ioscor|sempre|jerarquicos|avalian|prevencion"
)
_STATED = re.compile(rf"(?<!no )\b(?:tengo|soy de|con|por|mi obra social es|mi prepaga es) (?:la )?({WELL_KNOWN})\b")
_NAMED = re.compile(r"\bmi (?:obra social|prepaga) es (?:la |el )?([a-z]{3,20})(?= *(?:$|[.,;!]))")
NO_NAMES = {"una", "cara", "mala", "buena", "nueva", "particular", "otra", "esa", "rara", "desconocida", "provincial"}


@dataclass(frozen=True)
class Coverage(insurance.Terms):
    """``policy`` is accepted, restricted, derived, rejected, particular or unknown (not in the clinic's list)."""

    treatment: str = ""  # its name, where what is said is of that treatment alone


def known_of(case: Case) -> str:
    """The insurance that need not be asked, or ""."""
    return case.facts.insurance or (case.known.insurance if case.known else "")


def stated(text: str) -> str:
    """An insurer that the clinic does not list, told before it was asked; "" where there is none."""
    plain = fold(text)
    if "?" in text and not re.search(r"\b(?:tengo|mi (?:obra social|prepaga) es)\b", plain):
        return ""
    match = _STATED.search(plain) or _NAMED.search(plain)
    if match is None or match[1] in NO_NAMES:
        return ""
    return match[1].upper() if len(match[1]) < 6 else match[1].title()


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
def coverage(case: Case, treatment: int | None = None) -> Coverage:
    """Of ``treatment``, or the one that is being arranged; else of the insurer in general."""
    name = known_of(case)
    if name == PARTICULAR:
        return Coverage(name, PARTICULAR)
    insurer = _row(case, name)
    if insurer is None:
        return Coverage(name, "unknown")
    wanted = treatment or case.facts.treatment
    row = TreatmentType.objects.filter(pk=wanted).first() if wanted else None
    found = insurance.terms(insurer, row.code if row else "")
    own = row is not None and found != insurance.terms(insurer)
    return Coverage(**asdict(found), treatment=row.name if own else "")


def of(insurer: Insurer) -> Coverage:
    """In general: what is answered of one that is only asked about."""
    return Coverage(**asdict(insurance.terms(insurer)))


def told(case: Case, treatment: int | None = None) -> Coverage:
    """`coverage`, which from now on they know."""
    found = coverage(case, treatment)
    case.facts.told = list(dict.fromkeys([*case.facts.told, _mark(found)]))
    return found


def of_treatment(case: Case) -> Coverage | None:
    """What holds for the treatment alone that is being arranged, until it has been told."""
    if not known_of(case):
        return None
    found = coverage(case)
    return told(case) if found.treatment and _mark(found) not in case.facts.told else None


def _mark(found: Coverage) -> str:
    return f"covers {found.name} {found.treatment}".strip()


def paying(case: Case) -> int | None:
    """The insurer whose delay counts, for the engine."""
    name = known_of(case)
    row = _row(case, name) if name and name != PARTICULAR else None
    return row.pk if row else None


def _row(case: Case, name: str) -> Insurer | None:
    if case.facts.insurer and case.facts.insurance == name:
        return Insurer.objects.filter(pk=case.facts.insurer).first()
    found = insurance.understand(name) if name else None
    return found if isinstance(found, Insurer) else None
