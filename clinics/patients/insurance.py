"""What a person says of their insurance (obra social, prepaga), understood from the clinic's own list."""
import re

from clinics.patients.models import Insurer
from dentalogic.lib.text import fold

PARTICULAR = "particular"
NONE = re.compile(
    r"\b(particular|por mi cuenta|(no tengo|sin|ninguna|no uso) ?(obra social|prepaga|cobertura|mutual|seguro)?)\b"
    r"|^(no|ninguna|ninguno|nada)$")
DENIED = r"(?:\b(?:no tengo|ya no tengo|sin|tenia|antes tenia)\s+)"


def _says(text, name):
    word = rf"\b{re.escape(name)}\b"
    return re.search(word, text) and not re.search(DENIED + word, text)


def understand(text: str) -> "Insurer | str | None":
    """The insurer named in `text`, "particular" for somebody without one, None when neither is said.

    The longest name wins: "Swiss Medical Docthos" is not "Swiss Medical" where the clinic lists both.
    """
    plain = re.sub(r"[^\w]+", " ", fold(text)).strip()
    if "particular" in plain.split():
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
