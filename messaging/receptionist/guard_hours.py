"""When the clinic attends, as a sentence says it, against when it does: by weekday, and by date where a holiday or a
closure makes another day of it. Pure, folded text; `guard` asks it of each sentence."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from messaging.receptionist.guard_clock import HALF, HOURS, MINUTES, of_words

WEEKDAYS = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")
Windows = tuple[tuple[str, str], ...]  # (("09:00", "13:00"), ("14:00", "19:00"))


@dataclass(frozen=True)
class Week:
    """Of the clinic, or of one professional. ``on``: the dates that are not as their weekday is."""

    days: dict[int, Windows] = field(default_factory=dict)
    on: dict[date, Windows] = field(default_factory=dict)

    @property
    def open_days(self) -> list[int]:
        return [day for day in range(7) if self.days.get(day)]

    @property
    def clocks(self) -> frozenset[str]:
        return frozenset(at for windows in (*self.days.values(), *self.on.values()) for one in windows for at in one)

    def of(self, day: int | date) -> Windows:
        """Of a weekday's number, or of a date."""
        if isinstance(day, int):
            return self.days.get(day, ())
        return self.on.get(day, self.days.get(day.weekday(), ()))


_DAY = "|".join(WEEKDAYS)
_NUMBER = rf"(?:\d{{1,2}}(?:[:.]\d{{2}})?|{'|'.join(sorted(HOURS, key=len, reverse=True))})\b"
_NO_HOUR = (
    r"(?! ?(?:semanas?|dias?|minutos?|min\b|anos|meses|veces|visitas|sesiones|cuotas|turnos|opciones|personas|cuadras"
    r"|metros|de (?:ene|feb|mar|abr|may|jun|jul|ago|sep|oct|nov|dic)|/|%|pesos|mil\b))"
)


def _at(name: str) -> str:
    return (
        rf"(?:las? )?(?P<{name}>{_NUMBER})(?P<{name}_more> (?:{'|'.join(MINUTES)}))?(?: ?(?:hs|horas|h)\b)?"
        rf"{HALF.replace('(a', f'(?P<{name}_half>a')}?"
    )


_A_RANGE = re.compile(rf"\b(?<![\d/:.,])(?P<by>de |desde |entre )?{_at('first')} ?(?:\b(?P<to>a|y|hasta)\b|-|–) ?"
                      rf"{_at('last')}(?!\d|[:.]\d){_NO_HOUR}")  # fmt: skip
_OPENS = re.compile(rf"\b(?:(?:re)?abr(?!il\b)\w+(?: \w+){{0,5}}? a|a partir de|desde) {_at('first')}{_NO_HOUR}")
_CLOSES = re.compile(rf"\b(?:(?:cerr|cierr)\w+(?: \w+){{0,5}}? a|hasta) {_at('first')}{_NO_HOUR}")
_NOON = re.compile(r"\b(?:cerr\w+|cierr\w+|hasta)(?: \w+){0,3}? (?:el|al) mediodia\b")
_NEAR_NOON = {"12:00", "12:30", "13:00", "13:30"}
_ROUND = re.compile(r"\b(?:las )?(?:24|veinticuatro) ?(?:hs|horas)\b|\b24 ?[x/] ?7\b")
_STRAIGHT = re.compile(r"\b(?:horario|de) corrido\b|\babrimos al mediodia\b|\bsin cortar?\b")
_PART = re.compile(r"\b(?:a|por|de) la (manana|tarde|noche)\b")
_PARTS = {"manana": ("00:00", "13:00"), "tarde": ("13:00", "20:00"), "noche": ("19:00", "24:00")}
_SPEAKS = re.compile(
    r"\b(?:atend(?:emos|iendo|er|ia|ian)|atienden?|(?:re)?abr(?!il\b)\w+|abiert\w+|cerramos|cierr\w+|cerrad[oa]s?"
    r"|trabajamos|trabajan?|estamos|nuestros? horarios?|horario:"
    r"|horarios? (?:de atencion|de la clinica|es|son|habitual|de lunes))"
)
_SHUT = re.compile(r"\bno (?:\w+ )?(?:atend|atiend|abr|trabaj|estamos|esta\b|hay atencion)|\bcerrad[oa]s?\b"
                   r"|\btampoco\b|\bno\W*$|(?<!ya )\b(?:cerramos|cierra|cierran)\b")  # fmt: skip
