from django.urls import path

from clinics.auth import api

urlpatterns = [
    path("login", api.Login.as_view()),
    path("logout", api.Logout.as_view()),
    path("refresh", api.Refresh.as_view()),
    path("me", api.Me.as_view()),
    path("register", api.Register.as_view()),
    path("token", api.Token.as_view()),
    path("switch", api.Switch.as_view()),
]
