"""What the account has: the templates that the product proposes, all approved; its webhook and its number."""
import re

from django.http import JsonResponse
from django.views.decorators.http import require_GET

from clinics.access import SIGNED, page
from messaging.automations.kinds import RULES
from messaging.simulator import wire

VALUE = re.compile(r"\{\{\s*(\d+)\s*\}\}")


@page(SIGNED)
@require_GET
def templates(request):
    return _page(request, [_template(rule) for rule in RULES.values()])


@page(SIGNED)
@require_GET
def endpoints(request):
    lines = wire.lines_of(request.headers.get("X-API-Key", ""))
    return _page(request, [{
        "id": f"wh_sim_{number}", "url": f"https://simulator.example{line.path}", "status": "active",
        "enabledEvents": ["whatsapp.inbound_message.received", "whatsapp.message.updated"]}
        for number, line in enumerate(lines)])


@page(SIGNED)
@require_GET
def numbers(request):
    lines = wire.lines_of(request.headers.get("X-API-Key", ""))
    return _page(request, [
        {"phoneNumber": line.number, "wabaId": "waba_sim", "qualityRating": "GREEN", "status": "CONNECTED"}
        for line in lines])


def text_of(said) -> str:
    """What a person reads of a template that was sent; "" when the account has none by that name."""
    rule = next((rule for rule in RULES.values() if rule.name == said.get("name")), None)
    values = [value.get("text", "") for value in _values(said, "body")]
    return VALUE.sub(lambda place: _at(values, int(place[1])), str(rule.template)) if rule else ""


def taps_of(said) -> list[dict]:
    rule = next((rule for rule in RULES.values() if rule.name == said.get("name")), None)
    buttons = [part for part in said.get("components", []) if part.get("type") == "button"]
    titles = [str(title) for title in rule.replies] if rule else []
    return [{"id": part["parameters"][0].get("payload", ""), "title": _at(titles, int(part["index"]) + 1)}
            for part in buttons if part.get("parameters")]


def _values(said, kind):
    return next((part.get("parameters", []) for part in said.get("components", []) if part.get("type") == kind), [])


def _at(values, number):
    return values[number - 1] if 0 < number <= len(values) else "…"


def _template(rule):
    body = {"type": "BODY", "text": str(rule.template)}
    replies = [{"type": "QUICK_REPLY", "text": str(title)} for title in rule.replies]
    return {
        "wabaId": "waba_sim", "name": rule.name, "language": "es_AR", "category": rule.category.upper(),
        "status": "APPROVED", "qualityRating": "GREEN",
        "components": [body, *([{"type": "BUTTONS", "buttons": replies}] if replies else [])]}


def _page(request, items):
    if not request.headers.get("X-API-Key"):
        return JsonResponse({"error": {"status": 401, "code": "UNAUTHORIZED", "message": "no X-API-Key"}}, status=401)
    size = min(int(request.GET.get("limit", 10)), 100)
    start = (max(int(request.GET.get("page", 1)), 1) - 1) * size
    return JsonResponse({"offset": start, "limit": size, "length": len(items[start:start + size]),
                         "items": items[start:start + size]})
