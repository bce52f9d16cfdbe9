"""What every part of the dialogue does in the same way."""

from messaging.receptionist import tools
from messaging.receptionist.case import Case, Done
from messaging.receptionist.tools import people

NOT_UNDERSTOOD: list[str] = ["\0not understood"]


def use(case: Case, tool, **arguments) -> Done:
    return tools.use(case, tool, arguments)


def hand_off(case: Case, reason: str) -> list[str]:
    """The verb itself tells the patient who answers from now on."""
    done = use(case, people.HAND_OFF, reason=reason)
    if not done.refused:
        case.stage = ""
    return []
