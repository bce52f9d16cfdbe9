"""What the simulator's page asks: the phone's messages, the log, and the buttons that make what goes wrong."""
import json
from datetime import timedelta

from django.conf import settings
from django.http import JsonResponse
from django.views.decorators.http import require_GET, require_POST

from clinics.access import page
from clinics.patients.models import Patient
from dentalogic.lib import clock
from messaging.models import Channel
from messaging.simulator import files, phone, store, wire

PEOPLE = 12


@require_GET
@page("simulator.use")
def people(request):
    """Whose phone it can be: some patients of the clinic; a new number and somebody without one are the page's."""
    rows = Patient.objects.live().exclude(phone="").order_by("folded", "pk")[:PEOPLE]
    return JsonResponse({"people": [{"name": row.name, "phone": row.phone, "user_id": ""} for row in rows]})


@require_GET
@page("simulator.use")
def state(request):
    """The phone of `?phone=` or `?user_id=`, and the log, oldest first."""
    line = _line()
    return JsonResponse({
        "number": line.number if line else "", "now": clock.now().isoformat(),
        "log": store.items(*line.name("log")) if line else [],
        "messages": phone.messages(line, _who(request.GET)) if line else []})


@require_POST
@page("simulator.use")
def act(request, what):
    """`write`, `attach`, `repeat`, `forge`, `fail`, `shift`, `clear`; the webhook's status, if one went out."""
    said, line = _said(request), _line()
    if line is None:
        return JsonResponse({"code": "no_channel"}, status=409)
    site = f"{request.scheme}://{request.get_host()}"
    status = ACTS[what](request, line, {"site": site, "line": line, "who": _who(said)}, said)
    return JsonResponse({"status": status})


def _write(request, line, there, said):
    return phone.write(**there, text=str(said.get("text", ""))[:4096], reply_id=str(said.get("reply_id", "")))


def _attach(request, line, there, said):
    """A file of the phone's: a photo, a voice note, a document."""
    file = request.FILES.get("file")
    if file is None or file.size > files.LARGEST:
        return 413
    return phone.attach(**there, file=files.keep(file), name=file.name, text=str(said.get("text", "")))


def _repeat(request, line, there, said):
    return phone.repeat(**there)


def _forge(request, line, there, said):
    return phone.forge(**there, text=str(said.get("text", "")))


def _fail(request, line, there, said):
    store.put(*line.name("fail"), value=True)


def _shift(request, line, there, said):
    """The whole installation's clock, not this clinic's alone; `hours` of 0 puts it back."""
    if settings.DEVELOPMENT:
        clock.shift(timedelta(hours=int(said.get("hours", 24))))


def _clear(request, line, there, said):
    for what in ("phone", "last", "log"):
        store.forget(*line.name(what))
    if settings.DEVELOPMENT:
        clock.shift(timedelta())


ACTS = {
    "write": _write, "attach": _attach, "repeat": _repeat, "forge": _forge, "fail": _fail, "shift": _shift,
    "clear": _clear,
}


def _line():
    channel = Channel.objects.filter(active=True).order_by("pk").first()
    return wire.line(channel) if channel else None


def _said(request):
    if request.FILES:
        return request.POST.dict()
    try:
        said = json.loads(request.body or b"{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _who(said):
    return {name: str(said.get(name, ""))[:140] for name in ("phone", "user_id", "name")}
