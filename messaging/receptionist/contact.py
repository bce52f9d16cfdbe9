"""A phone among words. Pure: it knows who is asked for one, not why."""

import re

from dentalogic.lib import phones
from dentalogic.lib.text import fold

WORD = re.compile(r"\b(?:tel|telefono|cel|celu|celular|whatsapp|wsp|fijo|llam\w+|contacto)\b")
_OTHER = re.compile(r"(?:afiliad\w*|credencial|socio|cbu|cuenta|carnet|tarjeta)\D{0,15}$")
_RUN = re.compile(r"\+?\(?\d[\d ().\-/]*\d")
WHOLE = range(10, 14)  # digits of a number with its area code, and with the country's


def phone(text: str, *, country: str, asked: bool = False) -> tuple[str, str]:
    """The phone that ``text`` gives, as it is kept, and the text without it; "" and the text where there is none.
    Unasked, only where it is called one."""
    for run in _RUN.finditer(text):
        before = fold(text[: run.start()])
        if _OTHER.search(before) or not (asked or WORD.search(fold(text)) or run[0].startswith("+")):
            continue
        for part in _parts(run[0]):
            if number := phones.e164(part, country):
                return number, text.replace(part, " ", 1)
    return "", text


def _parts(run: str) -> list[str]:
    """Whole groups of digits that are as many as a phone's: a document may stand right beside it."""
    groups = [match.span() for match in re.finditer(r"\d+", run)]
    found = []
    for first, (start, _) in enumerate(groups):
        for _, end in groups[first:]:
            start_ = 0 if first == 0 else start
            part = run[start_:end]
            if len(re.sub(r"\D", "", part)) in WHOLE:
                found.append(part)
    return sorted(found, key=lambda part: (not part.startswith("+"), len(re.sub(r"\D", "", part)) != 10))


def looks_like_a_phone(text: str, *, only: bool) -> bool:
    """Digits that were meant as a phone and are too few: called so, or nothing else is being asked."""
    return bool(re.search(r"\d[\d .-]{4,}", text)) and (only or bool(WORD.search(fold(text))))
