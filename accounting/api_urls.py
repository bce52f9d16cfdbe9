from django.urls import path

from accounting import api

urlpatterns = [
    path("cash/<str:day>", api.CashDay.as_view()),
    path("payments", api.Payments.as_view()),
]
