from django.contrib import admin

from agenda.models import Appointment, Chair, Closure, TreatmentProfessional, TreatmentType, UsualChair
from clinics.admin import TenantAdmin
from dentalogic.lib.text import fold


class SetupAdmin(TenantAdmin):
    """What a clinic sets up once and no verb writes."""

    def has_add_permission(self, request):
        return self._may(request)

    def has_delete_permission(self, request, obj=None):
        return self._may(request)


@admin.register(TreatmentType)
class TreatmentTypeAdmin(SetupAdmin):
    list_display = ("name", "category", "minutes", "bookable", "active")
    writes = (
        "code", "name", "aliases", "category", "minutes", "minutes_min", "minutes_max", "price", "tell_price",
        "bookable", "active", "sessions", "gap_days", "before_visit", "after_visit",
    )

    def has_delete_permission(self, request, obj=None):
        return False  # it is turned off: its appointments stay

    def save_model(self, request, obj, form, change):
        obj.folded = fold(obj.name)
        super().save_model(request, obj, form, change)


@admin.register(TreatmentProfessional)
class TreatmentProfessionalAdmin(SetupAdmin):
    list_display = ("treatment", "professional")
    list_select_related = ("treatment", "professional")
    writes = ("treatment", "professional")


@admin.register(Chair)
class ChairAdmin(SetupAdmin):
    list_display = ("name",)
    writes = ("name",)

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(UsualChair)
class UsualChairAdmin(SetupAdmin):
    list_display = ("professional", "chair")
    list_select_related = ("professional", "chair")
    writes = ("professional", "chair")


@admin.register(Closure)
class ClosureAdmin(SetupAdmin):
    list_display = ("start_at", "end_at", "kind", "professional", "reason")
    list_select_related = ("professional",)
    writes = ("start_at", "end_at", "professional", "chair", "kind", "reason")


@admin.register(Appointment)
class AppointmentAdmin(TenantAdmin):
    """To look at: `booking` writes."""

    list_display = ("start_at", "status", "professional", "treatment", "source")
    list_select_related = ("professional", "treatment")
    list_filter = ("status", "source")
