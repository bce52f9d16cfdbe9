"""The provider's files: uploaded by the product, or attached on the phone; both are fetched by their id."""
import base64
import hashlib
import uuid

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from clinics.access import SIGNED, page
from messaging.simulator import store

LARGEST = 16_000_000
KINDS = {"image", "audio", "video"}


@page(SIGNED)
@csrf_exempt
@require_POST
def upload(request, number):
    if not request.headers.get("X-API-Key"):
        return _no(401, "UNAUTHORIZED")
    file = request.FILES.get("file")
    return JsonResponse({"id": keep(file)}) if file and file.size <= LARGEST else _no(400, "PARAM_INVALID")


@page(SIGNED)
@require_GET
def download(request, pk):
    """Whoever has the link has the file, as with the real one for some minutes."""
    kept = store.get("provider", "file", pk)
    if kept is None:
        return _no(404, "NOT_FOUND")
    return HttpResponse(base64.b64decode(kept["content"]), content_type=kept["mime"], headers={
        "Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"})


def keep(file) -> str:
    pk, content = uuid.uuid4().hex, file.read()
    store.put("provider", "file", pk, value={
        "name": file.name[:200], "mime": file.content_type or "application/octet-stream",
        "content": base64.b64encode(content).decode(), "sha256": hashlib.sha256(content).hexdigest()})
    return pk


def name_of(pk) -> str:
    return (store.get("provider", "file", pk) or {}).get("name", "")


def announced(pk, caption) -> dict:
    """An inbound message's content: the link is under the API's own address, as the real one's is."""
    kept = store.get("provider", "file", pk)
    kind = kept["mime"].partition("/")[0]
    kind = kind if kind in KINDS else "document"
    said = {"id": pk, "link": f"{settings.YCLOUD_API_BASE.rstrip('/')}/whatsapp/media/download/{pk}",
            "mime_type": kept["mime"], "sha256": kept["sha256"]}
    if caption and kind != "audio":
        said["caption"] = caption
    if kind == "document":
        said["filename"] = kept["name"]
    return {"type": kind, kind: said}


def _no(status, code):
    return JsonResponse({"error": {"status": status, "code": code, "message": code.lower()}}, status=status)
