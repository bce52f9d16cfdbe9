from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class ClinicsConfig(AppConfig):
    name = "clinics"
    default = True
    verbose_name = _("Clínica")

    def ready(self):
        from clinics import checks  # noqa: F401, PLC0415
        from clinics.auth import schema  # noqa: F401, PLC0415


class AdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "clinics.admin_site.ClinicAdminSite"
