"""What a voice note says: OpenAI's transcription, or any server that speaks its protocol. No word of it is logged."""
import openai
from django.conf import settings

from clinics import tenancy, vault
from clinics.models import Professional
from messaging import budget, language_model
from messaging.media import kinds, storing
from messaging.receptionist.llm import KEY_IN_VAULT

ATTEMPTS = 3
LONGEST = 8000  # characters of a transcript
LANGUAGE = "es"
KEYWORDS = 60
BYTES_A_SECOND = 2000  # of what does not say how long it is: a voice note's own, so that it is rather too much


class Unheard(Exception):
    """There is no transcript; `code` says why, `passing` that a try may bring one, `free` that nobody charged."""

    def __init__(self, code, *, passing=False, free=False):
        self.code, self.passing, self.free = code, passing, free
        super().__init__(code)


def transcript(file, *, seconds=None) -> str:
    """The words of a stored recording. Speaks to the server: no transaction is open here. Raises Unheard."""
    if (file.seconds or 0) > settings.TRANSCRIPTION_LONGEST or file.size > settings.TRANSCRIPTION_LARGEST:
        raise Unheard("too_long")
    key, base, names = _told()
    if not key:
        raise Unheard("no_key")
    try:
        sound = storing.content(file)
    except OSError:
        raise Unheard("gone") from None
    timeout = max(1, min(settings.TRANSCRIPTION_TIMEOUT, seconds or settings.TRANSCRIPTION_TIMEOUT))
    text = _counted(file, lambda: _asked(key, base, timeout, sound, file.mime, names))
    text = " ".join(text.replace("\x00", "").split())[:LONGEST] if isinstance(text, str) else ""
    if not text:
        raise Unheard("empty")
    return text


def _counted(file, ask):
    """Asked while something of the month is left. What nobody heard the end of may have been charged: it stays."""
    chosen, length = language_model.chosen(), file.seconds or -(-file.size // BYTES_A_SECOND)
    month = budget.listen(length, most=chosen.most, price=chosen.minute)
    if month is None:
        raise Unheard("budget")
    try:
        return ask()
    except Unheard as fault:
        if fault.free:
            budget.unheard(month, seconds=length, price=chosen.minute)
        raise


@tenancy.atomic
def _told():
    """The key, whom to ask, and words that a stranger to the clinic would mishear. OpenAI's key goes to its own server
    only."""
    base = settings.TRANSCRIPTION_BASE_URL or settings.OPENAI_BASE_URL
    own = base == settings.OPENAI_BASE_URL
    key = vault.get(KEY_IN_VAULT, purpose="transcription", legacy="OPENAI_API_KEY") if own else None
    names = Professional.objects.filter(active=True).order_by("pk").values_list("last_name", flat=True)
    return key or (not own and settings.TRANSCRIPTION_API_KEY), base, [name for name in names if name][:KEYWORDS]


def _asked(key, base, timeout, sound, mime, names):
    model = settings.TRANSCRIPTION_MODEL
    more = {"keywords": names} if names and model.startswith("gpt-transcribe") else {}  # the others do not know it
    named = (f"audio{kinds.EXTENSIONS.get(mime, '')}", sound, mime)  # never the name that its sender gave it
    with openai.OpenAI(api_key=key, base_url=base, max_retries=0, timeout=timeout) as client:
        try:
            return client.audio.transcriptions.create(
                model=model, file=named, language=LANGUAGE, response_format="json", **more).text
        except openai.APIConnectionError as fault:  # a timeout is one of these
            raise Unheard(type(fault).__name__, passing=True) from None
        except openai.APIStatusError as fault:
            again = fault.status_code in (408, 409, 429) or fault.status_code >= 500
            raise Unheard(f"http_{fault.status_code}", passing=again, free=True) from None
        except (openai.OpenAIError, AttributeError, TypeError, ValueError) as fault:
            raise Unheard(type(fault).__name__) from None
