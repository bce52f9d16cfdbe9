from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from clinics import views
from dentalogic import floor

try:
    from dentalogic import health
except ImportError:
    health = None


def late(module):  # TEMPORARY while the floors are being built
    from importlib import import_module
    try:
        return include(import_module(module))
    except ModuleNotFoundError as e:
        print("not there yet:", e)
        return include([])


urlpatterns = [
    *([path("healthz", health.healthz)] if health else []),
    path("", views.home),
    path("login", views.login, name="login"),
    path("logout", views.logout, name="logout"),
    path("register", views.register, name="register"),
    path("pending", views.pending, name="pending"),
    path("switch", views.switch, name="switch"),
    path("auth/", include("clinics.auth.urls")),
    path("admin/", admin.site.urls),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    path("api/v1/", late("agenda.api_urls")),
    path("api/v1/", late("clinics.patients.api_urls")),
    path("api/v1/", late("accounting.api_urls")),
    path("api/v1/", late("messaging.api_urls")),
    path("", late("agenda.urls")),
    path("", late("clinics.patients.urls")),
    path("", late("accounting.urls")),
    path("", late("messaging.urls")),
]
if settings.SIMULATOR:
    urlpatterns.append(path("simulator/", late("messaging.simulator.urls")))
if settings.BENCH or settings.ENVIRONMENT == "test":
    urlpatterns.append(path("api/v1/floor", floor.Floor.as_view()))

handler400 = "clinics.views.bad_request"
handler403 = "clinics.views.forbidden"
handler404 = "clinics.views.not_found"
handler500 = "clinics.views.fault"
