"""Windows of the browser that people look through. A context is kept for the next story of the same person, with what
it has read of the product's files: reading them anew took longer than most stories."""
from contextlib import suppress

from playwright.sync_api import Error

DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
# no page is pressed before it listens, however it was come by: Playwright waits until a press would arrive
LISTENS = """(() => {
  const deaf = new CSSStyleSheet();
  deaf.replaceSync('html { pointer-events: none }');
  document.adoptedStyleSheets = [deaf];
  addEventListener('load', () => { document.adoptedStyleSheets = []; });
})()"""
STILL = 60  # milliseconds without a question under way, after the page came
LONGEST = 15_000


class Windows:
    def __init__(self, browser, site):
        self.browser, self.site, self.free = browser, site, {}

    def open(self, role=None, *, size=DESK, clinic=0, patient=True, **options):
        """A page of that person, logged in. `patient=False`: one that may be pressed before it listens."""
        who = (role, clinic) if role else None
        kind = (who, size is PHONE, patient, *sorted(options.items()))
        context = self._context(kind, size, patient, options)
        page = context.new_page()
        page.kind, page.who, page.faults, page.asking, page.worn = kind, who, [], set(), False
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("console", lambda said: page.faults.append(
            f"{said.text} ({said.location['url']})") if is_fault(said) else None)
        page.on("request", lambda asked: page.asking.add(asked))
        for end in ("requestfinished", "requestfailed"):
            page.on(end, lambda asked: page.asking.discard(asked))
        if who and who not in self.site.sessions:
            log_in(page, self.site.login(role, clinic))
            self.site.sessions[who] = context.cookies()
        return page

    def _context(self, kind, size, patient, options):
        if kept := self.free.get(kind):
            context = kept.pop()
            context.clear_cookies()
        else:
            context = self.browser.new_context(
                base_url=self.site.url, viewport=size, locale="es-AR", has_touch=size is PHONE,
                reduced_motion="reduce", **options)
            if patient:
                context.add_init_script(LISTENS)
        context.add_cookies(self.site.sessions.get(kind[0], []))
        return context

    def close(self, page):
        """What the person changed in this browser is not the next one's; a worn one is thrown away."""
        context = page.context
        if page.who:
            keep(self.site, page.who, context.cookies())
        if page.worn or page.is_closed():
            context.close()
            return
        with suppress(Error):
            context.set_offline(False)
            page.evaluate("localStorage.clear()")
        page.close()
        self.free.setdefault(page.kind, []).append(context)


def is_fault(said):
    """An error on the console, but for a request that was under way when the page was left."""
    return said.type == "error" and not said.text.startswith(("htmx:afterRequest", "htmx:sendAbort"))


def keep(site, who, cookies):
    """A refresh token is good once: the next window goes on with the youngest."""
    def expires(of):
        return max((one["expires"] for one in of if one["name"].endswith("dl_refresh")), default=0)

    site.sessions[who] = max(site.sessions[who], cookies, key=expires)


def log_in(page, who):
    page.goto("/login")
    page.fill("#email", who["email"])
    page.fill("#pw", who["password"])
    page.click("button[type=submit]")
    page.wait_for_selector(".app")


def still(page):
    """The page came, and so did all that it asked for by itself."""
    page.wait_for_load_state("load")
    for _look in range(LONGEST // STILL):
        page.wait_for_timeout(STILL)
        if not page.asking:
            return
    raise AssertionError(f"still asking: {[asked.url for asked in page.asking]}")


def settled(page, url):
    page.asking.clear()
    page.goto(url)
    still(page)
