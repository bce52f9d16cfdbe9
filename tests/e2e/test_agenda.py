"""The agenda in the browser: its views and columns, stretching, the list and its print, two desks at one visit, a
browser far from the clinic, the telephone; and the pictures of docs/img."""
import re
from datetime import date, timedelta

import pytest

from tests.e2e import audit
from tests.e2e.agenda import at, event, hour_of, hours_of, stretch
from tests.e2e.windows import PHONE, still

FAR = ("Europe/Madrid", "Pacific/Kiritimati", "America/Los_Angeles")
TIMES = "() => [...document.querySelectorAll('#cal .ec-event[data-visit]')].map(one => one.getAttribute('aria-label'))"


def today(site):
    """The clinic's."""
    return date.fromisoformat(site.api("ceo", "/agenda/feed")[1]["first"])


def settled(page, url):
    page.goto(url)
    page.wait_for_selector("#cal .ec-day, #month td, #rows table, #rows .empty")
    still(page)


def test_stretching_saves_and_a_refusal_puts_it_back(open_as, booked):
    _pk, surname, opening = booked()
    page = open_as("secretary")
    settled(page, f"/agenda/?day={at(opening)[0]}")
    before = hours_of(page, surname)
    page.route("**/resize", lambda route: route.fulfill(
        status=409, content_type="application/json",
        body='{"code": "slot_taken", "detail": "Ese horario se ocupó recién."}'))
    stretch(page, surname)
    page.wait_for_selector("#said [role=alert] >> text=Ese horario se ocupó recién.")
    assert hours_of(page, surname) == before
    page.unroute("**/resize")
    page.click("#said [data-drop]")
    stretch(page, surname)
    page.wait_for_selector(".toast-d, #said .note")
    if page.locator("#said .note").count():  # somebody has the time after it: it is back and says so
        assert hours_of(page, surname) == before
    else:
        page.wait_for_function("([name, hour]) => [...document.querySelectorAll('#cal .ec-event')].some(node => "
                               "node.innerText.includes(name) && !node.ariaLabel.includes(hour))",
                               arg=[surname, f"{before[0]} a {before[1]},"])
        longer = hours_of(page, surname)
        assert longer[0] == before[0]
        assert longer[1] > before[1]
        page.reload()
        event(page, surname).wait_for()
        assert hours_of(page, surname) == longer
    page.faults.clear()


def test_two_desks_at_one_visit_see_each_other_and_nothing_is_lost(open_as, booked):
    pk, surname, opening = booked()
    here, there = open_as("secretary"), open_as("ceo")
    for page in (here, there):
        settled(page, f"/agenda/?day={at(opening)[0]}&appointment={pk}")
        page.wait_for_selector(f"#panel h2 >> text={surname}")
        page.click("#panel .ap-edit summary")
        page.wait_for_selector("#ap-reason")
    here.fill("#ap-reason", "Dolor al masticar")
    there.fill("#ap-reason", "Control de rutina")
    there.click("#panel .ap-edit button[type=submit]")
    there.wait_for_selector("#panel dd >> text=Control de rutina")
    here.wait_for_selector("#panel [data-changed] >> text=Otra persona cambió este turno")
    assert here.input_value("#ap-reason") == "Dolor al masticar"
    here.click("#panel .ap-edit button[type=submit]")
    here.wait_for_selector("#panel [role=alert]")
    assert here.input_value("#ap-reason") == "Dolor al masticar"
    assert "Control de rutina" in here.inner_text("#panel .ap-edit")
    here.click("#panel .ap-edit button[type=submit]")
    here.wait_for_selector("#panel dd >> text=Dolor al masticar")
    there.wait_for_selector("#panel dd >> text=Dolor al masticar")
    here.faults.clear()  # the browser logs a 409 as an error


def test_who_drags_what_another_moved_is_told(open_as, booked, free, site):
    pk, surname, opening = booked()
    page = open_as("secretary")
    settled(page, f"/agenda/?day={at(opening)[0]}")
    event(page, surname).wait_for()
    page.evaluate("document.addEventListener('dl:APPOINTMENT_UPDATED', e => e.stopImmediatePropagation(), true)")
    status, row = site.api("secretary", f"/api/v1/appointments/{pk}")
    assert status == 200
    said = page.evaluate(
        """async ([id, start, professional, version]) => {
          const send = version => {
            const form = new FormData();
            for (const [name, value] of Object.entries({ start, professional, version })) form.append(name, value);
            return dl.box.post(`/agenda/${id}/move`, { body: form });
          };
          const answers = await Promise.all([send(version), send(version)]);
          return Promise.all(answers.map(async one => [one.status, (await one.json()).code ?? '']));
        }""", [pk, free(1)[1]["start_at"][:16], opening["professional"], row["version"]])
    assert sorted(said) == [[200, ""], [409, "stale_version"]]
    page.faults.clear()


