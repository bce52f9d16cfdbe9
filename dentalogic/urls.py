from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from clinics import views
from clinics.audit_api import AuditLogs
from dentalogic import floor, health

urlpatterns = [
    path("webhooks/", include("messaging.webhook_urls")),
    path("healthz", health.healthz),
    path("", views.home),
    path("login", views.login, name="login"),
    path("logout", views.logout, name="logout"),
    path("register", views.register, name="register"),
    path("pending", views.pending, name="pending"),
    path("switch", views.switch, name="switch"),
    path("language", set_language, name="language"),
    path("auth/", include("clinics.auth.urls")),
    path("admin/core/audit/logs", AuditLogs.as_view(), name="audit_logs"),  # before Django's admin, which takes all
    path("admin/", admin.site.urls),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(
        url_name="schema", http_method_names=["get", "head"]), name="docs"),
    path("api/v1/", include("agenda.api_urls")),
    path("api/v1/", include("clinics.patients.api_urls")),
    path("api/v1/", include("accounting.api_urls")),
    path("api/v1/", include("messaging.api_urls")),
    path("api/v1/", include("messaging.leads.api_urls")),
    path("", include("clinics.urls")),
    path("", include("agenda.urls")),
    path("", include("agenda.calendars.urls")),
    path("", include("clinics.patients.urls")),
    path("", include("accounting.urls")),
    path("", include("messaging.urls")),
]
if settings.SIMULATOR:
    urlpatterns.append(path("simulator/", include("messaging.simulator.urls")))
if settings.BENCH or settings.ENVIRONMENT == "test":
    urlpatterns.append(path("api/v1/floor", floor.Floor.as_view()))

handler400 = "clinics.views.bad_request"
handler403 = "clinics.views.forbidden"
handler404 = "clinics.views.not_found"
handler500 = "clinics.views.fault"
