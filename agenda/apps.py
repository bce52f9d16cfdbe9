from django.apps import AppConfig
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _


class AgendaConfig(AppConfig):
    name = "agenda"
    verbose_name = _("Agenda")

    def ready(self):
        from clinics import access  # noqa: PLC0415  (apps load before models)

        access.fill("agenda.appointment.own", lambda actor, rows: rows.filter(professional=actor.professional_id))
        access.fill("patients.patient.own", _treated_by)
        access.fill("agenda.waitlistentry.own", lambda actor, rows: rows.filter(professional=actor.professional_id))
        access.fill("clinics.professional.own", lambda actor, rows: rows.filter(pk=actor.professional_id))
        # whose lead the patient is, is asked of the patient; any professional may see a lead
        access.fill("clinics.professional.own_leads", lambda actor, rows: rows)


def _treated_by(actor, patients):
    """The patients that a professional treats: those with a visit of theirs that stands."""
    from agenda.models import Appointment, Status  # noqa: PLC0415

    visits = Appointment.objects.filter(patient=OuterRef("pk"), professional=actor.professional_id)
    return patients.filter(Exists(visits.exclude(status__in=(Status.HELD, Status.CANCELLED))))
