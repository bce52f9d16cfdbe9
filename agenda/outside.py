"""Visits ahead at times when nobody attends any more: hours were changed after they were given. Told to whoever sets
the clinic up; none is cancelled by that."""
from collections import defaultdict

from agenda import holidays, hours
from agenda.models import Appointment, Closure, UsualChair
from clinics import tenancy
from dentalogic.lib import clock


def visits(professional=None) -> list[Appointment]:
    """By time; of one professional, or of all. Three queries, however many visits there are."""
    ahead = Appointment.objects.upcoming(clock.now()).with_names()
    rows = list(ahead if professional is None else ahead.of(professional))
    if not rows:
        return []
    tenant = tenancy.here()
    first, last = (moment.astimezone(tenant.zone).date() for moment in (rows[0].start_at, rows[-1].start_at))
    since, until = hours.midnight(first - hours.DAY, tenant.zone), hours.midnight(last + 2 * hours.DAY, tenant.zone)
    by_hand = [
        one for row in Closure.objects.touching(since, until) for one in row.times(since, until, tenant.zone)]
    national = holidays.days(tenant, first - hours.DAY, last + hours.DAY)
    chairs, theirs = dict(UsualChair.objects.values_list("professional", "chair")), defaultdict(list)
    for row in rows:
        theirs[row.professional].append(row)
    found = []
    for who, given in theirs.items():
        attends = hours.attendance(
            professional_id=who.pk, chair_id=chairs.get(who.pk), by_hand=by_hand, national=national, zone=tenant.zone,
            week=tenant.working_hours if who.working_hours is None else who.working_hours)
        spans = attends.open(first - hours.DAY, last + hours.DAY)
        found += [row for row in given if not who.active or not _inside(row, spans)]
    return sorted(found, key=lambda row: (row.start_at, row.pk))


def _inside(row, spans) -> bool:
    return any(start <= row.start_at and row.end_at <= end for start, end in spans)
