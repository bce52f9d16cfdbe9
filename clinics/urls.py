from django.urls import path

from clinics import settings_pages

urlpatterns = [
    path("settings/", settings_pages.clinic),
]