_OFFERS = re.compile(
    r"\b(?:tengo|tenemos|quedan?|te (?:puedo|podemos|reserv\w+|sirve|queda|doy|atiende\w*)|turnos? (?:el|para)|lugar"
    r"|podes venir)\b"
)
_USUALLY = re.compile(rf"\blos (?:{_DAY})s?\b|\b(?:{_DAY})s? a (?:{_DAY})s?\b|\bfin(?:es)? de semana\b"
                      r"|\btodos los dias\b|\bdias? habil")  # fmt: skip
_THAT_DAY = re.compile(r"\bes[eo]s? dias?\b")
_SHUTS = re.compile(r"\bc(?:err|ierr)\w+(?: \w+)? *$")
_HOLIDAYS = re.compile(r"\b(?:los|en|y) (?:dias )?feriados\b")
_DAYS = re.compile(
    rf"\b(?P<first>{_DAY})s? (?:a|al) (?P<last>{_DAY})s?\b|\bfin(?:es)? de semana\b|\b(?P<all>todos los dias)\b"
    rf"|\b(?P<work>dias? habil\w*)\b|(?:\b(?P<the>el|este|proximo|ese) )?\b(?P<day>{_DAY})s?\b"
    r"|(?<!la )(?<!de )\b(?P<near>pasado manana|manana|hoy)\b(?! (?:a|por) la| mismo)"
)
_CLAUSE = re.compile(r"[;:](?!\d)| pero | sino | aunque | salvo | excepto | menos (?!cuarto)"
                     r"|(?:,| y) (?=no |los |el |tengo |te )")  # fmt: skip


def is_about(sentence: str) -> bool:
    """Whether it tells when the clinic attends; what only offers a visit does not."""
    if _SPEAKS.search(sentence):
        return True
    usually = _USUALLY.search(sentence) or (_DAYS.search(sentence) and _A_RANGE.search(sentence))
    return bool(usually and not _OFFERS.search(sentence) and not sentence.rstrip().endswith("?"))


def offers(sentence: str) -> bool:
    return bool(_OFFERS.search(sentence))


def days_of(text: str, today: date) -> list[int | date]:
    """Weekdays' numbers ("los viernes", "de lunes a viernes"), and dates where one day is meant ("el viernes")."""
    return [day for match in _DAYS.finditer(text) for day in _meant(match, today)]


def unexplained(sentence: str) -> str:
    """``sentence`` without the hours that `is_false` weighs."""
    return ", ".join(one if offers(one) else _without_hours(one) for one in _CLAUSE.split(sentence))


def _without_hours(clause: str) -> str:
    for shape in (_A_RANGE, _OPENS, _CLOSES):
        clause = shape.sub(lambda match: match[0] if _is_no_range(match) else " ", clause)
    return clause


def is_false(sentence: str, week: Week, *, today: date, asked=frozenset(), before=()) -> bool:
    """``asked``: the dates that the patient asked about; ``before``: the days that the sentences before spoke of."""
    days = list(before)
    for clause in _CLAUSE.split(re.sub(r"\bno c(?:err|ierr)\w+", "abrimos", sentence)):
        named = days_of(clause, today)
        days = named or days
        if _OFFERS.search(clause):
            continue
        if _is_false(clause, week, today, days, named=bool(named), asked=asked):
            return True
    return False


def _is_false(clause, week, today, days, *, named, asked) -> bool:
    told = list(_told(clause, today))
    if not told and _SHUT.search(clause):
        return named and _attends(days, week, clause)
    straight = _STRAIGHT.search(clause) and any(len(week.of(day)) > 1 for day in _of(days, week))
    if straight or _HOLIDAYS.search(clause):
        return True
    if _ROUND.search(clause) and _SPEAKS.search(clause):
        told = [*told, ([], "range", {"00:00"}, {"24:00", "23:59"})]
    for of, role, first, last in told:
        readings = [of or days, *([] if named or _THAT_DAY.search(clause) else [[]])]
        if not any(_holds(one, week, role, first, last, alone=len(told) == 1) for one in readings):
            return True
    if not named:
        return bool(asked and not told and _SPEAKS.search(clause) and any(not week.of(day) for day in asked))
    also_asked = [day for day in asked if day.weekday() in days]
    return any(not week.of(day) for day in [*days, *also_asked]) or not _attends(days, week, clause)


