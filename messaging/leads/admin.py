"""Sales in the admin: to look at. Where the module's tables are missing its pages say so, and the rest works."""
from functools import wraps

from django.contrib import admin
from django.shortcuts import render

from clinics.admin import TenantAdmin
from clinics.modules import ModuleNotAvailable
from messaging.leads.models import Lead, LeadEvent, Seller
from messaging.leads.rights import MODULE


def _or_say_so(view):
    @wraps(view)
    def page(self, request, *args, **kwargs):
        try:
            with MODULE.guard():
                response = view(self, request, *args, **kwargs)
                return response.render() if hasattr(response, "render") else response  # here, not after the guard
        except ModuleNotAvailable as refusal:
            return render(request, "clinics/error.html", {"status": refusal.status, "detail": refusal.detail},
                          status=refusal.status)

    return page


class LeadsAdmin(TenantAdmin):
    capability = "leads.see"
    changelist_view = _or_say_so(TenantAdmin.changelist_view)
    changeform_view = _or_say_so(TenantAdmin.changeform_view)

    def has_module_permission(self, request):
        return super().has_module_permission(request) and MODULE.there()


@admin.register(Lead)
class LeadAdmin(LeadsAdmin):
    list_display = ("name", "stage", "source", "score", "setter", "closer", "created_at")
    list_select_related = ("setter__membership__user", "closer__membership__user")
    list_filter = ("stage", "source")


@admin.register(Seller)
class SellerAdmin(LeadsAdmin):
    list_display = ("membership", "active", "most_open")
    list_select_related = ("membership__user",)


@admin.register(LeadEvent)
class LeadEventAdmin(LeadsAdmin):
    list_display = ("at", "lead", "kind", "from_stage", "to_stage", "role")
    list_select_related = ("lead",)
