from django.urls import path

from messaging.leads import api

urlpatterns = [
    path("leads", api.Leads.as_view()),
    path("leads/<int:pk>", api.OneLead.as_view()),
]
