"""Openings as the desk looks for them: words in, days and hours out, and what was understood said back."""
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agenda import board, when
from agenda.calendars import asking, busy
from agenda.models import TreatmentType
from agenda.when_terms import LIMITS
from clinics import access, tenancy
from clinics.models import Professional
from clinics.patients import insurance
from clinics.templatetags import dentalogic as formats
from dentalogic.lib import clock

DEFAULT_DAYS, LONGEST = timedelta(days=6), timedelta(days=30)
SHOWN, A_DAY = 60, 9


@dataclass(frozen=True)
class Found:
    first: date
    last: date
    understood: str
    days: list  # [(label, [opening, …])]
    unclear: bool = False


def look(
    *, treatment, professionals, words, since=None, calendars=asking.NOBODY, **others,
) -> Found:
    """What is free when `words` say; where they name no day, in the week from `since`. `calendars` is Google's word,
    where it was asked. `others` as `availability.find` takes them."""
    zone, now = tenancy.here().zone, clock.now()
    today = now.astimezone(zone).date()
    understood = window(words, since)
    if understood is None:
        said = _("No entendimos cuándo. Probá “jueves a la tarde” o “la semana que viene”.")
        return Found(today, today, said, [], unclear=True)
    asked, first, last = understood
    openings = asking.openings(
        calendars, treatment=treatment, professionals=professionals, first=first, last=last, now=now,
        allows=asked.allows, **others)
    names = {one.pk: board.short_name(one) for one in professionals}
    rows = [_row(one, zone, names) for one in _apart(openings)]
    return Found(first, last, _understood(asked, first, last, len(rows)), _by_day(rows[:SHOWN], today))


def window(words, since=None):
    """`(what was understood, first day, last day)`, or None for words that say no time."""
    today = clock.today(tenancy.here().zone)
    asked = when.parse(words, today=today) if words.strip() else when.When()
    if asked is None:
        return None
    first = max(asked.first or since or today, today)
    return asked, first, min(asked.last or first + (LONGEST if asked.weekdays else DEFAULT_DAYS), first + LONGEST)


def _local(instant, zone):
    return instant.astimezone(zone).replace(tzinfo=None)


def _row(one, zone, names):
    local, end = _local(one.start_at, zone), _local(one.end_at, zone)
    return {"professional": one.professional_id, "name": names[one.professional_id], "local": local,
            "start": local.strftime("%Y-%m-%dT%H:%M"), "end": end.strftime("%Y-%m-%dT%H:%M")}


def _apart(openings):
    """Of each professional's openings, those that do not overlap the one before: enough to choose from."""
    ends = {}
    for one in openings:
        if one.start_at >= ends.get(one.professional_id, one.start_at):
            ends[one.professional_id] = one.end_at
            yield one


def _by_day(rows, today):
    found = []
    for day, group in groupby(rows, key=lambda row: row["local"].date()):
        of_day, label = list(group), board.day_label(day)
        if day == today:
            label = _("Hoy, %s") % formats.day(day)
        found.append({"label": label, "day": day, "rows": of_day[:A_DAY], "more": max(0, len(of_day) - A_DAY)})
    return found


def _understood(asked, first, last, count):
    days = f"{first:%d/%m}" if first == last else _("%(first)s al %(last)s") % {
        "first": f"{first:%d/%m}", "last": f"{last:%d/%m}"}
    hours = []
    low, high = LIMITS.get(asked.part, (None, None))
    since, until = asked.since or low, asked.until or high
    if asked.at:
        hours.append(_("a las %s") % f"{asked.at:%H:%M}")
    if since and since != datetime.min.time():
        hours.append(_("desde las %s") % f"{since:%H:%M}")
    if until:
        hours.append(_("hasta las %s") % f"{until:%H:%M}")
    total = ngettext("%(count)d hueco", "%(count)d huecos", count) % {"count": count}
    return f"{' '.join([days + (',' if hours else ''), *hours])} · {total}"


def choosable(actor) -> list[Professional]:
    """The professionals in whose columns the person may book."""
    return [one for one in board.columns(actor) if board.may_write(actor, one.pk)]


def for_finder(actor, data, calendars=None) -> dict:
    """The finder's fields as asked, and what they found. `calendars` is Google's word, where it was asked."""
    treatments, professionals = list(TreatmentType.objects.active()), choosable(actor)
    treatment = one_of(treatments, data.get("treatment")) or (treatments[0] if treatments else None)
    professional = one_of(professionals, data.get("professional"))
    words, since = data.get("when", ""), clock.day_of(data.get("day", ""))
    found = treatment and professionals and look(
        treatment=treatment, professionals=[professional] if professional else professionals, words=words,
        since=since, holder=actor.holder, calendars=calendars or asking.NOBODY)
    return {
        "treatments": treatments, "professionals": professionals, "treatment": treatment,
        "professional": professional, "when": words, "since": since, "found": found,
        "hold_minutes": tenancy.here().hold_minutes,
        "calendars_note": (calendars.freshness if calendars else busy.freshness()).note,
    }


def of_move(actor, row) -> dict:
    """What is searched for a visit that moves."""
    return {"treatment": row.as_long_as_it_is, "professionals": choosable(actor), "urgency": row.urgency,
            "exclude": row.pk, "had": row.start_at, "insurer": insurance.payer(row.patient)}


def for_move(actor, row, words, calendars=None) -> dict:
    """`calendars` is Google's word, where it was asked."""
    found = look(words=words, calendars=calendars or asking.NOBODY, **of_move(actor, row))
    return {"when": words, "found": found,
            "calendars_note": (calendars.freshness if calendars else busy.freshness()).note}


def one_of(rows, pk):
    return next((row for row in rows if str(row.pk) == str(pk or "")), None)


def may_search(actor) -> bool:
    return access.scope(actor, "agenda.book") in (access.ALL, access.OWN)
