from django.urls import path

from messaging import webhooks

urlpatterns = [
    path("webhooks/ycloud/<uuid:public_id>", webhooks.ycloud_webhook, name="ycloud_webhook"),
]
