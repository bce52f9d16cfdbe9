"""What words say about options. Pure: values in, values out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from agenda.when import parse
from dentalogic.lib.text import fold
from messaging.receptionist.spelling import put_right

ORDINALS = {
    "primer": 1, "primera": 1, "primero": 1, "1ro": 1, "1ra": 1, "1er": 1, "segunda": 2, "segundo": 2,
    "2do": 2, "2da": 2, "tercera": 3, "tercero": 3, "tercer": 3, "3ro": 3, "3ra": 3, "cuarta": 4,
    "cuarto": 4,
}  # fmt: skip
COUNTED = {"uno": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4}
WEEKDAYS = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")
MONTHS = "ene|feb|mar|abr|may|jun|jul|ago|sep|set|oct|nov|dic"
ARTICLE = r"(?:el|la|opcion|numero|nro|n|turno|quiero|prefiero|mejor|elijo|dame|agarro|voy con|me quedo con)"


@dataclass(frozen=True, slots=True)
class Choosable:
    """An option as the patient saw it: a wall clock of the clinic."""

    code: str
    start: datetime
    professional: str = ""
    names: tuple[str, ...] = ()  # what the treatment is called, where that tells one from another


@dataclass(frozen=True, slots=True)
class Choice:
    """``code`` when one option was chosen; ``several`` codes when the words fit more than one; ``none`` when they
    are about a time or day that is not among them."""

    code: str = ""
    several: tuple[str, ...] = ()
    none: bool = False


_A_PLACE = (
    rf"(?:el|la|opcion|numero) (?:{'|'.join(ORDINALS)}|ultim[oa]|[1-9]|{'|'.join(COUNTED)})\b"
)
_REJECTED = re.compile(  # "el primero no, el segundo", "el segundo, no el primero"
    rf"{_A_PLACE} no\b(?=\W*(?:$|[,.;!]|mejor|sino|prefiero|quiero|dame))|(?:^|[,.;] ?)no (?:quiero )?{_A_PLACE}"
)


def choice(text: str, options: Sequence[Choosable], *, today: date) -> Choice:
    """What ``text`` chooses among ``options``; an empty Choice when it says nothing about them."""
    said = re.sub(r"^\W*no[,.;]+ ", "", _REJECTED.sub(" ", put_right(text)))  # "no, a la mañana"
    plain = " ".join(re.sub(r"[¿?!¡,;]", " ", said).split())
    plain = re.sub(r"\b(el|la|opcion|numero) (" + "|".join(COUNTED) + r")\b(?! y media| de la)", _digit, plain)
    if not options:
        return Choice()
    if (extreme := _by_extreme(plain, options)) is not None:
        return _picked([extreme], options)
    found = [_by_position(plain, options), _by_clock_and_day(plain, options, today), _by_professional(plain, options),
             _by_treatment(plain, options)]
    return _picked([one for one in found if one is not None], options)


def _picked(sets: list[set[str]], options) -> Choice:
    if not sets:
        return Choice()
    codes = set.intersection(*sets)
    if len(codes) == 1:
        return Choice(code=codes.pop())
    if not codes:
        return Choice(several=tuple(one.code for one in options)) if all(sets) else Choice(none=True)
    return Choice(several=tuple(one.code for one in options if one.code in codes))


def _digit(match: re.Match) -> str:
    return f"{match[1]} {COUNTED[match[2]]}"


_POLITE = r"(?:si|dale|ok|bueno|perfecto|por favor|porfa|gracias|genial|joya|entonces|hola|te|me|tomo|va)"
_ALONE = rf"(?:{_POLITE} )*(?:{ARTICLE} )*#?{{0}}(?:\)|\.)?(?: {_POLITE})*"
NUMBERED = [
    re.compile(pattern)
    for pattern in (
        rf"^{_ALONE.format('([1-9])')}$",
        r"\b(?:opcion|el numero|la numero|numero) ([1-9])\b",
        r"\b(?:el|la) ([1-9])\b(?! ?(?:hs?\b|:|de |del |y media|am|pm|/))",
    )
]


_NOT_A_PLACE = r"(?! vez| quincena| semana| hora)"


def _by_position(plain: str, options) -> set[str] | None:
    said = set(re.findall(rf"\b({'|'.join(ORDINALS)})\b{_NOT_A_PLACE}", plain))
    places = {ORDINALS[word] for word in said} if len(said) > 1 else {_position(plain, len(options))}
    return {options[place - 1].code for place in places if place and 1 <= place <= len(options)} or None


def _position(plain: str, last: int) -> int | None:
    if match := re.search(rf"\b({'|'.join(ORDINALS)})\b{_NOT_A_PLACE}", plain):
        return ORDINALS[match[1]]
    if re.search(r"\b(?:ultim[oa]|de abajo)\b(?! vez| hora)", plain):
        return last
    if re.search(r"\bde arriba\b", plain):
        return 1
    if match := next((found for shape in NUMBERED if (found := shape.search(plain))), None):
        return int(match[1])
    if match := re.fullmatch(_ALONE.format(f"({'|'.join(COUNTED)})"), plain):
        return COUNTED[match[1]]
    return None


def _by_clock_and_day(plain: str, options, today: date) -> set[str] | None:
    if re.fullmatch(rf"(?:{_POLITE} )*(?:{ARTICLE} )*[1-9](?:\)|\.)?(?: {_POLITE})*", plain):
        return None
    words = parse(plain, today=today)
    if words and _only_leaves_out(words, today):
        return set()
    numbers = re.findall(rf"\b(?:el|dia) (\d{{1,2}})\b(?! ?(?:hs?\b|:|/|de (?:{MONTHS})))", plain)
    if words is None:
        return _by_bare_hour(plain, options)
    found = {one.code for one in options if words.allows_day(one.start.date())} if words.says_day else None
    if not found and not re.search(r"\d|\b(?:que viene|proxim[oa])\b", _without_hours(plain)):
        named = _weekdays(plain) - words.excluded_weekdays
        found = {one.code for one in options if one.start.weekday() in named} if named else found
    if numbers and found == set() and int(numbers[0]) <= len(options):
        found = None
    hours = None
    if words.says_hour:
        hours = {one.code for one in options if words.allows_clock(one.start.time())}
        if not hours and words.at and words.at.minute == 0:
            hours = {one.code for one in options if one.start.hour == words.at.hour}
    said = [one for one in (found, hours) if one is not None]
    return set.intersection(*said) if said else None


def _only_leaves_out(words, today: date) -> bool:
    """"Cualquier día menos el lunes" is not a choice of what is left."""
    any_day = words.first in (None, today) and not (words.last or words.weekdays)
    return any_day and bool(words.excluded_days or words.excluded_weekdays)


def _without_hours(plain: str) -> str:
    return re.sub(r"\blas? \d{1,2}(?:[:.h]\d{2})?\b|\b\d{1,2}[:.h]\d{2}\b|\b\d{1,2} ?(?:hs?|horas)\b", " ", plain)


def _weekdays(plain: str) -> set[int]:
    """Today's own name among options of today is today, though elsewhere it means next week's."""
    return {number for number, name in enumerate(WEEKDAYS) if re.search(rf"\b{name}\b", plain)}


def _by_bare_hour(plain: str, options) -> set[str] | None:
    """"10", "1030", "10 y 30": an hour without its words."""
    match = re.fullmatch(rf"(?:{_POLITE} )*(?:{ARTICLE} |de |las "
         rf"|a )*(\d{{1,2}})(?:[ .:]?(\d{{2}}))?(?: {_POLITE})*", plain)
    if not match:
        return None
    hour, minute = int(match[1]), match[2]
    found = {
        one.code for one in options
        if one.start.hour in (hour, hour + 12) and (minute is None or one.start.minute == int(minute))
    }  # fmt: skip
    return found or None


def _by_professional(plain: str, options) -> set[str] | None:
    words = set(plain.split())
    named = {
        one.code for one in options
        if any(len(part) > 3 and part in words for part in fold(one.professional).replace(".", " ").split()[1:])
    }  # fmt: skip
    return named or None


def _by_treatment(plain: str, options) -> set[str] | None:
    """"El de limpieza": by a whole name, or by a long word of the first of them."""
    said = f" {plain} "
    return {
        one.code for one in options
        if any(f" {name} " in said for name in (*map(fold, one.names), *_long_words(one.names[:1])))
    } or None  # fmt: skip


def _long_words(names) -> list[str]:
    return [word for name in names for word in fold(name).split() if len(word) > 5]


def _by_extreme(plain: str, options) -> set[str] | None:
    """"El más temprano" is of two days or of two hours: both, where they differ."""
    if re.search(r"\b(?:antes posible|mas pronto|mas cercan[oa]|que este antes|cuanto antes)\b", plain):
        return {min(options, key=lambda one: one.start).code}
    if match := re.search(r"\b(?:el|la|lo) (?:de )?mas (temprano|tarde)\b(?! que)", plain):
        pick = min if match[1] == "temprano" else max
        return {pick(options, key=lambda one: one.start).code, pick(options, key=lambda one: one.start.time()).code}
    return None


YES = (
    r"^\W*(?:si+|sip|sisi|dale+|ok(?:ey|a|is)?|okk+|bueno|perfecto|de una|claro|joya|listo|genial|va"
    r"|confirmo|por ?fa(?:vor)?|obvio|correcto|exacto|esta bien|me sirve|buenisimo|barbaro|excelente|👍|de acuerdo"
    r"|reservalo|reservame|agendame|me gusta|ese)\b|👍"
)
ANY = (
    r"\b(?:cualquiera|me da (?:igual|lo mismo)|el que sea|la que sea|l[oa]s dos|ambos|ambas"
    r"|vos elegi|elegi vos|indistinto)\b"
)
_AGREES = re.compile(
    rf"{YES}|{ANY}|\b(?:quiero es[ea]|(?:lo|la) (?:quiero|tomo|agarro)|(?:me|nos) (?:queda|viene|va) (?:bien|perfecto"
    r"|joya|genial|barbaro)|anota(?:me|lo|melo)|reserva(?:me|lo|melo)|agenda(?:me|lo|melo)|dale|de una)\b"
)
_NOT_A_NO = re.compile(r"\b(?:no hay (?:problema|drama)|no importa|(?:como|por que) no)\b")
_OBJECTS = re.compile(r"\b(?:no|ni|nunca|tampoco|pero|mejor|otr[oa]s?|ningun\w*|espera\w*|todavia)\b")


def agrees(text: str) -> bool:
    """A yes that takes nothing back."""
    plain = _NOT_A_NO.sub(" ", fold(text))
    lines = [line for line in plain.splitlines() if line.strip()]
    return not _OBJECTS.search(plain) and any(_AGREES.search(line) for line in lines)


_THE_OTHER = re.compile(
    r"^\W*(?:no,? )?(?:el|la) otr[oa]\W*$|\b(?:prefiero|mejor|quiero|dame|reservame|cambi\w+ (?:a|por)|pas\w+ a)"
    r" (?:el|la) otr[oa]\b(?! (?:dia|semana|mes|fecha))"
)


def is_the_other(text: str) -> bool:
    """"Prefiero el otro": of two, the one that is not held."""
    return any(_THE_OTHER.search(fold(line)) for line in text.splitlines())
