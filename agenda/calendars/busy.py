"""Google asked at the moment of the question: every calendar at once, all of them within one deadline.

What answered is written to the mirror before anybody reads it, so that the search and the booking that follows see
the same time as taken. What did not answer is served by the mirror as it was, and the answer says so. Call it outside
any transaction: `live` opens its own, short ones, and none while Google is spoken to.
"""
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda.calendars import google, health, mirror, pulling
from agenda.models import Calendar
from clinics import tenancy
from dentalogic.lib import clock
from dentalogic.lib.refusals import ProviderError

NONE, LIVE, MIRROR = "none", "live", "mirror"
COPIED = gettext_lazy("Google Calendar no contestó: los horarios salen de la última copia.")
AT_ONCE = 16
EDGE = timedelta(days=3)


@dataclass(frozen=True)
class Freshness:
    """How far what is said of these professionals' time can be trusted."""

    late: tuple = ()  # Calendar rows whose copy serves
    asked: int = 0  # calendars there are

    @property
    def is_live(self) -> bool:
        return not self.late

    @property
    def said(self) -> str:
        """none: there is no calendar to ask. live: all of them answered. mirror: a copy serves for one at least."""
        return MIRROR if self.late else LIVE if self.asked else NONE

    @property
    def note(self) -> str:
        """What staff read beside an answer that is not live; "" beside one that is."""
        if not self.late:
            return ""
        names = ", ".join(str(one.professional) for one in self.late)
        return _("Google Calendar no contestó (%(who)s). Los horarios salen de la última copia.") % {"who": names}


class Answer(NamedTuple):
    spans: dict  # by professional whose calendar answered: what it says is taken. For `availability.find(live=…)`
    is_live: bool
    freshness: Freshness
    copied: dict = {}  # by professional whose calendar did not answer: what its copy says
    looked: Any = None  # what `asking` looked through before it asked


@dataclass
class _Asked:
    calendar: Calendar
    grant: google.Grant
    at: datetime
    listing: google.Listing | None = None
    fault: ProviderError | None = field(default=None)


def live(professionals: Iterable | None, since: datetime, until: datetime, now: datetime) -> Answer:
    """Ask the calendars of these professionals (of all, where it is None) about `since` to `until`, aware.

    Whose calendar is resting, stopped or late is in `freshness.late`.
    """
    calendars, asked, late = _to_ask(professionals, since, until, now)
    _ask_all(asked, since, until)
    late += _take_in(asked, since, until)
    silent = {one.professional_id for one in late}
    known = _spans(calendars, since, until)
    return Answer(
        {pk: spans for pk, spans in known.items() if pk not in silent}, not late,
        Freshness(tuple(late), len(calendars)), {pk: spans for pk, spans in known.items() if pk in silent})


@tenancy.atomic
def freshness() -> Freshness:
    """Without asking anybody: what is known to be out of step. For the pages that show the mirror."""
    now = clock.now()
    rows = list(_connected(None))
    return Freshness(tuple(one for one in rows if not one.is_active or one.is_paused(now)), len(rows))


@tenancy.atomic
def _to_ask(professionals, since, until, now):
    calendars = list(_connected(professionals))
    asked, late = [], []
    for one in calendars:
        if not one.is_active or one.is_paused(now):
            late.append(one)
        elif not _answered_lately(one, since, until):
            grant = health.grant_of(one)
            late += [] if grant else [one]
            asked += [_Asked(one, grant, clock.now())] if grant else []
    return calendars, asked, late


def _connected(professionals):
    """Those that a person has confirmed, whether they work at present or not."""
    rows = Calendar.objects.filter(google_id__isnull=False, professional__active=True).exclude(
        state=Calendar.State.LEAVING)
    if professionals is not None:
        rows = rows.filter(professional__in=[getattr(one, "pk", one) for one in professionals])
    return rows.select_related("professional").order_by("pk")


def _ask_all(asked, since, until) -> None:
    """In threads, without the database. Whoever is late is left to itself: its own time limit ends it."""
    if not asked:
        return
    seconds = settings.GOOGLE_LIVE_MILLISECONDS / 1000
    threads = ThreadPoolExecutor(min(AT_ONCE, len(asked)), thread_name_prefix="google")
    running = {threads.submit(_ask, one.grant, one.calendar.google_id, since, until, seconds): one for one in asked}
    done, _late = wait(running, timeout=seconds)
    threads.shutdown(wait=False, cancel_futures=True)
    for future, one in running.items():
        if future not in done:
            one.fault = ProviderError("later than the deadline", permanent=False, code=google.SLOW)
            continue
        try:
            one.listing = future.result()
        except ProviderError as fault:
            one.fault = fault


def _ask(grant, calendar, since, until, seconds):
    return google.Client(grant, seconds=seconds).between(calendar, since, until)


@tenancy.atomic
def _take_in(asked, since, until) -> list[Calendar]:
    """Write what answered; who did not is counted, and returned."""
    late = []
    for one in asked:
        if one.fault is not None:
            health.ill(one.calendar, one.fault)
            late.append(one.calendar)
            continue
        mirror.lock(one.calendar)
        found = pulling.read(one.listing, one.calendar)
        changed = mirror.replace(one.calendar, found, asked_at=one.at, since=since, until=until)
        health.well(one.calendar)
        if changed:  # what went from here may be elsewhere now: the pull finds it
            pulling.wanted(one.calendar)
        _remember(one.calendar, since, until)
    return late


def _spans(calendars, since, until):
    """Of the mirror, which says what Google said; a few days more, for the engine looks over the edges."""
    if not calendars:
        return {}
    with tenancy.atomic():
        found = mirror.spans(calendars, since - EDGE, until + EDGE)
    return {one.professional_id: found.get(one.professional_id, []) for one in calendars}


def _key(calendar):
    return tenancy.key("calendar", "asked", calendar.pk)


def _remember(calendar, since, until):
    if settings.GOOGLE_LIVE_FRESH:
        cache.set(_key(calendar), (since, until), settings.GOOGLE_LIVE_FRESH)


def _answered_lately(calendar, since, until) -> bool:
    """A conversation, or a page that is typed into, asks the same again within seconds."""
    if not settings.GOOGLE_LIVE_FRESH:
        return False
    try:
        known = cache.get(_key(calendar))
    except Exception:  # noqa: BLE001  (whatever its client raises: then Google is asked again)
        return False
    return known is not None and known[0] <= since and until <= known[1]


def forget(calendar) -> None:
    """Something changed in it: what it answered a moment ago is no answer any more."""
    try:
        cache.delete(_key(calendar))
    except Exception:  # noqa: BLE001  (it lasts seconds)
        return
