"""The agenda in the admin: to look at. Its tables have verbs, and their pages are under Ajustes."""
from django.contrib import admin

from agenda.models import (
    Appointment,
    Calendar,
    Chair,
    Closure,
    TreatmentProfessional,
    TreatmentType,
    UsualChair,
)
from clinics.admin import TenantAdmin


@admin.register(TreatmentType)
class TreatmentTypeAdmin(TenantAdmin):
    list_display = ("name", "category", "minutes", "bookable", "active")


@admin.register(TreatmentProfessional)
class TreatmentProfessionalAdmin(TenantAdmin):
    list_display = ("treatment", "professional")
    list_select_related = ("treatment", "professional")


@admin.register(Chair)
class ChairAdmin(TenantAdmin):
    list_display = ("name",)


@admin.register(UsualChair)
class UsualChairAdmin(TenantAdmin):
    list_display = ("professional", "chair")
    list_select_related = ("professional", "chair")


@admin.register(Closure)
class ClosureAdmin(TenantAdmin):
    list_display = ("start_at", "end_at", "kind", "professional", "reason")
    list_select_related = ("professional",)


@admin.register(Appointment)
class AppointmentAdmin(TenantAdmin):
    list_display = ("start_at", "status", "professional", "treatment", "source")
    list_select_related = ("professional", "treatment")
    list_filter = ("status", "source")


@admin.register(Calendar)
class CalendarAdmin(TenantAdmin):
    capability = "integrations.manage"
    list_display = ("professional", "kind", "state", "name", "synced_at", "fault", "failures")
    list_select_related = ("professional",)
    fields = readonly_fields = (
        "professional", "kind", "account", "state", "google_id", "name", "zone", "writes", "fault", "failures",
        "paused_until", "window_until", "synced_at", "connected_at")
