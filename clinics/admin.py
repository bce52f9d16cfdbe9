"""Django's admin over the product's own session: what a ceo may look into, by the same table of rights.

It writes only what has no verb, keeps no LogEntry (its global table would hold patients' names), and every class
names its capability.
"""
from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from clinics import staff
from clinics.access import can
from clinics.models import Membership, Professional, SystemEvent
from dentalogic.lib.refusals import Refusal


class TenantAdmin(admin.ModelAdmin):
    """Read-only unless `writes` names fields; needs its capability for everything."""

    capability = "clinic.configure"
    writes: tuple = ()
    list_per_page = 50
    show_full_result_count = False

    def _may(self, request):
        return can(request.actor, self.capability)

    def has_module_permission(self, request):
        return self._may(request)

    def has_view_permission(self, request, obj=None):
        return self._may(request)

    def has_change_permission(self, request, obj=None):
        return bool(self.writes) and self._may(request)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        return [f.name for f in self.model._meta.fields if f.name not in self.writes]

    def log_addition(self, request, obj, message):
        return None

    def log_change(self, request, obj, message):
        return None

    def log_deletions(self, request, queryset):
        return None


@admin.register(Membership)
class MembershipAdmin(TenantAdmin):
    capability = "staff.manage"
    list_display = ("user", "role", "status", "activated_at")
    list_select_related = ("user",)
    actions = ("activate", "suspend")

    @admin.action(description=_("Activar"), permissions=["view"])
    def activate(self, request, queryset):
        self._each(request, queryset, staff.activate)

    @admin.action(description=_("Suspender"), permissions=["view"])
    def suspend(self, request, queryset):
        self._each(request, queryset, staff.suspend)

    def _each(self, request, queryset, verb):
        for membership in queryset:
            try:
                verb(membership=membership, by=request.actor)
            except Refusal as refusal:
                self.message_user(request, str(refusal), messages.ERROR)


@admin.register(Professional)
class ProfessionalAdmin(TenantAdmin):
    list_display = ("name", "specialty", "licence", "active")
    writes = ("title", "specialty", "licence", "color", "working_hours", "active")


@admin.register(SystemEvent)
class SystemEventAdmin(TenantAdmin):
    capability = "audit.read"
    list_display = ("at", "event", "severity", "role", "path")
    ordering = ("-at",)
