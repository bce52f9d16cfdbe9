"""The doors of providers, which are looked for first: hundreds a second come to them."""
from django.urls import path

from messaging import webhooks, webhooks_meta

urlpatterns = [
    path("ycloud/<uuid:public_id>", webhooks.ycloud_webhook, name="ycloud_webhook"),
    path("meta", webhooks_meta.shared),
    path("meta/<uuid:public_id>", webhooks_meta.own),
]
