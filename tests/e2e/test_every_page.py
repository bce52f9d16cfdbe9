"""Every page in the browser: nothing in the console, no policy violated, names for who listens, no sideways scroll."""
import re

import pytest

from tests.e2e import audit
from tests.e2e.conftest import DESK, PHONE

OPEN = (
    "/login", "/register", "/password/forgot", "/password/new?t=x", "/email/confirm?t=x", "/no-such-page")
ROLES = {
    "ceo": ("/agenda/", "/agenda/?view=week", "/agenda/?view=month", "/agenda/?view=list", "/inbox/", "/patients/",
            "/cash/", "/simulator/", "/settings/people/", "/settings/audit/", "/settings/audit/?severity=warning"),
    "professional": ("/agenda/", "/inbox/", "/patients/"),
    "secretary": ("/agenda/", "/agenda/?panel=new", "/agenda/?panel=finder", "/inbox/", "/patients/", "/cash/"),
    "setter": ("/agenda/", "/inbox/", "/patients/"),
    "closer": ("/agenda/", "/account/", "/account/password/", "/account/second-factor/"),
}


def settled(page, url):
    page.goto(url)
    page.wait_for_load_state("load")
    page.wait_for_timeout(500)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("role", ROLES)
def test_pages_for_everybody(open_as, role, size):
    page, wrong = open_as(role, size=size), {}
    for url in ROLES[role]:
        settled(page, url)
        wrong[url] = audit.faults(page) + (audit.small_targets(page) if size is PHONE else [])
    assert {url: faults for url, faults in wrong.items() if faults} == {}


@pytest.mark.parametrize("url", OPEN)
def test_a_page_before_the_session(open_as, url):
    page = open_as(size=PHONE)
    settled(page, url)
    assert audit.faults(page) == []
    page.faults = [fault for fault in page.faults if "404" not in fault]


@pytest.mark.parametrize("tab", ["", "?tab=historia", "?tab=archivos", "?tab=pagos", "?tab=turnos"])
def test_a_patients_page(open_as, tab):
    page = open_as("ceo")
    settled(page, "/patients/")
    page.click("main a[href*='/patients/'] >> nth=1")
    page.wait_for_url(re.compile(r"/patients/\d+/"))
    settled(page, page.url.split("?")[0] + tab)
    assert audit.faults(page) == []


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
