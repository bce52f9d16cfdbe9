"""What a person says of their insurance (obra social, prepaga), understood from the clinic's own list."""
import re
from dataclasses import dataclass
from decimal import Decimal

from clinics.patients.models import Coverage, Insurer
from dentalogic.lib.text import fold

PARTICULAR = "particular"
NONE = re.compile(
    r"\b(particular|por mi cuenta|(no tengo|sin|ninguna|no uso) ?(obra social|prepaga|cobertura|mutual|seguro)?)\b"
    r"|^(no|ninguna|ninguno|nada)$")
NOT_PRIVATE = re.compile(r"\bno (?:soy |es |era |vengo |voy |de forma |como )*particular\b")
DENIED = r"(?:\b(?:no tengo|ya no tengo|sin|tenia|antes tenia)\s+)"


def _says(text, name):
    word = rf"\b{re.escape(name)}\b"
    return re.search(word, text) and not re.search(DENIED + word, text)


def understand(text: str) -> "Insurer | str | None":
    """The insurer named in `text`, "particular" for somebody without one, None when neither is said.

    The longest name wins: "Swiss Medical Docthos" is not "Swiss Medical" where the clinic lists both.
    """
    plain = re.sub(r"[^\w]+", " ", fold(text)).strip()
    if "particular" in NOT_PRIVATE.sub(" ", plain).split():
        return PARTICULAR
    named = [
        (len(name), insurer)
        for insurer in Insurer.objects.all()
        for name in (fold(alias) for alias in [insurer.name, *insurer.aliases])
        if name and _says(plain, re.sub(r"[^\w]+", " ", name).strip())
    ]
    if named:
        return max(named, key=lambda pair: pair[0])[1]
    return PARTICULAR if NONE.search(plain) else None


def payer(patient) -> int | None:
    """The insurer of the clinic's list that pays for this patient, by its id: whose delay the engine counts."""
    if fold(patient.insurance).strip() in ("", PARTICULAR):
        return None
    found = understand(patient.insurance)
    return found.pk if isinstance(found, Insurer) else None


@dataclass(frozen=True)
class Terms:
    """What may be said of an insurer, for one treatment or in general. Only what the clinic has configured."""

    name: str
    policy: str
    note: str = ""
    delay_days: int = 0
    copay: Decimal | None = None
    needs_authorisation: bool = False


def terms(insurer: Insurer, treatment_code: str = "") -> Terms:
    """The treatment's own coverage, or what holds for all."""
    kept = Coverage.objects.filter(insurer=insurer.pk, treatment_code__in={treatment_code, ""})
    rows = {row.treatment_code: row for row in kept}
    own, whole = rows.get(treatment_code) if treatment_code else None, rows.get("")
    if own:
        return Terms(insurer.name, own.policy, own.note, own.delay_days, own.copay, own.needs_authorisation)
    return Terms(
        insurer.name, insurer.policy, insurer.note, insurer.delay_days, whole.copay if whole else None,
        whole.needs_authorisation if whole else False)
