from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgendaConfig(AppConfig):
    name = "agenda"
    verbose_name = _("Agenda")

    def ready(self):
        from clinics import access  # noqa: PLC0415  (apps load before models)

        access.fill("agenda.appointment.own", lambda actor, rows: rows.filter(professional=actor.professional_id))
        access.fill("agenda.appointment.own_leads", lambda actor, rows: rows.filter(created_by=actor.user_id))
        access.fill("clinics.professional.own", lambda actor, rows: rows.filter(pk=actor.professional_id))
        # whose lead the patient is, is asked of the patient; any professional may see a lead
        access.fill("clinics.professional.own_leads", lambda actor, rows: rows)
