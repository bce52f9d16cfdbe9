"""Files that patients send: a row with the message, the bytes by a job once that is committed, a sweeper behind it."""
import base64
import binascii
import logging
import tempfile
import time
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from clinics import audit, live, tenancy, vault
from dentalogic.lib import clock
from dentalogic.lib.faults import where
from dentalogic.lib.refusals import ProviderError
from messaging import providers
from messaging.media import filing, hearing, kinds, storing
from messaging.models import ChatMessage, MediaFile

log = logging.getLogger(__name__)
State, Heard = MediaFile.State, MediaFile.Heard
ATTEMPTS = 10
FIRST_WAIT, LONGEST_WAIT = 5, 3600  # seconds, tripled at each attempt: the last is some three hours after the first
LEASE = timedelta(seconds=90)  # longer than any download or transcription: after it a worker is dead
GRACE = timedelta(seconds=2)  # for the job that is on its way
REVOKED = "revoked"  # a message's kind once its sender deleted it
NOT_OURS = {"address", "host", "redirects", "wrong_sum"}  # what no honest provider sends
REFUSED = NOT_OURS | {"too_large", "wrong_type"}


def expect(message) -> MediaFile | None:
    """The row of a message's file, in the message's transaction; its bytes come after the commit."""
    if message.kind not in MediaFile.Kind.values:
        return None
    now, said = clock.now(), message.media if isinstance(message.media, dict) else {}
    message.file = MediaFile.objects.create(
        message=message, kind=message.kind, name=storing.new_name(), filename=kinds.shown_name(said.get("filename")),
        created_at=now, next_try_at=now)
    _later("fetch", message.file)
    return message.file


def fetch(*, file_id) -> None:
    """Bring one file here, if nobody else does. Run in no transaction."""
    file = _claimed(MediaFile.objects.to_fetch(now=clock.now()), file_id)
    if file is None:
        return
    try:
        with tempfile.TemporaryFile() as sink:
            found = _brought(file, sink)
    except ProviderError as fault:
        _not_brought(file, fault)
    except Exception as fault:  # noqa: BLE001  (a body that nobody expected must not stop the turn that waits for it)
        log.error("file %s: %s", file.pk, where(fault))
        _not_brought(file, ProviderError("fault", permanent=False, code="fault"))
    else:
        _stored(file, found)


def hear(*, file_id, seconds=None) -> None:
    """Transcribe one recording, if nobody else does. Run in no transaction."""
    file = _claimed(MediaFile.objects.to_hear(now=clock.now()), file_id)
    if file is None:
        return
    try:
        text = hearing.transcript(file, seconds=seconds)
    except hearing.Unheard as fault:
        _not_heard(file, fault)
    except Exception as fault:  # noqa: BLE001  (as above)
        log.error("file %s: %s", file.pk, where(fault))
        _not_heard(file, hearing.Unheard("fault", passing=True))
    else:
        _heard(file, text)


def prepare(messages) -> None:
    """Before a turn: what patients said is fetched and heard as far as it can be in a while, and each message gets
    its `file`. Run in no transaction."""
    if not any(message.kind in MediaFile.Kind for message in messages):
        return
    end = time.monotonic() + settings.MEDIA_DEADLINE
    with tenancy.atomic():
        with_files(messages)
        recorded = [one.file for one in messages if one.file and one.file.kind == "audio"]
        if not recorded:
            filing.file_all()
            return
    for file in recorded:
        while (wanted := _wanted(file)) and time.monotonic() < end:
            if not _may_be_taken(file):
                time.sleep(0.2)
            elif wanted == "fetch":
                fetch(file_id=file.pk)
            else:
                hear(file_id=file.pk, seconds=end - time.monotonic())
            _reload(file)
    with tenancy.atomic():
        filing.file_all()


def with_files(messages) -> list:
    """The same messages, each with its `file` or None, in one query."""
    rows = MediaFile.objects.filter(message__in=[message.pk for message in messages]).select_related("patient")
    known = {row.message_id: row for row in rows}
    for message in messages:
        message.file = known.get(message.pk) if message.kind != REVOKED else None
    return messages


def revoke(message) -> None:
    """Whoever sent it deleted it, and its thread shows it no more. What is nobody's goes with the commit, and what was
    heard in it; what is filed to a patient is the clinic's to keep. In the caller's transaction."""
    rows = MediaFile.objects.filter(message=message.pk, patient=None)
    for name in rows.values_list("name", flat=True):
        transaction.on_commit(partial(storing.forget, name), robust=True)
    rows.update(state=State.REFUSED, error=REVOKED, transcript="", transcript_state="", next_try_at=None)


@tenancy.atomic
def overdue() -> tuple[list[int], list[int]]:
    """Files to fetch and recordings to hear whose job was lost, or died."""
    now = clock.now() - GRACE
    free = Q(busy_since=None) | Q(busy_since__lt=now - LEASE)
    return tuple(list(rows.filter(free).order_by("next_try_at").values_list("pk", flat=True)[:200]) for rows in (
        MediaFile.objects.to_fetch(now=now), MediaFile.objects.to_hear(now=now)))


