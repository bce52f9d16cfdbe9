"""Sales in the admin: to look at. Where the module's tables are missing its pages say so, and the rest works."""
from django.contrib import admin

from clinics.admin import TenantAdmin
from messaging.leads.models import Lead, LeadEvent, Seller
from messaging.leads.rights import MODULE


class LeadsAdmin(TenantAdmin):
    capability = "leads.see"

    def has_module_permission(self, request):
        return super().has_module_permission(request) and MODULE.there()


@admin.register(Lead)
class LeadAdmin(LeadsAdmin):
    list_display = ("name", "stage", "source", "score", "setter", "closer", "created_at")
    list_select_related = ("setter__membership__user", "closer__membership__user")
    list_filter = ("stage", "source")


@admin.register(Seller)
class SellerAdmin(LeadsAdmin):
    """Who sells: no verb writes it yet."""

    list_display = ("membership", "active", "most_open")
    list_select_related = ("membership__user",)
    writes = ("active", "most_open")


@admin.register(LeadEvent)
class LeadEventAdmin(LeadsAdmin):
    list_display = ("at", "lead", "kind", "from_stage", "to_stage", "role")
    list_select_related = ("lead",)
