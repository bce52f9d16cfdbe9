"""An overbooked visit stands outside the constraints only while another visit has its time."""

from django.db import IntegrityError

from agenda import freed
from agenda.calendars import pushes
from agenda.contention import LOSSES
from agenda.models import Appointment
from clinics import live, tenancy
from dentalogic.lib import sql


def settle(before: Appointment, *, now) -> None:
    """The time that this row had was freed: what was overbooked on it becomes ordinary, unless something else still
    overlaps it; then those who wait may have it."""
    there = Appointment.objects.taking_time(now).overlapping(before.start_at, before.end_at).filter(overbooked=True)
    for row in there.sharing(before.professional_id, before.chair_id, before.patient_id).order_by("start_at", "pk"):
        if row.pk != before.pk and stands_alone(row, now):
            _protect(row)
    freed.note(before, now=now)


def stands_alone(row, now):
    """Whether nothing ordinary has the row's time, of its professional, chair or patient."""
    rivals = Appointment.objects.taking_time(now).overlapping(row.start_at, row.end_at).filter(overbooked=False)
    return not rivals.exclude(pk=row.pk).sharing(row.professional_id, row.chair_id, row.patient_id).exists()


def _protect(row):
    row.overbooked = False
    row.version += 1
    try:
        with tenancy.atomic():
            row.save()
    except IntegrityError as error:  # somebody took part of its time meanwhile: it stays overbooked
        if sql.constraint_of(error) not in LOSSES:
            raise
        return
    pushes.follow(row)
    live.say("APPOINTMENT_UPDATED", appointment=row.pk, professional=row.professional_id)
