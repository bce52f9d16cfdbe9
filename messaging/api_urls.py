from django.urls import path

from messaging import api, merging_api

urlpatterns = [
    path("conversations", api.Conversations.as_view()),
    path("conversations/<int:pk>/messages", api.Messages.as_view()),
    path("conversations/<int:pk>/take", api.Take.as_view()),
    path("conversations/<int:pk>/give-back", api.GiveBack.as_view()),
    path("conversations/<int:pk>/patients", merging_api.Family.as_view()),
    path("conversations/<int:pk>/merges", merging_api.Merges.as_view()),
    path("merges/<int:pk>/undo", merging_api.UndoMerge.as_view()),
]
