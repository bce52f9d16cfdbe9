"""What holds of every agenda: each opening can be booked at once, none is over anything, none is lost that fits. What
fits is found here five minutes by five, from the words of the rule and without the engine's arithmetic."""
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agenda import availability, booking, hours, slots
from agenda.models import Appointment, Calendar, CalendarEvent
from clinics import tenancy
from dentalogic.lib.refusals import Refusal
from tests.agenda.conftest import TUESDAY, ZONE, at
from tests.agenda.conftest import hours as week_of
from tests.agenda.factories import AppointmentFactory, ClosureFactory, PatientFactory, UsualChairFactory
from tests.factories import ProfessionalFactory

ME, ANOTHER, CHAIR = 1, 2, 7
DAY, GRAIN = timedelta(days=1), timedelta(minutes=5)  # every edge below is on the grain
YEARS = range(2026, 2029)


class Case(NamedTuple):
    """One professional's days in one zone."""

    zone: ZoneInfo
    first: date
    last: date
    week: dict
    by_hand: list
    national: set
    busy: list
    minutes: int
    step: int


def found_in(case):
    attendance = hours.attendance(
        professional_id=ME, chair_id=CHAIR, week=case.week, by_hand=case.by_hand, national=case.national,
        zone=case.zone)
    return slots.openings(
        hours=attendance.windows, closures=attendance.closed, busy=case.busy, minutes=case.minutes, step=case.step,
        first=case.first, last=case.last + DAY, zone=case.zone,
        not_after=hours.midnight(case.last + DAY, case.zone) - timedelta(seconds=1))


