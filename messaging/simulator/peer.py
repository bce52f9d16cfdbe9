"""The provider: an API compatible with YCloud's, which then reports by webhook how each message fares."""
import hashlib
import json
import threading
import time
import uuid

from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from clinics.access import SIGNED, page
from messaging.simulator import account as account_of
from messaging.simulator import files, store, wire

FARES = (("sent", 0.2), ("delivered", 0.4), ("read", 1.0))  # and the seconds before each report
TIMES = {"sent": "sendTime", "delivered": "deliverTime", "read": "readTime", "failed": "updateTime"}
FAILURE = {"errorCode": "131026", "errorMessage": "Message undeliverable"}
CLOSED = {"errorCode": "131047", "errorMessage": "Re-engagement message: more than 24 hours have passed"}


@page(SIGNED)
@csrf_exempt
@require_POST
def messages(request):
    """Take a message: 200 and `accepted`; what becomes of it is told by webhook."""
    began, body = time.perf_counter(), _body(request)
    line = wire.line_of(body.get("from"), _key(request))
    wrong = _fault(request, body, line)
    if wrong:
        if line:
            _note(line, began, body, wrong[2], wrong[0])
        return _error(*wrong)
    kept = _keep(body, line, _account(request))
    _note(line, began, kept, text_of(body), 200)
    after = (_site(request), line, kept, _account(request))
    threading.Thread(target=_report, args=after, name="simulator", daemon=True).start()
    return JsonResponse(kept)


@page(SIGNED)
@csrf_exempt
@require_GET
def message(request, pk):
    kept = _key(request) and store.get("provider", _account(request), pk)
    return JsonResponse(kept) if kept else _error(404, "NOT_FOUND", "no such message")


@page(SIGNED)
@csrf_exempt
@require_POST
def typing(request, pk):
    return JsonResponse({}) if _key(request) else _error(401, "UNAUTHORIZED", "no X-API-Key")


def text_of(body):
    inner = body.get(body.get("type"), {})
    if body.get("type") == "template":
        return account_of.text_of(inner)
    if "id" in inner:
        return inner.get("caption") or inner.get("filename") or files.name_of(inner["id"])
    return inner.get("body") if isinstance(inner.get("body"), str) else (inner.get("body") or {}).get("text", "")


def _note(line, began, body, what, status):
    wire.note(line, "out", "POST /whatsapp/messages", what, body, status, time.perf_counter() - began)


def _key(request):
    return request.headers.get("X-API-Key", "")


def _account(request):
    return hashlib.sha256(_key(request).encode()).hexdigest()[:16]


def _body(request):
    try:
        body = json.loads(request.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _fault(request, body, line):
    """What the real one refuses, as `(status, code, message)`."""
    if not _key(request):
        return 401, "UNAUTHORIZED", "no X-API-Key"
    if not body.get("from") or not body.get("type"):
        return 400, "PARAM_MISSING", "from and type are required"
    if bool(body.get("to")) == bool(body.get("recipient")):
        return 400, "PARAM_INVALID", "either to or recipient"
    if not isinstance(body.get(body["type"]), dict):
        return 400, "PARAM_MISSING", f"{body['type']} is missing"
    if body["type"] in ("text", "interactive") and not text_of(body):
        return 400, "PARAM_MISSING", "there is no text"
    if body["type"] == "template" and not text_of(body):
        return 400, "PARAM_INVALID", "the account has no such template"
    return None if line else (404, "NOT_FOUND", "no channel has this number")


def _keep(body, line, account):
    number = uuid.uuid4().hex[:20]
    kept = {
        **body, "id": f"sim_{number}", "wamid": f"wamid.simout{number}", "wabaId": "waba_sim", "status": "accepted",
        "createTime": wire.stamp()}
    store.put("provider", account, kept["id"], value=kept)
    store.add(*line.name("phone", _address(body)), item={
        "id": kept["wamid"], "mine": False, "text": text_of(body), "at": wire.stamp(), "buttons": _buttons(body),
        "kind": _kind(body), "file": _file(body)})
    return kept


def _kind(body):
    return body.get("interactive", {}).get("type") or body["type"]


def _file(body):
    inner = body[body["type"]]
    return {"id": inner["id"], "name": files.name_of(inner["id"])} if "id" in inner else None


def _buttons(body):
    if body["type"] == "template":
        return account_of.taps_of(body["template"])
    action = body.get("interactive", {}).get("action", {})
    rows = [row for section in action.get("sections", []) for row in section.get("rows", [])]
    return [{"id": tap["id"], "title": tap["title"]} for tap in [
        *(button["reply"] for button in action.get("buttons", [])), *rows]]


def _address(body):
    return body.get("to") or body.get("recipient")


def _report(site, line, kept, account):
    """In a thread of its own: no database here, the line's secret came along."""
    fault = None
    if kept["type"] != "template" and not wire.window_open(line, _address(kept)):
        fault = CLOSED
    if store.pop(*line.name("fail")):
        fault = FAILURE
    for status, pause in FARES if fault is None else (("failed", 0.2),):
        time.sleep(pause)
        report = {**kept, "status": status, "updateTime": wire.stamp(), TIMES[status]: wire.stamp(), **(fault or {})}
        store.put("provider", account, kept["id"], value=report)
        wire.deliver(site, line, wire.envelope("whatsapp.message.updated", whatsappMessage=report), what=status)


def _site(request):
    return f"{request.scheme}://{request.get_host()}"


def _error(status, code, message):
    return JsonResponse({"error": {"status": status, "code": code, "message": message}}, status=status)
