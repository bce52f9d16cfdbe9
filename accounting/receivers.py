"""A completed visit is charged in the same transaction: there is no visit done whose price nobody asks for, nor one
charged that was not done."""
from django.dispatch import receiver

from accounting import charging
from agenda.signals import completed, stepped_back
from dentalogic.lib import clock


@receiver(completed, dispatch_uid="accounting.charge_visit")
def charge_completed_visit(appointment, by, **_kwargs):
    charging.charge_visit(appointment=appointment, by=by, now=clock.now())


@receiver(stepped_back, dispatch_uid="accounting.uncharge_visit")
def uncharge_visit(appointment, undone, by, **_kwargs):
    if undone == "completed":
        charging.uncharge_visit(appointment=appointment, by=by, now=clock.now())
