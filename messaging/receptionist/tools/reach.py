"""How far the hands reach that use a tool. The receptionist's are bound by her conversation: each tool finds its rows
through it. A person's are bound by the table too, as everywhere."""

from django.utils.translation import gettext_lazy as _

from agenda import rights
from clinics import access
from messaging.receptionist.case import Case
from messaging.receptionist.tools.base import NotYours


class RegistersNobody(NotYours):
    detail = _("Tu rol no registra pacientes ni cambia sus datos: lo hace recepción.")


def require(case: Case, capability: str, *rows) -> None:
    """Raises NotYours for a row that the person's right does not reach."""
    if case.person is None or access.scope(case.person, capability) == access.ALL:
        return
    for row in rows:
        if not access.visible(case.person, capability, type(row).objects.filter(pk=row.pk)).exists():
            raise NotYours


def require_edits(case: Case) -> None:
    if case.person and not access.can(case.person, "patients.edit"):
        raise RegistersNobody


def require_books(case: Case, patient) -> None:
    if case.person:
        require(case, "patients.see", patient)
        rights.require_books(case.person, patient)


def links(case: Case) -> bool:
    """Whether they may say whose the conversation is."""
    return case.person is None or access.can(case.person, "conversations.link")
