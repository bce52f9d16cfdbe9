"""list_my_appointments, reschedule_appointment, cancel_appointment: only of visits this conversation may speak of."""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from agenda import booking
from agenda.booking import SlotTaken
from clinics.models import Professional
from dentalogic.lib.text import fold
from messaging.receptionist import cancelling, insurers, offers
from messaging.receptionist.case import Case
from messaging.receptionist.tools import reach
from messaging.receptionist.tools.base import Answer, Arguments, Tool
from messaging.receptionist.tools.booking import Booked, booked, check_chosen, offered_instead
from messaging.receptionist.tools.options import day_of, time_of
from messaging.receptionist.tools.own import code_of, own_appointment, upcoming
from messaging.receptionist.understanding import Choice, Choosable, choice

NOT_ASKED = _("El paciente no pidió con claridad cancelar ese turno: hay que preguntarle.")
ALL_OF_THEM = re.compile(r"\b(?:(?:l[oa]s|mis) (?:dos|tres|2|3)|amb[oa]s|tod[oa]s)\b")
COUNTS = re.compile(r"\b(?:primer\w*|segund\w*|tercer\w*|ultim\w*|opcion|numero|(?:el|la) (?:\d|un[oa]|dos|tres))\b")


@dataclass(frozen=True)
class Mine:
    code: str
    treatment: str
    day: str
    time: str
    professional: str
    status: str


@dataclass(frozen=True)
class MyAppointments:
    appointments: list[Mine]
    whose: list[str] = field(default_factory=list)  # several patients of this phone: whose visit it is has to be asked


@dataclass(frozen=True)
class CancelNotAsked:
    """What the patient wrote is no order to cancel. ``ask``: it may be one, so the question is put to them."""

    detail: str
    ask: bool
    appointment: Mine | None = None
    code: str = "cancel_not_confirmed"


class Nothing(Arguments):
    pass


class Reschedule(Arguments):
    appointment: str = Field(description="Código del turno, de list_my_appointments.")
    code: str = Field(description="Código de la opción elegida, de check_availability con ese turno.")


class Cancel(Arguments):
    appointment: str = Field(description="Código del turno, de list_my_appointments.")
    reason: str | None = Field(description="Motivo que dio el paciente, o null.")


def mine(case: Case, row) -> Mine:
    local = case.local(row.start_at)
    return Mine(
        code_of(case, row), row.treatment.name, day_of(local), time_of(local), row.professional.name,
        str(row.get_status_display()),
    )  # fmt: skip


def list_my_appointments(case: Case, _asked: Nothing) -> Answer:
    rows = upcoming(case)
    of = [] if rows or case.facts.who or case.known else [one.first_name for one in case.family]
    return Answer(MyAppointments([mine(case, row) for row in rows], of), rows)


def reschedule_appointment(case: Case, asked: Reschedule) -> Answer:
    row = own_appointment(case, asked.appointment)
    offer, option = offers.option_of(conversation=case.conversation, code=asked.code, now=case.now)
    if option.get("appointment") != row.pk:
        raise offers.UnknownCode
    check_chosen(case, offer, option)
    professional = Professional.objects.get(pk=option["professional"])
    reach.require(case, "agenda.book", row, professional)
    try:
        moved = booking.move(
            appointment=row, start_at=offers.starts(option), professional=professional, by=case.by,
            insurer=insurers.paying(case))
    except SlotTaken as taken:
        return offered_instead(case, offer.treatment, taken.openings, appointment=row)
    offers.close(conversation=case.conversation, now=case.now)
    case.offer = None
    return Answer(booked(case, moved), moved)


def cancel_appointment(case: Case, asked: Cancel) -> Answer:
    row = own_appointment(case, asked.appointment)
    reach.require(case, "agenda.book", row)
    if not _was_asked(case, row):
        ask = cancelling.mentioned(case.text) or _goes_on(case, row)
        if ask and ALL_OF_THEM.search(fold(case.text)):
            case.facts.next = [one.pk for one in upcoming(case) if one.pk != row.pk]
        return Answer(CancelNotAsked(str(NOT_ASKED), ask, mine(case, row) if ask else None), row, refused=True)
    cancelled = booking.cancel(appointment=row, by=case.by, reason=(asked.reason or "")[:300])
    return Answer(booked(case, cancelled), cancelled)


def _was_asked(case: Case, row) -> bool:
    """A yes to the question an earlier turn put about this very visit, or an order that can mean no other."""
    before = case.facts.before.get("facts", {})
    purpose = before.get("purpose") if before.get("appointment") == row.pk else ""
    rows = upcoming(case)
    named = None if COUNTS.search(fold(case.text)) else chosen_among(case, case.text, rows)
    if named and (named.none or named.code not in ("", str(row.pk))):
        return False  # they speak of another
    if purpose == "cancel" and cancelling.agreed(case.text):
        return True
    if not cancelling.ordered(case.text):
        return False
    return purpose in ("cancel", "move_or_cancel") or len(rows) == 1 or bool(named and named.code)


def _goes_on(case: Case, row) -> bool:
    """One was cancelled just now: "y el otro", "el del martes también"."""
    if "cancelled" not in case.facts.told or cancelling.denied(case.text):
        return False
    rows = upcoming(case)
    named = len(rows) == 1 or chosen_among(case, case.text, rows).code == str(row.pk)
    return named and cancelling.goes_on(case.text)


def chosen_among(case: Case, text: str, rows) -> Choice:
    """Which of these visits the words single out."""
    named = [
        Choosable(
            str(row.pk), case.local(row.start_at).replace(tzinfo=None), row.professional.name,
            (row.treatment.name, *row.treatment.aliases)) for row in rows
    ]
    return choice(text, named, today=case.today)


LIST = Tool(
    "list_my_appointments",
    "agenda.see",
    "Turnos futuros de quien escribe, con un código para moverlos o cancelarlos. Si «whose» trae nombres, preguntá a "
    "nombre de quién está el turno.",
    Nothing,
    list_my_appointments,
)
RESCHEDULE = Tool(
    "reschedule_appointment",
    "agenda.book",
    "Pasa un turno propio a la opción elegida (antes: check_availability con el código del turno).",
    Reschedule,
    reschedule_appointment,
    acts=True,
)
CANCEL = Tool(
    "cancel_appointment", "agenda.book", "Cancela un turno propio que el paciente pidió cancelar.", Cancel,
    cancel_appointment, acts=True,
)  # fmt: skip

__all__ = ["CANCEL", "LIST", "RESCHEDULE", "Booked", "mine"]
