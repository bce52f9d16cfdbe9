"""Visits of several people asked for in one message: "limpieza para mí y consulta para mi hija"."""

import re
from dataclasses import dataclass

from agenda.models import TreatmentType
from messaging.receptionist.catalogue import Catalogue
from messaging.receptionist.naming import RELATIVES

_CLAUSE = re.compile(r"\s+(?:y|e|mas)\s+|[,;.\n+]+|\btambien\b|\bademas\b")
_WHOSE = re.compile(rf"\bpara (?:mi|el|la|su) (?:otr[oa] )?(?P<who>{RELATIVES})\b|\bmi (?P<mine>{RELATIVES})\b")
_MINE = re.compile(r"\bpara mi\b|\bpara mi mism[oa]\b|\byo\b|\bpara quien escribe\b")
_SHARED = re.compile(r"\b(?:somos|tenemos|l[oa]s dos|amb[oa]s|tod[oa]s)\b")
MOST = 4


@dataclass(frozen=True)
class Visit:
    treatment: TreatmentType
    who: str  # "hija", or "" of who writes


def visits(plain: str, catalogue: Catalogue) -> list[Visit]:
    """In the order in which they are told; none where it is one person's, or not clear whose is what."""
    found: list[Visit] = []
    waiting: TreatmentType | None = None  # whose it is was not said yet
    person: str | None = None  # what for was not said yet
    for clause in _CLAUSE.split(plain):
        named, who = catalogue.treatments_in(clause), _who(clause)
        if len(named) > 1:
            return []
        treatment = named[0] if named else None
        if treatment and who is None and person is not None:
            who, person = person, None
        if waiting and treatment and who and not _WHOSE.match(clause.strip()):
            return []  # "limpieza y consulta para mi hija": both may be hers
        if treatment and who is not None:
            found += [Visit(waiting, "")] if waiting else []
            found.append(Visit(treatment, who))
            waiting = None
        elif treatment:
            waiting = treatment
        elif who is not None and waiting:
            found.append(Visit(waiting, who))
            waiting = None
        elif who is not None and found:
            found.append(Visit(found[-1].treatment, who))
        elif who is not None:
            person = who
    found += [Visit(waiting, "")] if waiting and found else []
    people = [one.who for one in found]
    apart = 1 < len(people) <= MOST and len(set(people)) == len(people)
    return found if apart and all(one.treatment.bookable for one in found) else []


def is_shared(plain: str) -> bool:
    """Who pays is told of all of them: "somos particulares"."""
    return bool(_SHARED.search(plain))


def _who(clause: str) -> str | None:
    if match := _WHOSE.search(clause):
        return match["who"] or match["mine"]
    return "" if _MINE.search(clause) else None
