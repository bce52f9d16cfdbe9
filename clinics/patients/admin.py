from django.contrib import admin

from clinics.admin import TenantAdmin
from clinics.patients.models import Insurer
from dentalogic.lib.text import fold


@admin.register(Insurer)
class InsurerAdmin(TenantAdmin):
    """What the clinic does with each insurer: no verb writes it."""

    list_display = ("name", "policy", "delay_days")
    writes = ("name", "aliases", "policy", "note", "delay_days")

    def has_add_permission(self, request):
        return self._may(request)

    def has_delete_permission(self, request, obj=None):
        return self._may(request)

    def save_model(self, request, obj, form, change):
        obj.folded = fold(obj.name)
        super().save_model(request, obj, form, change)
