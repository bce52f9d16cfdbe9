"""What a model wants to say, looked at before it leaves. Pure: the text and what is true in, the faults out."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta

from dentalogic.lib.text import fold
from messaging.receptionist import guard_hours
from messaging.receptionist.guard_clock import CLOCK, clocks
from messaging.receptionist.guard_hours import WEEKDAYS, Week
from messaging.receptionist.guard_shapes import (
    CLAIMS,
    COVERAGE,
    DIAGNOSIS,
    DOCTOR,
    FOREIGN,
    FREE,
    INNARDS,
    NEVER_DONE,
    NOT_FREE,
    OF_HERSELF,
    PLACE,
    REFUSES,
    REMEDY,
    SPAN,
    SPANISH,
    STATES,
)

MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
          "noviembre", "diciembre")  # fmt: skip


@dataclass(frozen=True)
class Truth:
    """Clock times and dates of offers and appointments, amounts that may be told, and what this turn has done."""

    today: date
    times: frozenset[str] = frozenset()  # "10:30"
    week: Week = Week()  # when the clinic attends
    weeks: dict[str, Week] = field(default_factory=dict)  # of a professional, by each word of their name
    asked: frozenset[date] = frozenset()  # dates of which the patient asks whether the clinic attends
    days: frozenset[date] = frozenset()
    named: frozenset[tuple[int, int]] = frozenset()  # day and month of what a tool gave as closed
    amounts: frozenset[str] = frozenset()  # digits only
    numbers: frozenset[str] = frozenset()  # documents and phones that are this person's or the clinic's
    codes: frozenset[str] = frozenset()
    booked: bool = False
    visits: bool = False  # they have one ahead
    held: bool = False
    moved: bool = False
    cancelled: bool = False
    was_cancelled: bool = False  # a visit of theirs, not long ago
    handed_off: bool = False
    alerted: bool = False  # the clinic was told of an emergency
    others: frozenset[str] = frozenset()  # names in the text that are of other patients
    doctors: frozenset[str] | None = None  # words of its professionals' names, folded
    told: str = ""  # folded text of the clinic's own facts and notes: what they say may be said


TAGS = re.compile(
    r"\[[^\]]*\]|</?[a-z_]+[^>]*>|\{[^}]*\}|```|\b(?:check_availability|book_appointment|list_my_appointments|"
    r"reschedule_appointment|cancel_appointment|drop_offer|list_services|list_professionals|triage_urgency|hand_off|tool_calls?|"
    r"system prompt|instrucciones del sistema|tenant|json|api[_ ]?key|sk-\w+|bearer|eyJ\w{8,}|[a-f0-9]{24,}"
    r"|(?=\w*\d)\w{28,})\b|\bnull\b|\bnone\b",
    re.IGNORECASE,
)
URL = re.compile(r"https?:|www\.|\b[\w.-]+@[\w-]+"
                 r"|\b[\w-]+\.(?:com|net|org|ar|app|io|info|link|ly|site|online)\b|\bwa\.me")  # fmt: skip
UNIT = r"(?:un|uno|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)"
COUNT = (
    rf"(?:{UNIT}|diez|once|doce|trece|catorce|quince|dieci\w+|veint\w+|treinta|cuarenta|cincuenta|sesenta|setenta"
    r"|ochenta|noventa|cien|ciento|\w+cientos|quinientos|medio)"
)
TENS = r"(?:veint\w+|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|cien|ciento|\w+cientos|quinientos)"
CURRENCY = r"(?:pesos|dolares|euros|dls\b|mangos|luc(?:as?|ones)\b|luquitas|palos?\b|%|por ciento)"
# what a price is said with; an hour, a date, a length or a number of cuotas after it is none
SAID_AS_PRICE = (
    r"\b(?:(?:cuestan?|salen?|valen?|cobra\w*|abonas?|pagas) (?:a |unos |como )?"
    r"|(?:precio|valor|costo|arancel|honorarios?)"
    r"(?:(?: (?:final|total|aproximado))?(?: (?:es|son|de|seria|ronda)|:)+| (?:final|total)) "
    r"|l[oa] (?:dejo|dejamos|hago|hacemos) (?:en|por|a) |cuotas? de )"
)
IN_WORDS = re.compile(
    rf"\b{COUNT}(?: (?:y )?{COUNT})* ?(?:mil\b|millon|{CURRENCY})|\bmil(?: {COUNT})* (?:pesos|dolares)"
    rf"|(?:\$|usd|u\$s) ?{COUNT}\b|{SAID_AS_PRICE}{TENS}\b"
)
MONEY = re.compile(
    rf"(?:\$|€|ars|usd|u\$[sd]|eur)\s?\d[\d.,]*|\b\d[\d.,'’]*\s?(?:mil\b|k\b|€|{CURRENCY})"
    rf"|{SAID_AS_PRICE}\d[\d.,]*+(?![\d/:]| ?(?:hs|mil\b|k\b|cuotas|minutos|horas|{CURRENCY})| de )"
)
DAY = re.compile(r"(?<!la )\b(?P<near>pasado manana|manana|hoy)\b(?! (?:mismo|por la))|\b(?P<weekday>"
                 + "|".join(WEEKDAYS) + r")s?\b(?![ ,]*(?:el )?\d{1,2}(?:/| de ))")  # fmt: skip
DATE = re.compile(r"\b(\d{1,2})/(\d{1,2})(?:/(\d{2,4}))?\b|\b(\d{1,2}) de (" + "|".join(MONTHS) + r")\b")
NUMBERED = re.compile(r"\b(?:(" + "|".join(WEEKDAYS) + r"),?(?: el)?|el dia) (\d{1,2})\b"
                      r"(?![/:.]\d| de\b| ?hs\b|%| ?[ap]\.? ?m)")  # fmt: skip
IS_CANCELLED = re.compile(r"\b(?:ese|el|tu) turno (?:ya )?esta cancelado\b")
NOT_THERE = re.compile(r"\bno (?:tenemos|hay|atiende|trabaja)")
NUMBER = re.compile(r"(?<![\d/:])\+?\d[\d .-]{5,}\d")
FIGURE = re.compile(r"\d[\d.,]*\d|\d")
LONG = 4  # digits of a figure that somebody must have told
MOST = 1500  # characters: a receptionist who says more has lost the thread


def faults(text: str, truth: Truth) -> list[str]:
    """Why ``text`` may not leave; empty when it may."""
    text = seen(text)
    plain = fold(text)
    looks = (_internal(text, truth), _language(text, plain), *_amounts(plain, truth), *_times(plain, truth),
             *_dates(plain, truth), *_claims(plain, truth), *_said_of_clinic(text, plain, truth),
             *_of_health(plain, truth), *_figures(plain, truth))  # fmt: skip
    found = [] if plain else ["empty"]
    found += ["long"] if len(plain) > MOST else []
    found += ["person"] if truth.others else []
    return list(dict.fromkeys([*found, *(one for one in looks if one)]))


def seen(text: str) -> str:
    """As the patient sees it: nothing invisible between the letters, no marks of bold or italics, usual forms."""
    usual = unicodedata.normalize("NFKC", text or "")
    return re.sub(r"[*~]|(?<!\w)_+|_+(?!\w)", "", "".join(c for c in usual if unicodedata.category(c) != "Cf"))


def _language(text: str, plain: str) -> str:
    """What no rule here reads, nobody vouches for: another language, another alphabet."""
    words = re.findall(r"[a-z']+", plain)
    foreign, spanish = (sum(word in known for word in words) for known in (FOREIGN, SPANISH))
    other = any(c.isalpha() and not unicodedata.name(c, "").startswith("LATIN") for c in text)
    return "language" if other or (foreign >= 2 and foreign > spanish) else ""


def _internal(text: str, truth: Truth) -> str:
    shown = TAGS.search(text) or INNARDS.search(fold(text)) or any(code in text for code in truth.codes)
    return "internal" if shown else ""


def _amounts(plain: str, truth: Truth):
    for match in MONEY.finditer(plain):
        digits = _amount(re.search(r"\d[\d.,]*", match[0])[0])
        if digits + ("000" if re.search(r"mil\b|k\b|luc|luquitas", match[0]) else "") not in truth.amounts:
            yield "price"
    if IN_WORDS.search(MONEY.sub(" ", plain)):
        yield "price"


def _amount(figure: str) -> str:
    return _digits(re.sub(r",00$", "", figure.rstrip(".,")))


def _said_of_clinic(text: str, plain: str, truth: Truth):
    if any(match[0] not in truth.told for match in COVERAGE.finditer(plain)):
        yield "coverage"
    if any(match[0] not in truth.told for match in URL.finditer(plain)):
        yield "url"
    if any(match[1] not in truth.told for match in PLACE.finditer(plain)):
        yield "place"
    if OF_HERSELF.search(plain):
        yield "herself"
    named = {fold(match[1] or match[2]) for match in DOCTOR.finditer(text)}
    if truth.doctors is not None and named - truth.doctors and not NOT_THERE.search(plain):
        yield "professional"


def _of_health(plain: str, truth: Truth):
    """A diagnosis, asked or told; a remedy, unless it is the clinic's own advice or she says that she gives none."""
    if DIAGNOSIS.search(plain):
        yield "diagnosis"
    for sentence in sentences(plain):
        asked = sentence.rstrip().endswith("?")
        if not asked and STATES.search(sentence):
            yield "diagnosis"
        advised = [match[0] for match in REMEDY.finditer(sentence) if match[0] not in truth.told]
        if advised and not (asked or REFUSES.search(sentence)):
            yield "diagnosis"


