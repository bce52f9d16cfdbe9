"""Ajustes > Cierres: spans in which nobody is booked, the visits inside them, holidays, and what is opened by hand."""
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agenda import closing, holidays, hours
from agenda.models import Closure
from agenda.settings_forms import ClosureForm, HolidaysForm
from clinics import tenancy
from clinics.access import page
from clinics.audit import audit_access
from clinics.clinic import Invalid
from dentalogic.lib import clock
from dentalogic.lib.refusals import Refusal

A_PAGE = 50


def _rows():
    return Closure.objects.select_related("professional", "chair")


@audit_access("clinic.configure")
@page("clinic.configure")
def listed(request):
    return _list(request, HolidaysForm(clinic=tenancy.here()))


@audit_access("clinic.configure")
@page("clinic.configure")
@require_POST
def keep_holidays(request):
    form = HolidaysForm(request.POST, clinic=tenancy.here())
    if form.is_valid():
        said = form.cleaned_data
        try:
            closing.keep_holidays(
                closes=said["closes_on_holidays"], region=said["holiday_region"], by=request.actor)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("/settings/closures/?saved")
    return _list(request, form, status=422)


def _list(request, form, status=200):
    past, now, clinic = "past" in request.GET, clock.now(), tenancy.here()
    today = now.astimezone(clinic.zone).date()
    over = Q(end_at__lte=now, repeats="") | Q(until_on__lt=today)
    rows = _rows().filter(over).order_by("-start_at", "-pk") if past else _rows().exclude(
        pk__in=Closure.objects.filter(over).values("pk")).order_by("start_at", "pk")
    return render(request, "agenda/settings_closures.html", {
        "rows": Paginator(rows, A_PAGE).get_page(request.GET.get("page")), "past": past, "form": form,
        "holidays": [] if past else _holidays(clinic, today)}, status=status)


def _holidays(clinic, today):
    """The national holidays of a year, with the row that opens each where there is one."""
    coming = holidays.coming(clinic, today)
    if not coming:
        return []
    since, until = hours.midnight(min(coming), clinic.zone), hours.midnight(max(coming) + hours.DAY, clinic.zone)
    opened = {}
    for row in Closure.objects.touching(since, until).filter(kind=Closure.Kind.OPEN):
        for one in row.times(since, until, clinic.zone):
            opened.setdefault(one.start_at.astimezone(clinic.zone).date(), row)
    return [{"day": day, "name": name, "opened": opened.get(day)} for day, name in coming.items()]


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
    form = ClosureForm(request.POST if posted else None, zone=zone, closure=row, **_proposed(request))
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


def _proposed(request):
    """What the address of a new one says: a day to close, or a holiday to open."""
    day, opens = clock.day_of(request.GET.get("day", "")), clock.day_of(request.GET.get("open", ""))
    if opens:
        return {"kind": Closure.Kind.OPEN, "first_day": f"{opens:%d/%m/%Y}",
                "reason": holidays.named(tenancy.here(), opens, opens).get(opens, "")}
    return {"first_day": f"{day:%d/%m/%Y}" if day else ""}


def _saved(row, span, request):
    known = {"by": request.actor, "despite_visits": bool(request.POST.get("despite_visits"))}
    if row:
        return closing.change(closure=row, **known, **span)
    if span["kind"] != Closure.Kind.OPEN:
        return closing.close(**known, **{name: said for name, said in span.items() if name != "usual_hours"})
    if span.pop("chair"):
        raise Invalid(fields={"whom": [_("Se abre la clínica o un profesional, no un sillón.")]})
    return closing.open_hours(by=request.actor, **{name: said for name, said in span.items() if name != "kind"})
