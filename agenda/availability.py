"""When a treatment can be given. The one engine: the search and every verb that takes time ask it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, Subquery, Value

from agenda import slots
from agenda.models import Appointment, Closure, Status, TreatmentType, UsualChair, who_do
from clinics import hours
from clinics.models import Professional, Tenant

DAY = timedelta(days=1)
WHOLE_SECOND = timedelta(seconds=1)
CLOSED, BUSY = "closed", "busy"


@dataclass(frozen=True, slots=True)
class Opening:
    professional_id: int
    start_at: datetime
    end_at: datetime

    def shown(self, zone: ZoneInfo) -> dict:
        """As the API says it: instants with the clinic's offset."""
        return {
            "professional": self.professional_id,
            "start_at": self.start_at.astimezone(zone).isoformat(),
            "end_at": self.end_at.astimezone(zone).isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Wanted:
    """A visit somebody would like to have. `exclude` is the appointment that is being moved, whose own time is no
    obstacle; nor is what `holder` holds."""

    treatment: TreatmentType
    professional: Professional
    start_at: datetime
    now: datetime
    urgency: str = ""
    holder: str = ""
    exclude: int | None = None

    def __post_init__(self):
        if self.start_at.tzinfo is None:
            raise ValueError("a visit starts at an aware instant")
        # a zone's datetimes add up by the wall clock, and in a repeated hour they equal no other zone's
        object.__setattr__(self, "start_at", self.start_at.astimezone(UTC))


@dataclass(frozen=True, slots=True)
class Place:
    """What the engine says of one wanted start."""

    end_at: datetime
    chair_id: int | None
    hold_minutes: int
    offered: bool  # the professional is active and does the treatment
    too_soon: bool = False
    too_far: bool = False
    open: bool = False  # inside the hours, outside closures, on the step
    free: bool = False


@dataclass(frozen=True, slots=True)
class _Taken:
    kind: str
    professional_id: int | None
    chair_id: int | None
    start_at: datetime
    end_at: datetime

    def concerns(self, professional) -> bool:
        everybody = self.professional_id is None and self.chair_id is None
        return everybody or self.professional_id == professional.pk or (
            self.chair_id is not None and self.chair_id == professional.chair_id)


def find(
    *, treatment, professionals: Iterable | None = None, first: date, last: date, urgency="", now: datetime,
    exclude: int | None = None, holder="",
) -> list[Opening]:
    """Every opening for `treatment` from `first` to `last`, days of the clinic, both included; by time.

    Without `professionals`, of all who do it: the union of what each would answer. At most three queries.
    """
    asked = _who(treatment, professionals)
    if not asked or last < first:
        return []
    tenant = asked[0].tenant
    taken = _taken(asked, *_bounds(first, last, tenant.zone), now=now, exclude=exclude, holder=holder)
    found = [
        Opening(professional.pk, span.start_at, span.end_at)
        for professional in asked
        for span in _openings(professional, treatment, taken, urgency=urgency, first=first, last=last, now=now)
    ]
    return sorted(found, key=lambda opening: (opening.start_at, opening.professional_id))


def place(wanted: Wanted) -> Place:
    """Judge one start by the same facts and the same arithmetic as `find`."""
    minutes = wanted.treatment.minutes_for(wanted.urgency)
    end_at = wanted.start_at + timedelta(minutes=minutes)
    asked = _who(wanted.treatment, [wanted.professional])
    if not asked:
        return Place(end_at=end_at, chair_id=None, hold_minutes=0, offered=False)
    professional, tenant = asked[0], asked[0].tenant
    day = wanted.start_at.astimezone(tenant.zone).date()
    not_before, not_after = limits(tenant, wanted.urgency, wanted.now)
    taken = _taken(asked, *_bounds(day, day, tenant.zone), now=wanted.now, exclude=wanted.exclude,
                   holder=wanted.holder)
    closed = [one for one in taken if one.kind == CLOSED]
    verdict = Place(
        end_at=end_at, chair_id=professional.chair_id, hold_minutes=tenant.hold_minutes, offered=True,
        too_soon=wanted.start_at < not_before, too_far=wanted.start_at > not_after,
        open=_starts_at(wanted, professional, closed, day))
    return replace(verdict, free=verdict.open and _starts_at(wanted, professional, taken, day))


def limits(tenant: Tenant, urgency: str, now: datetime) -> tuple[datetime, datetime]:
    """The first and the last instant a visit may start. An emergency needs no notice."""
    notice = timedelta() if urgency == "emergency" else timedelta(minutes=tenant.minimum_notice)
    last_day = now.astimezone(tenant.zone).date() + timedelta(days=tenant.horizon_days)
    return now + notice, _midnight(last_day + DAY, tenant.zone) - WHOLE_SECOND


def _who(treatment, professionals):
    """Those asked for who may give the treatment, with their clinic and their usual chair: one query."""
    who = who_do(treatment).select_related("tenant").annotate(chair_id=Subquery(
        UsualChair.objects.filter(professional=OuterRef("pk")).values("chair_id")[:1]))
    if professionals is not None:
        who = who.filter(pk__in=[getattr(one, "pk", one) for one in professionals])
    return list(who.order_by("pk"))


def _taken(professionals, start_at, end_at, *, now, exclude, holder) -> list[_Taken]:
    """Closures and busy time of these professionals and of their chairs: one query."""
    ids = [professional.pk for professional in professionals]
    chairs = {professional.chair_id for professional in professionals} - {None}
    theirs = Q(professional__in=ids) | Q(chair__in=chairs) if chairs else Q(professional__in=ids)
    everybody = Q(professional=None, chair=None)
    busy = Appointment.objects.taking_time(now).overlapping(start_at, end_at).filter(theirs)
    if exclude is not None:
        busy = busy.exclude(pk=exclude)
    if holder:
        busy = busy.exclude(status=Status.HELD, held_for=holder)
    closed = Closure.objects.overlapping(start_at, end_at).filter(theirs | everybody)
    return [_Taken(*row) for row in _rows(busy, BUSY).union(_rows(closed, CLOSED), all=True)]


def _rows(queryset, kind):
    return queryset.order_by().annotate(what=Value(kind)).values_list(
        "what", "professional_id", "chair_id", "start_at", "end_at")


def _openings(professional, treatment, taken, *, urgency, first, last, now) -> list[Opening]:
    zone = professional.tenant.zone
    not_before, not_after = limits(professional.tenant, urgency, now)
    return _spans(
        professional, treatment.minutes_for(urgency), taken, first=first, last=last,
        not_before=not_before, not_after=min(not_after, _midnight(last + DAY, zone) - WHOLE_SECOND))


def _starts_at(wanted, professional, taken, day) -> bool:
    minutes = wanted.treatment.minutes_for(wanted.urgency)
    spans = _spans(professional, minutes, taken, first=day, last=day,
                   not_before=wanted.start_at, not_after=wanted.start_at)
    return any(span.start_at == wanted.start_at for span in spans)


def _spans(professional, minutes, taken, *, first, last, not_before, not_after):
    """`slots.openings` of one professional. A visit keeps the clinic's buffer free behind it, and stays out of the
    buffer of the visit before; the day after `last` is read too, for hours that run through midnight."""
    tenant = professional.tenant
    buffer = timedelta(minutes=tenant.buffer_minutes)
    week = tenant.working_hours if professional.working_hours is None else professional.working_hours
    mine = [one for one in taken if one.concerns(professional)]
    spans = slots.openings(
        hours=lambda day: hours.windows(week, day),
        closures=[(one.start_at, one.end_at) for one in mine if one.kind == CLOSED],
        busy=[(one.start_at, one.end_at + buffer) for one in mine if one.kind == BUSY],
        minutes=minutes + tenant.buffer_minutes, step=tenant.slot_step, first=first, last=last + DAY,
        zone=tenant.zone, not_before=not_before, not_after=not_after)
    return [slots.Span(span.start_at, span.end_at - buffer) for span in spans]


def _bounds(first, last, zone) -> tuple[datetime, datetime]:
    """The instants whose facts matter: a visit may end on the day after `last`, a buffer begin on the day before."""
    return _midnight(first - DAY, zone), _midnight(last + 2 * DAY, zone)


def _midnight(day, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
