from django.urls import path

from clinics.patients import views

urlpatterns = [
    path("patients/", views.patients),
    path("patients/search", views.found),
    path("patients/pick", views.pick),
    path("patients/new/", views.new),
    path("patients/<int:pk>/", views.patient),
    path("patients/<int:pk>/alerts", views.alerts),
    path("patients/<int:pk>/edit/", views.edit),
    path("patients/<int:pk>/history/", views.history),
    path("patients/<int:pk>/draft", views.draft),
    path("patients/<int:pk>/sign", views.sign),
]
