"""How urgent is what the patient tells? Domain.md's four levels (SDCEP / ADA), with reasons. Pure.

Negation, what is past and solved, other people and figures of speech are taken out first; then signs are looked for in
what is left. In doubt between two levels, the higher. Reasons are for staff and are never recited to the patient.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from dentalogic.lib.text import fold
from messaging.receptionist.triage_context import (
    CANNOT_COME,
    FIGURES,
    FOR_THEM,
    HYPOTHETICAL,
    ILLNESS,
    IMPERFECT,
    OTHERS,
    PAST,
    SOLVED,
    STILL,
    UNSOLVED,
)
from messaging.receptionist.triage_signs import SIGNS, Sign
from messaging.receptionist.triage_spelling import repaired
from messaging.receptionist.triage_words import (
    EASES,
    ELSEWHERE,
    EMERGENCY,
    FEVER,
    MOUTH,
    NONE,
    PAIN,
    PAINKILLER,
    ROUTINE,
    SYMPTOM,
    URGENT,
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
    plain = repaired(fold(text))
    illnesses = _illnesses(f"{plain} {fold(' '.join(conditions))}")
    clauses = _clauses(plain)
    message = " . ".join(clauses)
    painless = _PAINLESS.search(plain) is not None
    found = [sign for sign in SIGNS if not (sign.painful and painless) and _shows(sign, clauses, message)]
    if not found:
        return _eased(plain) or _fever_alone(plain, message)
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


_EASED = re.compile(rf"\b{PAINKILLER}\b.*\b(?<!no )(?:se me|se|me) (?:lo |la )?{EASES}\b"
                    rf"|\b(?<!no )(?:se me|se|me) {EASES}\b(?: \w+){{0,3}} {PAINKILLER}\b")  # fmt: skip


def _eased(plain: str) -> Triage | None:
    """What hurt and yielded to a painkiller hurts mildly; a visit is not less wanted for it."""
    if re.search(rf"\b{PAIN}\b", _elsewhere_out(plain)) and _EASED.search(plain) and not CANNOT_COME.search(plain):
        return Triage(ROUTINE, ("pain eased by a painkiller",))
    return None


_ELSEWHERE = re.compile(
    rf"\b(?:{PAIN}|hinch\w+|inflam\w+|lastim\w+|molest\w+|golpe\w*|sangr\w+)(?: mucho| un poco| re)?"
    rf"(?: de| en| la| el| las| los| toda| todo| del| mi| mis| un| una)* {ELSEWHERE}\b"
)


def _elsewhere_out(clause: str) -> str:
    """Without the pains of other parts of the body, unless the mouth is told of with them."""
    return clause if re.search(rf"\b{MOUTH}\b", clause) else _ELSEWHERE.sub(" ", clause)


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
_NOW_YES = re.compile(
    rf"\bno (?:tenia|tuve|habia|tengo) ({SYMPTOM})\W+(?:pero |y )?(?:hoy|ahora|desde \w+|anoche) si\b"
)
_SPLIT = re.compile(r"[.;!?\n]+|,|\b(?:pero|aunque|sino|asi que|entonces|y ademas|por eso)\b")


def _clauses(plain: str) -> list[str]:
    text = _NOW_YES.sub(r" \1 ", plain)
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
        kept.append(_elsewhere_out(clause))
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
