"""The cases of each rule: what a look finds, or what has just happened. Each becomes a row, once, to be decided.

"Tomorrow" is the clinic's, and so is the hour at which a case is due.
"""
from datetime import time, timedelta

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounting import debts
from agenda.models import AHEAD, Appointment, Status
from clinics import tenancy
from clinics.patients.models import Patient
from messaging.automations import rules
from messaging.automations.kinds import Kind
from messaging.automations.still import CHANGED, LAST_MINUTE
from messaging.models import Automation, AutomationRun, ChatMessage

FRESH = timedelta(hours=3)  # who was given a visit just now knows of it
MOST = 2000  # of one look
MOST_INVITED = 50  # of one day: who has not come for long
MONTH = timedelta(days=30.4375)
NOT_SAID = (ChatMessage.Status.FAILED, ChatMessage.Status.CANCELLED)
CAME = (Status.ARRIVED, Status.SEATED, Status.COMPLETED)


def find(known: rules.Set, now) -> int:
    """Keep what a rule's look finds; how many are new. In the tenant's transaction, in as many statements however
    many there are."""
    finder = FINDERS.get(known.kind)
    return keep(finder(known, now, tenancy.here().zone)) if finder else 0


def keep(rows) -> int:
    """However many jobs find a case, one row of it stays."""
    if not rows:
        return 0
    before = _count(rows)
    AutomationRun.objects.bulk_create(rows, ignore_conflicts=True)
    return _count(rows) - before


def _count(rows):
    return AutomationRun.objects.filter(kind=rows[0].kind, key__in=[row.key for row in rows]).count()


def arose(kind, appointment, by, now) -> AutomationRun | None:
    """Something happened to a visit: the case of a rule that is on. In the verb's transaction, one statement where the
    rule is off. What a conversation brought about was said there."""
    known = rules.of(kind)
    if not known.enabled or appointment.patient_id is None:
        return None
    row = of_visit(known, appointment, now, due_at=now + timedelta(hours=known.distance))
    if kind == Kind.BOOKED:  # moved and moved back, it is news again
        row.key = f"{row.key}:{appointment.version}"
    if kind == Kind.BOOKED and by.kind != "staff":
        row.state, row.reason, row.decided_at = AutomationRun.State.UNSENT, "told", now
    AutomationRun.objects.bulk_create([row], ignore_conflicts=True)
    return AutomationRun.objects.filter(kind=kind, key=row.key).first()


def of_visit(known, visit, now, *, due_at) -> AutomationRun:
    again = f":{visit.former}" if getattr(visit, "former", 0) else ""
    return AutomationRun(
        kind=known.kind, key=f"{key_of(visit)}{again}", created_at=now, due_at=max(due_at, now),
        patient_id=visit.patient_id, appointment_id=visit.pk, visit_at=visit.start_at)


def key_of(visit) -> str:
    """Of a visit at its time: moved, it is another case."""
    return f"{visit.pk}:{int(visit.start_at.timestamp())}"


def _ahead(known, now, zone):
    """Visits that begin before the end of the day that is `distance` days away, and are not known yet. One that moved
    away and back is known where the last that was said of it is that hour, or will be. `former`: its cases before."""
    last = now.astimezone(zone).date() + timedelta(days=known.distance + 1)
    cases = AutomationRun.objects.filter(
        kind=known.kind, appointment=OuterRef("pk"), visit_at=OuterRef("start_at")).order_by()
    otherwise = AutomationRun.objects.sent().filter(
        kind=known.kind, appointment=OuterRef("appointment"), pk__gt=OuterRef("pk")).exclude(
        visit_at=OuterRef("visit_at")).exclude(message__status__in=NOT_SAID)
    stands = cases.filter(~Exists(otherwise)).exclude(state=AutomationRun.State.UNSENT, reason=CHANGED)
    return Appointment.objects.filter(
        ~Exists(stands), status__in=AHEAD, start_at__gt=now,
        start_at__lt=rules.at_wall(last, time.min, zone)).annotate(former=Coalesce(
            Subquery(cases.values("appointment").annotate(number=Count("pk")).values("number")), 0),
        ).order_by("start_at", "pk")


def _day_before(known, visit, zone):
    day = visit.start_at.astimezone(zone).date() - timedelta(days=known.distance)
    return rules.at_wall(day, known.sends_from, zone)


def reminders(known, now, zone):
    return [
        _in_time(of_visit(known, visit, now, due_at=max(_day_before(known, visit, zone), visit.created_at + FRESH)))
        for visit in _ahead(known, now, zone)[:MOST]]


def _in_time(run):
    """Who is due after their visit will not be: they were given it just before, and the row says so from now on."""
    if run.due_at > run.visit_at - LAST_MINUTE and run.due_at > run.created_at:
        run.state, run.reason, run.decided_at = AutomationRun.State.UNSENT, "fresh", run.created_at
    return run


def preparations(known, now, zone):
    told = _ahead(known, now, zone).exclude(treatment__before_visit="")
    return [of_visit(known, visit, now, due_at=_day_before(known, visit, zone)) for visit in told[:MOST]]


def owing(known, now, zone):
    told = AutomationRun.objects.filter(kind=known.kind, subject_id__isnull=False).values("subject_id")
    return [
        AutomationRun(kind=known.kind, key=f"{one.patient_id}:{one.last_id}", created_at=now, due_at=now,
                      patient_id=one.patient_id, subject_id=one.last_id)
        for one in debts.quiet(since=now - timedelta(days=known.distance), but=told)]


def long_gone(known, now, zone):
    """Who was last attended before the months the rule says, and has nothing ahead; the latest first."""
    visits, before = Appointment.objects.filter(patient=OuterRef("pk")), now - known.distance * MONTH
    again = visits.filter(
        Q(status__in=AHEAD, start_at__gt=now) | Q(status__in=CAME, start_at__gt=before))
    last = visits.filter(status=Status.COMPLETED).order_by("-start_at").values("start_at")[:1]
    asked = AutomationRun.objects.filter(kind=known.kind, patient=OuterRef("pk"), visit_at=OuterRef("last"))
    gone = Patient.objects.live().filter(~Exists(again)).annotate(last=Subquery(last)).filter(
        ~Exists(asked), last__lte=before).order_by("-last", "pk")
    return [
        AutomationRun(kind=known.kind, key=f"{pk}:{int(last.timestamp())}", created_at=now, due_at=now, patient_id=pk,
                      visit_at=last)
        for pk, last in gone.values_list("pk", "last")[:MOST_INVITED]]


FINDERS = {
    Kind.REMINDER: reminders, Kind.BEFORE: preparations, Kind.PAYMENT: owing, Kind.REACTIVATION: long_gone,
}


def anything_on() -> bool:
    return Automation.objects.filter(enabled=True).exclude(kind=Kind.RECEPTIONIST).exists()
