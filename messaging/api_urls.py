from django.urls import path

from messaging import api

urlpatterns = [
    path("conversations", api.Conversations.as_view()),
    path("conversations/<int:pk>/messages", api.Messages.as_view()),
    path("conversations/<int:pk>/take", api.Take.as_view()),
    path("conversations/<int:pk>/give-back", api.GiveBack.as_view()),
]
