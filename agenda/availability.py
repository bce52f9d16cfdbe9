"""When a treatment can be given. The one engine: the search and every verb that takes time ask it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from agenda import facts, slots
from agenda.facts import BUSY, CLOSED, EXPIRED, MINE
from agenda.models import TreatmentType
from clinics import hours, tenancy
from clinics.models import Professional, Tenant

DAY = timedelta(days=1)
WHOLE_SECOND = timedelta(seconds=1)


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
    chair_id: int | None = None
    offered: bool = False  # the professional is active and does the treatment
    too_soon: bool = False
    too_far: bool = False
    open: bool = False  # inside the hours, outside closures, on the step
    free: bool = False
    own_holds: list[int] = field(default_factory=list)  # of the holder, at any time
    expired: bool = False  # holds that ran out lie near


def find(
    *, treatment, professionals: Iterable | None = None, first: date, last: date, urgency="", now: datetime,
    exclude: int | None = None, holder="",
) -> list[Opening]:
    """Every opening for `treatment` from `first` to `last`, days of the clinic, both included; by time.

    Without `professionals`, of all who do it: the union of what each would answer. At most three queries.
    """
    who = facts.attending(treatment, professionals)
    if not who:
        return []
    tenant = tenancy.here()
    since, until = _bounds(first, last, tenant.zone)
    taken = facts.taken(who, since=since, until=until, now=now, exclude=exclude, holder=holder)
    found = [
        Opening(one.pk, span.start_at, span.end_at)
        for one in who
        for span in _openings(tenant, one, treatment, taken, urgency=urgency, first=first, last=last, now=now)
    ]
    return sorted(found, key=lambda opening: (opening.start_at, opening.professional_id))


def place(wanted: Wanted) -> Place:
    """Judge one start by the same facts and the same arithmetic as `find`."""
    end_at = wanted.start_at + timedelta(minutes=wanted.treatment.minutes_for(wanted.urgency))
    who = facts.attending(wanted.treatment, [wanted.professional])
    if not who:
        return Place(end_at)
    one, tenant = who[0], tenancy.here()
    day = wanted.start_at.astimezone(tenant.zone).date()
    since, until = _bounds(day, day, tenant.zone)
    taken = facts.taken(
        who, since=since, until=until, now=wanted.now, exclude=wanted.exclude, holder=wanted.holder)
    not_before, not_after = limits(tenant, wanted.urgency, wanted.now)
    closed = [fact for fact in taken if fact.kind == CLOSED]
    verdict = Place(
        end_at, chair_id=one.chair_id, offered=True, too_soon=wanted.start_at < not_before,
        too_far=wanted.start_at > not_after, open=_starts_at(tenant, one, wanted, closed, day),
        own_holds=[fact.pk for fact in taken if fact.kind == MINE],
        expired=any(fact.kind == EXPIRED for fact in taken))
    return replace(verdict, free=verdict.open and _starts_at(tenant, one, wanted, taken, day))


def limits(tenant: Tenant, urgency: str, now: datetime) -> tuple[datetime, datetime]:
    """The first and the last instant a visit may start. An emergency needs no notice."""
    notice = timedelta() if urgency == "emergency" else timedelta(minutes=tenant.minimum_notice)
    last_day = now.astimezone(tenant.zone).date() + timedelta(days=tenant.horizon_days)
    return now + notice, _midnight(last_day + DAY, tenant.zone) - WHOLE_SECOND


def _openings(tenant, who, treatment, taken, *, urgency, first, last, now):
    not_before, not_after = limits(tenant, urgency, now)
    last_instant = _midnight(last + DAY, tenant.zone) - WHOLE_SECOND
    return _spans(tenant, who, treatment.minutes_for(urgency), taken, first=first, last=last,
                  not_before=not_before, not_after=min(not_after, last_instant))


def _starts_at(tenant, who, wanted, taken, day) -> bool:
    minutes = wanted.treatment.minutes_for(wanted.urgency)
    spans = _spans(tenant, who, minutes, taken, first=day, last=day,
                   not_before=wanted.start_at, not_after=wanted.start_at)
    return any(span.start_at == wanted.start_at for span in spans)


def _spans(tenant, who, minutes, taken, *, first, last, not_before, not_after) -> list[slots.Span]:
    """`slots.openings` of one professional. A visit keeps the clinic's buffer free behind it, and stays out of the
    buffer of the visit before; the day after `last` is read too, for hours that run through midnight."""
    buffer = timedelta(minutes=tenant.buffer_minutes)
    week = tenant.working_hours if who.week is None else who.week
    concerned = [fact for fact in taken if fact.concerns(who)]
    spans = slots.openings(
        hours=lambda day: hours.windows(week, day),
        closures=[(fact.start_at, fact.end_at) for fact in concerned if fact.kind == CLOSED],
        busy=[(fact.start_at, fact.end_at + buffer) for fact in concerned if fact.kind == BUSY],
        minutes=minutes + tenant.buffer_minutes, step=tenant.slot_step, first=first, last=last + DAY,
        zone=tenant.zone, not_before=not_before, not_after=not_after)
    return [slots.Span(span.start_at, span.end_at - buffer) for span in spans] if buffer else spans


def _bounds(first, last, zone) -> tuple[datetime, datetime]:
    """The instants whose facts matter: a visit may end on the day after `last`, a buffer begin on the day before."""
    return _midnight(first - DAY, zone), _midnight(last + 2 * DAY, zone)


def _midnight(day, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
