"""Ajustes in the browser: the week by keyboard, and a number tried from the page to the phone."""
import re

from tests.e2e.simulated import Phone
from tests.e2e.windows import settled


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
