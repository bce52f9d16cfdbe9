"""The words of `when.py`: what is cleared away before reading, and the pieces a date is made of."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any


class Unclear(Exception):
    """The words are about a date, but no single date can be read from them."""


@dataclass(frozen=True, slots=True)
class Piece:
    kind: str
    value: Any = None


MONTHS = {
    name: number
    for number, names in enumerate(
        ("enero ene", "febrero feb", "marzo mar", "abril abr", "mayo may", "junio jun", "julio jul", "agosto ago",
         "septiembre setiembre sep sept set", "octubre oct", "noviembre nov noviebre", "diciembre dic dicimbre"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ("lunes lun lune lunez", "martes marte martez", "miercoles mier mie miercole miercolez mierocles mircoles",
         "jueves juev jue juebes juevez jeuves jueve", "viernes vier vie biernes viernez virnes vienes",
         "sabado sab savado sabados sabao", "domingo dom domigo domingos"),
    )
    for name in names.split()
}  # fmt: skip
UNITS = [
    "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once",
    "doce", "trece", "catorce", "quince", "dieciseis", "diecisiete", "dieciocho", "diecinueve",
    "veinte", "veintiuno", "veintidos", "veintitres", "veinticuatro", "veinticinco", "veintiseis",
    "veintisiete", "veintiocho", "veintinueve", "treinta",
]
NUMBERS = {word: number for number, word in enumerate(UNITS, start=1)} | {"veintiun": 21}
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
SHORT_MONTHS = ("enero", "marzo", "abril", "mayo", "junio", "julio")
FULL_MONTH = "|".join(name for name in MONTHS if len(name) > 5 or name in SHORT_MONTHS)
WEEKDAY = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
PARTS = {"manana": "morning", "mananita": "morning", "tarde": "afternoon", "tardecita": "afternoon",
         "noche": "evening", "nochecita": "evening"}  # fmt: skip
PART = "|".join(sorted(PARTS, key=len, reverse=True))
HURTS = (
    r"(?:duel\w*|dol[oi]\w*|dolor\w*|molest\w*|sangr\w*|hinch\w*|inflam\w*|fiebre|dorm\w*|dormi|rechin\w*|aprieto|"
    r"late|infec\w*|rompi\w*|parti(?:o|d[oa]s?|endo|eron)?\b|sali[oe]\w*|cai|cayo|golpe\w*)"
)

# Numbers and days that are not about the visit: teeth, ages, documents, durations, the past, streets, greetings.
ASIDE = [
    re.compile(pattern)
    for pattern in (
        r"\b(?:muy )?(?:buen[oa]s?|lind[oa]s?) (?:dias?|tardes?|noches?|finde|fin de semana)\b",
        r"\b(?:hasta (?:manana|luego|el lunes) *(?:$|[.!]))",
        r"\b(?:muelas?|piezas?|dientes?|premolar(?:es)?|molar(?:es)?|incisivos?|colmillos?|implantes?)"
        r"(?: de arriba| de abajo)?(?: numero| nro\.?| n[o°]\.?)? ?(?:\d{1,2}(?:(?:,| y) ?\d{1,2})*)\b",
        HURTS + r" (?:(?:mucho|un poco|bastante|la|el|las|los|mi|en) ?)*\d{2}\b(?!/)",
        r"\b\d{1,3} ?(?:anitos?|anos?)\b",
        r"\b(?:cumpl\w+|tengo|tiene) \d{1,2}\b(?! (?:turno|visita))",
        r"\b(?:dni|documento|doc|d\.n\.i\.?|cedula|pasaporte|libreta|afiliad[oa]|credencial|matricula|telefono|tel|cel\w*)"
        r"[^\d]{0,20}\d[\d. -]*\d",
        r"\b\d{1,2}\.\d{3}\.\d{3}\b",
        r"\+?\b\d{2,4}[ -]\d{3,4}[ -]\d{4}\b|\+\d[\d -]{8,}\d|\b\d{6,}\b",
        r"\$ ?\d[\d.,]*|\b\d[\d.,]* ?(?:pesos|lucas|mil|dolares|usd|%)(?!\w)",
        r"\b(?:osde|omint|galeno|medife|plan|swiss|sancor|ioma|pami|prevencion)"
        r"(?: (?!(?:el|los|dia|para|al?|del?|las?|y|o|tipo|mejor|desde|hasta|" + WEEKDAY + r")\b)[a-z]\w*)?"
        r" \d{2,4}\b(?! ?[/:-]\d| ?hs?\b| de (?:" + MONTH + r"))",
        r"\b(?:calle|av\.?|avenida|plaza|esquina|barrio)(?: \w+)? \d{1,2}(?: de (?:" + MONTH + r"))?(?: \d+)?\b",
        r"\b\d{1,2} de (?:" + MONTH + r") (?:al )?(?!20\d\d\b)\d{3,5}\b",
        r"\bhace (?:ya |como |mas de |casi |unos |unas |un par de )*(?:\d+|un|una)?\s*(?:y medi[oa] )?"
        r"(?:dias?|semanas?|mes(?:es)?|horas?|hs|anos?|rato)\b",
        r"\b(?:cada|durante|por) (?:\d+|un|una|unos|unas) ?(?:horas?|hs?|dias?|semanas?|mes(?:es)?)\b",
        r"\b\d+ (?:veces|vez|caries|muelas|dientes|piezas|personas?|hij[oa]s?|nen[ea]s?|chic[oa]s?|turnos?|opciones|"
        r"herman[oa]s|sesiones|cuotas|minutos|min|pastillas|comprimidos|implantes|mg)\b",
        r"\b(?:el |la |este )?(?:" + WEEKDAY + r"|semana|mes|ano|finde|fin de semana) pasad[oa]\b",
        r"\b(?:el |la )?pasad[oa] (?:" + WEEKDAY + r"|semana|mes|finde)\b",
        r"\b(?:antes de ?ayer|antier|anteayer|ayer(?: a la (?:" + PART + r"))?|anoche)\b",
        r"\b(?:desde|del?) (?:el |la )?(?:" + WEEKDAY + r"|\d{1,2}|manana)? ?(?:que |me |no )*" + HURTS,
        HURTS + r"[^.,;!?]{0,30}\bdesde (?:el |la )?(?:" + WEEKDAY + r"|\d{1,2}|hoy|esta manana|la manana|la noche)\b",
        HURTS + r"[^.,;!?]{0,20} (?:a|por|de|en|toda) la (?:" + PART + r")\b",
        r"\b(?:a|por|de|en|toda) la (?:" + PART + r")s? (?:me|no me|no puedo|casi no) " + HURTS,
        r"\b(?:vine|fui|estuve|me atendi(?:eron)?|naci|me operaron|me sacaron|me lo hicieron)"
        r" (?:el |la |un )?(?:" + WEEKDAY + r"|\d{1,2}(?:/\d{1,2}(?:/\d{2,4})?| de (?:" + MONTH + r"))?)\b",
        r"\bsemana santa\b|\b(?:mas|muy|es|llego|llegue|un poco|tan|hice) tarde\b|\bfin de ano\b",
        r"\b(?:cualquiera|ningun[oa]|algun[oa]|una?) de (?:las|los) \d\b",
    )
]
AMBIGUOUS = re.compile(
    r"\b(?:(?:el|la) otr[oa] (?:" + WEEKDAY + r"|semana|mes|finde|dia)|(?:" + WEEKDAY + r"|semana) siguiente"
    r"|(?:" + WEEKDAY + r") que viene no,? el otro)\b"
)


SHORTHAND = {"q": "que", "k": "que", "x": "por", "dps": "despues", "desp": "despues", "pa": "para"}


def spelled(plain: str) -> str:
    """Folded words in full: "x la tarde", "dps de las 5"."""
    return re.sub(r"\b(?:" + "|".join(SHORTHAND) + r")\b(?!\.)", lambda match: SHORTHAND[match[0]], plain)


def tidy(plain: str) -> str:
    """Folded text with numbers in digits and everything that only looks like a date taken out."""
    text = re.sub(r"\bprimer[oa]? (?=de (?:" + MONTH + r"|este mes|mes))", "1 ", spelled(plain))
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
        found = next((d for d in _years(today, month, day) if d >= today), None)
    if found is None:
        raise Unclear
    return Piece("D", (found, found))


def _years(today: date, month: int, day: int) -> list[date]:
    make(2028, month, day)  # impossible in any year
    return [date(y, month, day) for y in (today.year, today.year + 1) if day <= monthrange(y, month)[1]]


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
    word = match["third"].split()[0] if match["third"] else ""
    if "quincena" in match["third"]:
        return "q1" if word.startswith(("primer", "1")) else "q2"
    if "semana" in match["third"]:
        return "s-" if word.startswith("ultima") else "s1"
    return {"p": "p", "c": "p", "i": "p", "m": "m", "f": "f", "u": "f"}[word[0]]


def _part_of_month(match: re.Match, today: date) -> Piece:
    low, high = THIRDS[_third(match)]
    which = match["which"] or "mes"
    if which in MONTHS:
        months = [(year, MONTHS[which]) for year in (today.year, today.year + 1)]
    elif which in ("mes", "este mes"):
        months = [shift_month(today, ahead) for ahead in (0, 1)]
    else:
        months = [shift_month(today, 1)]
    for year, month in months:
        last = monthrange(year, month)[1]
        first = last + low if low < 0 else low
        if date(year, month, min(high, last)) >= today:
            return Piece("D", (max(today, date(year, month, first)), date(year, month, min(high, last))))
    raise Unclear


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
    r"(?:a |para |en )?(?P<third>(?:principios?|comienzos?|inicios?|mediados?|fin(?:es|ales)?|final|ultimos(?: dias)?)"
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
        (rf"\b{_PART_OF}{_WHICH}\b", _part_of_month),
        (r"\bpasado manana\b", days_from(2)),
        (r"\besta (manana|tarde|noche)\b", days_from(0, "part")),
        (r"\b(?:hoy mismo|hoy|ahora mismo|para ahora)\b", days_from(0)),
        (r"\bmanana (?:o|u|y|,) (?:el )?pasado\b",
         lambda m, t: Piece("D", (t + timedelta(days=1), t + timedelta(days=2)))),
        (r"\b(?:en|dentro de|de aca a) (?P<n>\d{1,2}|un|una) (?P<unit>dias?|semanas?|mes(?:es)?)\b", _ahead),
        (r"\b(?P<this>esta) semana\b|\b(?:la )?(?:proxima semana|semana (?:[qk](?:ue)? viene|proxima|entrante))\b",
         _week),
        (r"\b(?:el |este |proximo )*(?:fin de semana|finde)(?: que viene| proximo)?\b", _weekend),
        (rf"\b(?:(?P<this>este mes)|mes (?:que viene|proximo|entrante)|proximo mes"
         rf"|(?:en|de|para|todo) (?P<m>{FULL_MONTH}))\b", _month),
        (rf"\b(?P<w>{WEEKDAY}),? (?:el |dia )*(?P<d>\d{{1,2}}){_NOT_HOUR}", _weekday_and_number),
        (rf"\b(?:el|dia|los dias|del|al) (?:dia )?(?P<d>\d{{1,2}}){_NOT_HOUR}{_NOT_DATED}", _numbered),
        (r"\b(?:entre semana|dias? (?:de semana|de la semana|habil(?:es)?))\b",
         lambda m, t: Piece("L", frozenset(range(5)))),
        (rf"\b(?P<los>los )?(?:proximo )?(?P<w>{WEEKDAY})\b(?: que viene| proximo)?",
         lambda m, t: Piece("L", frozenset({WEEKDAYS[m["w"]]})) if m["los"] else Piece("W", WEEKDAYS[m["w"]])),
    )
]  # fmt: skip
