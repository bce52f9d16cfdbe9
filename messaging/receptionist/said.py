"""What the patient has really written: facts that a model passes on must be among it."""

import re

from dentalogic.lib.text import fold
from messaging import media
from messaging.models import ChatMessage
from messaging.receptionist import guard_clock, offers
from messaging.receptionist.case import Case

LOOKED_BACK = 60
TELL = (ChatMessage.Author.STAFF, ChatMessage.Author.RECEPTIONIST)


def words_of(case: Case) -> set[str]:
    return set(_words(" ".join(_written(case))))


def _written(case: Case) -> list[str]:
    """What the patient wrote of late, or said in a recording."""
    rows = ChatMessage.objects.of(case.conversation).inbound().order_by("-pk")[:LOOKED_BACK]
    return [*(message.words for message in media.with_files(list(rows))), case.text]


def by_patient(case: Case, value: str) -> bool:
    """Whether every word of ``value`` was written by the patient; digits are compared without separators."""
    spoken = words_of(case)
    return all(word in spoken for word in _words(value))


def digits_by_patient(case: Case, number: str) -> bool:
    written = re.sub(r"[^\dA-Za-z]", "", " ".join(_written(case))).upper()
    return re.sub(r"[^\dA-Za-z]", "", number).upper() in written


def after(case: Case, offer) -> list:
    """This turn's messages that were written once the offer had been said; none of an offer of this very turn."""
    if case.turn is not None and offer.created_at >= case.turn.started_at:
        return []
    since = ChatMessage.objects.of(case.conversation).outbound().filter(created_at__gte=offer.created_at).exclude(
        status__in=(ChatMessage.Status.FAILED, ChatMessage.Status.CANCELLED)).order_by("pk")  # fmt: skip
    told = since.filter(turn__started_at__lte=offer.created_at).first() or _in_words(case, offer, since)
    return [message for message in case.messages if told and message.pk > told.pk]


def _in_words(case: Case, offer, since):
    """The message that told these hours, in their order: a person's, of an offer they made or took over, or hers."""
    hours = [f"{case.local(offers.starts(option)):%H:%M}" for option in offer.options]
    for message in since.filter(author__in=TELL)[:LOOKED_BACK]:
        clocks = iter(guard_clock.clocks(fold(message.text)))
        if all(any(hour in clock for clock in clocks) for hour in hours):
            return message
    return None


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", fold(text))
