"""The visits this conversation may speak of: its patient's, and those it booked itself. Named by opaque codes."""

import hashlib
import hmac

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agenda import rights
from agenda.models import Appointment
from dentalogic.lib.refusals import Refusal
from messaging.receptionist.case import Case


class NoSuchAppointment(Refusal):
    code = "no_such_appointment"
    status = 404
    detail = _("Ese turno no está entre los de este paciente.")


def upcoming(case: Case) -> list[Appointment]:
    mine = Q(pk__in=case.facts.booked)
    if case.patient:
        mine |= Q(patient=case.patient)
    rows = Appointment.objects.filter(mine).upcoming(case.now).with_names()
    return list(rights.named(case.person, rows) if case.person else rows)


def code_of(case: Case, appointment) -> str:
    """Opaque, and of this conversation only."""
    text = f"appointment:{case.tenant.pk}:{case.conversation.pk}:{appointment.pk}"
    return "t" + hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()[:7]


def own_appointment(case: Case, code: str) -> Appointment:
    for one in upcoming(case):
        if hmac.compare_digest(code_of(case, one), code):
            return one
    raise NoSuchAppointment
