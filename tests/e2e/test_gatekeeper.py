"""Who asks to enter waits until the ceo opens, and who is put out is out of every window they have open."""
from playwright.sync_api import expect

from tests.e2e import audit
from tests.e2e.windows import PHONE, log_in

PASSWORD = "puente-nogal-lluvia-4"


def test_from_the_request_to_the_suspension(open_as):
    ceo, desk, phone = open_as("ceo"), open_as(), open_as(size=PHONE)
    ceo.goto("/settings/people/")
    expect(ceo.locator("#live")).to_have_text("En vivo")

    desk.goto("/register")
    for field, value in (("#name", "Irene Salvatierra"), ("#email", "irene@arrayan.example"), ("#pw", PASSWORD),
                         ("#clinic", "arrayan")):
        desk.fill(field, value)
    desk.select_option("#role", "ceo")
    desk.click("button[type=submit]")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Pedido enviado")

    asking = ceo.locator("#people li", has_text="Irene Salvatierra")  # by itself: the page was open
    asking.locator("select").select_option("secretary")
    asking.get_by_role("button", name="Activar").click()
    expect(ceo.get_by_role("status").filter(has_text="La cuenta está activa.")).to_be_visible()
    assert audit.faults(ceo) == []
    ceo.get_by_role("link", name="Irene Salvatierra").click()

    irene = {"email": "irene@arrayan.example", "password": PASSWORD}
    for window in (desk, phone):
        log_in(window, irene)
        expect(window.locator("#live")).to_have_text("En vivo")
    ceo.reload()
    expect(ceo.get_by_role("button", name="Cerrar", exact=True)).to_have_count(2)
    ceo.get_by_role("button", name="Suspender").click()
    ceo.get_by_role("dialog").get_by_role("button", name="Suspender").click()
    for window in (desk, phone):  # nobody touched them
        expect(window.get_by_text("Tu sesión terminó. Ingresá de nuevo.")).to_be_visible()
        window.faults = [fault for fault in window.faults if "401" not in fault]
    assert audit.faults(phone) == [] and audit.small_targets(phone) == []

    ceo.set_viewport_size(PHONE)
    assert audit.faults(ceo) == [] and audit.small_targets(ceo) == []
    ceo.get_by_role("button", name="Reactivar").click()
    expect(ceo.get_by_role("status").filter(has_text="La cuenta está activa.")).to_be_visible()
