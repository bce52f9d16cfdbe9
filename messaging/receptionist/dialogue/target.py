"""The visit that is being moved or cancelled."""

from clinics import tenancy
from messaging.receptionist.case import Case
from messaging.receptionist.tools.own import code_of, upcoming


@tenancy.atomic
def target(case: Case):
    return next((row for row in upcoming(case) if row.pk == case.facts.appointment), None)


@tenancy.atomic
def code_of_target(case: Case) -> str | None:
    row = next((row for row in upcoming(case) if row.pk == case.facts.appointment), None)
    return code_of(case, row) if row else None


def moving_code(case: Case) -> str | None:
    return code_of_target(case) if case.facts.purpose == "move" else None


def moving_row(case: Case):
    return target(case) if case.facts.purpose == "move" else None
