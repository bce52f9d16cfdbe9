"""Every page in the browser: nothing in the console, no policy violated, names for who listens, no sideways scroll, at
the desk and on a telephone; and as docs/img shows it."""
import re

import pytest

from tests.e2e import audit
from tests.e2e.windows import settled

OPEN = {
    "/login": "login", "/register": "", "/password/forgot": "", "/password/new?t=x": "", "/email/confirm?t=x": "",
    "/no-such-page": ""}
# who, where, and what the picture is called; the agenda's own views are in test_agenda.py
ROLES = {
    "ceo": {"/inbox/": "inbox", "/patients/": "patients", "/cash/": "cash", "/account/": "account", "/simulator/": "",
            "/agenda/waitlist/": "waitlist"},
    "professional": {"/agenda/": "", "/inbox/": "", "/patients/": ""},
    "secretary": {"/agenda/?panel=new": "", "/inbox/": "", "/patients/": "", "/cash/": ""},
    "setter": {"/agenda/": "", "/inbox/": "", "/patients/": ""},
    "closer": {"/agenda/": "", "/account/password/": "", "/account/second-factor/": ""},
}
ON_A_PHONE = ("inbox", "patients")
SETTINGS = {
    "": "settings", "people/": "settings-people", "professionals/": "settings-professionals", "professionals/new/": "",
    "chairs/": "", "closures/": "settings-closures", "closures/new/": "", "treatments/": "settings-treatments",
    "treatments/new/": "", "insurers/": "settings-insurers", "insurers/new/": "", "whatsapp/": "settings-whatsapp",
    "calendars/": "settings-calendars", "templates/": "settings-templates", "replies/": "",
    "automations/": "settings-automations", "automations/log/": "", "automations/reminder/": "",
    "audit/": "settings-audit", "audit/?severity=warning": "",
}
LISTS = ("professionals", "chairs", "treatments", "insurers", "whatsapp", "templates")


@pytest.fixture
def look(picture):
    """`look(page, url, "inbox")`: what is wrong with it at either width; its pictures are taken on the way."""
    def at(page, url, name=""):
        def draw(where):
            if name and (where == "desk" or name in ON_A_PHONE):
                picture(page, name if where == "desk" else f"{name}-390")

        settled(page, url)
        return audit.at_both_widths(page, draw)

    return at


@pytest.mark.parametrize("role", ROLES)
def test_pages_for_everybody(open_as, look, role):
    page = open_as(role)
    wrong = {url: look(page, url, name) for url, name in ROLES[role].items()}
    assert {url: faults for url, faults in wrong.items() if faults} == {}


def test_every_page_of_ajustes(open_as, look):
    page = open_as("ceo")
    wrong = {url: look(page, f"/settings/{url}", name) for url, name in SETTINGS.items()}
    for name in LISTS:
        settled(page, f"/settings/{name}/")
        if rows := page.locator(f"td a[href^='/settings/{name}/']").all():
            url = rows[0].get_attribute("href")
            wrong[url] = look(page, url)
    assert {url: faults for url, faults in wrong.items() if faults} == {}


def test_pages_before_the_session(open_as, look):
    page = open_as()
    wrong = {url: look(page, url, name) for url, name in OPEN.items()}
    assert {url: faults for url, faults in wrong.items() if faults} == {}
    page.faults = [fault for fault in page.faults if "404" not in fault]


def test_a_patients_page(open_as, look, picture):
    page = open_as("professional")
    settled(page, "/patients/")
    page.click("main a[href*='/patients/'] >> nth=1")
    page.wait_for_url(re.compile(r"/patients/\d+/"))
    address = page.url.split("?")[0]
    wrong = look(page, address, "patient")
    page = open_as("ceo")
    for tab in ("", "?tab=historia", "?tab=archivos", "?tab=pagos", "?tab=turnos"):
        wrong += look(page, address + tab)
    assert wrong == []


def test_the_dark_theme_is_kept(open_as):
    page = open_as("secretary")
    settled(page, "/agenda/")
    page.click(".me")
    page.click("text=Oscuro")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 24, 25)"


def test_the_wrong_password_says_the_same_as_the_wrong_address(open_as, site):
    page, said = open_as(), []
    for email in (site.login("secretary")["email"], "nadie@arrayan.example"):
        page.goto("/login")
        page.fill("#email", email)
        page.fill("#pw", "no-es-esta-clave")
        page.click("button[type=submit]")
        said.append(page.inner_text("[role=alert]"))
    assert said[0] == said[1]
    page.faults.clear()  # the browser logs a 401 as an error


def test_what_a_role_may_not_do_is_absent(open_as):
    page = open_as("professional")
    settled(page, "/agenda/")
    rail = page.inner_text(".rail")
    assert "Agenda" in rail
    assert "Caja" not in rail
    assert "Simulador" not in rail
    page.goto("/cash/")
    assert "Tu rol no permite ver esto" in page.inner_text("main")
    page.faults.clear()


def test_keys(open_as):
    page = open_as("secretary")
    settled(page, "/agenda/")
    page.keyboard.press("?")
    page.wait_for_selector("#keys[open]")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.type("n")
    assert page.locator("#booking").count() == 0
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_url(re.compile("/inbox/"))


def test_who_is_faster_than_the_page_is_heard_all_the_same(open_as):
    page, held = open_as("ceo", patient=False), []
    page.route("**/shell*.js", lambda route: held.append(route))
    page.goto("/settings/", wait_until="commit")
    page.wait_for_selector(".wk-d[data-day='6'] [data-add-row]")
    page.keyboard.press("?")
    while not held:
        page.wait_for_timeout(50)
    held[0].continue_()
    page.wait_for_selector("#keys[open]")
    held.clear()
    page.goto("/settings/automations/", wait_until="commit")
    page.click("[data-open=off]")
    while not held:
        page.wait_for_timeout(50)
    assert not page.locator("#off[open]").count()
    held[0].continue_()
    page.wait_for_selector("#off[open]")