def test_the_same_hours_however_far_the_browser_is(open_as, booked):
    _pk, surname, opening = booked()
    day, hour = at(opening)
    told = set()
    for zone in FAR:
        page = open_as("secretary", timezone_id=zone)
        settled(page, f"/agenda/?day={day}")
        event(page, surname).wait_for()
        assert hour_of(page, surname) == hour
        assert page.inner_text("#label").split()[-1] == f"{day[8:]}/{day[5:7]}"
        told.add(tuple(sorted(page.evaluate(TIMES))))
        page.click(".ag-views [data-view=list]")
        page.wait_for_selector(f"#rows tr >> text={surname}")
        assert hour in page.locator("#rows tr", has_text=surname).inner_text()
        page.click(".ag-views [data-view=month]")
        page.wait_for_selector(f"#month [data-day='{day}']")
        assert page.evaluate("document.querySelector('#month [aria-current]').dataset.day") == page.locator(
            "#ag").get_attribute("data-today")
        page.click(f"#month [data-day='{day}']")
        event(page, surname).wait_for()
        assert hour_of(page, surname) == hour
    assert len(told) == 1


def test_a_click_on_the_grid_asks_for_that_hour_from_afar(open_as, site, free):
    _treatment, opening = free(place=3)
    day, hour = at(opening)
    page = open_as("secretary", timezone_id="Asia/Tokyo")
    settled(page, f"/agenda/?day={day}&who={opening['professional']}")
    page.evaluate("([start, who]) => dl.grid.onPick(start, who)", [f"{day}T{hour}", str(opening["professional"])])
    page.wait_for_selector("#booking")
    assert (page.input_value("[name=day]"), page.input_value("[name=hour]")) == (day, hour)
    assert page.input_value("#booking [name=professional]") == str(opening["professional"])


def test_selecting_on_the_grid_opens_the_form_at_that_hour(open_as, site):
    page = open_as("secretary")
    settled(page, f"/agenda/?day={today(site) + timedelta(days=40)}")
    cell = page.locator("#cal .ec-day").first.bounding_box()
    page.mouse.move(cell["x"] + 60, cell["y"] + 120)
    page.mouse.down()
    page.mouse.move(cell["x"] + 60, cell["y"] + 200, steps=6)
    page.mouse.up()
    page.wait_for_selector("#booking")
    assert re.fullmatch(r"\d\d:\d\d", page.input_value("#booking [name=hour]"))
    assert page.input_value("#booking [name=professional]")


def test_columns_and_filters_hold_in_every_view(open_as, booked):
    _pk, surname, opening = booked()
    day, whose = at(opening)[0], f"professional:{opening['professional']}"
    page = open_as("secretary")
    settled(page, f"/agenda/?day={day}")
    every = page.locator("#cal .ec-header .pro, #cal .pro").count()
    page.select_option("#whose", whose)
    page.wait_for_function("document.querySelectorAll('#cal .pro').length === 1")
    assert every > 1
    event(page, surname).wait_for()
    page.click(".ag-views [data-view=list]")
    page.wait_for_selector(f"#rows tr >> text={surname}")
    names = {row.split("·")[0].strip() for row in page.locator("#rows td:nth-child(5)").all_inner_texts()}
    assert len(names) == 1
    assert f"who={opening['professional']}" in page.url
    page.reload()
    page.wait_for_selector(f"#rows tr >> text={surname}")
    assert page.input_value("#whose") == whose
    page.select_option("#whose", "chair:")
    page.click(".ag-views [data-view=day]")
    page.wait_for_selector("#cal .pro >> text=Sillón")
    event(page, surname).wait_for()
    page.go_back()
    page.wait_for_selector("#rows table")


def test_the_print_is_the_list_with_its_filter_and_the_search_goes_further(open_as, booked):
    _pk, surname, opening = booked()
    day = at(opening)[0]
    page = open_as("secretary")
    settled(page, f"/agenda/?day={day}&view=list&span=week&who={opening['professional']}")
    link = page.get_attribute("#print", "href")
    assert f"professional={opening['professional']}" in link
    monday = date.fromisoformat(day) - timedelta(days=date.fromisoformat(day).weekday())
    assert f"first={monday}&last={monday + timedelta(days=6)}" in link
    answer = page.request.get(link)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.body().startswith(b"%PDF-")
    settled(page, "/agenda/?view=list")
    page.fill("#q", surname[:6])
    page.press("#q", "Enter")
    page.wait_for_selector(f"#rows tr >> text={surname}")
    page.click(f"#rows tr >> text={surname}")
    page.wait_for_selector(f"#panel h2 >> text={surname}")
    page.fill("#q", "nadiesellamaasi")
    page.press("#q", "Enter")
    page.wait_for_selector("#rows .empty >> text=Nadie con turno coincide")


