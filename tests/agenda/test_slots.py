from datetime import UTC, date, datetime, time, timedelta
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agenda.slots import Span, openings

BUENOS_AIRES = ZoneInfo("America/Argentina/Buenos_Aires")
ZONES = [
    BUENOS_AIRES,
    *map(
        ZoneInfo,
        ("America/Santiago", "America/Havana", "America/New_York", "America/Mexico_City", "Europe/Madrid",
         "Australia/Lord_Howe", "America/Asuncion", "UTC"),
    ),
]  # fmt: skip
MONDAY = date(2026, 11, 23)


def local(zone, day, clock):
    return datetime.combine(day, time.fromisoformat(clock), zone)


def clocks(spans, zone=BUENOS_AIRES):
    return [span.start_at.astimezone(zone).strftime("%H:%M") for span in spans]


def monday(*windows, zone=BUENOS_AIRES, first=MONDAY, last=None, **changes):
    hours = {first: [(time.fromisoformat(a), time.fromisoformat(b)) for a, b in windows]}
    given_ = {"hours": hours, "minutes": 60, "step": 15, "first": first, "last": last or first, "zone": zone}
    return openings(**given_ | changes)


def test_the_whole_span_fits_before_closing():
    assert clocks(monday(("09:00", "11:00"))) == ["09:00", "09:15", "09:30", "09:45", "10:00"]


def test_spans_are_instants_of_utc_with_the_asked_length():
    assert monday(("09:00", "10:00")) == [
        Span(datetime(2026, 11, 23, 12, tzinfo=UTC), datetime(2026, 11, 23, 13, tzinfo=UTC))
    ]


def test_a_visit_in_the_middle_leaves_only_what_holds_an_hour():
    busy = [(local(BUENOS_AIRES, MONDAY, "10:30"), local(BUENOS_AIRES, MONDAY, "11:10"))]
    assert clocks(monday(("09:00", "12:30"), busy=busy)) == ["09:00", "09:15", "09:30", "11:15", "11:30"]


def test_a_closure_takes_its_time_like_a_visit():
    closures = [(local(BUENOS_AIRES, MONDAY, "00:00"), local(BUENOS_AIRES, MONDAY, "23:59"))]
    assert monday(("09:00", "18:00"), closures=closures) == []


def test_starts_count_from_midnight_not_from_opening():
    assert clocks(monday(("09:10", "10:20"), step=20, minutes=20)) == ["09:20", "09:40", "10:00"]


def test_no_hours_means_closed():
    assert monday(("09:00", "12:00"), last=MONDAY + timedelta(days=6))[-1].start_at.date() == MONDAY
    assert openings(hours={}, minutes=30, first=MONDAY, last=MONDAY, zone=BUENOS_AIRES) == []


def test_midnight_as_an_end_is_the_next_midnight():
    assert clocks(monday(("22:00", "00:00"))) == ["22:00", "22:15", "22:30", "22:45", "23:00"]


def test_touching_windows_are_one():
    assert "11:30" in clocks(monday(("09:00", "12:00"), ("12:00", "15:00")))


def test_notice_and_horizon_bound_the_start():
    early, late = local(BUENOS_AIRES, MONDAY, "09:20"), local(BUENOS_AIRES, MONDAY, "10:00")
    assert clocks(monday(("09:00", "18:00"), not_before=early, not_after=late)) == ["09:30", "09:45", "10:00"]


def test_hours_may_be_a_callable():
    found = openings(
        hours=lambda day: [(time(14), time(15))] if day.weekday() == 2 else [],
        minutes=30, first=MONDAY, last=MONDAY + timedelta(days=6), zone=BUENOS_AIRES,
    )  # fmt: skip
    assert {span.start_at.astimezone(BUENOS_AIRES).weekday() for span in found} == {2}


def test_a_length_of_nothing_is_a_fault():
    with pytest.raises(ValueError, match="positive"):
        monday(("09:00", "12:00"), minutes=0)


def test_spring_forward_loses_the_skipped_hour_only():
    zone = ZoneInfo("America/New_York")
    found = monday(("01:00", "05:00"), zone=zone, first=date(2026, 3, 8), minutes=30, step=30)
    assert clocks(found, zone) == ["01:00", "01:30", "03:00", "03:30", "04:00", "04:30"]


def test_fall_back_offers_each_wall_clock_once():
    zone = ZoneInfo("America/New_York")
    found = monday(("00:00", "03:00"), zone=zone, first=date(2026, 11, 1), minutes=30, step=30)
    assert clocks(found, zone) == ["00:00", "00:30", "01:00", "01:30", "02:00", "02:30"]
    assert len({span.start_at for span in found}) == len(found)


