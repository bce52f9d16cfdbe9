"""Buttons that act without the model: those of a message about a visit. Each has an opaque code, is of one visit at
one time and of one conversation, ends with the visit, and acts once.

The webhook only notes the tap; a job acts on it, for the verbs of the agenda lock professionals before anything else.
"""
import secrets

from clinics import tenancy
from dentalogic.lib import clock
from messaging.models import ChatMessage, Tap

PREFIX = "tap:"


def buttons(*, conversation, appointment, actions) -> list[dict]:
    """Fresh codes for these actions, as `outbox.say` takes them: `[{"id", "title"}]`. In the caller's transaction."""
    now = clock.now()
    rows = Tap.objects.bulk_create(Tap(
        conversation=conversation, appointment=appointment, action=action, code=secrets.token_urlsafe(9),
        visit_at=appointment.start_at, created_at=now, expires_at=appointment.start_at) for action in actions)
    return [{"id": PREFIX + row.code, "title": title(row.action)} for row in rows]


def title(action) -> str:
    return str(Tap.Action(action).label)


@tenancy.atomic
def tapped(message) -> bool:
    """Whether this message is a tap on a button of ours: then nobody else answers it. In the webhook's transaction."""
    if not message.reply_id.startswith(PREFIX):
        return False
    now, code = clock.now(), message.reply_id.removeprefix(PREFIX)
    message.kind = "tap"  # no turn of the receptionist takes it for something to answer
    ChatMessage.objects.filter(pk=message.pk).update(kind=message.kind)
    Tap.objects.filter(code=code, conversation=message.conversation_id, tapped_at=None).update(
        tapped_at=now, message=message)
    return True
