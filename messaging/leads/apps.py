from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeadsConfig(AppConfig):
    name = "messaging.leads"
    label = "leads"
    verbose_name = _("Ventas")

    def ready(self):
        from clinics import access  # noqa: PLC0415
        from messaging.leads import rights  # noqa: PLC0415  (models are not loaded before)

        access.fill("leads.lead.own_leads", rights.leads)
        access.fill("patients.patient.own_leads", rights.patients)
        access.fill("messaging.conversation.own_leads", rights.conversations)
        access.fill("agenda.appointment.own_leads", rights.appointments)
