"""Spanish words (es-AR) -> a range of days and a part of day. Pure; nothing rather than a guess.

Two readings of the folded text: `when_lexer` makes pieces of it (a day, a weekday, a clock time, a joining word), each
a letter; `when_shapes` reads shapes over the letters.
"""

from datetime import date, time

from agenda.when_lexer import pieces_of
from agenda.when_shapes import Reading
from agenda.when_spelling import spelled
from agenda.when_terms import When
from agenda.when_words import Unclear, tidy
from dentalogic.lib.text import fold

__all__ = ["When", "is_unclear", "parse", "spelled"]


def parse(text: str, *, today: date, now_time: time | None = None) -> When | None:
    """What ``text`` asks of a visit's start, or None when it says nothing that can be read without guessing."""
    try:
        pieces = pieces_of(tidy(fold(text)), today)
        return Reading(pieces, today).when()
    except Unclear:
        return None


def is_unclear(text: str, *, today: date) -> bool:
    """Whether the words are about a date that cannot be read: the patient is asked."""
    try:
        Reading(pieces_of(tidy(fold(text)), today), today).when()
    except Unclear:
        return True
    return False
