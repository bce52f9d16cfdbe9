"""What every part of the dialogue does in the same way."""

from clinics import tenancy
from messaging import outbox
from messaging.models import ChatMessage, Conversation
from messaging.receptionist import tools
from messaging.receptionist.case import Case, Done
from messaging.receptionist.tools import people

NOT_UNDERSTOOD: list[str] = ["\0not understood"]


def symptom_told(case: Case) -> bool:
    """A symptom in this turn, not only a wish for a check-up."""
    return any(set(done.data["reasons"]) - {"check-up or aesthetics"} for done in case.did("triage_urgency"))


def newly_pressing(case: Case) -> bool:
    """What this turn tells is more urgent than what was being arranged."""
    return bool(case.facts.urgent) and case.facts.urgent != case.facts.before.get("facts", {}).get("urgent", "")


def use(case: Case, tool, **arguments) -> Done:
    return tools.use(case, tool, arguments)


@tenancy.atomic
def say_first(case: Case, texts: list[str]) -> None:
    """What explains a handoff is said before the line of the handoff itself."""
    text = "\n".join(one for one in texts if one)
    row = Conversation.objects.get(pk=case.conversation.pk)  # a person may have taken it meanwhile
    if text and row.window_open(case.now) and not row.with_staff:
        outbox.say(conversation=row, text=text, author=ChatMessage.Author.RECEPTIONIST, by=case.by, turn=case.turn)


def hand_off(case: Case, reason: str) -> list[str]:
    """The verb itself tells the patient who answers from now on."""
    done = use(case, people.HAND_OFF, reason=reason)
    if not done.refused:
        case.stage = ""
    return []
