"""The day at a phone's width: one professional at a time, the visit from below, the inbox in three steps."""
from tests.e2e import audit
from tests.e2e.agenda import at, event
from tests.e2e.windows import PHONE


def test_the_agenda_in_one_hand(open_as, open_today, booked):
    _pk, surname, opening = booked(days=0)
    page = open_as("secretary", size=PHONE)
    page.goto(f"/agenda/?day={at(opening)[0]}")
    page.wait_for_selector("#cal .ec-day")
    page.click(f"[data-pro='{opening['professional']}']")
    assert page.locator("#cal .ec-body .ec-day").count() == 1
    event(page, surname).tap()
    page.wait_for_selector(f"#panel h2 >> text={surname}")
    box = page.locator("#panel").bounding_box()
    assert (box["x"], box["width"]) == (0, 390)
    assert box["y"] > 80
    assert audit.faults(page) == []
    assert audit.small_targets(page) == []
    page.click("#panel >> text=Reprogramar")
    page.wait_for_selector("[data-opening]")
    page.click("#panel [aria-label='Volver al turno']")
    page.wait_for_selector(f"#panel h2 >> text={surname}")
    page.click("[aria-label='Pasar a En sala']")
    page.wait_for_selector("#panel .tag >> text=En sala")
    page.click("#panel [aria-label='Cerrar panel']")
    assert not page.locator("#panel").is_visible()


def test_the_inbox_list_then_thread_then_patient(open_as):
    page = open_as("secretary", size=PHONE)
    page.goto("/inbox/")
    page.locator("#rows a").first.click()
    page.wait_for_selector("[role=log]")
    assert not page.locator("#rows").is_visible()
    assert audit.faults(page) == []
    page.click("[aria-label='Ver al paciente']")
    assert page.locator(".pp").is_visible()
    page.click("text=Volver a la conversación")
    page.click("[aria-label='Volver a la lista']")
    assert page.locator("#rows").is_visible()


def test_a_phone_has_the_day_and_the_list_and_every_button(open_as, booked):  # noqa: F811
    _pk, surname, opening = booked()
    page = open_as("secretary", size=PHONE)
    page.goto(f"/agenda/?day={at(opening)[0]}&view=week")
    page.wait_for_selector("#cal .ec-day")
    assert page.locator("#ag").get_attribute("data-view") == "day"
    for button in page.locator(".ag-bar .btn:visible").all():
        box = button.bounding_box()
        assert box["x"] + box["width"] <= PHONE["width"]
    page.click(".ag-views >> text=Lista")
    row = page.locator("#list tr", has_text=surname)
    tag = row.locator(".tag").bounding_box()
    assert tag["x"] + tag["width"] <= PHONE["width"]
    page.click(".ag-views >> text=Día")
    page.wait_for_selector("#cal .ec-day")