def _figures(plain: str, truth: Truth):
    """Documents, phones and whatever else has four digits: told by a row, or not said."""
    rest = DATE.sub(" ", MONEY.sub(" ", plain))
    if any(_digits(match[0]) not in truth.numbers for match in NUMBER.finditer(rest) if not _is_told(match[0], truth)):
        yield "number"
        return
    for match in FIGURE.finditer(CLOCK.sub(" ", NUMBER.sub(" ", rest))):
        if not _is_told(match[0], truth):
            yield "number"


def _is_told(figure: str, truth: Truth) -> bool:
    years = {str(truth.today.year), str(truth.today.year + 1)}
    groups = [_amount(one) for one in re.findall(r"\d[\d.,]*", figure)]
    told = truth.numbers | truth.amounts | years | set(re.findall(r"\d+", truth.told))
    return all(len(one) < LONG or one in told for one in groups)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def sentences(plain: str) -> list[str]:
    return re.split(r"(?<=[.!?])(?<! dr\.)(?<! dra\.)(?=\s|$)\s*|\n+", plain)


def _claims(plain: str, truth: Truth):
    """Said as done, not asked."""
    said = [one for one in sentences(plain) if not one.rstrip().endswith("?")]
    said = [IS_CANCELLED.sub(" ", one) for one in said] if truth.was_cancelled else said
    for name, shape in CLAIMS.items():
        if not getattr(truth, name) and any(re.search(shape, one) for one in said):
            yield f"claim:{name}"
    if any(NEVER_DONE.search(one) for one in said):
        yield "claim:other"


