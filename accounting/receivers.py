"""A completed visit is charged in the same transaction: there is no visit done whose price nobody asks for."""
from django.dispatch import receiver

from accounting import charging
from agenda.signals import completed
from dentalogic.lib import clock


@receiver(completed, dispatch_uid="accounting.charge_visit")
def charge_completed_visit(appointment, by, **_kwargs):
    charging.charge_visit(appointment=appointment, by=by, now=clock.now())
