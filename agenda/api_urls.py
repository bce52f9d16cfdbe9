from django.urls import path

from agenda import api, waitlist_api

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
    path("waitlist", waitlist_api.Waitlist.as_view()),
    path("waitlist/<int:pk>", waitlist_api.OneEntry.as_view()),
    path("waitlist/<int:pk>/leave", waitlist_api.Leave.as_view()),
    path("waitlist/<int:pk>/openings", waitlist_api.Openings.as_view()),
    path("waitlist/<int:pk>/offer", waitlist_api.Offer.as_view()),
    path("waitlist/offers/<int:pk>/accept", waitlist_api.Accept.as_view()),
    path("waitlist/offers/<int:pk>/pass", waitlist_api.PassOn.as_view()),
    path("waitlist/offers/<int:pk>/called", waitlist_api.Called.as_view()),
    *(path(f"appointments/<int:pk>/{name}", view.as_view()) for name, view in api.STEPS.items()),
]
