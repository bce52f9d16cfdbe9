"""Ajustes in the browser: every page, the week by keyboard, and a number tried from the page to the phone."""
import re

import pytest

from tests.e2e import audit
from tests.e2e.conftest import DESK, PHONE
from tests.e2e.test_every_page import settled
from tests.e2e.test_whatsapp import Phone

PAGES = ("", "professionals/", "professionals/new/", "chairs/", "closures/", "closures/new/", "treatments/",
         "treatments/new/", "insurers/", "insurers/new/", "whatsapp/", "automations/", "audit/")
LISTS = ("professionals", "chairs", "treatments", "insurers", "whatsapp")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_of_ajustes(open_as, size):
    page, wrong = open_as("ceo", size=size), {}
    for url in PAGES:
        settled(page, f"/settings/{url}")
        wrong[url] = audit.faults(page) + (audit.small_targets(page) if size is PHONE else [])
    for name in LISTS:
        settled(page, f"/settings/{name}/")
        settled(page, page.locator(f"td a[href^='/settings/{name}/']").first.get_attribute("href"))
        wrong[page.url] = audit.faults(page) + (audit.small_targets(page) if size is PHONE else [])
    assert {url: faults for url, faults in wrong.items() if faults} == {}


def test_the_week_by_keyboard_keeps_what_was_typed_wrong(open_as):
    page = open_as("ceo", clinic=1)
    settled(page, "/settings/")
    page.locator(".wk-d[data-day='6'] [data-add-row]").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("12.30")
    page.keyboard.press("Tab")
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    page.wait_for_selector(".wk [role=alert]")
    assert "Domingo, tramo 1: Tiene que terminar después de empezar." in page.inner_text(".wk [role=alert]")
    assert page.evaluate("document.activeElement.name") == "week-6-to"
    page.keyboard.press("Control+A")
    page.keyboard.type("14")
    page.keyboard.press("Enter")
    page.wait_for_selector(".note.ok")
    row = page.locator(".wk-d[data-day='6'] .wk-r input")
    assert [row.nth(at).input_value() for at in range(2)] == ["12:30", "14:00"]
    page.uncheck("[name='week-6-open']")
    page.click(".set-acts .btn-primary")
    page.wait_for_selector(".note.ok")
    page.faults.clear()  # the browser logs a 422 as an error


def test_a_number_is_tried_from_the_page_to_the_phone(open_as):
    phone = Phone(open_as("ceo"))
    phone.say("hola")
    page = open_as("ceo")
    settled(page, "/settings/whatsapp/")
    page.click("td a")
    page.fill("#f-phone", phone.number())
    page.click("text=Mandar la prueba")
    page.wait_for_selector("text=/Llegó al teléfono|Lo leyeron/", timeout=20_000)
    phone.page.wait_for_function("() => document.getElementById('chat').innerText.includes('Mensaje de prueba')")
    assert re.search("Mensaje de prueba de Clínica Arrayán", phone.page.inner_text("#chat"))
