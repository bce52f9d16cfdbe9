"""What she did or was refused in a turn, besides her tools' own calls: a row that staff can read."""

from clinics import tenancy
from dentalogic.lib import clock
from messaging.models import TurnStep
from messaging.receptionist.case import Case


@tenancy.atomic
def note(case: Case, name: str, result: dict, *, tokens: int = 0) -> None:
    """``case.steps`` holds it already: its length is the row's place."""
    if case.turn is not None:
        TurnStep.objects.create(
            turn=case.turn, round_id=case.round_id, position=len(case.steps), tool=name, result=result, refused=True,
            started_at=clock.now(), tokens=tokens,
        )  # fmt: skip
