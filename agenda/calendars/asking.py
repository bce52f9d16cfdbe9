"""Who asks Google before it answers: the desk's finder, the API's availability, the receptionist. Hours come first: a
calendar is asked only where its professional could attend at all.

`about` looks through the agenda and asks; `openings` is what is left once Google has said what it knows, without
looking through the agenda again."""
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from agenda import availability, hours
from agenda.calendars import busy
from agenda.calendars.busy import Answer, Freshness
from agenda.models import Appointment, Calendar, TreatmentType
from clinics import access, tenancy
from clinics.auth import door
from dentalogic.lib import clock

NOBODY = Answer({}, True, Freshness())
LONGEST = timedelta(days=62)


@tenancy.atomic
def connected() -> bool:
    return Calendar.objects.filter(google_id__isnull=False).exists()


@dataclass(frozen=True)
class Looked:
    """What could be booked from `first` to `last` if Google said that everybody is free."""

    question: tuple
    first: date
    last: date
    found: availability.Openings

    def covers(self, question, first, last) -> bool:
        return question == self.question and self.first <= first and last <= self.last


def _question(treatment, professionals, urgency="", exclude=None, holder="", insurer=None, had=None) -> tuple:
    whose = None if professionals is None else frozenset(getattr(one, "pk", one) for one in professionals)
    return treatment.pk, treatment.minutes_for(urgency), whose, urgency, exclude, holder, insurer, had


def about(*, treatment, professionals=None, first: date, last: date, **others) -> Answer:
    """Google's word on the days from `first` to `last`, for whoever of these could be booked in them if Google said
    that they were free. `others` as `availability.find` takes them. Outside any transaction."""
    with tenancy.atomic():
        connected = Calendar.objects.filter(google_id__isnull=False).values_list("professional", flat=True)
        free = dict.fromkeys(connected, ())
        if not free or last < first:
            return NOBODY
        last = min(last, first + LONGEST)
        found = availability.find(
            treatment=treatment, professionals=professionals, first=first, last=last, now=clock.now(), live=free,
            **others)
        looked = Looked(_question(treatment, professionals, **others), first, last, found)
        attending = {one.professional_id for one in found} & set(free)
        zone = tenancy.here().zone
    if not attending:
        return NOBODY._replace(looked=looked)
    # as far as the engine looks: a visit may end on the day after
    since, until = hours.midnight(first, zone), hours.midnight(last + timedelta(days=2), zone)
    return busy.live(attending, since, until, clock.now())._replace(looked=looked)


def openings(
    calendars: Answer, *, treatment, professionals=None, first: date, last: date, now: datetime, allows=None, **others,
) -> availability.Openings:
    """`availability.find` with what Google has just told. What `about` was asked, or a part of its days, is not looked
    through again; whose calendar did not answer is judged by its copy."""
    looked = calendars.looked
    if looked is None or not looked.covers(_question(treatment, professionals, **others), first, last):
        return availability.find(
            treatment=treatment, professionals=professionals, first=first, last=last, now=now, live=calendars.spans,
            allows=allows, **others)
    zone, inside = tenancy.here().zone, []
    for one in looked.found:
        local = one.start_at.astimezone(zone).replace(tzinfo=None)
        if first <= local.date() <= last and (allows is None or allows(local)):
            inside.append(one)
    found = availability.without(inside, calendars.spans | calendars.copied)
    found.mirrored = frozenset(calendars.copied)
    return found


class LiveMiddleware:
    """Before the request's transaction begins, Google is asked what the page or the API will need of it:
    `request.calendars`. It stands before the door, and lets in whom the door would."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        asks = _asks(request.path) if request.method == "GET" else None
        request.calendars = self._asked(request, asks) if asks else NOBODY
        return self.get_response(request)

    @staticmethod
    def _asked(request, asks) -> Answer:
        member = door.member_of_token(door.named_by(request.COOKIES, request.headers))
        if member is None:
            return NOBODY
        with tenancy.tenant_context(member.tenant_id):
            with tenancy.atomic():
                wanted = asks(request.GET, member.actor, door.bearer_of(request.headers) is None)
            return about(**wanted) if wanted else NOBODY


def of_finder(data, actor, _by_cookie) -> dict | None:
    """What the finder will search, as it will understand it."""
    from agenda.pages import search  # the pages are above this module

    if not search.may_search(actor):
        return None
    treatments, professionals = list(TreatmentType.objects.active()), search.choosable(actor)
    treatment = search.one_of(treatments, data.get("treatment")) or (treatments[0] if treatments else None)
    wanted = search.window(data.get("when", ""), clock.day_of(data.get("day", "")))
    if treatment is None or wanted is None:
        return None
    one = search.one_of(professionals, data.get("professional"))
    return {"treatment": treatment, "professionals": [one] if one else professionals, "first": wanted[1],
            "last": wanted[2], "holder": actor.holder}


def of_api(data, actor, by_cookie) -> dict | None:
    """The query of /api/v1/availability, where it is a good one: the view says what is wrong with it."""
    from agenda.serializers import AvailabilityQuery

    asked = AvailabilityQuery(data=data, context={"actor": actor})
    if not access.can(actor, "agenda.see") or not asked.is_valid():
        return None
    given = asked.validated_data
    professional = given.get("professional")
    return {"treatment": given["treatment"], "professionals": None if professional is None else [professional],
            "first": given["from"], "last": given["to"], "urgency": given["urgency"],
            "exclude": given.get("exclude"), "insurer": given["insurer"], "had": given["had"],
            "holder": actor.holder if by_cookie else ""}


def of_move(data, actor, _by_cookie, *, pk) -> dict | None:
    """What the panel of a visit will search, to move it."""
    from agenda.pages import search  # the pages are above this module

    row = access.visible(actor, "agenda.see", Appointment.objects.with_names()).filter(pk=pk).upcoming(
        clock.now()).first()
    wanted = search.window(data.get("when", ""))
    if row is None or wanted is None or not search.may_search(actor):
        return None
    return search.of_move(actor, row) | {"first": wanted[1], "last": wanted[2]}


def _asks(path) -> Callable | None:
    moving = MOVES.match(path)
    return partial(of_move, pk=moving[1]) if moving else ASKS.get(path)


MOVES = re.compile(r"^/agenda/([0-9]{1,18})/reschedule$")
ASKS: dict[str, Callable] = {"/agenda/finder": of_finder, "/api/v1/availability": of_api}
