"""Who reads and writes what of a patient: `clinics.access` says how far, this says it of one patient."""
from django.utils.translation import gettext_lazy as _

from clinics import access
from clinics.patients.models import Patient
from dentalogic.lib.refusals import Refusal


class NotTreating(Refusal):
    code = "not_treating"
    status = 403
    detail = _("En la historia clínica escribe quien atiende a este paciente.")


def writes_record(actor, patient) -> bool:
    """A professional, of the patients they treat; a ceo who is also a professional, of any."""
    mine = access.visible(actor, "record.write", Patient.objects.filter(pk=patient.pk))
    return actor.professional_id is not None and mine.exists()


def require_writes_record(actor, patient):
    if not writes_record(actor, patient):
        raise NotTreating
