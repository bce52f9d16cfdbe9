"""What of a visit a person may know: `clinics.access` says how far, this says it of rows."""
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from agenda.models import Appointment, Status
from clinics import access
from dentalogic.lib.refusals import Refusal


class FirstVisitsOnly(Refusal):
    code = "first_visits_only"
    status = 403
    detail = _("Tu rol da la primera visita. Los turnos siguientes los da recepción.")


def named(actor, appointments):
    """The visits of which the person may know who comes; who sees free and busy knows it of their own bookings."""
    if access.scope(actor, "agenda.see") == access.FREE_BUSY:
        return appointments.filter(created_by=actor.user_id)
    return access.visible(actor, "agenda.see", appointments)


def clinical(actor) -> bool:
    """Whether urgency, reasons and notes of a visit are theirs to read, where the visit is."""
    return access.can(actor, "alerts.see")


def require_books(actor, patient):
    """Setters and closers give a lead's first visit; what follows is the desk's."""
    gone = (Status.HELD, Status.CANCELLED, Status.NO_SHOW)
    if access.scope(actor, "agenda.book") == access.OWN_LEADS and (
            Appointment.objects.filter(patient=patient).exclude(status__in=gone).exists()):
        raise FirstVisitsOnly


def require_reach(actor, rows):
    """Every one of these visits is the actor's to give and to change: a session of a series may be a colleague's."""
    if access.scope(actor, "agenda.book") == access.ALL:
        return
    ids = [row.pk for row in rows]
    if access.visible(actor, "agenda.book", Appointment.objects.filter(pk__in=ids)).count() < len(ids):
        raise PermissionDenied
