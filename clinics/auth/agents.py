"""What a session's browser calls itself, in a person's words."""
from django.utils.translation import gettext as _

# in this order: each later one also says the name of an earlier one
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)


def device(session) -> str:
    """`Firefox en Windows`; a program by what it is."""
    browser, system = _first(BROWSERS, session.agent), _first(SYSTEMS, session.agent)
    if session.bearer or not (browser or system):
        return _("Un programa (API)") if session.bearer else _("Un navegador")
    if browser and system:
        return _("%(browser)s en %(system)s") % {"browser": browser, "system": system}
    return browser or system


def _first(names, agent):
    return next((name for mark, name in names if mark in agent), "")
