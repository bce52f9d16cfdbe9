from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = _("Mensajes")

    def ready(self):
        from clinics import access  # noqa: PLC0415
        from messaging import receivers, rights  # noqa: F401, PLC0415  (models are not loaded before)

        access.fill("messaging.conversation.own", rights.own)
