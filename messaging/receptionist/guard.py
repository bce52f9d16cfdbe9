"""What a model wants to say, looked at before it leaves. Pure: the text and what is true in, the faults out."""

import re
from dataclasses import dataclass
from datetime import date

from dentalogic.lib.text import fold

WEEKDAYS = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")
MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
          "noviembre", "diciembre")  # fmt: skip


@dataclass(frozen=True)
class Truth:
    """Clock times and dates of offers and appointments, amounts that may be told, and what this turn has done."""

    today: date
    times: frozenset[str] = frozenset()  # "10:30"
    days: frozenset[date] = frozenset()
    amounts: frozenset[str] = frozenset()  # digits only
    numbers: frozenset[str] = frozenset()  # documents and phones that are this person's or the clinic's
    codes: frozenset[str] = frozenset()
    booked: bool = False
    moved: bool = False
    cancelled: bool = False
    handed_off: bool = False
    told: str = ""  # folded text of the clinic's own notes: what they say of coverage may be said


TAGS = re.compile(
    r"\[[^\]]*\]|</?[a-z_]+[^>]*>|\{[^}]*\}|```|\b(?:check_availability|book_appointment|list_my_appointments|"
    r"reschedule_appointment|cancel_appointment|list_services|list_professionals|triage_urgency|hand_off|tool_calls?|"
    r"system prompt|instrucciones del sistema|tenant|json|api[_ ]?key|sk-\w+)\b|\bnull\b|\bnone\b",
    re.IGNORECASE,
)
MONEY = re.compile(r"(?:\$|ars|usd|u\$s)\s?\d[\d.,]*|\b\d[\d.,]*\s?(?:pesos|dolares|mil\b|lucas)")
CLOCK = re.compile(r"\b(\d{1,2})[:.](\d{2})\b(?!\.\d)|\b(?:a las?|las) (\d{1,2})\b(?![:./]?\d)"
     r"|\b(\d{1,2}) ?(?:hs|horas)\b")
DATE = re.compile(r"\b(\d{1,2})/(\d{1,2})(?:/(\d{2,4}))?\b|\b(\d{1,2}) de (" + "|".join(MONTHS) + r")\b")
CLAIMS = {
    "booked": r"(?:(?:quedo|quedaste|esta|queda|quedas|ya (?:esta|tenes)|fue|listo,? (?:tu )?turno) (?:\w+ ){0,4}"
              r"(?:reservad|agendad|confirmad|anotad|registrad)\w*|\b(?:reserve|agende|confirme|anote|registre"
              r"|te (?:reserve|agende|anote|agendo ya))\b"
              r"|turno (?:confirmado|reservado|agendado)|te esper(?:amos|o) (?:el|manana|hoy))",
    "moved": r"(?:(?:quedo|esta|fue) (?:\w+ ){0,3}(?:reprogramad|cambiad|movid|pasad)\w*|\b(?:reprograme|movi"
    r"|cambie|pase) (?:tu|el) turno|turno (?:reprogramado|cambiado))",
    "cancelled": r"(?:(?:quedo|esta|fue) (?:\w+ ){0,3}(?:cancelad|anulad)\w*|\b(?:cancele|anule) (?:tu|el)"
    r"|turno (?:cancelado|anulado))",
    "handed_off": r"(?:te (?:paso|derivo|comunico|transfiero) con|ya (?:le )?avise|le paso (?:tu|la) consulta"
    r"|te va a (?:contactar|llamar|escribir)|se (?:va a )?comunica\w* con vos)",
}  # fmt: skip
COVERAGE = re.compile(r"\b(?:cubre\w*|cubiert\w+|cobertura|sin cargo|gratis|bonificad\w+|reintegro\w*"
     r"|autorizacion|copago|coseguro)\b")
DIAGNOSIS = re.compile(
    r"\b(?:tenes|tendrias|es|seria|parece|podria ser|se trata de|debe ser"
    r"|seguro es) (?:un[ao]? )?(?:posible )?(?:caries|infeccion\w*|absceso|pulpitis|"
    r"flemon|gingivitis|periodontitis|pericoronitis|fractura|alveolitis|bruxismo|quiste|necrosis)\b|\b(?:toma"
    r"|tomate|tomes|podes tomar|te recomiendo tomar)"
    r" (?:un |una )?(?:ibuprofeno|paracetamol|amoxicilina|antibiotico|ketorolac|diclofenac|analgesico|aspirina"
    r"|calmante)|\b\d+ ?(?:mg|miligramos)\b|"
    r"\bcada \d+ ?(?:hs|horas)\b"
)  # fmt: skip
NUMBER = re.compile(r"(?<![\d/:])\+?\d[\d .-]{5,}\d")


def faults(text: str, truth: Truth) -> list[str]:
    """Why ``text`` may not leave; empty when it may."""
    plain = fold(text)
    found = []
    if not plain:
        found.append("empty")
    if TAGS.search(text) or any(code in text for code in truth.codes):
        found.append("internal")
    if any(re.sub(r"\D", "", match[0]) not in truth.amounts for match in MONEY.finditer(plain)):
        found.append("price")
    if not all(clock in truth.times for clock in _clocks(plain)):
        found.append("time")
    found += _dates(plain, truth)
    found += [f"claim:{name}" for name, shape in CLAIMS.items() if not getattr(truth, name) and _claimed(plain, shape)]
    if any(match[0] not in truth.told for match in COVERAGE.finditer(plain)):
        found.append("coverage")
    if DIAGNOSIS.search(plain):
        found.append("diagnosis")
    if any(_digits(match[0]) not in truth.numbers for match in NUMBER.finditer(_without_money(plain))):
        found.append("number")
    return found


def _without_money(plain: str) -> str:
    return MONEY.sub(" ", plain)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _claimed(plain: str, shape: str) -> bool:
    """Said as done, not asked."""
    sentences = re.split(r"(?<=[.!?\n])\s*", plain)
    return any(re.search(shape, one) for one in sentences if not one.rstrip().endswith("?"))


def _clocks(plain: str) -> list[str]:
    found = []
    for match in CLOCK.finditer(MONEY.sub(" ", plain)):
        hour, minute = (match[1], match[2]) if match[1] else (match[3] or match[4], "00")
        found.append(f"{int(hour):02}:{minute}")
    return found


def _dates(plain: str, truth: Truth) -> list[str]:
    found = []
    for match in DATE.finditer(plain):
        day, month = (match[1], match[2]) if match[1] else (match[4], MONTHS.index(match[5]) + 1)
        said_on = (int(day), int(month))
        said = next((one for one in (*truth.days, truth.today) if (one.day, one.month) == said_on), None)
        if said is None:
            found.append("date")
            continue
        before = plain[max(0, match.start() - 14) : match.start()]
        named = [name for name in WEEKDAYS if re.search(rf"\b{name}\b[ ,]*(?:el )?$", before)]
        if named and named[-1] != WEEKDAYS[said.weekday()]:
            found.append("weekday")
    return found
