from django.urls import path, re_path

from messaging.simulator import api, peer, views

PEER = "ycloud/v2/whatsapp"
urlpatterns = [
    path("", views.phone),
    path(f"{PEER}/messages", peer.messages),
    path(f"{PEER}/messages/sendDirectly", peer.messages),
    path(f"{PEER}/messages/<str:pk>", peer.message),
    path(f"{PEER}/inboundMessages/<str:pk>/typingIndicator", peer.typing),
    path("api/people", api.people),
    path("api/state", api.state),
    re_path(r"^api/(?P<what>write|repeat|forge|fail|shift|clear)$", api.act),
]
