from django.urls import path

from agenda import api

urlpatterns = [
    path("availability", api.Availability.as_view()),
    path("treatments", api.Treatments.as_view()),
    path("professionals", api.Professionals.as_view()),
    path("appointments", api.Appointments.as_view()),
    path("appointments/<int:pk>", api.OneAppointment.as_view()),
    path("appointments/<int:pk>/cancel", api.Cancel.as_view()),
    path("appointments/<int:pk>/reschedule", api.Reschedule.as_view()),
    path("appointments/<int:pk>/resize", api.Resize.as_view()),
    path("appointments/<int:pk>/sessions", api.Sessions.as_view()),
    path("appointments/<int:pk>/sessions/reschedule", api.MoveSessions.as_view()),
    path("appointments/<int:pk>/sessions/cancel", api.CancelSessions.as_view()),
    path("appointments/<int:pk>/back", api.StepBack.as_view()),
    *(path(f"appointments/<int:pk>/{name}", view.as_view()) for name, view in api.STEPS.items()),
]
