"""What a WhatsApp message holds: the objects inside it are alike at every provider, those around it are not."""
from dentalogic.lib.refusals import ProviderError
from messaging.providers.reading import LIMITS, degrees, part, text

MEDIA = {"image", "video", "audio", "document", "sticker"}
_OBJECTS = {"text", "button", "interactive", "location", "reaction", "contacts", "unsupported", ""} | MEDIA
BUTTONS, ROWS = 3, 10
TITLE, ROW_TITLE, DESCRIPTION, OPENER, CODE = 20, 24, 72, 20, 200


def read(message) -> dict:
    """`kind`, `text`, `media`, `reply_to` and `referral`; the kind is unsupported where the object that the type
    promises is not there."""
    kind = text(message, "type")
    inner = part(message, kind)
    return _read(message, kind, inner) | {
        "reply_to": text(part(message, "context"), "id")[:200], "referral": part(message, "referral")}


def _read(message, kind, inner):
    if kind == "text" and "body" in inner:
        return _said("text", text(inner, "body"), {})
    if kind == "button" and inner:
        return _tap(text(inner, "text"), text(inner, "payload"))
    if kind == "interactive" and inner:
        reply = part(inner, "button_reply") or part(inner, "list_reply")
        return _tap(text(reply, "title"), text(reply, "id")) if reply else _said("interactive", "", inner)
    if kind in MEDIA and inner:
        return _said(kind, text(inner, "caption"), inner)
    if kind == "location" and inner:
        place = {name: degrees(inner, name) for name in LIMITS}
        return _said(kind, ", ".join(filter(None, (text(inner, name) for name in ("name", "address")))), inner | place)
    if kind == "contacts" and isinstance(message.get("contacts"), list):
        cards = [card for card in message["contacts"] if isinstance(card, dict)]
        names = (text(part(card, "name"), "formatted_name") for card in cards)
        return _said(kind, ", ".join(filter(None, names)), {"contacts": cards})
    if kind in _OBJECTS and not (kind == "reaction" and inner):
        return _said("unsupported", "", {"type": kind})
    return _said(kind[:20], text(inner, "body"), inner)


def _said(kind, words, media):
    return {"kind": kind, "text": words, "media": media}


def _tap(title, code):
    return _said("button", title, {"reply_id": code[:CODE]})


def words(said) -> dict:
    return {"type": "text", "text": {"body": said, "preview_url": False}}


def buttons(said, taps) -> dict:
    replies = [{"type": "reply", "reply": {"id": tap["id"], "title": tap["title"][:TITLE]}} for tap in taps[:BUTTONS]]
    return _interactive({"type": "button", "body": {"text": said}, "action": {"buttons": replies}})


def rows(said, opener, options) -> dict:
    """A list of up to ten, in sections by each option's `section`, should it have one."""
    sections: dict = {}
    for option in options[:ROWS]:
        row = {"id": option["id"], "title": option["title"][:ROW_TITLE]}
        if option.get("description"):
            row["description"] = option["description"][:DESCRIPTION]
        sections.setdefault(option.get("section", "")[:ROW_TITLE], []).append(row)
    action = {"button": opener[:OPENER], "sections": [
        ({"title": title} if title else {}) | {"rows": found} for title, found in sections.items()]}
    return _interactive({"type": "list", "body": {"text": said}, "action": action})


def _interactive(inner):
    return {"type": "interactive", "interactive": inner}


def file(kind, reference, filename, caption) -> dict:
    """By an uploaded file's id. Audio and stickers have no caption, and only documents have a name."""
    said = {"id": reference}
    if caption and kind not in ("audio", "sticker"):
        said["caption"] = caption
    if kind == "document":
        said["filename"] = filename
    return {"type": kind, kind: said}


def template(name, language, components, *, index=int) -> dict:
    """`index` writes the place of a button: they differ on whether it is a number. An empty value is refused."""
    made = []
    if header := components.get("header"):
        made.append({"type": "header", "parameters": [_parameter(value) for value in header]})
    if body := components.get("body"):
        made.append({"type": "body", "parameters": [_parameter(value) for value in body]})
    for button in components.get("buttons", ()):
        made.append(_button(button, index(button["index"])))
    language = {"code": language, "policy": "deterministic"}
    return {"type": "template", "template": {"name": name, "language": language, "components": made}}


def _button(button, index):
    """A tap that comes back as its code, or the end of a link."""
    if "payload" in button:
        kind, value = "quick_reply", {"type": "payload", "payload": button["payload"]}
    else:
        kind, value = "url", _parameter(button["text"])
    return {"type": "button", "sub_type": kind, "index": index, "parameters": [value]}


def _parameter(value):
    if isinstance(value, dict):
        return {"type": value["type"], value["type"]: {
            name: value[name] for name in ("id", "link", "filename") if value.get(name)}}
    if not str(value).strip():
        raise ProviderError("a value of the template is empty", permanent=True, code="empty_value")
    return {"type": "text", "text": str(value)}
