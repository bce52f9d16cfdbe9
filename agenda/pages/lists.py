"""Visits to read: the list, the month, and the same list printed. All of them take `first`, `last`, `professional` or
`chair`, and `q`."""
from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agenda import listing, month, printing
from clinics import tenancy
from clinics.access import page
from clinics.audit import audit_access
from dentalogic.lib import clock


def asked_day(text: str) -> date:
    return clock.day_of(text) or clock.today(tenancy.here().zone)


def asked_days(request) -> tuple[date, date]:
    """`first` and `last`, or the one `day`."""
    first = asked_day(request.GET.get("first") or request.GET.get("day", ""))
    return first, max(first, clock.day_of(request.GET.get("last", "")) or first)


def whose(request) -> dict:
    try:
        return listing.whose(request.GET)
    except LookupError as fault:
        raise Http404 from fault


def asked(request) -> listing.Listing:
    first, last = asked_days(request)
    text = request.GET.get("q", "").strip()[:80]
    return listing.of(actor=request.actor, first=first, last=last, text=text, **whose(request))


def first_shown(request, view, day) -> dict:
    """What the page holds before its script asks: the list of the day, for who has no script."""
    if view != "list":
        return {}
    return {"listing": listing.of(actor=request.actor, first=day, last=day), "clinic_day": day}


@page("agenda.see")
@require_GET
def listed(request):
    return render(request, "agenda/_list.html", {"listing": asked(request)})


@page("agenda.see")
@require_GET
def of_month(request):
    day, _last = asked_days(request)
    return render(request, "agenda/_month.html", month.of(actor=request.actor, day=day, **whose(request)))


@audit_access("agenda.see")
@page("agenda.see")
@require_GET
def printed(request):
    """The list as a PDF to look at or to print: the same rows in the same order."""
    found = asked(request)
    response = HttpResponse(printing.pdf(found, actor=request.actor), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="agenda-{found.first}.pdf"'
    response["Cache-Control"] = "no-store"
    return response