def _of(days, week):
    return days or week.open_days


def _attends(days, week, clause) -> bool:
    """On any of these days; in that part of it, where one is said."""
    part = _PART.search(re.sub(rf"{_NUMBER} de la (?:manana|tarde|noche)", " ", clause))
    since, until = _PARTS[part[1]] if part else ("00:00", "24:00")
    return any(start < until and end > since for day in days for start, end in week.of(day))


def _meant(match, today) -> list[int | date]:
    if match["first"]:
        first, last = WEEKDAYS.index(match["first"]), WEEKDAYS.index(match["last"])
        return [day % 7 for day in range(first, last + 1 + (7 if last < first else 0))]
    if match["all"] or match["work"]:
        return list(range(7 if match["all"] else 5))
    if match["near"]:
        return [today + timedelta(days={"hoy": 0, "manana": 1, "pasado manana": 2}[match["near"]])]
    if not match["day"]:
        return [5, 6]
    day = WEEKDAYS.index(match["day"])
    return [today + timedelta(days=(day - today.weekday()) % 7)] if match["the"] else [day]


def _told(clause, today):
    """Each hour of attention that is told: of which days (none: of those spoken of before), in what role, and what its
    ends may mean."""
    spans = [(match.start(), match.end(), _meant(match, today)) for match in _DAYS.finditer(clause)]
    rest = clause
    for role, shape in (("range", _A_RANGE), ("opens", _OPENS), ("closes", _CLOSES)):
        found = [match for match in shape.finditer(rest) if not _is_no_range(match)]
        for match in found:
            shut = role == "range" and _SHUTS.search(rest[: match.start()])
            yield _of_which(spans, match), "gap" if shut else role, _ends(match, "first"), _ends(match, "last")
            rest = rest[: match.start()] + " " * len(match[0]) + rest[match.end() :]
    if match := _NOON.search(rest):
        yield _of_which(spans, match), "closes", _NEAR_NOON, set()


def _ends(match, name) -> set[str]:
    said = match.groupdict()
    if not said.get(name):
        return set()
    return of_words(said[name], (said[f"{name}_more"] or "").strip(), said[f"{name}_half"] or "")


def _is_no_range(match) -> bool:
    """"9 y 13" is none; "entre las 9 y las 13" is."""
    said = match.groupdict()
    return said.get("to") == "y" and (said.get("by") or "").strip() != "entre"


def _of_which(spans, match) -> list[int | date]:
    """The days that stand right before it, all of a row of them; at the beginning, those after it."""
    earlier = [one for one in spans if one[1] <= match.start() + 1]
    if not earlier:
        return [day for _start, _end, days in spans for day in days]
    found = list(earlier[-1][2])
    for (_start, end, days), (start, _end, _days) in zip(reversed(earlier[:-1]), reversed(earlier[1:]), strict=False):
        if not re.fullmatch(r"[ ,]*(?:y|e)?[ ,]*(?:los |el )?", match.string[end:start]):
            break
        found += days
    return found


def _holds(days, week: Week, role, first, last, *, alone) -> bool:
    """Of each day that is named; where none is, of more than half of those on which the clinic attends."""
    good = [_is_so(week.of(day), role, first, last, alone) for day in _of(days, week)]
    return all(good) and bool(good) if days else sum(good) * 2 > len(good)


def _is_so(windows: Windows, role, first, last, alone) -> bool:
    if role == "range":
        return any(start in first and end in last for start, end in windows)
    if role == "gap":
        return any(one[1] in first and other[0] in last for one, other in pairwise(windows))
    ends = [one[role == "closes"] for one in windows]
    return bool(first & set((ends[-1:] if role == "closes" else ends[:1]) if alone else ends))
