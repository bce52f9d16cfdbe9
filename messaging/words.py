"""The words by which a conversation is found: of its messages, of who writes, the ends of their phone.

A job reads what was written since it last looked, so that no webhook waits for it and no turn does.
"""
import re

from django.db.models import F, Q

from clinics import tenancy
from clinics.patients.words import PHONE_ENDS, pieces
from dentalogic.lib import clock
from messaging import media
from messaging.models import ChatMessage, Conversation, ConversationWord, MediaFile

AT_ONCE, MESSAGES = 200, 500
SHORTEST, LONGEST, MOST_DIGITS, MOST_WORDS = 2, 40, 15, 80  # of a word; of one message


@tenancy.atomic
def unread() -> list[int]:
    """Conversations with something to read, those never read among them."""
    news = Q(words_at=None) | Q(last_message_at__gt=F("words_at"))
    return list(Conversation.objects.filter(news).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


@tenancy.atomic
def read(*, conversation_id) -> None:
    """Twice is once. A recording whose words are not there yet is waited for, with what came after it."""
    row = Conversation.objects.select_for_update().get(pk=conversation_id)
    now = clock.now()
    rows = list(ChatMessage.objects.of(row).filter(pk__gt=row.words_upto).order_by("pk")[:MESSAGES])
    messages = _heard(media.with_files(rows))
    words = {word for message in messages for word in of_text(message.words)}
    if row.words_at is None:
        words |= set(of_text(row.profile_name)) | ends(row.phone)
    ConversationWord.objects.bulk_create(
        [ConversationWord(conversation=row, word=word) for word in sorted(words)], ignore_conflicts=True)
    whole = len(messages) == len(rows) < MESSAGES
    Conversation.objects.filter(pk=row.pk).update(
        words_upto=messages[-1].pk if messages else row.words_upto, words_at=now if whole else row.words_at)


@tenancy.atomic
def forget(*, conversation_id) -> None:
    """What was taken back is not found either: all is read anew."""
    ConversationWord.objects.filter(conversation=conversation_id).delete()
    Conversation.objects.filter(pk=conversation_id).update(words_at=None, words_upto=0)


def of_text(text) -> list[str]:
    """`¿Puedo ir el 24/11?` -> `puedo`, `ir`, `el`, `2411`; a long run of digits is nobody's word."""
    found = [piece for piece in pieces(text) if SHORTEST <= len(piece) <= LONGEST]
    return [one for one in found if not (one.isdigit() and len(one) > MOST_DIGITS)][:MOST_WORDS]


def ends(phone) -> set[str]:
    digits = re.sub(r"\D", "", phone)
    return {digits[-length:] for length in PHONE_ENDS if length < len(digits)} | ({digits} if digits else set())


def _heard(messages):
    waits = next((n for n, one in enumerate(messages)
                  if one.file and one.file.transcript_state == MediaFile.Heard.WAITING), len(messages))
    return messages[:waits]
