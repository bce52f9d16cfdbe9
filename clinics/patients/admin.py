from django.contrib import admin

from clinics.admin import TenantAdmin
from clinics.patients.models import Insurer


@admin.register(Insurer)
class InsurerAdmin(TenantAdmin):
    """What the clinic does with each insurer; its page is under Ajustes."""

    list_display = ("name", "policy", "delay_days")
