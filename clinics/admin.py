"""Django's admin over the product's own session: what a ceo may look into, by the same table of rights.

It only shows: every table has its verbs and its pages, and a class that writes what a verb does is found by a test. It
keeps no LogEntry (its global table would hold patients' names), and every class names its capability.
"""
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from clinics import staff
from clinics.access import can, visible
from clinics.models import Membership, Professional, SystemEvent
from dentalogic.lib.refusals import Refusal

admin.site.unregister(Group)  # the table of rights knows roles, not Django's groups


class TenantAdmin(admin.ModelAdmin):
    """Read-only; needs its capability for everything."""

    capability = "clinic.configure"
    list_per_page = 50
    show_full_result_count = False

    def _may(self, request):
        return can(request.actor, self.capability)

    def get_queryset(self, request):
        return visible(request.actor, self.capability, super().get_queryset(request))

    def has_module_permission(self, request):
        return self._may(request)

    def has_view_permission(self, request, obj=None):
        return self._may(request)

    def has_change_permission(self, request, obj=None):
        return False

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def history_view(self, request, object_id, extra_context=None):
        raise Http404  # it would show LogEntry, of which there is none


@admin.register(Membership)
class MembershipAdmin(TenantAdmin):
    """To look at; its two actions are the verbs of `staff`."""

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


@admin.register(SystemEvent)
class SystemEventAdmin(TenantAdmin):
    capability = "audit.read"
    list_display = ("at", "event", "severity", "role", "path")
    ordering = ("-at",)