def fitting(case):
    """The starts that the rule gives, looked for grain by grain."""
    since = datetime.combine(case.first - DAY, time(), UTC)
    until = datetime.combine(case.last + 3 * DAY, time(), UTC)
    free = [is_free(since + GRAIN * n, case) for n in range((until - since) // GRAIN)]
    run, runs = 0, [0] * len(free)  # how many free grains follow
    for n in range(len(free) - 1, -1, -1):
        run = run + 1 if free[n] else 0
        runs[n] = run
    for n, length in enumerate(runs):
        wall = (since + GRAIN * n).astimezone(case.zone)
        on_step = (wall.hour * 60 + wall.minute) % case.step == 0
        if length * 5 >= case.minutes and on_step and wall.fold == 0 and case.first <= wall.date() <= case.last:
            yield since + GRAIN * n


def is_free(moment, case):
    wall = moment.astimezone(case.zone).replace(tzinfo=None)
    rows = [row for row in case.by_hand if row.start_at <= moment < row.end_at]
    general = {row.kind for row in rows if row.professional_id is None and row.chair_id is None}
    own = {row.kind for row in rows if row.professional_id == ME}
    opens = {hours.OPEN, hours.USUAL}
    attends = hours.OPEN in general | own or any(
        opened <= wall.time() and (wall.time() < closes or closes == time())
        for opened, closes in windows_of(case.week, wall.weekday()))
    closed = (hours.CLOSED in general or wall.date() in case.national) and not opens & (general | own)
    closed |= hours.CLOSED in own and not opens & own
    closed |= any(row.chair_id == CHAIR for row in rows)
    return attends and not closed and not any(start <= moment < end for start, end in case.busy)


def windows_of(week, weekday):
    return [(time.fromisoformat(slot["start"]), time() if slot["end"] == "24:00" else time.fromisoformat(slot["end"]))
            for slot in week.get(str(weekday), {"slots": ()})["slots"]]


def check(case):
    found = found_in(case)
    assert [span.start_at for span in found] == list(fitting(case))
    assert all(span.end_at - span.start_at == timedelta(minutes=case.minutes) for span in found)


quarters = st.integers(0, 4 * 24 * 4).map(lambda n: timedelta(minutes=15 * n))


@st.composite
def spans(draw, first, zone, most=timedelta(days=2)):
    start_at = datetime.combine(first - timedelta(days=1), time(), zone).astimezone(UTC) + draw(quarters)
    return start_at, start_at + timedelta(minutes=draw(st.integers(1, most // timedelta(minutes=15)))) * 15


@st.composite
def by_hand(draw, first, zone):
    whom = draw(st.sampled_from([(None, None), (ME, None), (ANOTHER, None), (None, CHAIR), (None, CHAIR + 1)]))
    kinds = [hours.CLOSED] if whom[1] else [hours.CLOSED, hours.CLOSED, hours.OPEN, hours.USUAL]
    return hours.ByHand(draw(st.sampled_from(kinds)), *whom, *draw(spans(first, zone)))


@st.composite
def weeks(draw):
    """Three or four days of hours, as they are stored."""
    made = {}
    for day in range(7):
        edges = sorted(draw(st.sets(st.integers(0, 48), max_size=4)))
        pairs = zip(edges[::2], edges[1::2], strict=False)
        made[str(day)] = {"enabled": True, "slots": [
            {"start": _clock(a), "end": _clock(b)} for a, b in pairs if a < b]}
    return made


def _clock(half_hours):
    return f"{half_hours // 2:02d}:{half_hours % 2 * 30:02d}"


@st.composite
def cases(draw, zone=ZONE, first=TUESDAY, week=None):
    last = first + timedelta(days=draw(st.integers(0, 2)))
    around = [first + timedelta(days=n) for n in range(-1, 4)]
    return Case(
        zone, first, last, week or draw(weeks()), draw(st.lists(by_hand(first, zone), max_size=5)),
        draw(st.sets(st.sampled_from(around), max_size=1)),
        draw(st.lists(spans(first, zone, timedelta(hours=4)), max_size=5)),
        draw(st.sampled_from([10, 15, 30, 45, 90])), draw(st.sampled_from([10, 15, 30])))


@settings(max_examples=60, deadline=None)
@given(cases())
def test_what_fits_is_offered_and_nothing_else(case):
    check(case)


@settings(max_examples=60, deadline=None)
@given(cases())
def test_what_is_busy_can_be_taken_away_afterwards(case):
    """Google's word comes when the agenda has been looked through."""
    found = found_in(case._replace(busy=[]))
    clear = slots.clear(found, case.busy)
    assert [one for one, is_clear in zip(found, clear, strict=True) if is_clear] == found_in(case)


@cache
def change_days():
    """{zone: the days on which its clock changes}, of every America/* zone that changes it in these years."""
    found = {}
    for name in sorted(available_timezones()):
        if name.startswith("America/"):
            days = [day for day in _every_day() if _changes(ZoneInfo(name), day)]
            if days:
                found[name] = days
    return found


def _every_day():
    first = date(YEARS.start, 1, 1)
    return [first + timedelta(days=n) for n in range((date(YEARS.stop, 1, 1) - first).days)]


def _changes(zone, day):
    ends = [datetime.combine(day + timedelta(days=n), time(12), UTC).astimezone(zone).utcoffset() for n in (0, 1)]
    return ends[0] != ends[1]


EVERY_HOUR = {str(day): {"enabled": True, "slots": [{"start": "00:00", "end": "24:00"}]} for day in range(7)}
SHIFTS = {str(day): {"enabled": True, "slots": [
    {"start": "00:00", "end": "05:00"}, {"start": "08:30", "end": "12:30"}, {"start": "18:00", "end": "24:00"}]}
    for day in range(7)}


SEEN = set()


def test_the_zones_that_change_are_known():
    assert {"America/New_York", "America/Santiago", "America/Havana", "America/St_Johns"} <= set(change_days())
    assert "America/Argentina/Buenos_Aires" not in change_days()
    assert len(change_days()) > 40


@pytest.mark.parametrize("name", sorted(change_days()))
def test_on_every_change_day_of_america(name):
    """Days around each change: the hour that is missing is nobody's, the one that comes twice is offered once."""
    zone = ZoneInfo(name)
    for day in change_days()[name][:4]:
        if _looks(zone, day) in SEEN:
            continue
        for n, week in enumerate((EVERY_HOUR, SHIFTS)):
            morning = datetime.combine(day, time(9), zone).astimezone(UTC)
            night = morning - timedelta(hours=8)
            busy = [(morning, morning + timedelta(minutes=50)), (night, night + timedelta(hours=1))]
            closed = hours.ByHand(hours.CLOSED, ME, None, *_midnights(day + timedelta(days=1), zone, 15))
            check(Case(zone, day, day + timedelta(days=1), week, [closed], set(), busy[n:], (30, 45)[n], 15))
        SEEN.add(_looks(zone, day))


def _looks(zone, day):
    """Two zones whose clocks agree all those days are one."""
    noon = datetime.combine(day, time(12), UTC)
    return day, *((noon + timedelta(minutes=30 * n)).astimezone(zone).utcoffset() for n in range(-72, 144))


def _midnights(day, zone, minutes):
    start_at = hours.midnight(day, zone) + timedelta(minutes=minutes)
    return start_at, start_at + timedelta(hours=2)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_agenda_on_a_change_day(data):
    name = data.draw(st.sampled_from(sorted(change_days())))
    day = data.draw(st.sampled_from(change_days()[name]))
    rows = data.draw(cases(zone=ZoneInfo(name), first=day, week=data.draw(st.sampled_from([EVERY_HOUR, SHIFTS]))))
    shut = [row for row in rows.by_hand if row.kind != hours.OPEN]  # an opening is windows of its days: by the wall
    check(rows._replace(by_hand=shut))


@st.composite
def agendas(draw):
    """Rows of two professionals who share a chair, on one day: visits, closures, what Google says."""
    quarter = st.integers(36, 76)  # from 9:00 to 19:00
    span = st.tuples(quarter, st.sampled_from([1, 2, 3, 6])).map(lambda pair: (pair[0], pair[0] + pair[1]))
    whom = st.sampled_from(["mine", "neighbours"])
    return {
        "visits": draw(st.lists(st.tuples(whom, span), max_size=6)), "buffer": draw(st.sampled_from([0, 10, 15])),
        "closures": draw(st.lists(st.tuples(st.sampled_from(["all", "mine", "chair"]), span), max_size=2)),
        "opened": draw(st.booleans()), "google": draw(st.lists(st.tuples(span, st.booleans()), max_size=2)),
        "minutes": draw(st.sampled_from([15, 30, 45])), "live": draw(st.booleans())}


class Undo(Exception):
    pass


def instant(quarter, day=TUESDAY):
    return at(0, day=day).astimezone(UTC) + timedelta(minutes=15 * quarter)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(agendas())
def test_what_is_offered_is_what_can_be_booked(scene, agenda):
    """`find` against `book`, start by start: both ways, and both against what the rows say."""
    try:
        with tenancy.atomic():
            _compare(scene, agenda)
            raise Undo
    except Undo:
        tenancy.remember_here(None)


def _compare(scene, agenda):
    day = date(2026, 12, 8) if agenda["opened"] else TUESDAY + timedelta(days=1)
    tenant = scene.tenant
    tenant.buffer_minutes, tenant.working_hours = agenda["buffer"], week_of(tue="09:00-13:00 14:00-19:00",
                                                                           wed="09:00-13:00 14:00-19:00")
    tenant.save()
    tenancy.remember_here(tenant)
    scene.treatment.minutes = agenda["minutes"]
    scene.treatment.save()
    blocks, live = _put(scene, agenda, day)
    me = scene.professional
    found = [one.start_at for one in availability.find(
        treatment=scene.treatment, professionals=[me], first=day, last=day, now=at(12), live=live)]
    patient = PatientFactory()
    for quarter in range(34, 78):
        start_at = instant(quarter, day)
        fits = _fits(start_at, agenda, blocks, day)
        assert (start_at in found) == fits, (agenda, start_at)
        if quarter % 3 and not fits:
            continue
        assert _booked(scene, patient, start_at, live) == fits, (agenda, start_at)


def _put(scene, agenda, day):
    """The rows; and [(start, end, buffer behind)] of what is in the way of `scene.professional`."""
    me = scene.professional
    chair = UsualChairFactory(professional=me).chair
    neighbour = UsualChairFactory(chair=chair).professional
    blocks, buffer = [], timedelta(minutes=agenda["buffer"])
    for whom, (start, end) in agenda["visits"]:
        span = instant(start, day), instant(end, day)
        if not any(span[0] < row.end_at and row.start_at < span[1] for row in Appointment.objects.all()):
            AppointmentFactory(professional=me if whom == "mine" else neighbour, chair=chair, start_at=span[0],
                               end_at=span[1], treatment=scene.treatment)
            blocks.append((span[0], span[1] + buffer))
    for whom, (start, end) in agenda["closures"]:
        span = instant(start, day), instant(end, day)
        ClosureFactory(start_at=span[0], end_at=span[1], **{
            "all": {}, "mine": {"professional": me}, "chair": {"chair": chair}}[whom])
        if whom != "all" or not agenda["opened"]:
            blocks.append(span)
    if agenda["opened"]:
        ClosureFactory(kind="open", start_at=at(0, day=day), end_at=at(0, day=day + timedelta(days=1)),
                       usual_hours=True)
    return _google(me, agenda, day, blocks)


def _google(me, agenda, day, blocks):
    if not agenda["google"]:
        return blocks, {}
    calendar = Calendar.objects.create(
        professional=me, kind="oauth", state="active", google_id=f"{me.pk}@google.example", connected_at=at(9))
    said = [((instant(start, day), instant(end, day)), busy) for (start, end), busy in agenda["google"]]
    taken = [span for span, busy in said if busy]
    blocks += taken
    if agenda["live"]:
        return blocks, {me.pk: taken}
    for n, (span, busy) in enumerate(said):
        CalendarEvent.objects.create(
            calendar=calendar, professional=me, event_id=f"e{n}", instance_at=span[0], start_at=span[0],
            end_at=span[1], busy=busy, seen_at=at(9))
    return blocks, {}


def _fits(start_at, agenda, blocks, day):
    end_at = start_at + timedelta(minutes=agenda["minutes"] + agenda["buffer"])
    inside = any(at(a, day=day) <= start_at and end_at <= at(b, day=day) for a, b in ((9, 13), (14, 19)))
    return inside and not any(start < end_at and start_at < end for start, end in blocks)


def _booked(scene, patient, start_at, live):
    """Whether the verb takes it; what it took is undone. What Google said just now is the engine's to hold against
    it: the verb is asked by the mirror."""
    if live:
        place = availability.place(availability.Wanted(
            scene.treatment, scene.professional, start_at, at(12), live=live))
        return place.free
    try:
        with tenancy.atomic():
            booking.book(patient=patient, professional=scene.professional, treatment=scene.treatment,
                         start_at=start_at, by=scene.by)
            raise Undo
    except Refusal:
        return False
    except Undo:
        return True


def test_any_professional_is_the_union_of_the_named(scene):
    others = [ProfessionalFactory() for _ in range(3)]
    AppointmentFactory(professional=others[0], start_at=at(16), treatment=scene.treatment)
    named = [scene.find(professionals=[one]) for one in [scene.professional, *others]]
    assert sorted(sum(named, []), key=repr) == sorted(scene.find(professionals=None), key=repr)


def test_days_and_parts_are_a_narrower_view_of_the_same_openings(scene):
    month = scene.find(TUESDAY, TUESDAY + timedelta(days=30))
    days = [one for n in range(31) for one in scene.find(TUESDAY + timedelta(days=n))]
    assert days == month
    afternoons = scene.find(
        TUESDAY, TUESDAY + timedelta(days=30), allows=lambda wall: wall.hour >= 13 and wall.weekday() != 2)
    assert afternoons == [one for one in month if one.start_at.astimezone(ZONE).hour >= 13
                          and one.start_at.astimezone(ZONE).weekday() != 2]
