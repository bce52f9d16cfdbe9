"""Time that visits give back, kept for those who wait: a row in the verb's transaction, the rest after it."""
from datetime import timedelta

from agenda.models import FreedTime, WaitlistEntry
from clinics import tenancy

MOST = 20


def note(before, *, now) -> None:
    """The span of `before` was given back. Costs one question where nobody waits, none where it is too late."""
    notice = timedelta(minutes=tenancy.here().minimum_notice)
    if before.end_at > now + notice and WaitlistEntry.objects.waiting().exists():
        keep(professional_id=before.professional_id, start_at=before.start_at, end_at=before.end_at, now=now)


def keep(*, professional_id, start_at, end_at, now) -> FreedTime:
    row = FreedTime.objects.create(
        professional_id=professional_id, start_at=start_at, end_at=end_at, freed_at=now, look_at=now)
    _look(row)
    return row


def again(row: FreedTime, *, now) -> None:
    """Whoever was offered it does not take it: it is for the next."""
    FreedTime.objects.filter(pk=row.pk).update(look_at=now)
    _look(row)


def missed(*, since, now) -> None:
    """What was freed while one who waits was thinking about another time: now they can be asked about it."""
    rows = FreedTime.objects.filter(look_at=None, freed_at__gte=since, start_at__gt=now).order_by("pk")
    for row in rows.select_for_update(of=("self",), skip_locked=True)[:MOST]:  # whose professional is not locked here
        again(row, now=now)


def _look(row):
    from agenda import tasks  # noqa: PLC0415  (tasks names the verbs that end here)

    tasks.fill_freed_time.later(freed_id=row.pk)
