from django.urls import path

from agenda.calendars import webhook
from agenda.pages import settings_calendars as pages

urlpatterns = [
    path("webhooks/google/<uuid:public_id>", webhook.notice),
    path("agenda/calendars", pages.note),
    path("settings/calendars/", pages.listed),
    path("settings/calendars/return", pages.returned),
    path("settings/calendars/<int:pk>/", pages.one),
    path("settings/calendars/<int:pk>/google", pages.consent),
    path("settings/calendars/<int:pk>/key", pages.key),
    path("settings/calendars/<int:pk>/state", pages.state),
    path("settings/calendars/<int:pk>/choose", pages.choose),
    path("settings/calendars/<int:pk>/again", pages.again),
    path("settings/calendars/<int:pk>/disconnect", pages.disconnect),
]