# One file


@tenancy.atomic
def _claimed(rows, file_id):
    now = clock.now()
    free = Q(busy_since=None) | Q(busy_since__lt=now - LEASE)
    if not rows.filter(free, pk=file_id).update(busy_since=now, attempts=F("attempts") + 1):
        return None
    file = MediaFile.objects.select_related("message__conversation__channel").get(pk=file_id)
    file.api_key = None
    if file.state == State.WAITING:
        file.api_key = vault.get(file.message.conversation.channel.api_key_name, purpose="media")
    return file


def _brought(file, sink):
    """Download, look at what came, keep it; what is known of it then."""
    channel = file.message.conversation.channel
    fetched = providers.of(channel).fetch_media(
        channel=channel, key=file.api_key, media=file.message.media, sink=sink, limit=kinds.CAPS[file.kind])
    mime = kinds.type_of(storing.head_of(sink), file.kind)
    said = _said_sum(file.message.media)
    if said and said != fetched.sha256:
        raise ProviderError("not what was announced", permanent=True, code="wrong_sum")
    if mime is None or not fetched.size:
        raise ProviderError("not what it says it is", permanent=True, code="wrong_type")
    seconds = storing.seconds_of(sink, fetched.size, mime)
    storing.put(file.name, sink)
    return {"mime": mime, "size": fetched.size, "sha256": fetched.sha256, "seconds": seconds,
            "filename": kinds.shown_name(file.filename, mime)}


def _said_sum(media):
    """What the webhook said the sum is, in hexadecimal: they write it so or in base64. "" where it is neither."""
    said = media.get("sha256") if isinstance(media, dict) else ""
    if not isinstance(said, str):
        return ""
    if len(said) == 64:
        return said.lower()
    try:
        raw = base64.b64decode(said, altchars=b"-_" if "-" in said or "_" in said else None, validate=True)
    except (binascii.Error, ValueError):
        return ""
    return raw.hex() if len(raw) == 32 else ""


@tenancy.atomic
def _stored(file, found):
    now = clock.now()
    voice = {"transcript_state": Heard.WAITING, "next_try_at": now} if file.kind == "audio" else {"next_try_at": None}
    if not _change(file, state=State.STORED, error="", stored_at=now, attempts=0, **found, **voice):
        return storing.forget(file.name)  # deleted by its sender while it came
    filing.file_all(message=file.message_id)
    if file.kind == "audio":
        _later("hear", file)
    return None


@tenancy.atomic
def _heard(file, text):
    _change(file, transcript=text, transcript_state=Heard.DONE, transcript_error="", next_try_at=None)


@tenancy.atomic
def _not_brought(file, fault):
    if not fault.permanent and file.attempts < ATTEMPTS:
        return _again("fetch", file, fault.retry_after, error=fault.code[:60])
    refused = fault.code in REFUSED
    _change(file, state=State.REFUSED if refused else State.FAILED, error=fault.code[:60], next_try_at=None)
    log.warning("file %s did not come: %s", file.pk, fault if fault.code == "host" else fault.code)
    if fault.code in NOT_OURS:
        audit.log_security_event("media.refused", severity="warning", message=file.message_id, code=fault.code)
    return None


@tenancy.atomic
def _not_heard(file, fault):
    if fault.passing and file.attempts < hearing.ATTEMPTS:
        return _again("hear", file, None, transcript_error=fault.code)
    _change(file, transcript_state=Heard.FAILED, transcript_error=fault.code, next_try_at=None)
    log.warning("file %s was not heard: %s", file.pk, fault.code)
    return None


def _again(what, file, retry_after, **changes):
    wait = max(retry_after or 0, min(FIRST_WAIT * 3 ** (file.attempts - 1), LONGEST_WAIT))
    _change(file, next_try_at=clock.now() + timedelta(seconds=wait), **changes)
    _later(what, file, wait)


def _change(file, **changes) -> bool:
    """Write how it went, unless the file was revoked meanwhile; and tell the screens."""
    if not MediaFile.objects.filter(pk=file.pk).exclude(error=REVOKED).update(busy_since=None, **changes):
        return False
    for name, value in {"busy_since": None, **changes}.items():
        setattr(file, name, value)
    conversation = ChatMessage.objects.filter(pk=file.message_id).values_list("conversation_id", flat=True).first()
    live.say("MESSAGE_SENT", conversation=conversation, message=file.message_id)
    return True


def _later(what, file, countdown=0):
    from messaging.media import tasks  # noqa: PLC0415  (which run this module)

    getattr(tasks, what).later(file_id=file.pk, countdown=countdown)


# What a turn waits for


def _wanted(file):
    if file.state == State.WAITING and file.attempts < 2:  # a file that did not come twice is not waited for
        return "fetch"
    return "hear" if file.is_stored and file.transcript_state == Heard.WAITING and file.attempts < 2 else ""


def _may_be_taken(file):
    now = clock.now()
    return file.next_try_at and file.next_try_at <= now and not (file.busy_since and file.busy_since > now - LEASE)


@tenancy.atomic
def _reload(file):
    file.refresh_from_db()
