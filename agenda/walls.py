"""Instants and spans as the clinic's wall clock shows them: naive text, so that no browser's zone takes part. Pure."""
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def wall(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def instant(text: str, zone: ZoneInfo) -> datetime:
    """The instant of a naive wall clock. ValueError for one that the clinic's clock never shows."""
    naive = datetime.fromisoformat(text).replace(tzinfo=None, second=0, microsecond=0)
    found = naive.replace(tzinfo=zone)
    if datetime.fromtimestamp(found.timestamp(), zone).replace(tzinfo=None) != naive:
        raise ValueError(f"{text} does not exist in {zone}")
    return found


def bounds(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants from the first day's midnight to the midnight after the last."""
    return (datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone))


def span_on(start_at, end_at, zone):
    """Both ends on the wall clock; where the clock went back meanwhile, the length is kept."""
    start, end = (moment.astimezone(zone).replace(tzinfo=None) for moment in (start_at, end_at))
    if end <= start:
        end = start + (end_at - start_at)
    return start.isoformat(" "), end.isoformat(" ")


def outside(windows, day, whose):
    """The blocks of a day that its windows leave."""
    cut = "00:00"
    for opens, closes in sorted(windows):
        if cut < f"{opens:%H:%M}":
            yield _block(whose, day, cut, f"{opens:%H:%M}")
        cut = max(cut, "24:00" if closes == time() else f"{closes:%H:%M}")
    if cut < "24:00":
        yield _block(whose, day, cut, "24:00")


def _block(whose, day, start, end):
    until = f"{day + timedelta(days=1)} 00:00:00" if end == "24:00" else f"{day} {end}:00"
    return whose | {"start": f"{day} {start}:00", "end": until}
