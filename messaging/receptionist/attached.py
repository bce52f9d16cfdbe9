"""What comes with a message: recordings are read as they were heard, pictures are referred to and never judged."""

import re

from dentalogic.lib.text import fold
from messaging.receptionist import phrases
from messaging.receptionist.case import Case

SEEN = ("image", "video", "document")
KINDS = ("audio", *SEEN)
REFERS = re.compile(r"\b(?:fotos?|imagen|video|archivo|radiografia|pdf|recibi|mandaste|enviaste)\b")


def wordless(case: Case) -> set[str]:
    """The kinds of what came without words, or whose words nobody could hear."""
    return {one.kind for one in case.messages if not one.words and one.kind != "text"}


def pictured(case: Case) -> bool:
    """A picture or a document came with words."""
    return any(one.text and one.kind in SEEN for one in case.messages)


def alone(case: Case) -> list[str] | None:
    """The answer, of either engine, to what came without a word; None where there are words."""
    kinds = wordless(case)
    if case.text.strip() or not kinds:
        return None
    return _unheard(case) or [phrases.media_only(kinds)]


def beside(case: Case, texts: list[str]) -> list[str]:
    """The answer to the words, and a line about what came with them, where it says none itself."""
    if not any(texts) or not case.text.strip():
        return texts
    said = _unheard(case)
    if any(one.kind in SEEN for one in case.messages) and not REFERS.search(fold(" ".join(texts))):
        said.append(phrases.picture_seen())
    return [*said, *texts]


def told(message) -> str:
    """A message as a model reads it: whose words they are is marked."""
    heard = message.file is not None and message.file.is_heard
    mark = {
        "audio": "[Nota de voz, transcripta]" if heard else "[Nota de voz sin escuchar]",
        "image": "[Foto, que no ves]", "video": "[Video, que no ves]", "document": "[Documento, que no ves]",
    }.get(message.kind)
    return " ".join(part for part in (mark, message.words) if part) or f"[{message.kind}]"


def _unheard(case: Case) -> list[str]:
    """One line, however many recordings they are."""
    lost = [one for one in case.messages if one.kind == "audio" and not one.words]
    if not lost:
        return []
    return [phrases.not_heard(too_long=all(one.file and one.file.transcript_error == "too_long" for one in lost))]
