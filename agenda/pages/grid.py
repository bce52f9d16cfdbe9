"""The page and the pieces of it that refresh on their own: the grid's data, the waiting room."""
from datetime import timedelta

from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agenda import board
from agenda.models import Appointment, Chair, Status
from agenda.pages import lists
from clinics import access, tenancy
from clinics.access import page
from dentalogic.lib import clock

VIEWS = ("day", "week", "month", "list")
LONGEST_FEED = timedelta(days=7)
WAIT_IS_LONG = 10  # minutes
IN_THE_HOUSE = (Status.ARRIVED, Status.SEATED, Status.COMPLETED)


@page("agenda.see")
@require_GET
def agenda(request):
    day = lists.asked_day(request.GET.get("day", ""))
    view = request.GET.get("view", "day")
    view = view if view in VIEWS else "day"
    context = {
        "place": "agenda", "day": day, "view": view, "label": board.day_label(day),
        "professionals": board.columns(request.actor), "chairs": Chair.objects.filter(active=True).order_by("name"),
        "waiting": waiting_room(request.actor), "previous": day - timedelta(days=1), "next": day + timedelta(days=1),
        "today": clock.today(tenancy.here().zone), "may_book": access.scope(request.actor, "agenda.book") in (
            access.ALL, access.OWN),
        "names": board.names_people(request.actor), "subscribes": access.can(request.actor, "agenda.subscribe"),
    }
    return render(request, "agenda/agenda.html", context | lists.first_shown(request, view, day))


@page("agenda.see")
@require_GET
def feed(request):
    """The grid's data for `first` to `last`, at most a week, in one answer."""
    first, last = lists.asked_days(request)
    last = min(last, first + LONGEST_FEED - timedelta(days=1))
    shown = board.load(actor=request.actor, first=first, last=last, now=clock.now())
    return JsonResponse(board.as_json(shown, request.actor))


@page("agenda.see")
@require_GET
def waiting(request):
    return render(request, "agenda/_waiting.html", {"waiting": waiting_room(request.actor)})


@page("agenda.see")
@require_GET
def room(request):
    """Everybody who came today: who waits, who is in a chair, who has been attended, and since when."""
    rows, now = in_the_house(request.actor, IN_THE_HOUSE), clock.now()
    for row in rows:
        row.waited = _minutes(row.arrived_at, row.seated_at or row.completed_at) if row.arrived_at else None
        row.sits = _minutes(row.seated_at, row.completed_at or now) if row.seated_at else None
    return render(request, "agenda/_room.html", {
        "groups": [(status, [row for row in rows if row.status == status]) for status in IN_THE_HOUSE], "now": now})


def waiting_room(actor) -> list[Appointment]:
    """Who is in the waiting room today, the longest wait first, each with its `minutes`."""
    return in_the_house(actor, (Status.ARRIVED,))


def in_the_house(actor, statuses) -> list[Appointment]:
    zone, now = tenancy.here().zone, clock.now()
    today = now.astimezone(zone).date()
    rows = Appointment.objects.overlapping(*board.bounds(today, today, zone)).filter(status__in=statuses)
    rows = access.visible(actor, "agenda.see", rows.with_names().select_related("chair")).order_by("arrived_at", "pk")
    found = [row for row in rows if board.may_name(actor, row)]
    for row in found:
        row.minutes = _minutes(row.arrived_at, now) if row.arrived_at else 0
        row.long = row.minutes >= WAIT_IS_LONG
        row.with_whom = board.short_name(row.professional)
    return found


def _minutes(since, until) -> int | None:
    return max(0, int((until - since).total_seconds() // 60)) if until else None
