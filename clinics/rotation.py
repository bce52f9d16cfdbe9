"""Writing every secret again under the newest key: afterwards an older key, or a Fernet one, may leave the ring."""
from dataclasses import dataclass

from django.db import transaction

from clinics import audit, tenancy, vault
from clinics.models import Credential, SecondFactor
from dentalogic.lib.crypto import CannotOpen

BATCH = 200  # rows of one transaction


@dataclass
class Count:
    rewritten: int = 0
    current: int = 0  # under the newest key already
    unreadable: int = 0  # moved, changed, or their key is gone from the ring


def of_clinic() -> Count:
    """The credentials of the clinic in scope. Safe to run twice, and beside whoever reads or writes them."""
    count = _walk(
        Credential.objects.order_by("pk"), "ciphertext", tenancy.atomic,
        place=lambda row: f"{row.tenant_id}:{row.name}", more=lambda: {"key_id": vault.ring().newest})
    if count.rewritten or count.unreadable:
        audit.log_security_event(
            "vault.rotated", severity="critical" if count.unreadable else "warning", rewritten=count.rewritten,
            unreadable=count.unreadable)
    return count


def of_people() -> Count:
    """The second factors: global, like the people whose they are."""
    return _walk(
        SecondFactor.objects.order_by("pk"), "secret", transaction.atomic,
        place=lambda row: f"user:{row.pk}:second_factor")


def _walk(rows, column, atomic, *, place, more=dict):
    count, after = Count(), 0
    while after is not None:
        with atomic():
            batch = list(rows.select_for_update().filter(pk__gt=after)[:BATCH])
            for row in batch:
                _again(row, column, place(row), more, count)
        after = batch[-1].pk if batch else None
    return count


def _again(row, column, place, more, count):
    ring, token = vault.ring(), getattr(row, column)
    if ring.is_newest(token):
        count.current += 1
        return
    try:
        clear = ring.open(token, belongs_to=place)
    except CannotOpen:
        count.unreadable += 1
        return
    changes = {column: ring.seal(clear, belongs_to=place), **more()}
    type(row).objects.filter(pk=row.pk).update(**changes)
    count.rewritten += 1
