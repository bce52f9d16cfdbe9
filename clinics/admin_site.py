"""The admin's site: whoever the clinic's table lets configure it, by the product's own session."""
from functools import update_wrapper

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.http import urlencode

from clinics.access import can, log_in_first
from clinics.audit import audit_access
from clinics.auth import cookies, sessions


class ClinicAdminSite(admin.AdminSite):
    site_header = site_title = "Dentalogic"
    index_template = "admin/clinic_index.html"  # without recent actions: no LogEntry is kept
    enable_nav_sidebar = False

    def has_permission(self, request):
        return request.member is not None and request.member.is_active and can(request.actor, "clinic.configure")

    def admin_view(self, view, cacheable=False):
        inner = audit_access("clinic.configure")(super().admin_view(view, cacheable))

        def guarded(request, *args, **kwargs):
            if request.member is None:
                return log_in_first(request)
            if not self.has_permission(request):
                raise PermissionDenied  # Django would lead to its login, and from there back
            return inner(request, *args, **kwargs)

        return update_wrapper(guarded, inner)

    def login(self, request, extra_context=None):
        if request.member is not None:
            raise PermissionDenied  # to log in again would lead back here
        return redirect(f"/login?{urlencode({'next': request.GET.get('next', '/admin/')})}")

    def logout(self, request, extra_context=None):
        if request.method != "POST":  # a link of another site must not
            return HttpResponseNotAllowed(["POST"])
        sessions.leave(request)
        response = redirect("/login")
        cookies.drop(response)
        return response

    def password_change(self, request, extra_context=None):
        return redirect("/admin/")
