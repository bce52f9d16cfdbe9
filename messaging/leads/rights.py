"""Whose leads a member reaches, and through them whose patients, conversations and visits.

Without the module's tables nobody has leads: each scope is empty, and what asked for it goes on.
"""
from functools import wraps

from django.db.models import Exists, OuterRef

from agenda.models import Appointment, Status
from clinics.access import OWN_LEADS, Role
from clinics.modules import Module
from messaging.leads.models import Lead

MODULE = Module("leads", scope=OWN_LEADS)
ATTENDED = (Status.ARRIVED, Status.SEATED, Status.COMPLETED)


def leads(actor, rows):
    """A setter's: those they took, and the new that nobody has. A closer's: those that were handed to them."""
    return rows.of_setter(actor.membership_id) | rows.waiting() if actor.role == Role.SETTER else (
        rows.of_closer(actor.membership_id))


def _empty_without_the_module(narrow):
    @wraps(narrow)
    def narrowed(actor, rows):
        return narrow(actor, rows) if MODULE.there() else rows.none()

    return narrowed


def _worked(actor):
    """A lead that was given up opens no door to the person any more."""
    leads = Lead.objects.not_given_up()
    return leads.of_setter(actor.membership_id) | leads.of_closer(actor.membership_id)


@_empty_without_the_module
def patients(actor, rows):
    return rows.filter(Exists(_worked(actor).filter(patient=OuterRef("pk"))))


@_empty_without_the_module
def conversations(actor, rows):
    return rows.filter(Exists(_worked(actor).filter(conversation=OuterRef("pk"))))


@_empty_without_the_module
def appointments(actor, rows):
    """First visits of their leads: none that the patient came to is older."""
    came = Appointment.objects.filter(patient=OuterRef("patient"), status__in=ATTENDED)
    return rows.filter(
        Exists(_worked(actor).filter(patient=OuterRef("patient"))),
        ~Exists(came.filter(start_at__lt=OuterRef("start_at"))), patient__isnull=False)
