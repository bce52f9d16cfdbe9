"""The words of `when.py`: what is cleared away before reading, and the pieces a date is made of."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from agenda.when_aside import AMBIGUOUS, ASIDE, WHAT_WAS
from agenda.when_names import (
    FULL_MONTH,
    MONTH,
    MONTHS,
    NUMBERS,
    PART,
    PARTS,
    WEEKDAY,
    WEEKDAYS,
)
from agenda.when_spelling import put_right


class Unclear(Exception):
    """The words are about a date, but no single date can be read from them."""


@dataclass(frozen=True, slots=True)
class Piece:
    kind: str
    value: Any = None


def tidy(plain: str) -> str:
    """Folded text with numbers in digits and everything that only looks like a date taken out."""
    text = re.sub(r"\bprimer[oa]? (?=de (?:" + MONTH + r"|este mes|mes))", "1 ", put_right(plain))
    text = WHAT_WAS.sub(" ~ ", text)
    text = re.sub(rf"\b(?:a )?(?:primera|ultima)s? horas? de la ({PART})\b", r"a la \1", text)
    text = re.sub(r"\b(tarde|noche) (?:bien |mas )?temprano\b|\btemprano (?=(?:a|por) la (?:tarde|noche))",
    r"\1", text)
    text = re.sub(r"\bo si ?no\b", "o", re.sub(r"\buna (?=y (?:media|cuarto))", "1 ", text))
    text = re.sub(r"\b(\d{1,2})(?:ro|ero|er|o|°)\b\.?", r"\1", text)
    text = re.sub(r"\btreinta y un[oa]?\b", "31", text)
    text = re.sub(r"\ba la una\b", "a la 1", text)
    text = re.sub(r"\b(cuarenta y cinco|cuarenta|cincuenta)\b", lambda m: _MINUTES[m[1]], text)
    text = re.sub(r"\b(" + "|".join(w for w in NUMBERS if w != "uno") + r")\b", lambda m: str(NUMBERS[m[1]]), text)
    for pattern in ASIDE:
        text = pattern.sub(" ~ ", text)
    if AMBIGUOUS.search(text):
        raise Unclear
    # "24 y 25 de noviembre": the month is of both; "el 24 o 25": so is the article.
    month = rf"(?:de (?:{MONTH})\b(?: (?:de(?:l)? )?20\d\d)?|de este mes|del mes que viene|del proximo mes)"
    for _ in range(3):
        text = re.sub(rf"\b(\d{{1,2}})( ?,| y| o| u| al?| y el| o el| al? el| hasta el) (\d{{1,2}}) ({month})",
                      r"\1 \4\2 \3 \4", text)  # fmt: skip
        text = re.sub(r"\b(el|dia) (\d{1,2}) ?, ?(\d{1,2})\b(?= ?(?:,|o|y|u) ?\d)", r"\1 \2, el \3", text)
        text = re.sub(r"\b(el|dia) (\d{1,2}) (o|u|y) (\d{1,2})\b(?! ?(?:hs?\b|:|de la|am|pm|y media))",
                      r"\1 \2 \3 el \4", text)  # fmt: skip
    return text


_MINUTES = {"cuarenta y cinco": "45", "cuarenta": "40", "cincuenta": "50"}


def make(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as fault:
        raise Unclear from fault


def month_range(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def shift_month(today: date, months: int) -> tuple[int, int]:
    years, month = divmod(today.month - 1 + months, 12)
    return today.year + years, month + 1


def next_weekday(today: date, weekday: int) -> date:
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def next_month_day(today: date, day: int) -> date:
    """The next date with this number, today included; a month without it is passed over."""
    if not 1 <= day <= 31:
        raise Unclear
    for ahead in range(3):
        year, month = shift_month(today, ahead)
        if day <= monthrange(year, month)[1] and date(year, month, day) >= today:
            return date(year, month, day)
    raise Unclear


def week_of(day: date) -> tuple[date, date]:
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def dated(match: re.Match, today: date) -> Piece:
    day, month, year = int(match["d"]), match["m"], match["y"]
    month = int(month) if month.isdigit() else MONTHS[month]
    if year:
        found = make(int(year) + (2000 if len(year) == 2 else 0), month, day)
        if found < today:
            raise Unclear
    else:
        found = _next_of(today, month, day)
    return Piece("D", (found, found))


def _next_of(today: date, month: int, day: int) -> date:
    """Of the year in which it is next due: 29 February is nothing where that year has none."""
    return make(today.year + ((month, day) < (today.month, today.day)), month, day)


def _iso(match: re.Match, today: date) -> Piece:
    found = make(int(match[1]), int(match[2]), int(match[3]))
    if found < today:
        raise Unclear
    return Piece("D", (found, found))


def _of_month(match: re.Match, today: date) -> Piece:
    ahead = 1 if match["which"] in ("mes que viene", "proximo mes", "mes proximo", "mes entrante") else 0
    found = make(*shift_month(today, ahead), int(match["d"]))
    if found < today:
        raise Unclear
    return Piece("D", (found, found))


THIRDS = {"p": (1, 10), "m": (11, 20), "f": (21, 31), "q1": (1, 15), "q2": (16, 31), "s1": (1, 7), "s-": (-6, 31)}


def _third(match: re.Match) -> str:
    word = re.sub(r"^la ", "", match["third"] or "").split()[0]
    if "quincena" in match["third"]:
        return "q1" if word.startswith(("primer", "1")) else "q2"
    if "semana" in match["third"]:
        return "s-" if word.startswith("ultima") else "s1"
    return {"p": "p", "c": "p", "i": "p", "m": "m", "f": "f", "u": "f"}[word[0]]


def _part_of_month(match: re.Match, today: date) -> Piece:
    low, high = THIRDS[_third(match)]
    for year, month in _months(match["which"] or "mes", today):
        last = monthrange(year, month)[1]
        first = last + low if low < 0 else low
        if date(year, month, min(high, last)) >= today:
            return Piece("D", (max(today, date(year, month, first)), date(year, month, min(high, last))))
    raise Unclear


def _nth_weekday(match: re.Match, today: date) -> Piece:
    """"El segundo martes de diciembre": the next one of the kind that is not past."""
    months = _months(match["which"], today)
    for year, month in months:
        first, last = month_range(year, month)
        days = [first + timedelta(days=n) for n in range(last.day)]
        fitting = [day for day in days if day.weekday() == WEEKDAYS[match["w"]]]
        at = NTH[match["nth"]]
        if at < len(fitting) and fitting[at] >= today:
            return Piece("D", (fitting[at], fitting[at]))
    raise Unclear


def _months(which: str, today: date) -> list[tuple[int, int]]:
    """The months that words like "marzo", "mes" or "mes que viene" may mean, soonest first."""
    if which in MONTHS:
        return [(year, MONTHS[which]) for year in (today.year, today.year + 1)]
    if which in ("mes", "este mes"):
        return [shift_month(today, ahead) for ahead in (0, 1)]
    return [shift_month(today, 1)]


NTH = {"primer": 0, "primero": 0, "1": 0, "segundo": 1, "2": 1, "tercer": 2, "tercero": 2, "3": 2, "cuarto": 3, "4": 3,
       "ultimo": -1}  # fmt: skip


def _month_first(match: re.Match, today: date) -> Piece:
    found = _next_of(today, MONTHS[match["m"]], int(match["d"]))
    return Piece("D", (found, found))


def _in_a_week(match: re.Match, today: date) -> Piece:
    count = {"un": 1, "una": 1, "ocho": 1, "8": 7}.get(match["n"]) or int(match["n"])
    days = 7 if match["n"] in ("ocho", "8") and not match["unit"] else count * (7 if match["unit"][0] == "s" else 1)
    return Piece("D", (today + timedelta(days=days),) * 2)


def _month(match: re.Match, today: date) -> Piece:
    if match["m"]:
        month = MONTHS[match["m"]]
        year = today.year + (month < today.month)
        return Piece("D", (max(today, month_range(year, month)[0]), month_range(year, month)[1]))
    ahead = 0 if match["this"] else 1
    first, last = month_range(*shift_month(today, ahead))
    return Piece("D", (max(today, first), last))


def _ahead(match: re.Match, today: date) -> Piece:
    count, unit = int(match["n"]) if match["n"].isdigit() else 1, match["unit"]
    if unit.startswith("dia"):
        day = today + timedelta(days=count)
        return Piece("D", (day, day))
    if unit.startswith("semana"):
        return Piece("D", week_of(today + timedelta(weeks=count)))
    year, month = shift_month(today, count)
    return Piece("D", week_of(date(year, month, min(today.day, monthrange(year, month)[1]))))


def _week(match: re.Match, today: date) -> Piece:
    if match["this"]:
        return Piece("D", (today, week_of(today)[1]))
    return Piece("D", week_of(today + timedelta(weeks=1)))


def _weekend(match: re.Match, today: date) -> Piece:
    saturday = today if today.weekday() == 5 else next_weekday(today, 5)
    return Piece("D", (saturday, saturday + timedelta(days=6 - saturday.weekday())))


def days_from(offset: int, part: str | None = None) -> Callable[[re.Match, date], list[Piece]]:
    def pieces(match: re.Match, today: date) -> list[Piece]:
        day = today + timedelta(days=offset)
        return [Piece("D", (day, day)), *([Piece("P", PARTS[match[1]])] if part else [])]

    return pieces


def _numbered(match: re.Match, today: date) -> list[Piece]:
    day = next_month_day(today, int(match["d"]))
    joined = {"del": [Piece("j")], "al": [Piece("t")]}.get(match[0].split()[0], [])
    return [*joined, Piece("D", (day, day))]


def _weekday_and_number(match: re.Match, today: date) -> Piece:
    day = next_month_day(today, int(match["d"]))
    if day.weekday() != WEEKDAYS[match["w"]]:
        raise Unclear
    return Piece("D", (day, day))


_WHICH = rf"(?P<which>{MONTH}|este mes|mes que viene|proximo mes|mes proximo|mes entrante|mes)"
_PART_OF = (
    r"(?:a |para |en )?(?P<third>(?:principios?|comienzos?|inicios?|mediados?|mitad|fin(?:es|ales)?|final"
    r"|ultimos(?: dias)?)"
    r"|(?:la )?(?:primera?|1|segunda|2|ultima) (?:quincena|semana))(?: del?)?(?: el)? "
)
_NOT_HOUR = r"\b(?! ?(?:hs?\b|hrs\b|horas\b|am\b|pm\b|y media|y cuarto|:\d|de la (?:manana|tarde|noche)))(?![.,]\d)"
_NOT_DATED = rf"(?!/|-\d| del? (?:mes|este|proximo|corriente)| (?:del? )?(?:{MONTH})\b)"

DAYS: list[tuple[re.Pattern, Callable[[re.Match, date], Any]]] = [
    (re.compile(pattern), reader)
    for pattern, reader in (
        (r"\b(\d{4})-(\d{2})-(\d{2})\b", _iso),
        (r"\b(?P<d>\d{1,2})[/-](?P<m>\d{1,2})(?:[/-](?P<y>\d{4}|\d{2}))?\b", dated),
        (r"\b(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})\b", dated),
        (rf"\b(?P<d>\d{{1,2}}) (?:del? )?(?P<m>{MONTH})\b(?:,? (?:del? )?(?P<y>20\d\d))?", dated),
        (r"\b(?P<d>\d{1,2}) del? (?P<which>este mes|mes que viene|proximo mes|mes proximo|corriente)\b", _of_month),
        (rf"\b(?P<nth>{'|'.join(NTH)}) (?P<w>{WEEKDAY}) del? {_WHICH}\b", _nth_weekday),
        (rf"\b{_PART_OF}{_WHICH}\b", _part_of_month),
        (r"\bel (?P<d>\d{1,2}) del (?P<m>0?[1-9]|1[0-2])\b(?! ?(?:al?|hasta|hs|h|horas)\b|[/.:]\d)(?P<y>)", dated),
        (rf"\b(?P<m>{MONTH}) (?P<d>\d{{1,2}}){_NOT_HOUR}(?!/|-\d)", _month_first),
        (r"\bde (?:hoy|aca) en (?P<n>un|una|ocho|\d{1,2})(?: (?P<unit>dias?|semanas?))?\b", _in_a_week),
        (r"\bpasado\b(?= ?(?:$|[,.?!])| si\b| (?:a|por|en) las? )", days_from(2)),
        (rf"\bahora (?=(?:a|por|en) la (?:{PART})\b)", days_from(0)),
        (r"\bpasado manana\b", days_from(2)),
        (r"\besta (manana|tarde|noche)\b", days_from(0, "part")),
        (r"\b(?:hoy mismo|hoy|ahora mismo|para ahora)\b", days_from(0)),
        (r"\bmanana (?:o|u|y|,) (?:el )?pasado\b",
         lambda m, t: Piece("D", (t + timedelta(days=1), t + timedelta(days=2)))),
        (r"\b(?:en|dentro de|de aca a) (?P<n>\d{1,2}|un|una) (?P<unit>dias?|semanas?|mes(?:es)?)\b", _ahead),
        (r"\b(?P<this>esta) semana\b|\b(?:la )?(?:proxima semana|semana (?:que (?:viene|sigue|entra|empieza"
        r"|arranca)|proxima|entrante))\b",
         _week),
        (r"\b(?:el |este |proximo )*(?:fin de semana|finde)(?: que viene| proximo)?\b", _weekend),
        (rf"\b(?:(?P<this>este mes)|mes (?:que viene|proximo|entrante)|proximo mes"
         rf"|(?:en|de|para|todo|durante) (?P<m>{FULL_MONTH}))\b", _month),
        (rf"\b(?P<w>{WEEKDAY}),? (?:el |dia )*(?P<d>\d{{1,2}}){_NOT_HOUR}{_NOT_DATED}", _weekday_and_number),
        (rf"\b(?:el|dia|los dias|del|al) (?:dia )?(?P<d>\d{{1,2}}){_NOT_HOUR}{_NOT_DATED}", _numbered),
        (r"\b(?:entre semana|dias? (?:de semana|de la semana(?! (?:que|proxima|del?|entrante))|habil(?:es)?))\b",
         lambda m, t: Piece("L", frozenset(range(5)))),
        (rf"\b(?P<los>los )?(?:proximo )?(?P<w>{WEEKDAY})\b(?: que viene| proximo)?",
         lambda m, t: Piece("L", frozenset({WEEKDAYS[m["w"]]})) if m["los"] else Piece("W", WEEKDAYS[m["w"]])),
    )
]  # fmt: skip
