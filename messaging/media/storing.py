"""The bytes: in Django's storage, outside what any server shows, under a name that says nothing."""
import hashlib
import uuid

from django.core.files import File
from django.core.files.storage import default_storage

from clinics import tenancy
from dentalogic.lib.refusals import ProviderError
from messaging.models import MediaFile

HEAD = 64  # bytes that tell a type


def new_name() -> str:
    """Written in the row before there is a file, so that no file is ever without its row."""
    made = uuid.uuid4().hex
    return f"{folder()}/{made[:2]}/{made}"


def folder() -> str:
    """Where all of a clinic's files are."""
    return f"t{tenancy.current_tenant()}"


def put(name, source) -> None:
    """Keep an open binary file; what an attempt that died left under the name is replaced."""
    source.seek(0)
    try:
        default_storage.delete(name)
        default_storage.save(name, File(source))
    except OSError as fault:
        raise ProviderError("the storage does not take it", permanent=False, code="storage") from fault


def opened(file):
    """The bytes of a stored file, to be read and closed; FileNotFoundError where they are gone."""
    return default_storage.open(file.name, "rb")


def content(file) -> bytes:
    """The bytes of a stored file, or of the one with this id."""
    with opened(_row(file) if isinstance(file, int) else file) as source:
        return source.read()


@tenancy.atomic
def _row(pk):
    return MediaFile.objects.get(pk=pk)


def forget(name) -> None:
    default_storage.delete(name)


def head_of(source) -> bytes:
    source.seek(0)
    return source.read(HEAD)


def sum_of(source) -> str:
    source.seek(0)
    return hashlib.file_digest(source, "sha256").hexdigest()


def seconds_of(source, size, mime) -> int | None:
    """How long an Ogg Opus recording lasts: the last page's place, in 48,000ths of a second (RFC 7845)."""
    if mime != "audio/ogg":
        return None
    source.seek(max(0, size - 65_536))
    tail = source.read()
    at = tail.rfind(b"OggS")
    granule = int.from_bytes(tail[at + 6:at + 14], "little", signed=True) if at >= 0 and len(tail) >= at + 14 else -1
    return granule // 48_000 if 0 <= granule < 48_000 * 86_400 else None


