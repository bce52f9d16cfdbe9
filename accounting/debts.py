"""Who owes, since when nothing moved: asked by what writes to patients."""
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Max, Sum

from accounting.models import Transaction
from accounting.models.transaction import OWED, SETTLED, ZERO, signed

MOST = 500


@dataclass(frozen=True)
class Debt:
    patient_id: int
    owed: Decimal
    last_id: int  # of the movement that left it so
    moved_at: datetime


def quiet(*, since, but=()) -> list[Debt]:
    """Patients who owe and whose account has not moved after `since`, the newest debts first; not those whose last
    movement is in `but`, for they have been told of it: of many, each has its turn."""
    rows = Transaction.objects.exclude(patient=None).values("patient").annotate(
        owed=Sum(signed("paid_by_patient", OWED, SETTLED)), last_id=Max("pk"), moved_at=Max("recorded_at"),
    ).filter(owed__gt=ZERO, moved_at__lte=since).exclude(last_id__in=but).order_by("-moved_at")[:MOST]
    return [Debt(row["patient"], row["owed"], row["last_id"], row["moved_at"]) for row in rows]


def of(patient_id) -> Debt | None:
    """What a patient owes now, or None."""
    row = Transaction.objects.filter(patient=patient_id).aggregate(
        owed=Sum(signed("paid_by_patient", OWED, SETTLED)), last_id=Max("pk"), moved_at=Max("recorded_at"))
    return Debt(patient_id, row["owed"], row["last_id"], row["moved_at"]) if (row["owed"] or ZERO) > ZERO else None
