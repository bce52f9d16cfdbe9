from django.urls import path, re_path

from agenda.pages import desk, grid, panel, patient

urlpatterns = [
    path("agenda/", grid.agenda),
    path("agenda/feed", grid.feed),
    path("agenda/waiting", grid.waiting),
    path("agenda/list", grid.day_list),
    path("agenda/new", desk.new),
    path("agenda/patients", desk.patients),
    path("agenda/finder", desk.finder),
    path("agenda/hold", desk.hold),
    path("agenda/release", desk.release),
    path("agenda/panel/<int:pk>", panel.panel),
    path("agenda/of/<int:pk>", patient.visits),
    path("agenda/of/<int:pk>/now", patient.today),
    path("agenda/<int:pk>/move", panel.move),
    path("agenda/<int:pk>/reschedule", panel.reschedule),
    path("agenda/<int:pk>/cancel", panel.cancel),
    re_path(r"^agenda/(?P<pk>\d+)/(?P<verb>confirm|arrive|seat|complete|miss)$", panel.step),
]
