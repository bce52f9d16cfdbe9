from django.urls import path

from messaging import api, desk_api, merging_api, tools_api

urlpatterns = [
    path("conversations", api.Conversations.as_view()),
    path("conversations/<int:pk>/messages", api.Messages.as_view()),
    path("conversations/<int:pk>/take", api.Take.as_view()),
    path("conversations/<int:pk>/give-back", api.GiveBack.as_view()),
    path("conversations/<int:pk>/assign", desk_api.Assign.as_view()),
    path("conversations/<int:pk>/colleagues", desk_api.Colleagues.as_view()),
    path("conversations/<int:pk>/notes", desk_api.Notes.as_view()),
    path("conversations/<int:pk>/scheduled", desk_api.Scheduled.as_view()),
    path("conversations/<int:pk>/templates", desk_api.Templates.as_view()),
    path("conversations/<int:pk>/patient", desk_api.Link.as_view()),
    path("messages/<int:pk>/again", desk_api.Again.as_view()),
    path("messages/<int:pk>/arrived", desk_api.Arrived.as_view()),
    path("messages/<int:pk>/cancel", desk_api.Cancel.as_view()),
    path("canned-replies", desk_api.CannedReplies.as_view()),
    path("canned-replies/<int:pk>", desk_api.OneCannedReply.as_view()),
    path("conversations/<int:pk>/patients", merging_api.Family.as_view()),
    path("conversations/<int:pk>/merges", merging_api.Merges.as_view()),
    path("conversations/<int:pk>/tools", tools_api.Tools.as_view()),
    path("conversations/<int:pk>/tools/<slug:name>", tools_api.UseTool.as_view()),
    path("merges/<int:pk>/undo", merging_api.UndoMerge.as_view()),
]
