"""How a calendar is doing: the breaker, which lets it rest after failures in a row; and what opens it."""
import time
from datetime import timedelta

from agenda.calendars import google
from agenda.calendars.google import Grant
from agenda.models import Calendar
from clinics import live, tenancy, vault
from clinics.audit import log_security_event
from dentalogic.lib import clock
from dentalogic.lib.refusals import ProviderError

IN_A_ROW = 3
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=10)
STOPS = {google.REVOKED: Calendar.State.REVOKED, google.MISSING: Calendar.State.REFUSED,
         google.FORBIDDEN: Calendar.State.REFUSED}
KNOWN_SECONDS = 300  # how long a process keeps a grant in memory: a read of the vault is a row of the audit
_known: dict = {}


@tenancy.atomic
def grant_of(calendar) -> Grant | None:
    """What opens the calendar's account, its access token with it while that lives."""
    place = (calendar.tenant_id, calendar.pk, calendar.connected_at)
    kept = _known.get(place)
    if kept and time.monotonic() - kept[1] < KNOWN_SECONDS:
        return kept[0]
    _known.pop(place, None)
    secret = vault.get(calendar.secret_name, purpose="calendar")
    if secret is None:
        return None
    _known[place] = (Grant(calendar.kind, secret), time.monotonic())
    return _known[place][0]


@tenancy.atomic
def well(calendar) -> None:
    if calendar.failures or calendar.fault or calendar.paused_until:
        Calendar.objects.filter(pk=calendar.pk).update(failures=0, fault="", paused_until=None)
        if calendar.paused_until:
            _tell(calendar)


@tenancy.atomic
def ill(calendar, fault: ProviderError) -> None:
    """One failure more: the third in a row lets the calendar rest, longer each time. What no retry helps stops it."""
    row = Calendar.objects.select_for_update().filter(pk=calendar.pk, connected_at=calendar.connected_at).first()
    if row is None or not row.is_active:
        return
    now, changes = clock.now(), {"fault": fault.code[:40], "failures": row.failures + 1, "pulling_since": None}
    if stopped := STOPS.get(fault.code):
        changes |= {"state": stopped, "paused_until": None, "pull_at": None}
        log_security_event(
            "calendar.stopped", severity="warning", professional=row.professional_id, code=fault.code)
    elif changes["failures"] >= IN_A_ROW:
        pause = min(FIRST_PAUSE * 2 ** min(changes["failures"] - IN_A_ROW, 10), LONGEST_PAUSE)
        changes["paused_until"] = now + max(pause, timedelta(seconds=fault.retry_after or 0))
    Calendar.objects.filter(pk=row.pk).update(**changes)
    if stopped or changes["failures"] == IN_A_ROW:
        _tell(row)


def _tell(row):
    live.say("CLINIC_UPDATED", professional=row.professional_id)


def forget(calendar) -> None:
    """It was disconnected: this process keeps nothing of what opened it."""
    _known.pop((calendar.tenant_id, calendar.pk, calendar.connected_at), None)
