"""Ajustes > Cierres: spans in which nobody is booked, and the visits that are inside them."""
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agenda import closing
from agenda.models import Closure
from agenda.settings_forms import ClosureForm
from clinics import tenancy
from clinics.access import page
from clinics.audit import audit_access
from dentalogic.lib import clock
from dentalogic.lib.refusals import Refusal

A_PAGE = 50


def _rows():
    return Closure.objects.select_related("professional", "chair")


@audit_access("clinic.configure")
@page("clinic.configure")
def listed(request):
    past, now = "past" in request.GET, clock.now()
    rows = _rows().filter(end_at__lte=now).order_by("-start_at", "-pk") if past else _rows().filter(
        end_at__gt=now).order_by("start_at", "pk")
    return render(request, "agenda/settings_closures.html", {
        "rows": Paginator(rows, A_PAGE).get_page(request.GET.get("page")), "past": past})


@audit_access("clinic.configure")
@page("clinic.configure")
def new(request):
    return _form(request, None)


@audit_access("clinic.configure")
@page("clinic.configure")
def edit(request, pk):
    return _form(request, get_object_or_404(_rows(), pk=pk))


@audit_access("clinic.configure")
@page("clinic.configure")
@require_POST
def reopen(request, pk):
    closing.reopen(closure=get_object_or_404(Closure, pk=pk), by=request.actor)
    return redirect("/settings/closures/?saved")


def _form(request, row):
    zone, posted = tenancy.here().zone, request.method == "POST"
    day = clock.day_of(request.GET.get("day", ""))
    form = ClosureForm(
        request.POST if posted else None, zone=zone, closure=row, first_day=f"{day:%d/%m/%Y}" if day else "")
    visits = closing.inside(row) if row and not posted else ()
    stays = False
    if posted and form.is_valid():
        try:
            made = _saved(row, form.span(), request)
        except closing.VisitsInside as refusal:
            visits, stays = closing.these(refusal.extra["appointments"]), True
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(f"/settings/closures/{made.pk}/?saved")
    return render(request, "agenda/settings_closure.html", {
        "one": row, "form": form, "visits": visits, "stays": stays,
    }, status=422 if form.errors else 409 if stays else 200)


def _saved(row, span, request):
    known = {"by": request.actor, "despite_visits": bool(request.POST.get("despite_visits"))}
    return closing.change(closure=row, **known, **span) if row else closing.close(**known, **span)
