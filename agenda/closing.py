"""Spans in which nobody is booked, and those that are opened by hand. Closing says which visits are inside and cancels
none of them.

It takes the lock of whom it concerns, as booking does: a visit is either there to be told, or finds the span closed.
"""
from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda import holidays, hours
from agenda.models import AHEAD, Appointment, Closure, UsualChair
from clinics import clinic, live, tenancy
from clinics.audit import log_security_event
from clinics.clinic import admit, check
from clinics.models import Professional
from dentalogic.lib import clock, sql
from dentalogic.lib.refusals import Refusal

LOOKED_AHEAD = timedelta(days=370)  # for visits inside the times of what repeats
PERIODS = {Closure.Repeats.WEEKLY: timedelta(days=7), Closure.Repeats.YEARLY: timedelta(days=365)}
WHOLE_DAY = timedelta(days=1)


class VisitsInside(Refusal):
    """Told once: with `despite_visits` it is done, and the visits stay."""

    code = "visits_inside"
    status = 409
    detail = gettext_lazy("Hay turnos dados en esas horas.")


@tenancy.atomic
def close(*, start_at, end_at, by, kind=Closure.Kind.CLOSED, reason="", professional=None, chair=None,
          repeats="", until_on=None, despite_visits=False) -> Closure:
    """Nobody is booked from `start_at` to `end_at` (aware): in the clinic, with this professional or in this chair.

    `repeats` "weekly" or "yearly" is the same wall clock again, for the last time on `until_on` at the latest.
    Raises VisitsInside (`extra["appointments"]`: their ids) unless `despite_visits`; Invalid for a span that is none.
    """
    admit(by)
    return _store(Closure(), by, "closure.added", despite_visits, start_at=start_at, end_at=end_at, kind=kind,
                  reason=reason, professional=professional, chair=chair, repeats=repeats, until_on=until_on)


@tenancy.atomic
def open_hours(*, start_at, end_at, by, usual_hours=False, reason="", professional=None, repeats="", until_on=None):
    """The clinic, or this professional, attends from `start_at` to `end_at` though it is a holiday or closed by hand;
    with `usual_hours`, in the hours that those days have in the week, otherwise the whole span. The row."""
    admit(by)
    return _store(Closure(), by, "closure.opened", False, start_at=start_at, end_at=end_at, kind=Closure.Kind.OPEN,
                  usual_hours=usual_hours, reason=reason, professional=professional, repeats=repeats,
                  until_on=until_on)


@tenancy.atomic
def keep_holidays(*, closes: bool, region: str, by):
    """Whether the clinic closes on national holidays, and of which part of its country."""
    known = holidays.regions().get(tenancy.here().country.upper(), ())
    check({"holiday_region": "" if region in ("", *known) else _("Elegí una de la lista.")})
    return clinic.configure(by=by, closes_on_holidays=closes, holiday_region=region)


@tenancy.atomic
def change(*, closure, by, despite_visits=False, **span) -> Closure:
    """Another span or another reason for the same closure; refused as `close` is."""
    admit(by)
    row = Closure.objects.select_related("professional", "chair").select_for_update(of=("self",)).get(pk=closure.pk)
    return _store(row, by, "closure.changed", despite_visits, **span)


@tenancy.atomic
def reopen(*, closure, by) -> None:
    admit(by)
    Closure.objects.filter(pk=closure.pk).delete()
    log_security_event("closure.removed", by=by, closure=closure.pk)
    live.say("CLINIC_UPDATED", closure=closure.pk)


def inside(closure):
    """The visits ahead that fall in it, whomever they are with; of what repeats, in the times of a year."""
    rows = Appointment.objects.filter(status__in=AHEAD).with_names()
    if closure.repeats:
        now = clock.now()
        spans = closure.times(now, now + LOOKED_AHEAD, tenancy.here().zone)
        whenever = Q(pk=None)
        for one in spans:
            whenever |= Q(start_at__lt=one.end_at, end_at__gt=one.start_at)
        rows = rows.filter(whenever, end_at__gt=now)
    else:
        rows = rows.overlapping(closure.start_at, closure.end_at)
    if closure.professional_id:
        rows = rows.filter(professional=closure.professional_id)
    if closure.chair_id:
        rows = rows.filter(chair=closure.chair_id)
    return rows.order_by("start_at", "pk")


def these(ids):
    """The visits of a refusal, as they are shown."""
    return Appointment.objects.filter(pk__in=ids).with_names().order_by("start_at", "pk")


def _store(row, by, event, despite_visits, **changes):
    before = _span(row) if row.pk else None
    for field, value in changes.items():
        setattr(row, field, value)
    row.reason = " ".join(row.reason.split())
    row.start_at, row.end_at = (instant.replace(second=0, microsecond=0) for instant in (row.start_at, row.end_at))
    row.usual_hours = row.usual_hours and row.opens
    check(_faults(row))
    sql.lock("professional", *_concerned(row))
    unheard = not (despite_visits or row.opens) and _span(row) != before
    if unheard and (ids := list(inside(row).values_list("pk", flat=True))):
        raise VisitsInside(extra={"appointments": ids})
    row.save()
    log_security_event(event, by=by, closure=row.pk, professional=row.professional_id, chair=row.chair_id)
    live.say("CLINIC_UPDATED", closure=row.pk)
    return row


def _faults(row) -> dict:
    day = row.start_at.astimezone(tenancy.here().zone).date()
    length = row.end_at - row.start_at
    return {
        "whom": _whom_fault(row),
        "last_day": "" if length > timedelta() else _("Tiene que terminar después de empezar."),
        "first_hour": _hours_fault(row) if row.opens and length > timedelta() else "",
        "repeats": "" if not row.repeats or length <= PERIODS.get(row.repeats, timedelta()) else _(
            "Dura más que lo que tarda en repetirse."),
        "until_on": "" if row.until_on is None or (row.repeats and row.until_on >= day) else _(
            "Tiene que repetirse, y el último día no puede ser antes del primero."),
    }


def _whom_fault(row) -> str:
    if row.professional and row.chair:
        return _("Elegí un profesional o un sillón, no los dos.")
    return _("Se abre la clínica o un profesional, no un sillón.") if row.opens and row.chair else ""


def _hours_fault(row) -> str:
    if not row.usual_hours:
        return "" if row.end_at - row.start_at <= WHOLE_DAY else _(
            "Con horas propias se abre un día por vez, o uno que se repite.")
    here = tenancy.here()
    people = [row.professional] if row.professional else Professional.objects.active()
    weeks = [here.working_hours if one.working_hours is None else one.working_hours for one in people]
    first, last = (moment.astimezone(here.zone).date() for moment in (row.start_at, row.end_at - timedelta(minutes=1)))
    usual = any(hours.Attendance(week, here.zone).open(first, min(last, first + timedelta(days=7))) for week in weeks)
    return "" if usual else _("Ese día no tiene horario habitual: decí desde y hasta qué hora se atiende.")


def _span(row):
    return row.start_at, row.end_at, row.professional_id, row.chair_id, row.repeats, row.until_on, row.opens


def _concerned(row) -> list[int]:
    if row.professional_id:
        return [row.professional_id]
    if row.chair_id:
        return list(UsualChair.objects.filter(chair=row.chair_id).values_list("professional_id", flat=True))
    return list(Professional.objects.active().values_list("pk", flat=True))
