from django.urls import path

from clinics.patients import api

urlpatterns = [
    path("clients", api.PatientList.as_view()),  # the name of it in front ends that exist
    path("clients/<int:pk>", api.PatientDetail.as_view()),
    path("patients", api.PatientList.as_view()),
    path("patients/<int:pk>", api.PatientDetail.as_view()),
    path("patients/<int:pk>/medical-history", api.MedicalHistory.as_view()),
    path("patients/<int:pk>/records", api.RecordList.as_view()),
]
