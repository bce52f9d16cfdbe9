"""When a treatment can be given. The one engine: the search and every verb that takes time ask it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from agenda import facts, holidays, hours, slots
from agenda.facts import BUSY, BY_HAND, EXPIRED, GOOGLE, MINE
from agenda.models import TreatmentType
from clinics import tenancy
from clinics.models import Professional, Tenant

DAY = hours.DAY
UNDELAYED = {"urgent", "emergency"}  # no insurer's delay keeps these waiting
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


class Openings(list):
    """What `find` answers. `mirrored` are the professionals whose Google calendar was not asked just now: of them the
    mirror knows what it knows."""

    mirrored: frozenset = frozenset()

    @property
    def live(self) -> bool:
        return not self.mirrored


@dataclass(frozen=True, slots=True)
class Wanted:
    """A visit somebody would like to have. `exclude` is the appointment that is being moved, whose own time is no
    obstacle; nor is what `holder` holds. `insurer`, `had` and `live` as in `find`."""

    treatment: TreatmentType
    professional: Professional
    start_at: datetime
    now: datetime
    urgency: str = ""
    holder: str = ""
    exclude: int | None = None
    insurer: int | None = None
    had: datetime | None = None
    live: Mapping = field(default_factory=dict)

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
    exclude: int | None = None, holder="", insurer: int | None = None, had: datetime | None = None,
    live: Mapping[int, Iterable] | None = None, allows: Callable[[datetime], bool] | None = None,
) -> Openings:
    """Every opening for `treatment` from `first` to `last`, days of the clinic, both included; by time.

    Without `professionals`, of all who do it: the union of what each would answer. `insurer` is the id of who pays:
    its delay for this treatment sets the earliest day; a visit that moves and `had` a time has waited for that day
    already. `live` are the busy spans that Google has just told, by professional: who is not in it is judged by the
    mirror. `allows` narrows starts by the clinic's wall clock (a part of the day, days that are excluded). At most
    three queries.
    """
    live, found = live or {}, Openings()
    who = facts.attending(treatment, professionals, insurer)
    if not who:
        return found
    tenant = tenancy.here()
    zone = tenant.zone
    since, until = _bounds(first, last, zone)
    taken = facts.taken(
        who, since=since, until=until, now=now, zone=zone, exclude=exclude, holder=holder, live=live)
    national = holidays.days(tenant, first - DAY, last + DAY)
    # asked once for each start: those of several professionals are mostly the same
    allowed = cache(lambda start: allows is None or allows(start.astimezone(zone).replace(tzinfo=None)))
    for one in who:
        day = _Day(tenant, one, taken, national, live.get(one.pk, ()))
        not_before, not_after = limits(tenant, urgency, now, one.delay_days, had)
        spans = day.openings(
            treatment.minutes_for(urgency), first=first, last=last, not_before=not_before,
            not_after=min(not_after, hours.midnight(last + DAY, zone) - WHOLE_SECOND))
        found += [Opening(one.pk, span.start_at, span.end_at) for span in spans if allowed(span.start_at)]
    found.sort(key=lambda opening: (opening.start_at, opening.professional_id))
    found.mirrored = frozenset(one.pk for one in who if one.has_calendar and one.pk not in live)
    return found


def without(found: Openings, told: Mapping[int, Iterable]) -> Openings:
    """What is left of openings that were found before anybody knew what is busy by `told`, by professional."""
    buffer, dropped = timedelta(minutes=tenancy.here().buffer_minutes), set()
    for pk, spans in told.items():
        theirs = [one for one in found if one.professional_id == pk]
        clear = slots.clear([(one.start_at, one.end_at + buffer) for one in theirs], spans)
        dropped |= {one for one, is_clear in zip(theirs, clear, strict=True) if not is_clear}
    return Openings(one for one in found if one not in dropped)


def place(wanted: Wanted) -> Place:
    """Judge one start by the same facts and the same arithmetic as `find`."""
    minutes = wanted.treatment.minutes_for(wanted.urgency)
    end_at = wanted.start_at + timedelta(minutes=minutes)
    who = facts.attending(wanted.treatment, [wanted.professional], wanted.insurer)
    if not who:
        return Place(end_at)
    one, tenant = who[0], tenancy.here()
    date_of = wanted.start_at.astimezone(tenant.zone).date()
    since, until = _bounds(date_of, date_of, tenant.zone)
    taken = facts.taken(
        who, since=since, until=until, now=wanted.now, zone=tenant.zone, exclude=wanted.exclude,
        holder=wanted.holder, live=wanted.live)
    national = holidays.days(tenant, date_of - DAY, date_of + DAY)
    day = _Day(tenant, one, taken, national, wanted.live.get(one.pk, ()))
    not_before, not_after = limits(tenant, wanted.urgency, wanted.now, one.delay_days, wanted.had)
    verdict = Place(
        end_at, chair_id=one.chair_id, offered=True, too_soon=wanted.start_at < not_before,
        too_far=wanted.start_at > not_after, open=day.has(wanted.start_at, date_of, minutes, busy=False),
        own_holds=[fact.pk for fact in taken if fact.kind == MINE],
        expired=any(fact.kind == EXPIRED for fact in taken))
    return replace(verdict, free=verdict.open and day.has(wanted.start_at, date_of, minutes))


def limits(tenant: Tenant, urgency: str, now: datetime, delay_days=0, had=None) -> tuple[datetime, datetime]:
    """The first and the last instant a visit may start. An emergency needs no notice, nothing urgent waits for an
    insurer's delay, which is counted in whole days from today; nor does a visit beyond the day that it `had`."""
    today = now.astimezone(tenant.zone).date()
    earliest = now if urgency == "emergency" else now + timedelta(minutes=tenant.minimum_notice)
    if delay_days and urgency not in UNDELAYED:
        days = [today + timedelta(days=delay_days), *([had.astimezone(tenant.zone).date()] if had else ())]
        earliest = max(earliest, hours.midnight(min(days), tenant.zone))
    return earliest, hours.midnight(today + timedelta(days=tenant.horizon_days) + DAY, tenant.zone) - WHOLE_SECOND


