"""A telephone of several patients: whose visit it is that is cancelled, moved or asked about."""

from clinics import tenancy
from messaging.receptionist import family, phrases
from messaging.receptionist.case import Case
from messaging.receptionist.dialogue.hearing import Heard
from messaging.receptionist.tools.appointments import chosen_among
from messaging.receptionist.tools.own import upcoming


@tenancy.atomic
def found(case: Case, heard: Heard, *, asked: bool = False) -> bool:
    """Whether it is known now whose: they are named, only one of them has any, or the words single out a visit."""
    if case.facts.who or case.known:
        return False
    members = family.of(case.conversation)
    visits = [(one, row) for one in members for row in _of(case, one)]
    holders = list(dict.fromkeys(one for one, _row in visits))
    named = family.named(members, text=heard.text, linked=None, asked=asked)
    if named is None and len(holders) == 1:
        named = holders[0]
    if named is None and visits:
        code = chosen_among(case, heard.text, [row for _one, row in visits]).code
        named = next((one for one, row in visits if str(row.pk) == code), None)
    if named is not None:
        case.facts.who, case.patient = named.pk, named
    return named is not None


def _of(case: Case, patient):
    before, case.patient = case.patient, patient
    rows = upcoming(case)
    case.patient = before
    return rows


@tenancy.atomic
def asked(case: Case) -> list[str]:
    """The question, where it can be of any of several."""
    if case.facts.who or case.known:
        return []
    members = family.of(case.conversation)
    return [phrases.whose_visit([one.first_name for one in members])] if members else []
