"""What a template of WhatsApp holds: its texts, its variables, its buttons. Values in, values out.

Components come as Meta describes them, whoever the provider is: `[{"type": "BODY", "text": "Hola {{1}}"}, …]`.
"""
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dentalogic.lib.text import fold

VARIABLE = re.compile(r"\{\{\s*([^{}\s]+)\s*\}\}")
TEXT_LIMIT = 1024  # of a body with its values, by Meta's documentation
HEADER_LIMIT = 60  # likewise
PLAIN_HEADERS = ("", "text")


@dataclass(frozen=True)
class Button:
    kind: str  # quick_reply, url, phone_number, …
    text: str


@dataclass(frozen=True)
class Shape:
    header: str
    body: str
    footer: str
    buttons: tuple
    header_format: str = ""  # text, image, video, document, location; "" without a header
    named: bool = False  # its variables have names, not numbers
    link_varies: bool = False  # a button's address has a variable

    @property
    def header_count(self) -> int:
        return len(variables(self.header))

    @property
    def body_count(self) -> int:
        return len(variables(self.body))

    @property
    def count(self) -> int:
        """How many values it wants: the header's first, then the body's."""
        return self.header_count + self.body_count

    @property
    def replies(self) -> list:
        """Its quick replies as `(index among the buttons, text)`."""
        return [(index, one.text) for index, one in enumerate(self.buttons) if one.kind == "quick_reply"]


def read(components) -> Shape:
    """Never raises: what cannot be read is as if it were not there."""
    parts = {}
    for one in components if isinstance(components, list) else []:
        if isinstance(one, dict):
            parts.setdefault(_word(one, "type"), one)
    header, body = parts.get("header", {}), parts.get("body", {})
    buttons = [one for one in parts.get("buttons", {}).get("buttons") or [] if isinstance(one, dict)]
    header_format = (_word(header, "format") or "text") if header else ""
    header_text = _text(header) if header_format == "text" else ""
    texts = header_text + _text(body)
    return Shape(
        header=header_text, body=_text(body), footer=_text(parts.get("footer", {})),
        buttons=tuple(Button(_word(one, "type"), _text(one)) for one in buttons), header_format=header_format,
        named=any(not name.isdecimal() for name in VARIABLE.findall(texts)),
        link_varies=any(VARIABLE.search(str(one.get("url") or "")) for one in buttons))


def variables(text: str) -> list[str]:
    """Its variables' names, each once, in the order WhatsApp fills them."""
    found = list(dict.fromkeys(VARIABLE.findall(text)))
    return sorted(found, key=int) if all(name.isdecimal() for name in found) else found


def why_not(shape: Shape) -> str:
    """Why we cannot fill such a template, in words; "" where we can."""
    if not shape.body:
        return _("No tiene texto.")
    if shape.header_format not in PLAIN_HEADERS:
        return _("Lleva una imagen o un archivo arriba: solo mandamos las que tienen texto.")
    if shape.link_varies:
        return _("El enlace de su botón cambia en cada envío: solo mandamos las de enlace fijo.")
    return _("Sus variables tienen nombre: creala con números, {{1}}, {{2}}.") if shape.named else ""


def tidy(value) -> str:
    """A value as WhatsApp takes it: one line, no tabs, no runs of spaces."""
    return " ".join(str(value).split())


def render(shape: Shape, values) -> str:
    """The text that the patient reads, buttons apart; a value that is missing stays as `{{n}}`."""
    values = [tidy(one) for one in values]
    header = _filled(shape.header, values[:shape.header_count])
    body = _filled(shape.body, values[shape.header_count:])
    return "\n".join(part for part in (header, body, shape.footer) if part)


def fits(shape: Shape, values) -> bool:
    header = _filled(shape.header, [tidy(one) for one in values[:shape.header_count]])
    return len(header) <= HEADER_LIMIT and len(render(shape, values)) <= TEXT_LIMIT


def parameters(shape: Shape, values, payloads=()) -> dict:
    """What a provider's module makes its components of: `{"header", "body", "buttons"}`. `payloads` in the order of
    its quick replies; one without comes back as its text."""
    values = [tidy(one) for one in values]
    codes = zip(shape.replies, payloads, strict=False)
    return {
        "header": values[:shape.header_count], "body": values[shape.header_count:],
        "buttons": [{"index": index, "payload": code} for (index, _title), code in codes if code]}


def by_title(shape: Shape, buttons) -> list[str]:
    """The code of each quick reply, from `[{"id", "title"}]`: the one whose title begins as the reply does, or has a
    word of it; what is left, in order. Whoever made the template may have put them in another order than ours, and
    what is written on a button is what it has to do."""
    left, found = list(buttons), {}
    titles = dict(enumerate(_stems(title) for _index, title in shape.replies))
    for alike in (lambda one, other: one[:1] == other[:1], lambda one, other: set(one) & set(other), lambda *_: True):
        for place in sorted(titles.keys() - found.keys()):
            if fit := next((one for one in left if alike(titles[place], _stems(one["title"]))), None):
                left.remove(fit)
                found[place] = fit["id"]
    return [found.get(place, "") for place in titles]


def _stems(title) -> list[str]:
    """Its first word and the long ones, by how they begin: `No, lo cancelo` -> no, cance."""
    words = re.findall(r"\w+", fold(title))
    return [word[:5] for place, word in enumerate(words) if place == 0 or len(word) > 3]


def _filled(text, values):
    known = dict(zip(variables(text), values, strict=False))
    return VARIABLE.sub(lambda found: known.get(found[1]) or found[0], text)


def _text(part) -> str:
    value = part.get("text") if isinstance(part, dict) else ""
    return value if isinstance(value, str) else ""


def _word(part, name) -> str:
    value = part.get(name)
    return value.lower() if isinstance(value, str) else ""
