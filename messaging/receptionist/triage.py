"""How urgent is what the patient tells? Domain.md's four levels (SDCEP / ADA), with reasons. Pure.

Negation, what is past and solved, other people and figures of speech are taken out first; then signs are looked for in
what is left. In doubt between two levels, the higher. Reasons are for staff and are never recited to the patient.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from dentalogic.lib.text import fold
from messaging.receptionist.triage_words import (
    CANNOT_COME,
    EMERGENCY,
    FEVER,
    FIGURES,
    FOR_THEM,
    HYPOTHETICAL,
    ILLNESS,
    IMPERFECT,
    NONE,
    OTHERS,
    PAST,
    ROUTINE,
    SIGNS,
    SOLVED,
    STILL,
    SYMPTOM,
    UNSOLVED,
    URGENT,
    VOCABULARY,
    Sign,
)

LEVELS = (NONE, ROUTINE, URGENT, EMERGENCY)


@dataclass(frozen=True, slots=True)
class Triage:
    level: str
    reasons: tuple[str, ...] = ()

    @property
    def is_emergency(self) -> bool:
        return self.level == EMERGENCY


def higher(one: str, other: str) -> str:
    return max(one or NONE, other or NONE, key=LEVELS.index)


def assess(text: str, *, conditions: Iterable[str] = ()) -> Triage:
    """The level of ``text``. ``conditions`` are what the medical history says, in words ("diabetes", "embarazo")."""
    plain = _repaired(fold(text))
    illnesses = _illnesses(f"{plain} {fold(' '.join(conditions))}")
    clauses = _clauses(plain)
    message = " . ".join(clauses)
    painless = _PAINLESS.search(plain) is not None
    found = [sign for sign in SIGNS if not (sign.painful and painless) and _shows(sign, clauses, message)]
    if not found:
        return _fever_alone(plain, message)
    level = max((_raised(sign, illnesses) for sign in found), key=LEVELS.index)
    reasons = [sign.reason for sign in found if sign.level != ROUTINE or level == ROUTINE]
    raised = illnesses if any(sign.raised_by_illness for sign in found) else ()
    return Triage(level, tuple(dict.fromkeys([*reasons, *raised])))


def _raised(sign: Sign, illnesses: tuple[str, ...]) -> str:
    if not (illnesses and sign.raised_by_illness):
        return sign.level
    return LEVELS[min(LEVELS.index(sign.level) + 1, len(LEVELS) - 1)]


def _shows(sign: Sign, clauses: list[str], message: str) -> bool:
    if sign.near and not sign.near.search(message):
        return False
    return any(
        all(pattern.search(clause) for pattern in sign.every) and not (sign.no and sign.no.search(clause))
        for clause in clauses
    )


def _fever_alone(plain: str, message: str) -> Triage:
    if re.search(rf"\b{FEVER}\b", message) and not CANNOT_COME.search(plain) and "grip" not in plain:
        return Triage(URGENT, ("fever without more",))
    return Triage(NONE)


def _illnesses(plain: str) -> tuple[str, ...]:
    plain = re.sub(r"\bno (?:soy|estoy|tengo|tomo) (?:\w+ )?(?:diabet\w+|embaraz\w+|anticoag\w+)", "", plain)
    return tuple(name for name, pattern in ILLNESS.items() if re.search(pattern, plain))


# What is taken out before looking.

_NEGATED = re.compile(
    r"\b(?:no|ni|sin|nunca|tampoco|ya no|ningun|ninguna|nada de)\b(?! solo)"
    r"(?: (?:me|se|le|lo|la|nos|tengo|tiene|tenia|tuve|tuvo|hay|hubo|siento|esta|estoy|es|es que|que|de|mas"
    r"|ningun|ninguna|nada|"
    r"ahora|cara|muelas?|dientes?|encias?|boca|cachete|presento|presenta|con|un|una|el|los|las|ya|noto|veo|creo"
    r"|parece|haya|ha|ni|tan|tanto|signos de|nada de))*"
    rf" (?:{SYMPTOM})\b"
)
_PAINLESS = re.compile(r"\b(?:no (?:me |le )*(?:duele|dolio|duelen)|sin dolor|no tengo dolor|no siento (?:nada"
     r"|dolor))\b(?! solo)")
_NEGATED_LIST = re.compile(rf"§(?:,| ni| o|, ni|, o) (?:(?:de|el|la|me|se|le|un|una|tengo|esta) )*(?:{SYMPTOM})\b")
_NEGATED_NOUN = re.compile(r"§ y (?:fiebre|hinchazon|sangrado|pus|dolor|inflamacion)\b")
_SPLIT = re.compile(r"[.;!?\n]+|,|\b(?:pero|aunque|sino|asi que|entonces|y ademas|por eso)\b")


def _clauses(plain: str) -> list[str]:
    text = plain
    for pattern in (*FIGURES, *HYPOTHETICAL):
        text = pattern.sub(" ", text)
    text = _NEGATED.sub("§", text)
    while (shorter := _NEGATED_NOUN.sub("§", _NEGATED_LIST.sub("§", text))) != text:
        text = shorter
    kept: list[str] = []
    others = False
    for raw in _SPLIT.split(text):
        clause = " ".join(raw.replace("§", " § ").split())
        others = _about_others(clause, text, others)
        if SOLVED.search(clause) and not UNSOLVED.search(clause):
            kept = [one for one in kept if STILL.search(one)] if not _SOLVES_ITSELF.search(clause) else kept
            continue
        if others or _is_past(clause):
            continue
        kept.append(clause)
    return [clause for clause in kept if clause]


_SOLVES_ITSELF = re.compile(r"\bya (?:me |lo |la )*(?:sac\w+|arregl\w+|trat\w+|atend\w+|extra\w+) (?:la|el|una"
     r"|un|otra|otro|los|las)\b")


def _about_others(clause: str, text: str, before: bool) -> bool:
    if OTHERS.search(clause):
        return not FOR_THEM.search(text)
    return before and not re.search(r"\b(?:yo|me|mi|a mi|tengo|estoy)\b", clause)


def _is_past(clause: str) -> bool:
    if STILL.search(clause):
        return False
    return bool(PAST.search(clause) or (IMPERFECT.search(clause) and re.search(r"\bantes|\bese dia"
         r"|\baquella", clause)))


# Typing errors.


def _repaired(plain: str) -> str:
    return re.sub(r"[a-z]{4,}", lambda match: _repair(match[0]), re.sub(r"(.)\1{2,}", r"\1", plain))


@cache
def _shapes() -> dict[str, str]:
    """Every vocabulary word with one letter left out, for words one edit away."""
    shapes: dict[str, str] = {}
    for word in VOCABULARY:
        for shape in _with_one_out(word):
            shapes.setdefault(shape, word)
    return shapes


def _with_one_out(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))} if len(word) > 4 else {word}


_SOUND = set(VOCABULARY) | {
    "dele", "duela", "dolia", "suele", "vuele", "puente", "fuente", "diego", "viene", "buenos", "muestra",
    "suerte", "muerte", "frente", "cuento", "cuenta", "caro", "cara", "salgo", "salir", "salio", "salvo",
    "mucha", "muchas", "muchos", "boda", "roca", "foca", "loca", "toca", "coca", "bola", "cuelo", "suelo",
    "vuelo", "sangria", "marta", "mueve", "nueve", "duerme", "hincha", "corona", "persona", "liebre",
    "libre", "tratar", "tragos", "limpio", "cerca", "caries", "dormia", "fuera", "muebles", "mueble",
    "mueren", "suelen", "huelen", "huele", "cuesta", "gente", "mente", "siente", "dienta", "respiro", "caso",
    "cabo", "callo", "golpes", "rompe", "parto", "pario",
}


def _repair(word: str) -> str:
    if word in _SOUND:
        return word
    candidates = [_shapes().get(shape) for shape in _with_one_out(word)]
    close = next((one for one in candidates if one and abs(len(one) - len(word)) <= 1 and len(word) > 4), None)
    return close if close and _near(word, close) else word


def _near(word: str, other: str) -> bool:
    if word[0] != other[0] and word[1:3] != other[1:3]:
        return False
    if len(word) == len(other):
        different = [at for at in range(len(word)) if word[at] != other[at]]
        swapped = len(different) == 2 and different[1] == different[0] + 1 and (
            word[different[0]] == other[different[1]] and word[different[1]] == other[different[0]]
        )
        return len(different) == 1 and different[0] < len(word) - 1 or swapped
    return True