def test_a_day_without_midnight_starts_at_one():
    zone = ZoneInfo("America/Havana")
    found = monday(("00:00", "02:00"), zone=zone, first=date(2026, 3, 8), minutes=60, step=60)
    assert clocks(found, zone) == ["01:00"]


def test_afternoon_visits_keep_their_wall_clock_across_the_change():
    zone = ZoneInfo("America/Santiago")
    hours = [(time(15), time(16))]
    found = openings(
        hours=lambda day: hours, minutes=60, first=date(2026, 9, 4), last=date(2026, 9, 8), zone=zone
    )
    assert clocks(found, zone) == ["15:00"] * 5
    assert {span.start_at.hour for span in found} == {18, 19}


def test_a_week_with_hundreds_of_visits_takes_less_than_a_millisecond():
    hours = {MONDAY + timedelta(days=n): [(time(8), time(13)), (time(14), time(20))] for n in range(7)}
    opens = local(BUENOS_AIRES, MONDAY, "08:00")
    busy = [(opens + timedelta(minutes=25 * n), opens + timedelta(minutes=25 * n + 10)) for n in range(400)]

    def once():
        began = process_time()
        openings(hours=hours, busy=busy, minutes=15, first=MONDAY, last=MONDAY + timedelta(6), zone=BUENOS_AIRES)
        return process_time() - began

    assert min(once() for _ in range(20)) < 0.002  # measured 0.0005; the margin is for a loaded machine


# Against the plain definition, minute by minute of the step.

windows = st.lists(
    st.tuples(st.integers(0, 95), st.integers(1, 96)).filter(lambda pair: pair[0] < pair[1]), max_size=3
)


def clock(quarter):
    return time((quarter // 4) % 24, quarter % 4 * 15)


@st.composite
def days_of_work(draw):
    zone = draw(st.sampled_from(ZONES))
    first = draw(st.sampled_from([date(2026, 3, 7), date(2026, 3, 28), date(2026, 4, 3), date(2026, 9, 5),
                                  date(2026, 10, 3), date(2026, 10, 24), date(2026, 10, 31), MONDAY]))  # fmt: skip
    last = first + timedelta(days=draw(st.integers(0, 2)))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    hours = {day: [(clock(a), clock(b)) for a, b in draw(windows)] for day in days}
    midnight = datetime.combine(first, time(), zone).astimezone(UTC)
    spans = [
        (midnight + timedelta(minutes=start), midnight + timedelta(minutes=start + length))
        for start, length in draw(st.lists(st.tuples(st.integers(-200, 4400), st.integers(1, 300)), max_size=8))
    ]
    minutes, step = draw(st.sampled_from([20, 30, 45, 60, 90])), draw(st.sampled_from([10, 15, 30]))
    return zone, first, last, hours, spans, minutes, step


def quarters(day, hours):
    """The minutes of the day's wall clock at which the place is open."""
    return {
        minute
        for begins, ends in hours.get(day, ())
        for minute in range(begins.hour * 60 + begins.minute, ends.hour * 60 + ends.minute or 1440)
    }


def is_open(instant, zone, open_minutes):
    wall = instant.astimezone(zone)
    return wall.hour * 60 + wall.minute in open_minutes.get(wall.date(), ())


def is_plain(day, zone):
    offsets = {(datetime.combine(day, time(), zone) + timedelta(hours=h)).utcoffset() for h in range(25)}
    return len(offsets) == 1


@settings(max_examples=150, deadline=None)
@given(days_of_work())
def test_openings_are_what_fits_and_nothing_else(case):
    zone, first, last, hours, spans, minutes, step = case
    found = openings(hours=hours, busy=spans, minutes=minutes, step=step, first=first, last=last, zone=zone)
    open_minutes = {day: quarters(day, hours) for day in hours}
    length = timedelta(minutes=minutes)

    def fits(start):
        inside = all(is_open(start + timedelta(minutes=5 * n), zone, open_minutes) for n in range(minutes // 5))
        return inside and all(start + length <= a or b <= start for a, b in spans)

    for span in found:
        wall = span.start_at.astimezone(zone)
        assert span.end_at - span.start_at == length
        assert (wall.hour * 60 + wall.minute) % step == 0
        assert fits(span.start_at)
    assert [span.start_at for span in found] == sorted({span.start_at for span in found})
    starts = {span.start_at for span in found}
    for day in hours:
        if not is_plain(day, zone):
            continue
        for minute in range(0, 1440, step):
            start = (datetime.combine(day, time(), zone) + timedelta(minutes=minute)).astimezone(UTC)
            assert (start in starts) == fits(start)
