"""Spans in which nobody is booked. Closing says which visits are inside and cancels none of them.

It takes the lock of whom it concerns, as booking does: a visit is either there to be told, or finds the span closed.
"""
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda.models import AHEAD, Appointment, Closure, UsualChair
from clinics import live, tenancy
from clinics.audit import log_security_event
from clinics.clinic import admit, check
from clinics.models import Professional
from dentalogic.lib import sql
from dentalogic.lib.refusals import Refusal


class VisitsInside(Refusal):
    """Told once: with `despite_visits` it is done, and the visits stay."""

    code = "visits_inside"
    status = 409
    detail = gettext_lazy("Hay turnos dados en esas horas.")


@tenancy.atomic
def close(*, start_at, end_at, by, kind=Closure.Kind.CLOSED, reason="", professional=None, chair=None,
          despite_visits=False) -> Closure:
    """Nobody is booked from `start_at` to `end_at` (aware): in the clinic, with this professional or in this chair.

    Raises VisitsInside (`extra["appointments"]`: their ids) unless `despite_visits`; Invalid for a span that is none.
    """
    admit(by)
    return _store(Closure(), by, "closure.added", despite_visits, start_at=start_at, end_at=end_at, kind=kind,
                  reason=reason, professional=professional, chair=chair)


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
    """The visits ahead that fall in the closure, whomever they are with."""
    rows = Appointment.objects.filter(status__in=AHEAD).overlapping(closure.start_at, closure.end_at).with_names()
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
    check({
        "whom": _("Elegí un profesional o un sillón, no los dos.") if row.professional and row.chair else "",
        "last_day": "" if row.start_at < row.end_at else _("Tiene que terminar después de empezar."),
    })
    sql.lock("professional", *_concerned(row))
    if not despite_visits and _span(row) != before and (ids := list(inside(row).values_list("pk", flat=True))):
        raise VisitsInside(extra={"appointments": ids})
    row.save()
    log_security_event(event, by=by, closure=row.pk, professional=row.professional_id, chair=row.chair_id)
    live.say("CLINIC_UPDATED", closure=row.pk)
    return row


def _span(row):
    return row.start_at, row.end_at, row.professional_id, row.chair_id


def _concerned(row) -> list[int]:
    if row.professional_id:
        return [row.professional_id]
    if row.chair_id:
        return list(UsualChair.objects.filter(chair=row.chair_id).values_list("professional_id", flat=True))
    return list(Professional.objects.active().values_list("pk", flat=True))
