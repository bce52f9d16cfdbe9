"""Whether a case still is one when its hour comes: the visit stands, the debt too. And what of it the text tells."""
from datetime import timedelta

from django.db.models import F, Q

from accounting import debts
from agenda.models import AHEAD, Appointment, Status
from messaging.automations import facts
from messaging.automations.kinds import Kind
from messaging.models import AutomationRun

LAST_MINUTE = timedelta(hours=1)  # before the visit: a reminder is of no use any more
CHANGED = "changed"  # the reason of what was about a visit that is otherwise now
OF_WHAT_COMES = (Kind.BOOKED, Kind.REMINDER, Kind.BEFORE)
STALE = timedelta(days=3)  # after what it is about


def why_not(case) -> str:
    """A reason, or "". Puts in `case.values` what only its kind knows."""
    return ASKED[case.run.kind](case)


def passes(run, then) -> bool:
    """Whether its visit is over, or about to begin, by then."""
    if run.kind not in OF_WHAT_COMES:
        return False
    return then > run.visit_at - (LAST_MINUTE if run.kind == Kind.REMINDER else timedelta(0))


def settle(now) -> int:
    """What waits and will never go says why, at once: its visit is another by now, or over. How many did."""
    waits = AutomationRun.objects.filter(state=AutomationRun.State.DUE, kind__in=OF_WHAT_COMES)
    stands = Q(appointment__status__in=AHEAD, appointment__start_at=F("visit_at"))
    ended = {"state": AutomationRun.State.UNSENT, "decided_at": now}
    return sum(rows.update(reason=why, **ended) for rows, why in (
        (_of(waits.exclude(stands)), CHANGED), (_of(waits.filter(visit_at__lte=now)), "too_late")))


def _of(rows):
    """Those that nobody decides right now."""
    free = rows.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)
    return AutomationRun.objects.filter(pk__in=list(free), state=AutomationRun.State.DUE)


def _ahead(case):
    visit = case.visit
    if visit.status not in AHEAD or visit.start_at != case.run.visit_at:
        return CHANGED
    return "" if visit.start_at > case.now else "too_late"


def _booked(case):
    """Of a visit that moved again only the last is news, and not what the patient was last told."""
    if reason := _ahead(case):
        return reason
    others = AutomationRun.objects.filter(kind=case.run.kind, appointment=case.visit)
    if others.filter(pk__gt=case.run.pk).exists():
        return CHANGED
    heard = others.filter(Q(state=AutomationRun.State.SENT) | Q(reason="told"), pk__lt=case.run.pk)
    last = heard.order_by("-pk").values_list("visit_at", flat=True).first()
    return "settled" if last == case.run.visit_at else ""


def _reminder(case):
    if reason := _ahead(case):
        return reason
    if case.visit.start_at - case.now < LAST_MINUTE:
        return "too_late"
    return ""


def _before(case):
    if reason := _ahead(case):
        return reason
    case.values |= facts.instructions(case.visit.treatment.before_visit)
    return "" if case.values["instructions"] else "settled"


def _missed(case):
    if case.visit.status != Status.NO_SHOW:
        return CHANGED
    return "settled" if _comes_again(case) else _stale(case, case.visit.start_at)


def _after_visit(case):
    if case.visit.status != Status.COMPLETED:
        return CHANGED
    return _stale(case, case.run.due_at)


def _after(case):
    case.values |= facts.instructions(case.visit.treatment.after_visit)
    return _after_visit(case) or ("" if case.values["instructions"] else "settled")


def _payment(case):
    debt = debts.of(case.patient.pk)
    if debt is None or debt.last_id != case.run.subject_id:
        return "settled"
    case.values |= facts.of_money(debt.owed)
    return ""


def _reactivation(case):
    came = Appointment.objects.filter(
        patient=case.patient, status__in=(Status.ARRIVED, Status.SEATED, Status.COMPLETED),
        start_at__gt=case.run.visit_at).exists()
    return "settled" if came or _comes_again(case) else ""


def _comes_again(case):
    return Appointment.objects.filter(patient=case.patient).upcoming(case.now).exists()


def _stale(case, since):
    return "too_late" if case.now - since > STALE else ""


ASKED = {
    Kind.BOOKED: _booked, Kind.REMINDER: _reminder, Kind.BEFORE: _before, Kind.MISSED: _missed,
    Kind.AFTER_VISIT: _after_visit, Kind.AFTER: _after, Kind.PAYMENT: _payment, Kind.REACTIVATION: _reactivation,
}
