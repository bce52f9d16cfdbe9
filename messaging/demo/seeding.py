"""A demo clinic from nothing, the same every time: the demo of `bin/dev`, and the scratch clinic of an evaluation."""
import random

from django.db import transaction

from clinics import tenancy
from messaging.demo import clinic as building
from messaging.demo import conversations, days, leads, world


@transaction.atomic
def seed(clinic: world.Clinic, *, lived=True):
    """One clinic, in one transaction: all of it or nothing. Its memberships by name, and its channel as somebody who
    posts to it needs it. `lived`: with patients, visits, cash and conversations of days before and after."""
    tenant = building.found(clinic)
    dice = random.Random(clinic.seed)  # noqa: S311  (the same demo every time)
    with tenancy.tenant_context(tenant.pk), tenancy.atomic():
        members = building.hire(clinic)
        professionals = building.seat_professionals(clinic, members)
        ceo = next(one for one in members.values() if one.role == "ceo").actor
        treatments = building.offer_treatments(professionals)
        building.accept_insurers()
        channel = building.connect_number(clinic, by=ceo)
        if lived:
            live(clinic, members, professionals, treatments, dice)
    return members, channel


def live(clinic, members, professionals, treatments, dice):
    desk = next(one for one in members.values() if one.role == "secretary").actor
    author = next(one for one in members.values() if one.role == "professional").actor
    patients = building.admit_patients(clinic, by=desk, author=author, dice=dice)
    days.Days(
        patients=patients, professionals=professionals, treatments=treatments, desk=desk, author=author,
        dice=dice).play()
    conversations.write(channel_number=clinic.number, patients=patients)
    leads.write(members=members, patients=patients)
