from django.urls import path, re_path

from accounting import panels, views

urlpatterns = [
    path("cash/", views.today),
    path("cash/pay/", views.pay),
    path("cash/expense/", views.expense),
    path("cash/open", views.open_day),
    path("cash/movement/<int:pk>/", views.movement),
    path("cash/of/<int:pk>", panels.account),
    path("cash/balance/<int:pk>", panels.balance),
    re_path(r"^cash/(?P<day>\d{4}-\d{2}-\d{2})/$", views.day),
    re_path(r"^cash/(?P<day>\d{4}-\d{2}-\d{2})/close$", views.close),
]
