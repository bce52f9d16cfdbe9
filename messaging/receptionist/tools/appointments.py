"""list_my_appointments, reschedule_appointment, cancel_appointment: only of visits this conversation may speak of."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from agenda import booking
from agenda.booking import SlotTaken
from clinics.models import Professional
from dentalogic.lib.refusals import Refusal
from dentalogic.lib.text import fold
from messaging.receptionist import offers
from messaging.receptionist.case import Case
from messaging.receptionist.tools.base import Answer, Arguments, Tool
from messaging.receptionist.tools.booking import Booked, booked, check_chosen, offered_instead
from messaging.receptionist.tools.options import day_of, time_of
from messaging.receptionist.tools.own import code_of, own_appointment, upcoming

ASKS_TO_CANCEL = re.compile(r"\b(?:cancel\w*|anul\w*|suspend\w*|dar de baja|dejar sin efecto|no voy a ir"
     r"|no puedo ir|borr\w*)\b")
AGREES = re.compile(r"\b(?:si|dale|ok|okey|confirmo|correcto|exacto|por favor|obvio|claro|listo|perfecto|bueno)\b")


class CancelNotAsked(Refusal):
    code = "cancel_not_confirmed"
    status = 409
    detail = _("El paciente no pidió cancelar ese turno: hay que preguntarle.")


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
    return Answer(MyAppointments([mine(case, row) for row in rows]), rows)


def reschedule_appointment(case: Case, asked: Reschedule) -> Answer:
    row = own_appointment(case, asked.appointment)
    offer, option = offers.option_of(conversation=case.conversation, code=asked.code, now=case.now)
    if option.get("appointment") != row.pk:
        raise offers.UnknownCode
    check_chosen(case, offer, option)
    professional = Professional.objects.get(pk=option["professional"])
    try:
        moved = booking.move(appointment=row, start_at=offers.starts(option), professional=professional, by=case.by)
    except SlotTaken as taken:
        return offered_instead(case, offer.treatment, taken.openings, appointment=row)
    offers.close(conversation=case.conversation, now=case.now)
    case.offer = None
    return Answer(booked(case, moved), moved)


def cancel_appointment(case: Case, asked: Cancel) -> Answer:
    row = own_appointment(case, asked.appointment)
    _check_asked(case, row)
    cancelled = booking.cancel(appointment=row, by=case.by, reason=(asked.reason or "")[:300])
    return Answer(booked(case, cancelled), cancelled)


def _check_asked(case: Case, row) -> None:
    """Cancelling is said by the patient: in this turn, or with a yes to our question about this very visit."""
    plain = fold(case.text)
    asked_before = case.facts.purpose == "cancel" and case.facts.appointment == row.pk
    if not (ASKS_TO_CANCEL.search(plain) or (asked_before and AGREES.search(plain))):
        raise CancelNotAsked


LIST = Tool(
    "list_my_appointments",
    "Turnos futuros de quien escribe, con un código para moverlos o cancelarlos.",
    Nothing,
    list_my_appointments,
)
RESCHEDULE = Tool(
    "reschedule_appointment",
    "Pasa un turno propio a la opción elegida (antes: check_availability con el código del turno).",
    Reschedule,
    reschedule_appointment,
)
CANCEL = Tool("cancel_appointment", "Cancela un turno propio que el paciente pidió "
     "cancelar.", Cancel, cancel_appointment)

__all__ = ["CANCEL", "LIST", "RESCHEDULE", "Booked", "mine"]
