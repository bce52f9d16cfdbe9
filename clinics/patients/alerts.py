"""What of a medical history must be in sight wherever the patient is: allergies, anticoagulants, pregnancy, heart.

Pure. Blank is not asked; a plain "ninguna" is asked and nothing. In doubt there is an alert: one too many is read,
one too few is not.
"""
import re

from django.utils.translation import gettext as _

from dentalogic.lib.text import fold

DANGER, WARN = "danger", "warn"
NOTHING = re.compile(
    r"(no|niega|sin|ningun[ao]?s?|nada|nunca|negativ[ao])"
    r"( (refiere|tiene|tengo|toma|posee|presenta|es|a|de|que|yo|sepa|conozca|ningun[ao]?s?|otr[ao]s?|medicamentos?"
    r"|conocid[ao]s?|alergias?|alergic[ao]|embarazad[ao]|embarazo|lactancia|amamant\w*|esta|ni|corresponde|aplica))*")
ANTICOAGULANTS = (
    "anticoag", "acenocumarol", "sintrom", "warfarin", "coumadin", "rivaroxaban", "xarelto", "apixaban", "eliquis",
    "dabigatran", "pradaxa", "edoxaban", "lixiana", "heparin", "enoxaparin", "clexane",
)
HEART = (
    "cardi", "corazon", "arritmi", "fibrilacion auricular", "infart", "marcapaso", "miocard", "coronari", "valvul",
    "endocardit", "angina de pecho", "stent", "bypass", "by pass", "soplo",
)
NURSING = ("lact", "amamant")
DENIED = re.compile(r"\b(no|niega|sin|nunca|ningun[ao]?)(\s+\w+){0,3}\s+$")


def _plain(text) -> str:
    return re.sub(r"[^\w,;.]+", " ", fold(str(text or ""))).strip(" ,;.")


def is_nothing(text) -> bool:
    """An explicit "ninguna": asked, and the answer was no."""
    return bool(NOTHING.fullmatch(" ".join(re.sub(r"[,;.]", " ", _plain(text)).split())))


def _says(terms, *answers) -> bool:
    """One of `terms` begins a word of the answers, in a clause that does not deny it."""
    pattern = re.compile(r"\b(?:" + "|".join(terms) + ")")
    for clause in (clause for answer in answers for clause in re.split(r"[,;.]| pero ", _plain(answer))):
        if any(not DENIED.search(clause[:found.start()]) for found in pattern.finditer(clause)):
            return True
    return False


def _allergy(answer) -> str:
    named = re.sub(r"\s*\([^)]*\)", "", str(answer)).strip(" .")
    if not named or fold(named).startswith("alerg"):
        return named or _("Alergia")
    if re.match(r"(no|niega|sin|ningun\w*)\b", fold(named)):
        return _("Alergias: %(what)s") % {"what": named}
    if len(named) > 1 and named[1].islower():
        named = named[0].lower() + named[1:]
    return _("Alergia a %(what)s") % {"what": named}


def _pregnancy(answer) -> str:
    if not str(answer or "").strip() or is_nothing(answer):
        return ""
    nursing, pregnant = _says(NURSING, answer), _says(("embaraz", "gesta", "gravid", "seman", "si"), answer)
    if nursing and not pregnant:
        return _("Lactancia")
    return _("Embarazo")


def read(history: dict) -> list[tuple[str, str]]:
    """The alerts of a medical history as (level, text), the most serious first."""
    found = []
    allergies = history.get("allergies") or ""
    if str(allergies).strip() and not is_nothing(allergies):
        found.append((DANGER, _allergy(allergies)))
    diseases, medication = history.get("base_diseases"), history.get("habitual_medication")
    if _says(ANTICOAGULANTS, diseases, medication):
        found.append((WARN, _("Toma anticoagulantes")))
    if pregnancy := _pregnancy(history.get("pregnancy_lactation")):
        found.append((WARN, pregnancy))
    if _says(HEART, diseases, medication):
        found.append((WARN, _("Enfermedad cardíaca")))
    return found