class _Day:
    """What is open and what is taken of one professional. A visit keeps the clinic's buffer free behind it, and stays
    out of the buffer of the visit before."""

    def __init__(self, tenant, who, taken, national, live):
        self.tenant, self.buffer = tenant, timedelta(minutes=tenant.buffer_minutes)
        self.attendance = hours.attendance(
            professional_id=who.pk, chair_id=who.chair_id, national=national, zone=tenant.zone,
            week=tenant.working_hours if who.week is None else who.week,
            by_hand=[fact for fact in taken if fact.kind in BY_HAND])
        mine = [fact for fact in taken if fact.concerns(who)]
        self.busy = [(fact.start_at, fact.end_at + self.buffer) for fact in mine if fact.kind == BUSY]
        self.busy += [fact.span for fact in mine if fact.kind == GOOGLE]
        self.busy += live

    def openings(self, minutes, *, first, last, not_before, not_after, busy=True) -> list[slots.Span]:
        """`slots.openings`; the day after `last` is read too, for hours that run through midnight."""
        spans = slots.openings(
            hours=self.attendance.windows, closures=self.attendance.closed, busy=self.busy if busy else (),
            minutes=minutes + self.tenant.buffer_minutes, step=self.tenant.slot_step, first=first, last=last + DAY,
            zone=self.tenant.zone, not_before=not_before, not_after=not_after)
        return [slots.Span(span.start_at, span.end_at - self.buffer) for span in spans] if self.buffer else spans

    def has(self, start_at, day, minutes, busy=True) -> bool:
        spans = self.openings(minutes, first=day, last=day, not_before=start_at, not_after=start_at, busy=busy)
        return any(span.start_at == start_at for span in spans)


def _bounds(first, last, zone) -> tuple[datetime, datetime]:
    """The instants whose facts matter: a visit may end on the day after `last`, a buffer begin on the day before."""
    return hours.midnight(first - DAY, zone), hours.midnight(last + 2 * DAY, zone)
