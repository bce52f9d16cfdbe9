"""The page and the pieces of it that refresh on their own: the grid's data, the waiting room, the list of a day."""
from datetime import date, timedelta

from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agenda import board
from agenda.models import Appointment, Status
from clinics import access, tenancy
from clinics.access import page
from clinics.templatetags import dentalogic as formats
from clinics.templatetags.front import look
from dentalogic.lib import clock

VIEWS = ("day", "week", "list")
LONGEST_FEED = timedelta(days=7)
WAIT_IS_LONG = 10  # minutes


def asked_day(text: str) -> date:
    return clock.day_of(text) or clock.today(tenancy.here().zone)


@page("agenda.see")
@require_GET
def agenda(request):
    day = asked_day(request.GET.get("day", ""))
    view = request.GET.get("view", "day")
    view = view if view in VIEWS else "day"
    context = {
        "place": "agenda", "day": day, "view": view, "label": board.day_label(day), "views": VIEWS,
        "professionals": board.columns(request.actor), "waiting": waiting_room(request.actor),
        "previous": day - timedelta(days=1), "next": day + timedelta(days=1),
        "today": clock.today(tenancy.here().zone), "may_book": access.scope(request.actor, "agenda.book") in (
            access.ALL, access.OWN),
        "names": board.names_people(request.actor),
    }
    return render(request, "agenda/agenda.html", context | (listed(request.actor, day) if view == "list" else {}))


@page("agenda.see")
@require_GET
def feed(request):
    """The grid's data for `first` to `last`, at most a week, in one answer."""
    first = asked_day(request.GET.get("first", ""))
    last = min(max(asked_day(request.GET.get("last", "")), first), first + LONGEST_FEED - timedelta(days=1))
    shown = board.load(actor=request.actor, first=first, last=last, now=clock.now())
    return JsonResponse(board.as_json(shown, request.actor))


@page("agenda.see")
@require_GET
def waiting(request):
    return render(request, "agenda/_waiting.html", {"waiting": waiting_room(request.actor)})


@page("agenda.see")
@require_GET
def day_list(request):
    day = asked_day(request.GET.get("day", ""))
    return render(request, "agenda/_list.html", listed(request.actor, day))


def waiting_room(actor) -> list[Appointment]:
    """Who is in the waiting room today, the longest wait first, each with its `minutes`."""
    zone, now = tenancy.here().zone, clock.now()
    today = clock.today(zone)
    rows = Appointment.objects.overlapping(*board.bounds(today, today, zone)).filter(status=Status.ARRIVED)
    rows = access.visible(actor, "agenda.see", rows.with_names()).order_by("arrived_at", "pk")
    found = [row for row in rows if board.may_name(actor, row)]
    for row in found:
        row.minutes = max(0, int((now - row.arrived_at).total_seconds() // 60))
        row.long = row.minutes >= WAIT_IS_LONG
        row.with_whom = board.short_name(row.professional)
    return found


def listed(actor, day) -> dict:
    """Every visit of a day, the cancelled ones too."""
    zone = tenancy.here().zone
    rows = Appointment.objects.overlapping(*board.bounds(day, day, zone)).exclude(status=Status.HELD)
    rows = access.visible(actor, "agenda.see", rows.with_names().select_related("chair")).order_by("start_at", "pk")
    found = [row for row in rows if board.may_name(actor, row)]
    for row in found:
        row.look, row.icon, row.origin = look(row.status), board.ICON[row.source], board.SOURCES[row.source]
    return {"rows": found, "day": day, "of_day": formats.day(day), "hidden": len(rows) - len(found)}
