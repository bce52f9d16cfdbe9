"""Buttons that act without the model: those of a message about a visit. Each has an opaque code, is of one visit at
one time and of one conversation, and acts once.

The webhook only notes the tap; a job acts on it (tap_acts), for the verbs of the agenda lock professionals first.
"""
import secrets

from django.conf import settings
from django.db.models import Q
from django.utils.translation import override

from clinics import tenancy
from dentalogic.lib import clock
from messaging.models import ChatMessage, Tap

PREFIX = "tap:"
TAPPED = "tap"  # the kind of such a message: no turn of the receptionist takes it for something to answer


def buttons(*, conversation, appointment, actions) -> list[dict]:
    """Fresh codes for these actions, as `outbox.say` takes them: `[{"id", "title"}]`. In the caller's transaction."""
    now = clock.now()
    rows = Tap.objects.bulk_create(Tap(
        conversation=conversation, appointment=appointment, action=action, code=secrets.token_urlsafe(9),
        visit_at=appointment.start_at, created_at=now, expires_at=appointment.start_at) for action in actions)
    return [{"id": PREFIX + row.code, "title": title(row.action)} for row in rows]


def title(action) -> str:
    """In the patient's language, whoever sends it."""
    with override(settings.LANGUAGE_CODE):
        return str(Tap.Action(action).label)


@tenancy.atomic
def tapped(message) -> bool:
    """Whether this message is a tap on a button of ours: then nobody else answers it. In the webhook's transaction.

    A second tap on the same button is one, and is not answered again. A code that is not of this conversation is no
    tap: what it says is read like any message.
    """
    if not message.reply_id.startswith(PREFIX):
        return False
    from messaging.automations import tasks  # noqa: PLC0415  (whose jobs end here)

    here = Q(conversation=message.conversation_id) | Q(conversation__merged_into=message.conversation_id)
    tap = Tap.objects.filter(here, code=message.reply_id.removeprefix(PREFIX)).first()
    if tap is None:
        return False
    message.kind = TAPPED
    ChatMessage.objects.filter(pk=message.pk).update(kind=TAPPED)
    if Tap.objects.filter(pk=tap.pk, tapped_at=None).update(tapped_at=clock.now(), message=message):
        tasks.act.later(tap_id=tap.pk)
    return True
