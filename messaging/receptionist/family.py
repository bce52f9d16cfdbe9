"""Several patients of one phone: whose visit it is, they say, and nobody assumes."""

import re

from dentalogic.lib.text import fold
from messaging import people

MINE = re.compile(r"\b(?:para mi|es mio|es mia|soy yo|yo|el mio|la mia)\b")


def of(conversation) -> list:
    """Those whom the visit may be for, when there is more than one. In a transaction."""
    found = people.patients_of(conversation)
    return found if len(found) > 1 else []


def named(family, *, text: str, linked: int | None, asked: bool):
    """The one of them that ``text`` names: by the whole name, or, once they were asked, by the first one or "para mí".
    None, or two alike, is nobody."""
    plain = " ".join(re.findall(r"\w+", fold(text)))
    said = set(plain.split())
    found = [one for one in family if _words(one.name) <= said]
    if asked and not found:
        found = [one for one in family if said & _words(one.first_name)]
    if asked and not found and MINE.search(plain):
        found = [one for one in family if one.pk == linked]
    return found[0] if len(found) == 1 else None


def _words(name) -> set:
    return set(re.findall(r"\w+", fold(name)))
