"""The hour at which a message is to go, as people write it: `mañana 9:00`, `en 2 horas`. Exact, never a guess."""
import re
from datetime import UTC, datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from agenda import when
from dentalogic.lib.refusals import Refusal
from dentalogic.lib.text import fold

MOST_DAYS = 365
_FROM_NOW = re.compile(r"(?:en|dentro de) (media hora|un[ao]? hora|\d{1,3} ?(?:min\w*|hs?|horas?))")


class NoHour(Refusal):
    code = "no_hour"
    detail = _("Falta la hora. Escribila así: mañana 9:00")


class Past(Refusal):
    code = "in_the_past"
    detail = _("Esa hora ya pasó.")


class TooFar(Refusal):
    code = "too_far"
    detail = _("Es demasiado lejos: hasta un año.")


def read(text, *, now, zone) -> datetime:
    """The instant; of an hour without a day, the next time that it comes. Raises NoHour, Past, TooFar."""
    if span := _from_now(fold(text)):
        return now + span
    local = now.astimezone(zone)
    meant = when.parse(text, today=local.date())
    if meant is None or meant.at is None or not (meant.first == meant.last or _no_day(meant)):
        raise NoHour
    day = meant.first or local.date()
    found = _at(day, meant.at, zone)
    if meant.first is None and found <= now:
        found = _at(day + timedelta(days=1), meant.at, zone)
    if found <= now:
        raise Past
    if found > now + timedelta(days=MOST_DAYS):
        raise TooFar
    return found


def kept(between) -> dict:
    """Two hours of the wall clock, as they are kept with a message that goes between them alone."""
    return {"hours": [one.isoformat() for one in between]} if between else {}


def of(told, *, now, zone) -> datetime:
    """When a message may go that keeps its hours so; `now` for one that has none."""
    return opens(*map(time.fromisoformat, told["hours"]), now=now, zone=zone) if told.get("hours") else now


def opens(since, until, *, now, zone) -> datetime:
    """The next instant between two hours of the wall clock, `now` itself where it is; an hour that a change of clocks
    skips is the one after it."""
    local = now.astimezone(zone)
    if since <= local.time() < until:
        return now
    return _at(local.date() + timedelta(days=local.time() >= since), since, zone)


def _no_day(meant):
    return meant.first is None and meant.last is None and not meant.says_day


def _at(day, clock, zone):
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _from_now(plain):
    found = _FROM_NOW.fullmatch(plain.strip())
    if not found:
        return None
    said = found[1]
    if not said[0].isdigit():
        return timedelta(minutes=30 if said.startswith("media") else 60)
    number = int(re.match(r"\d+", said)[0])
    return timedelta(minutes=number) if "min" in said else timedelta(hours=number)
