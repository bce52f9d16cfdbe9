"""A file's bytes as an answer: whole or the part that a player asks for, and never as something that runs."""
import re

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from clinics.security import BARE_POLICY
from messaging.media import kinds, storing

CHUNK = 65_536
NONE = (0, 0)
A_PDF = BARE_POLICY.replace("default-src 'none'", "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'")


def answer(request, file):
    """What a browser may open in our name it opens; the rest is saved, and sandboxed for whoever opens it anyway."""
    shown = kinds.may_be_shown(file.mime)
    asked = request.headers.get("Range", "")
    part = _part_of(asked, file.size)
    if part == NONE:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    try:
        source = storing.opened(file)
    except OSError as fault:
        raise Http404 from fault
    response = _part(source, *part, file.size) if part else FileResponse(source)
    response["Content-Type"] = file.mime or kinds.UNKNOWN
    response["Content-Disposition"] = content_disposition_header(
        not shown, kinds.shown_name(file.filename or file.get_kind_display(), file.mime))
    response["Content-Security-Policy"] = _policy(file.mime, shown)
    response["Accept-Ranges"] = "bytes"
    return response


def _policy(mime, shown):
    if mime == kinds.PDF:
        return A_PDF  # the browser's own reader does not work in a sandbox
    return BARE_POLICY if shown else f"{BARE_POLICY}; sandbox"


def _part_of(asked, size):
    """The one part asked for, as its first byte and its length; NONE where there is no such part; nothing for the
    whole, which is also the answer to several parts at once and to what we do not know."""
    found = re.fullmatch(r"bytes=(\d{0,12})-(\d{0,12})", asked.strip())
    if not found or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        return (max(0, size - int(last)), min(int(last), size)) if int(last) and size else NONE
    end = min(int(last), size - 1) if last else size - 1
    return (int(first), end - int(first) + 1) if int(first) <= end else NONE


def _part(source, first, length, size):
    source.seek(first)
    response = StreamingHttpResponse(_read(source, length), status=206)
    response["Content-Range"] = f"bytes {first}-{first + length - 1}/{size}"
    response["Content-Length"] = str(length)
    return response


def _read(source, left):
    with source:
        while left > 0 and (chunk := source.read(min(left, CHUNK))):
            left -= len(chunk)
            yield chunk
