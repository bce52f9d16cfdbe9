"""Rivals for one span of time: who loses is told so, with other openings, whatever way the loss shows."""

from contextlib import suppress
from datetime import timedelta
from functools import wraps

from django.db import IntegrityError, OperationalError
from django.utils.translation import gettext as _

from agenda import availability
from agenda.availability import Wanted
from agenda.calendars import pushes
from agenda.models import UsualChair
from agenda.refusals import SlotTaken
from clinics import tenancy
from dentalogic.lib import sql

DEADLOCK = "40P01"
LOSSES = {"appointments_professional_free", "appointments_chair_free", "appointments_patient_free"}
SAME_KEY = "appointments_idempotency_key"
OTHERS, OTHERS_WITHIN = 4, timedelta(days=6)


class Lost(Exception):
    """The wanted time is somebody else's."""

    def __init__(self, wanted: Wanted, constraint=""):
        self.wanted, self.constraint = wanted, constraint
        super().__init__(constraint)


class Again(Exception):
    """A rival was in the way of this attempt, not of its time: a deadlock, or the same key a moment earlier."""


def contended(verb):
    """Run a verb that takes time as one transaction. A deadlock is tried once more; what is lost is `SlotTaken`, and
    the openings it names are searched after the loser let go of its locks."""

    @wraps(verb)
    def settled(**arguments):
        try:
            return _twice(verb, arguments)
        except Lost as loss:
            raise _refusal(loss) from None

    return settled


def retried(verb):
    """The same for a verb that takes no time: it may stand between two who do, and be the one that is stopped."""

    @wraps(verb)
    def settled(**arguments):
        with suppress(Again):
            return _once(verb, arguments)
        with tenancy.atomic():
            return verb(**arguments)

    return settled


def _twice(verb, arguments):
    with suppress(Again):
        return _once(verb, arguments)
    try:
        return _once(verb, arguments)
    except Again as error:
        raise SlotTaken from error


def _once(verb, arguments):
    try:
        with tenancy.atomic():
            return verb(**arguments)
    except OperationalError as error:
        if sql.sqlstate_of(error) == DEADLOCK:
            raise Again from error
        raise


def claim(*professional_ids: int) -> None:
    """Whoever takes time of these professionals does so one after the other; and where the clinic keeps a buffer,
    whoever takes it in the chairs they work in: no constraint knows of the buffer."""
    sql.lock("professional", *professional_ids)
    if tenancy.here().buffer_minutes:
        chairs = UsualChair.objects.filter(professional__in=professional_ids).values_list("chair", flat=True)
        sql.lock("chair", *chairs)


def save(row, wanted: Wanted) -> None:
    """Write the row; the constraint decides whether its time was free. Google hears of it after the commit."""
    try:
        row.save()
    except IntegrityError as error:
        constraint = sql.constraint_of(error)
        if constraint == SAME_KEY:
            raise Again from error
        if constraint not in LOSSES:
            raise
        raise Lost(wanted, constraint) from error
    pushes.follow(row)


@tenancy.atomic
def _refusal(loss: Lost) -> SlotTaken:
    detail = _("El paciente ya tiene un turno a esa hora.") if loss.constraint == "appointments_patient_free" else None
    found = others(loss.wanted)
    return SlotTaken(detail, openings=found, mirrored=bool(found.mirrored), zone=tenancy.here().zone)


def others(wanted: Wanted) -> availability.Openings:
    """The openings of the same professional that are nearest to the one that was lost. A refusal waits for nobody: a
    Google calendar is judged by its copy."""
    day = wanted.start_at.astimezone(tenancy.here().zone).date()
    found = availability.find(
        treatment=wanted.treatment, professionals=[wanted.professional], first=day, last=day + OTHERS_WITHIN,
        urgency=wanted.urgency, now=wanted.now, exclude=wanted.exclude, holder=wanted.holder, insurer=wanted.insurer,
        had=wanted.had, live=wanted.live)
    nearest = sorted(found, key=lambda opening: abs(opening.start_at - wanted.start_at))[:OTHERS]
    named = availability.Openings(sorted(nearest, key=lambda opening: opening.start_at))
    named.mirrored = found.mirrored
    return named
