"""What colleagues say to each other inside a thread. No patient ever reads it: nothing here is sent."""
from django.utils.translation import gettext_lazy as _

from clinics import audit, live, tenancy
from clinics.idempotency import KeyReused
from dentalogic.lib import clock
from dentalogic.lib.refusals import Refusal
from messaging.models import Conversation, Note

LIMIT = 2000


class NothingToNote(Refusal):
    code = "empty"
    detail = _("Escribí una nota de hasta 2000 caracteres.")


@tenancy.atomic
def write(*, conversation, text, by, key=None) -> Note:
    """A note for colleagues; whoever attends. The same key in a conversation is the same note; KeyReused for another
    text under it."""
    text = text.strip()
    if not text or len(text) > LIMIT:
        raise NothingToNote
    conversation = Conversation.objects.locked(conversation.pk)
    if key and (said := Note.objects.filter(conversation=conversation, key=key).first()):
        if said.text != text:
            raise KeyReused
        return said
    note = line(conversation, Note.Kind.NOTE, by=by, text=text, key=key)
    audit.log_security_event("conversation_noted", by=by, conversation=conversation.pk)
    live.say("CHAT_UPDATED", conversation=conversation.pk, note=note.pk)
    return note


def line(conversation, kind, *, by=None, about_id=None, text="", key=None) -> Note:
    """One line of the thread, in the caller's transaction; whoever calls says it to the screens."""
    return Note.objects.create(
        conversation=conversation, kind=kind, author_id=by.user_id if by else None, about_id=about_id, text=text,
        key=key, created_at=clock.now())
