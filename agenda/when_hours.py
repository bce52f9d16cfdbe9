"""The hours of `when.py`: clock times as people write them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from agenda.when_names import PART, PARTS
from agenda.when_words import Piece, Unclear


@dataclass(frozen=True, slots=True)
class Clock:
    """A time as said: ``hint`` is am, pm or a part of day when the words carry one."""

    hour: int
    minute: int = 0
    hint: str = ""

    def resolve(self, part: str = "") -> time:
        hour, hint = self.hour, self.hint or part
        if hint in ("pm", "afternoon", "evening") and hour < 12 or not hint and 1 <= hour <= 7:
            hour += 12
        elif hint in ("am", "morning") and hour == 12 and self.hint == "am":
            hour = 0
        if hour > 23 or self.minute > 59 or (self.hint == "morning" and hour > 13):
            raise Unclear
        return time(hour, self.minute)


_MINUTES = r"(?:[:.h] ?(?P<min>\d{2})(?!\d)| y (?P<plus>media|cuarto|\d{2})| menos (?P<minus>cuarto|\d{2}))"
_HOURS = r"(?: ?(?:hs?|hrs?|horas?)\b\.?)"
_HINT = rf"(?: ?(?P<m>[ap])\.? ?m\b\.?| (?:de|a|por|en) la (?P<part>{PART})\b| del? (?P<noon>mediodia))"
_BEFORE = r"a|de|desde|hasta|entre|y|o|para|sobre|pasadas?|tipo"
_NOUNS = r"(?! (?:opciones|alternativas|cosas|fechas|sirven|me sirven|me van|estan|son|dos))"


def _clock(match: re.Match, today: date) -> Piece:
    found = match.groupdict()
    hour, minute = int(found["h"]), int(found.get("min") or 0)
    if plus := found.get("plus"):
        minute = {"media": 30, "cuarto": 15}.get(plus) or int(plus)
    if minus := found.get("minus"):
        hour, minute = hour - 1, 60 - (15 if minus == "cuarto" else int(minus))
    hint = f"{found['m']}m" if found.get("m") else PARTS.get(found.get("part") or "", "")
    if found.get("noon") and hour != 12:
        hint = "afternoon"
    if hour > 23 or minute > 59:
        raise Unclear
    return Piece("T", Clock(hour, minute, hint))


def _about(match: re.Match, today: date) -> list[Piece]:
    return [Piece("r"), _clock(match, today)]


def _pair(match: re.Match, today: date) -> list[Piece]:
    """"De 9 a 12": the second hour speaks for the first ("de 4 a 6 de la tarde")."""
    hint = f"{match['m']}m" if match["m"] else PARTS.get(match["part"] or "", "")
    low, high = Clock(int(match["a"]), int(match["amin"] or 0)), Clock(int(match["b"]), int(match["bmin"] or 0), hint)
    if low.hour > 23 or high.hour > 23:
        raise Unclear
    start, end = low.resolve(), high.resolve()
    if hint and start > end:
        start = Clock(low.hour, low.minute, hint).resolve()
    if hint in ("afternoon", "pm") and low.hour < 8 or hint in ("am", "morning"):
        start = Clock(low.hour, low.minute, hint).resolve()
    if start >= end:
        raise Unclear
    return [Piece("B", (start, end))]


def window(start: time, end: time) -> Callable[[re.Match, date], Piece]:
    return lambda match, today: Piece("B", (start, end))


_ONE = r"(?P<{0}>\d{{1,2}})(?:[:.](?P<{0}min>\d{{2}}))?" + _HOURS + "?"
HOURS: list[tuple[re.Pattern, Callable[[re.Match, date], Any]]] = [
    (re.compile(pattern), reader)
    for pattern, reader in (
        (rf"\b(?:entre|de(?= (?:las )?\d[\d:.]*(?: ?(?:hs?|horas))? (?:a|hasta)\b)) (?:las )?{_ONE.format('a')}"
         rf" (?:a|y|hasta)(?: las)? {_ONE.format('b')}{_HINT}?"
         rf"(?! de (?!la)|[/\d])", _pair),
        (rf"(?:^|(?<=puedo )){_ONE.format('a')} a {_ONE.format('b')}{_HINT}?(?= ?$)", _pair),
        (r"\b(?:(?:despues|luego|pasado) (?:del? )?(?:el )?(?:mediodia|almuerzo|medio dia))\b",
         lambda m, t: Piece("S", time(13))),
        (r"\bantes del? (?:mediodia|medio dia|almuerzo|almorzar)\b", lambda m, t: Piece("U", time(12))),
        (r"\b(?:al?|el|de) (?:mediodia|medio dia)\b|\bmediodia\b", window(time(12), time(14))),
        (rf"\b(?:tipo|cerca de|alrededor de|a eso de|mas o menos a|como a|aprox\w*(?: a)?)"
         rf" (?:las? )?(?P<h>\d{{1,2}}){_MINUTES}?{_HOURS}?{_HINT}?(?!\d|/)", _about),
        *(
            (rf"\b(?:(?:{_BEFORE}|el|y que) )?las (?P<h>\d{{1,2}}){tail}(?![/\d])", _clock)
            for tail in (f"{_MINUTES}{_HOURS}?{_HINT}?", f"{_HOURS}{_HINT}?", _HINT)
        ),
        (rf"\b(?:{_BEFORE}) las (?P<h>\d{{1,2}})\b(?![/\d]){_NOUNS}", _clock),
        (rf"\b(?:a |de |desde )?la (?P<h>1)\b(?:{_MINUTES})?{_HOURS}?{_HINT}?(?![/\d]| opcion)", _clock),
        (rf"\b(?P<h>\d{{1,2}})(?:[:h] ?(?P<min>\d{{2}})){_HOURS}?{_HINT}?(?![:/\d])", _clock),
        (rf"\b(?P<h>\d{{1,2}})\.(?P<min>00|15|20|30|40|45|50|10){_HOURS}?{_HINT}?(?![./\d])", _clock),
        (rf"\b(?P<h>\d{{1,2}})(?: y (?P<plus>media|cuarto)| menos (?P<minus>cuarto)){_HOURS}?{_HINT}?", _clock),
        (rf"\b(?P<h>\d{{1,2}}){_HOURS}{_HINT}?(?!\d)", _clock),
        (rf"\b(?P<h>\d{{1,2}})(?P<min>[0-5]\d){_HOURS}{_HINT}?(?!\d)", _clock),
        (rf"\b(?P<h>\d{{1,2}}){_HINT}(?!\w)", _clock),
        (r"\b(?:de |desde )?(?P<h>\d{1,2})(?= (?:en|para) adelante)", _clock),
        (r"\blas (?P<h>[4-9]|1\d|2[0-3])\b(?![/\d])", _clock),
    )
]  # fmt: skip
