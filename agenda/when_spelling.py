"""The words of a date as telephones write them: run together, a letter off, as they sound. Pure, folded text."""

import re
from functools import cache

from dentalogic.lib.spelling import is_one_off

SHORTHAND = {
    "q": "que", "k": "que", "x": "por", "dps": "despues", "desp": "despues", "dsp": "despues", "pa": "para",
    "mnn": "manana", "mna": "manana", "mn": "manana", "mnna": "manana", "tmb": "tambien",
    "sem": "semana", "prox": "proximo", "hrs": "hs", "min": "minutos",
}  # fmt: skip
APART = {"ala": "a la", "alas": "a las", "porla": "por la", "dela": "de la", "delas": "de las", "pasadomanana":
         "pasado manana", "osea": "o sea", "finde": "finde", "amanana": "a manana", "enla": "en la"}  # fmt: skip
NAMES = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo", "manana", "semana", "febrero",
         "septiembre", "octubre", "noviembre", "diciembre", "mediodia", "proximo", "proxima", "quincena")  # fmt: skip
# Words of their own, a letter away from one of those.
SOUND = {
    "partes", "artes", "mares", "martas", "mates", "martin", "marte", "jueces", "nueves", "quieres", "salado",
    "sanado", "sacado", "sabana", "sabados", "sabato", "lavado", "domino", "banana", "manada", "manzana", "semanal",
    "semanas", "mananas", "lunas", "lunar", "lunares", "prima", "proximos", "proximas", "vienes", "viene", "tienes",
    "sabido", "soldado", "cansado", "hermana", "humana", "temprana", "ventana", "campana", "montana", "domingos",
    "febreros", "mananita", "quincenas", "quincenal",
}  # fmt: skip


def spelled(plain: str) -> str:
    """Folded words in full: "x la tarde", "dps de las 5"."""
    return re.sub(r"\b(?:" + "|".join(SHORTHAND) + r")\b(?!\.)", lambda match: SHORTHAND[match[0]], plain)


def put_right(plain: str) -> str:
    """As `spelled`, and with words that were run together apart and names of days and months as they are written."""
    text = re.sub(r"\b(?:" + "|".join(APART) + r")\b", lambda match: APART[match[0]], spelled(plain))
    return re.sub(r"\b[a-z]{5,11}\b", lambda match: _name(match[0]), text)


@cache
def _name(word: str) -> str:
    if word in NAMES or word in SOUND:
        return word
    heard = sound(word)
    alike = [name for name in NAMES if sound(name) == heard] or [
        name for name in NAMES
        if abs(len(name) - len(word)) <= 1 and (_is_near(heard, sound(name)) or is_one_off(word, name))]
    return alike[0] if len(alike) == 1 else word


def sound(word: str) -> str:
    word = word.replace("ch", "x").replace("h", "").replace("v", "b").replace("z", "s").replace("nn", "n")
    word = re.sub(r"c(?=[ei])", "s", word.replace("ni", "n") if word.endswith("niana") else word)
    return re.sub(r"(.)\1+", r"\1", word)


def _is_near(one: str, other: str) -> bool:
    """A letter more, less, other or in its neighbour's place; a name's first letter is never off."""
    if one[:1] != other[:1] or min(len(one), len(other)) < 5:
        return False
    if len(one) == len(other):
        off = [at for at in range(len(one)) if one[at] != other[at]]
        swapped = len(off) == 2 and off[1] == off[0] + 1 and sorted(one[at] for at in off) == sorted(
            other[at] for at in off)
        return len(off) == 1 or swapped
    long, short = sorted((one, other), key=len, reverse=True)
    return len(long) - len(short) == 1 and any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
