from django.urls import path

from messaging import channel_pages, panels, settings_pages, views, webhooks, webhooks_meta
from messaging.media import pages as media_pages

urlpatterns = [
    path("webhooks/ycloud/<uuid:public_id>", webhooks.ycloud_webhook, name="ycloud_webhook"),
    path("webhooks/meta", webhooks_meta.shared),
    path("webhooks/meta/<uuid:public_id>", webhooks_meta.own),
    path("inbox/", views.page_of),
    path("inbox/list", views.conversations),
    path("inbox/notices", views.notices),
    path("inbox/<int:pk>/", views.page_of),
    path("inbox/of/<int:pk>", panels.of_patient),
    path("inbox/media/<int:pk>", media_pages.show),
    path("inbox/media/<int:pk>/<str:token>", media_pages.body),
    path("inbox/files/<int:pk>", media_pages.of_patient),
    path("inbox/<int:pk>/attach", media_pages.attach),
    path("inbox/<int:pk>/thread", views.thread),
    path("inbox/<int:pk>/seen", views.seen),
    path("inbox/<int:pk>/take", views.take),
    path("inbox/<int:pk>/give-back", views.give_back),
    path("inbox/<int:pk>/write", views.write),
    path("inbox/message/<int:pk>/again", views.again),
    path("settings/steps", settings_pages.steps),
    path("settings/whatsapp/", channel_pages.whatsapp),
    path("settings/whatsapp/<int:pk>/", channel_pages.channel),
    path("settings/whatsapp/<int:pk>/health", channel_pages.health_of),
    path("settings/whatsapp/<int:pk>/look", channel_pages.look),
    path("settings/whatsapp/<int:pk>/name", channel_pages.rename),
    path("settings/whatsapp/<int:pk>/meta", channel_pages.at_meta),
    path("settings/whatsapp/<int:pk>/switch", channel_pages.switch),
    path("settings/whatsapp/<int:pk>/rotate", channel_pages.rotate),
    path("settings/whatsapp/<int:pk>/new-secret", channel_pages.new_secret),
    path("settings/whatsapp/<int:pk>/test", channel_pages.test),
    path("settings/whatsapp/<int:pk>/test/<int:message_pk>", channel_pages.tested),
    path("settings/automations/", settings_pages.automated),
]