def test_empty_loading_and_failed_do_not_look_alike(open_as, site, picture):
    page = open_as("secretary")
    far = today(site) + timedelta(days=900)
    settled(page, f"/agenda/?day={far}")
    page.wait_for_selector("#state.none h2")
    picture(page, "agenda-empty")
    page.route("**/agenda/feed*", lambda route: None)
    page.keyboard.press("ArrowRight")
    page.evaluate("document.dispatchEvent(new CustomEvent('dl:NEW_APPOINTMENT', { detail: { ids: {} } }))")
    page.wait_for_selector("#state .skel")  # whatever news come meanwhile
    picture(page, "agenda-loading")
    page.unroute("**/agenda/feed*")
    for view, piece in (("month", "month"), ("list", "list"), ("day", "feed")):
        page.route(f"**/agenda/{piece}?*", lambda route: route.abort())
        page.click(f".ag-views [data-view={view}]")
        page.wait_for_selector("#state.unknown [role=alert] >> text=no des turnos hasta que vuelva")
        assert page.locator("#give").is_disabled()
        page.unroute(f"**/agenda/{piece}?*")
    picture(page, "agenda-error")
    page.click("text=Reintentar")
    page.wait_for_selector("#state.unknown", state="detached")
    assert page.locator("#give").is_enabled()
    page.faults.clear()


def test_a_professional_takes_their_agenda_along(open_as):
    page = open_as("professional")
    settled(page, "/agenda/?view=list")
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("text=En tu calendario")
    page.click("#feeds .btn-plain")
    page.wait_for_selector("[data-secret]")
    address = page.input_value("[data-secret]")
    answer = page.request.get(address)
    assert answer.status == 200
    assert answer.text().startswith("BEGIN:VCALENDAR")
    page.click("#feeds >> text=Darla de baja")
    page.wait_for_selector("#feeds .tag >> text=Sin dirección")
    assert page.request.get(address).status == 404


@pytest.mark.parametrize("view", ["day", "month", "list"])
def test_on_a_telephone(open_as, view):
    page = open_as("secretary", size=PHONE)
    settled(page, f"/agenda/?view={view}")
    assert audit.faults(page) + audit.small_targets(page) == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]


def test_a_telephone_shows_one_column_and_moves_by_the_panel(open_as, booked, picture):
    pk, surname, opening = booked()
    page = open_as("secretary", size=PHONE)
    settled(page, f"/agenda/?day={at(opening)[0]}")
    page.click(f"[data-pro='{opening['professional']}']")
    event(page, surname).wait_for()
    assert page.locator("#cal .ec-body .ec-day").count() == 1
    picture(page, "agenda-390")
    event(page, surname).click()
    page.wait_for_selector(f"#panel h2 >> text={surname}")
    picture(page, "agenda-390-sheet")
    page.click("#panel >> text=Reprogramar")
    page.wait_for_selector("#mover")
    assert f"appointment={pk}" in page.url


def workday(site):
    """The next day on which somebody attends."""
    first = today(site)
    for day in (first + timedelta(days=days) for days in range(1, 9)):
        _status, feed = site.api("ceo", f"/agenda/feed?first={day}&last={day}")
        if feed["appointments"] and not feed["holiday"]:
            return day.isoformat()
    return first.isoformat()


def test_pictures_of_the_agenda(open_as, site, picture):
    page, day = open_as("secretary"), workday(site)
    for name, asked in (
            ("agenda", ""), ("agenda-week", "&view=week"), ("agenda-month", "&view=month"),
            ("agenda-list", "&view=list&span=week"), ("agenda-chairs", "&by=chair"),
            ("agenda-finder", "&panel=finder"), ("agenda-room", "&panel=room")):
        settled(page, f"/agenda/?day={day}{asked}")
        assert audit.faults(page) == []
        picture(page, name)
    settled(page, f"/agenda/?day={day}")
    page.locator("#cal .ec-event[data-visit]").first.click()
    page.wait_for_selector("#panel h2")
    picture(page, "agenda-panel")
    phone = open_as("secretary", size=PHONE)
    settled(phone, f"/agenda/?day={day}&view=month")
    picture(phone, "agenda-390-month")
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    picture(page, "agenda-dark")
