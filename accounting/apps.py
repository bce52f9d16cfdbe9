from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountingConfig(AppConfig):
    name = "accounting"
    verbose_name = _("Caja")

    def ready(self):
        from accounting import receivers  # noqa: F401, PLC0415  (connects on import)