def _times(plain: str, truth: Truth):
    """A clock is a visit's or an option's, and its day is too, or the clinic's where its hours are told."""
    days = []
    for sentence in sentences(MONEY.sub(" ", plain)):
        about = guard_hours.is_about(sentence)
        week = _week(sentence, truth)
        rest = guard_hours.unexplained(sentence) if about else sentence
        hours = week.clocks if about and not guard_hours.offers(sentence) else frozenset()
        told = list(clocks(rest))
        if any(not one & (truth.times | hours) for one in told):
            yield "time"
        if told and not hours and not all(_is_day(match, truth) for match in DAY.finditer(sentence)):
            yield "day"
        if not _is_free_then(sentence, truth):
            yield "day"
        if about and guard_hours.is_false(sentence, week, today=truth.today, asked=truth.asked, before=days):
            yield "hours"
        days = guard_hours.days_of(sentence, truth.today) or days


def _week(sentence: str, truth: Truth) -> Week:
    """Of the professional who is named, or of the clinic."""
    return next((truth.weeks[word] for word in re.findall(r"[a-z]+", sentence) if word in truth.weeks), truth.week)


def _is_free_then(sentence: str, truth: Truth) -> bool:
    """"El viernes tengo lugar": of a day that was offered, though no hour is said."""
    if not FREE.search(sentence) or NOT_FREE.search(sentence):
        return True
    return all(_is_day(match, truth) for match in DAY.finditer(SPAN.sub(" ", sentence).replace("hoy mismo", "hoy")))


def _is_day(match: re.Match, truth: Truth) -> bool:
    if match["weekday"]:
        return WEEKDAYS.index(match["weekday"]) in {day.weekday() for day in truth.days}
    ahead = {"hoy": 0, "manana": 1, "pasado manana": 2}[match["near"]]
    return truth.today + timedelta(days=ahead) in truth.days


def _dates(plain: str, truth: Truth) -> list[str]:
    found = []
    for match in DATE.finditer(plain):
        day, month = (match[1], match[2]) if match[1] else (match[4], MONTHS.index(match[5]) + 1)
        said_on = (int(day), int(month))
        said = next((one for one in (*truth.days, truth.today) if (one.day, one.month) == said_on), None)
        if said is None:
            found += [] if said_on in truth.named else ["date"]
            continue
        before = plain[max(0, match.start() - 14) : match.start()]
        named = [name for name in WEEKDAYS if re.search(rf"\b{name}\b[ ,]*(?:el )?$", before)]
        if named and named[-1] != WEEKDAYS[said.weekday()]:
            found.append("weekday")
    for match in NUMBERED.finditer(plain):
        said = next((one for one in (*truth.days, truth.today) if one.day == int(match[2])), None)
        if said is None:
            found.append("date")
        elif match[1] and match[1] != WEEKDAYS[said.weekday()]:
            found.append("weekday")
    return found
