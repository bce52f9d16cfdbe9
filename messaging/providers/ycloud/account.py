"""What is asked of the YCloud account itself: templates, and whether our webhook is awake."""
from urllib.parse import quote, urlsplit

from messaging.providers import calling
from messaging.providers.base import Look, TemplateState
from messaging.providers.reading import phone, text
from messaging.providers.ycloud.calling import call
from messaging.providers.ycloud.events import template_state

PAGE, PAGES = 100, 50


def templates(*, channel, key) -> list[TemplateState]:
    """All of the account's, or of the channel's business account where we know it."""
    of = f"&filter.wabaId={quote(channel.waba_id)}" if channel.waba_id else ""
    found = [template_state(one) for one in _pages(channel, key, "whatsapp/templates", of)]
    return [one for one in found if one.name and one.language]


def look(*, channel, key) -> Look:
    """Whether the endpoint that leads to this channel is active: one that failed often is not, and nothing comes."""
    ours = [one for one in _pages(channel, key, "webhookEndpoints") if urlsplit(
        text(one, "url")).path.rstrip("/") == channel.webhook_path]
    number = next((one for one in _pages(channel, key, "whatsapp/phoneNumbers") if phone(
        one, "phoneNumber") == channel.number), None)
    best = sorted(ours, key=lambda one: text(one, "status") != "active")[:1]
    webhook = text(best[0], "status") or "active" if best else "missing"
    code = "" if webhook == "active" else f"webhook_{webhook}"
    if number is None:
        code = "number_missing"
    return Look(
        ok=not code, code=code, webhook=webhook, webhook_id=text(best[0], "id")[:80] if best else "",
        quality=text(number or {}, "qualityRating")[:20], names_us=number is not None)


def new_secret(*, channel, key, webhook_id) -> str:
    """YCloud signs with another secret from now on; which."""
    return text(call(channel, key, "POST", f"webhookEndpoints/{quote(webhook_id, safe='')}/rotateSecret"), "secret")


def secret(*, channel, key, webhook_id) -> str:
    """The one it signs with, as far as it tells."""
    return text(call(channel, key, "GET", f"webhookEndpoints/{quote(webhook_id, safe='')}"), "secret")


def _pages(channel, key, path, of=""):
    for page in range(1, PAGES + 1):
        items = calling.listed(call(channel, key, "GET", f"{path}?page={page}&limit={PAGE}{of}"), "items")
        yield from (one for one in items if isinstance(one, dict))
        if len(items) < PAGE:
            return
