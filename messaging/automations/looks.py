"""The looks of the rules: each leaves that it looked, also where it found nothing; and silence of days is an alert."""
import logging
from datetime import timedelta

from django.db.models import Count, F, Q

from agenda.models import AHEAD, Appointment, WaitlistOffer
from clinics import tenancy
from clinics.audit import log_security_event
from dentalogic.lib import clock
from dentalogic.lib.faults import where
from messaging.automations import cases, rules, sending, still
from messaging.automations.kinds import ONCE_A_DAY, Kind
from messaging.models import AutomationLook, AutomationRun

log = logging.getLogger(__name__)
EVERY = timedelta(minutes=5)
BATCH = 500  # of one round: the next one follows
SILENT = timedelta(days=3)
STUCK = timedelta(minutes=30)  # without a look: nobody works


def tend() -> int:
    """One round for the clinic in scope: what is due to look looks, what is due to be decided is, and so is what never
    will be. How many were."""
    with tenancy.atomic():
        settled = still.settle(clock.now())
        known = [one for one in rules.everyone() if one.enabled]
        due = _due_to_look(known, clock.now())
    for one in due:
        look(one)
    return settled + decide_due()


def decide_due() -> int:
    with tenancy.atomic():
        due = AutomationRun.objects.due(clock.now()).order_by("due_at", "pk").values_list("pk", flat=True)[:BATCH]
        ids = list(due)
    return sum(sending.decide(run_id) is not None for run_id in ids)


def look(known) -> None:
    """A fault of one rule is not the others'."""
    try:
        with tenancy.atomic():
            _noted(known.kind, found=cases.find(known, clock.now()))
    except Exception as fault:  # noqa: BLE001
        log.error("rule %s failed to look: %s", known.kind, where(fault))
        with tenancy.atomic():
            _noted(known.kind, error=type(fault).__name__)
            log_security_event(
                "automation.failed", severity="error", automation=known.kind, fault=type(fault).__name__)


def _due_to_look(known, now):
    today = now.astimezone(tenancy.here().zone).date()
    looked = {row.kind: row for row in AutomationLook.objects.filter(on_day=today)}
    return [one for one in known if _is_due(one, looked.get(one.kind), now)]


def _is_due(known, looked, now):
    """Somebody who has just changed a rule does not wait for its next look."""
    seen = looked is not None and looked.looked_at >= known.row.changed_at
    if known.kind in ONCE_A_DAY:
        return not (seen and not looked.error) and known.may_send_at(now, tenancy.here().zone)
    return not seen or now - looked.looked_at >= EVERY


def _noted(kind, *, found=0, error=""):
    now = clock.now()
    today = now.astimezone(tenancy.here().zone).date()
    row = AutomationLook(kind=kind, on_day=today, looked_at=now)
    AutomationLook.objects.bulk_create([row], ignore_conflicts=True)
    AutomationLook.objects.filter(kind=kind, on_day=today).update(
        looks=F("looks") + 1, found=F("found") + found, looked_at=now, error=error)


# Silence


@tenancy.atomic
def watch() -> list[str]:
    """The rules that are on and sent nothing for days though there was something to send. An alert a day for each."""
    now = clock.now()
    known = [one for one in rules.everyone() if one.enabled and one.row.changed_at < now - SILENT]
    sent = set(AutomationRun.objects.sent().filter(decided_at__gt=now - SILENT).values_list("kind", flat=True))
    silent = [one for one in known if one.kind not in sent and _had_something(one.kind, now)]
    today = now.astimezone(tenancy.here().zone).date()
    alerted = []
    for one in silent:
        row = AutomationLook(kind=one.kind, on_day=today, looked_at=now)
        AutomationLook.objects.bulk_create([row], ignore_conflicts=True)
        if AutomationLook.objects.filter(kind=one.kind, on_day=today, alerted_at=None).update(alerted_at=now):
            log.error("rule %s sent nothing for %s days", one.kind, SILENT.days)
            log_security_event("automation.silent", severity="warning", automation=one.kind)
            alerted.append(one.kind)
    return alerted


def _had_something(kind, now):
    """Asked of the agenda itself and not of the rule's own search, which may be what is wrong."""
    since = now - SILENT
    if AutomationRun.objects.filter(kind=kind, decided_at__gt=since).exists():
        return True
    visits = Appointment.objects.exclude(patient=None)
    asked = {
        Kind.REMINDER: lambda: visits.filter(
            start_at__gt=since, start_at__lt=now, created_at__lt=since - timedelta(days=7)).exclude(
                status="cancelled"),
        Kind.BEFORE: lambda: visits.filter(
            start_at__gt=since, start_at__lt=now, created_at__lt=since - timedelta(days=14)).exclude(
                treatment__before_visit="").exclude(status="cancelled"),
        Kind.BOOKED: lambda: visits.filter(created_at__gt=since, source="desk", status__in=AHEAD),
        Kind.MISSED: lambda: visits.filter(no_show_at__gt=since, no_show_at__lt=now - timedelta(hours=12)),
        Kind.AFTER_VISIT: lambda: visits.filter(completed_at__gt=since, completed_at__lt=now - timedelta(days=2)),
        Kind.AFTER: lambda: visits.filter(
            completed_at__gt=since, completed_at__lt=now - timedelta(days=1)).exclude(treatment__after_visit=""),
        Kind.WAITLIST: lambda: WaitlistOffer.objects.filter(created_at__gt=since, told="call"),
    }.get(kind)
    return bool(asked and asked().exists())


# For the page


def summaries(now) -> dict:
    """By kind: the last look, and what came of the cases of the last seven days. Two statements however many rules."""
    since = now - timedelta(days=7)
    counted = AutomationRun.objects.filter(created_at__gt=since).values("kind").annotate(
        sent=Count("pk", filter=Q(state="sent")), unsent=Count("pk", filter=Q(state="unsent")),
        due=Count("pk", filter=Q(state="due")))
    found = {row["kind"]: row for row in counted}
    last = {}
    for row in AutomationLook.objects.filter(looked_at__gt=since).order_by("looked_at"):
        last[row.kind] = row
    blank = {"sent": 0, "unsent": 0, "due": 0}
    return {kind: {**(found.get(kind) or blank), "look": last.get(kind)} for kind in {*found, *last}}
