"""Folded words -> pieces: days and clock times first, then the words that join them."""

import re
from datetime import date, timedelta

from agenda.when_hours import HOURS
from agenda.when_names import PART, PARTS
from agenda.when_words import DAYS, Piece

JOINS = [
    (re.compile(pattern), kind)
    for pattern, kind in (
        (rf"\b(?:a|por|en|de|durante|x) las? ({PART})s?\b|\blas? ({PART})s?\b|\bturno ({PART})\b(?<!turno manana)"
         rf"|(?<!turno )(?<!cita )(?<!visita )(?<!consulta )(?<!partir )\bde ({PART})\b(?! en adelante)"
         rf"|\b({PART})(?<!manana)\b",
         "P"),
        (r"\b(?:bien |mas )?(tempran(?:o|ito))\b|\b(?:a )?(primera hora)\b", "M"),
        (r"\bmanana\b", "1"),
        (r"\b(?:menos|excepto|salvo|que no sean?|no puede ser|en (?:vez|lugar) del?)\b", "m"),
        (r"\bni\b", "i"),
        (r"\bno (?:me )?(?:puedo|podria|podre|voy a poder|llego|sirven?|va bien|vienen? bien|queda bien|va)"
         r"(?: (?:ir|asistir|llegar|venir))?\b|\bno\b|\b(?:se me complica|imposible|tampoco)\b", "n"),
        (r"\b(?:a partir|desde|de aca)\b", "f"),
        (r"\ben adelante\b|\bpara adelante\b", "g"),
        (r"\b(?:despues|luego|mas tarde|pasad[oa]s?)\b", "a"),
        (r"\bantes\b", "b"),
        (r"\bhasta\b", "u"),
        (r"\bentre\b", "e"),
        (r"\b(?:salgo|termino|me desocupo)\b", "a"),
        (r"\b(?:trabajo|estudio|curso|ocupad[oa]|clases?) hasta\b", "a"),
        (r"\b(?:entro|arranco|empiezo)\b", "b"),
        (r"\bsemana\b", "k"),
        (r"\b(?:o|u|y)\b", "o"),
        (r"[,;.?!]|\bpero\b", "c"),
        (r"\b(?:al?)\b", "t"),
        (r"\bde\b", "d"),
        (r"\bdel\b", "j"),
        (r"\b(?:lo (?:mas )?(?:antes|pronto|temprano) (?:posible|que (?:pueda|puedas|haya|tengas))|cuanto antes"
         r"|(?:lo )?(?:el )?(?:primer|primero|mas pronto|mas cercano)(?: turno)?"
         r" (?:que (?:haya|tengas|tengan)|disponible|libre)"
         r"|ya mismo|urgente(?:mente)?)\b", "q"),
        (r"\b(?:cualquier(?:a)?(?: (?:dia|horario|hora|momento|fecha))?(?: (?:me )?(?:sirve|va|esta bien))?"
         r"|me da (?:igual|lo mismo)|indistinto|cuando (?:sea|puedan?|puedas|haya|tengas|tengan|quieras))\b", "q"),
        (r"\b(?:el|la|los|las|este|esta|para|por|en|un|una|proximo|dia|dias|que|viene|ser|sea|me|turno|puede|podria|tipo"
         r"|horario|horas?|alguno?|trabajar|trabajo|del trabajo|de trabajar|mas)\b", ""),
        (r"[^\s]+", "x"),
    )
]  # fmt: skip


def pieces_of(text: str, today: date) -> list[Piece]:
    found_so_far: list[Piece] = []
    at = 0
    while at < len(text):
        if text[at] in " ~":
            at += 1
            continue
        end, found = _next(text, at, today)
        found_so_far += found
        at = end
    return found_so_far


def _next(text: str, at: int, today: date) -> tuple[int, list[Piece]]:
    for pattern, read in (*_FIRST, *HOURS, *DAYS):
        if match := pattern.match(text, at):
            found = read(match, today)
            return match.end(), found if isinstance(found, list) else [found]
    for pattern, kind in JOINS:
        if match := pattern.match(text, at):
            return match.end(), _joined(kind, match, today)
    return at + 1, []


def _joined(kind: str, match: re.Match, today: date) -> list[Piece]:
    if kind == "P":
        return [Piece("P", PARTS[next(group for group in match.groups() if group)])]
    if kind == "M":
        return [Piece("P", "morning")]
    if kind == "1":
        day = today + timedelta(days=1)
        return [Piece("D", (day, day))]
    return [Piece(kind)] if kind else []


# "desde las 5" must not be eaten whole by the clock: the joining word is read first.
_FIRST = [
    (re.compile(pattern), lambda match, today, kind=kind: Piece(kind))
    for pattern, kind in (
        (r"\b(?:a partir de|desde)(?= las? \d)", "f"),
        (r"\bhasta(?= las? \d)", "u"),
        (r"\b(?:pasadas?|despues de|luego de|mas tarde de)(?= las? \d)", "a"),
        (r"\bantes de(?= las? \d)", "b"),
        (r"\bsemana(?= del? )", "k"),
    )
]
