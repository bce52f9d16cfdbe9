"""What is asked of the business account: its templates, and whether the token reads our number."""
from urllib.parse import quote

from messaging.providers import calling
from messaging.providers.base import Look, TemplateState
from messaging.providers.meta.calling import call
from messaging.providers.meta.events import template_state
from messaging.providers.reading import part, parts, text

PAGE, PAGES = 100, 50


def templates(*, channel, key) -> list[TemplateState]:
    """Of the channel's business account; none where we do not know it."""
    if not channel.waba_id:
        return []
    fields = "id,name,language,status,category,components,quality_score,rejected_reason"
    found = [template_state(one) for one in _pages(channel, key, "message_templates", fields)]
    return [one for one in found if one.name and one.language]


def look(*, channel, key) -> Look:
    """Whether the token reads this number, as one of the account's; and how it is rated."""
    fields = "id,display_phone_number,quality_rating,status"
    if channel.waba_id:
        rows = list(_pages(channel, key, "phone_numbers", fields))
        number = next((one for one in rows if text(one, "id") == channel.phone_number_id), {})
    else:
        number = call(channel, key, "GET", f"{quote(channel.phone_number_id, safe='')}?fields={fields}")
    shown = "".join(one for one in text(number, "display_phone_number") if one.isdigit())
    names_us = bool(shown) and f"+{shown}" == channel.number
    code = "" if names_us else "number_missing" if not number else "number_differs"
    if names_us and channel.waba_id:
        _subscribe(channel, key)
    return Look(
        ok=not code, code=code, quality=text(number, "quality_rating")[:20], names_us=names_us,
        text="" if names_us else text(number, "display_phone_number")[:40])


def _subscribe(channel, key):
    """The token's app hears of this account. Without it nothing comes, however well the app itself is set up."""
    apps = f"{quote(channel.waba_id, safe='')}/subscribed_apps"
    if not parts(call(channel, key, "GET", apps), "data"):
        call(channel, key, "POST", apps)


def _pages(channel, key, what, fields):
    after = ""
    for _page in range(PAGES):
        body = call(
            channel, key, "GET",
            f"{quote(channel.waba_id, safe='')}/{what}?limit={PAGE}&fields={fields}"
            + (f"&after={quote(after, safe='')}" if after else ""))
        yield from (one for one in calling.listed(body, "data") if isinstance(one, dict))
        # not the `next` address that comes along: the token goes where the settings say
        after = text(part(part(body, "paging"), "cursors"), "after") if part(body, "paging").get("next") else ""
        if not after:
            return
