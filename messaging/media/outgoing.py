"""What staff attach: checked, kept, then said by the outbox as any message."""
from django.utils.translation import gettext_lazy as _

from clinics import audit, tenancy
from clinics.idempotency import KeyReused
from dentalogic.lib import clock
from dentalogic.lib.refusals import ProviderError, Refusal
from messaging.media import filing, kinds, storing
from messaging.models import ChatMessage, Conversation, MediaFile


class NotThatFile(Refusal):
    code = "file_type"
    detail = _("Se pueden mandar fotos (JPG o PNG), PDF y audios.")


class FileTooLarge(Refusal):
    code = "file_too_large"
    status = 413
    detail = _("El archivo es demasiado grande: hasta 5 MB una foto, 16 MB un PDF o un audio.")


class NotKept(Refusal):
    code = "file_not_kept"
    status = 503
    detail = _("No pudimos guardar el archivo. Probá de nuevo.")


@tenancy.atomic
def attach(*, upload, by) -> MediaFile:
    """Keep an uploaded file (Django's UploadedFile), to be said by `outbox.say_media`. Its type is its first bytes'.

    Raises NotThatFile, FileTooLarge, NotKept.
    """
    mime = _type_of(upload)
    kind = kinds.WENT_OUT[mime]
    if not 0 < upload.size <= min(kinds.CAPS[kind], kinds.UPLOAD_CAP):
        raise FileTooLarge
    now, seconds = clock.now(), storing.seconds_of(upload, upload.size, mime)
    name, sha256 = storing.new_name(), storing.sum_of(upload)
    try:
        storing.put(name, upload)
    except ProviderError as fault:
        raise NotKept from fault
    file = MediaFile.objects.create(
        kind=kind, state=MediaFile.State.STORED, name=name, filename=kinds.shown_name(upload.name, mime), mime=mime,
        size=upload.size, sha256=sha256, seconds=seconds, created_at=now, stored_at=now, by_user_id=by.user_id)
    audit.log_security_event("media.attached", by=by, row=file.pk, kind=kind)
    return file


def _type_of(upload):
    mime = kinds.type_of(storing.head_of(upload), "document")
    if mime == "video/mp4" and str(upload.content_type).startswith("audio/"):  # a box that also holds films
        mime = "audio/mp4"
    if mime not in kinds.WENT_OUT:
        raise NotThatFile
    return mime


@tenancy.atomic
def send(*, conversation, upload, by, text="", key=None):
    """Attach a file and say it in a conversation that this person attends. Returns the message; the refusals of
    `attach` and of the outbox."""
    from messaging import outbox  # noqa: PLC0415  (which reads files through this package)

    conversation = Conversation.objects.locked(conversation.pk)
    if said := outbox.said_before(conversation, key, by=by, text=text.strip(), at=None):
        if upload is None or not MediaFile.objects.filter(message=said, sha256=storing.sum_of(upload)).exists():
            raise KeyReused
        return said
    if not conversation.with_staff:
        raise outbox.NotTaken
    if not conversation.window_open(clock.now()):
        raise outbox.WindowClosed
    if upload is None:
        raise NotThatFile
    file = attach(upload=upload, by=by)
    try:
        return outbox.say_media(
            conversation=conversation, media=file, text=text, author=ChatMessage.Author.STAFF, by=by, key=key)
    except BaseException:
        storing.forget(file.name)
        raise


@tenancy.atomic
def bind(*, file, message) -> None:
    """The file goes out with this message; once bound it is no other's."""
    if not MediaFile.objects.filter(pk=file.pk, message=None).update(message=message):
        raise ValueError(f"file {file.pk} went out with another message")
    file.message = message
    message.file = file
    filing.file_all(message=message.pk)
