from django.urls import path, re_path

from messaging.simulator import account, api, files, peer, views

ROOT = "ycloud/v2"
PEER = f"{ROOT}/whatsapp"
urlpatterns = [
    path("", views.phone),
    path(f"{PEER}/messages", peer.messages),
    path(f"{PEER}/messages/sendDirectly", peer.messages),
    path(f"{PEER}/messages/<str:pk>", peer.message),
    path(f"{PEER}/inboundMessages/<str:pk>/typingIndicator", peer.typing),
    path(f"{PEER}/templates", account.templates),
    path(f"{PEER}/phoneNumbers", account.numbers),
    path(f"{ROOT}/webhookEndpoints", account.endpoints),
    path(f"{PEER}/media/<str:number>/upload", files.upload),
    path(f"{PEER}/media/download/<str:pk>", files.download),
    path("api/people", api.people),
    path("api/state", api.state),
    re_path(r"^api/(?P<what>write|attach|repeat|forge|fail|shift|clear)$", api.act),
]
