"""Addresses that somebody might write carelessly."""
from django.http import HttpResponse
from django.urls import path, re_path

from clinics import tenancy
from clinics.patients.models import Patient
from clinics.tasks import each_tenant


def _anywhere(pk):
    """The row, whosever it is."""
    for _tenant in each_tenant():
        with tenancy.atomic():
            if row := Patient.objects.filter(pk=pk).first():
                return row
    return None


def _mine(pk):
    return Patient.objects.filter(pk=pk).first() if str(pk).isdecimal() else None


def tells_by_its_status(request, pk):
    if row := _mine(pk):
        return HttpResponse(row.name)
    return HttpResponse(status=403 if _anywhere(pk) else 404)


def tells_by_a_word(request, pk):
    if row := _mine(pk):
        return HttpResponse(row.name)
    return HttpResponse("de otra clínica" if _anywhere(pk) else "no existe", status=404)


def answers_another_way(request, pk):
    return HttpResponse(_mine(pk).name) if _mine(pk) else HttpResponse(status=409)


def shows(request, pk):
    return HttpResponse(_anywhere(pk).name) if _anywhere(pk) else HttpResponse(status=404)


def proves_nothing(request, pk):
    return HttpResponse(status=404)


def tells_by_what_is_sent(request):
    return HttpResponse("tomado" if _anywhere(request.GET.get("patient") or 0) else "libre")


def counts(request):
    found = []
    for _tenant in each_tenant():
        with tenancy.atomic():
            found.append(Patient.objects.count())
    return HttpResponse(str(sum(found)))


urlpatterns = [
    path("bad/status/<int:pk>/", tells_by_its_status),
    path("bad/word/<int:pk>/", tells_by_a_word),
    path("bad/other/<int:pk>/", answers_another_way),
    path("bad/shown/<int:pk>/", shows),
    path("bad/nothing/<int:pk>/", proves_nothing),
    path("bad/sent/", tells_by_what_is_sent),
    path("bad/count/", counts),
    re_path(r"^bad/(?P<odd>[a-f]{3}\d+)/$", proves_nothing),
]
