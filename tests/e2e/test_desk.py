"""The desk's day in the browser: give a turn, attend it, write its entry, collect, and see it in the cash."""
import re
from datetime import date, timedelta

from tests.e2e.agenda import at, drag_to_next_slot, event, hour_of, name

LATE = """() => {
  const ask = window.fetch, waits = [900, 60, 700, 20, 500, 10, 400, 300, 200, 150, 100, 50];
  window.fetch = async (...asked) => {
    const answer = await ask(...asked);
    await new Promise(done => setTimeout(done, waits.shift() ?? 0));
    return answer;
  };
}"""
SLOW_ANSWERS = """() => {
  const send = XMLHttpRequest.prototype.send, waits = { GET: 700, POST: 1400 }, open = XMLHttpRequest.prototype.open;
  XMLHttpRequest.prototype.open = function (verb, ...more) { this.verb = verb; open.call(this, verb, ...more); };
  XMLHttpRequest.prototype.send = function (body) { setTimeout(() => send.call(this, body), waits[this.verb]); };
}"""
ELSEWHERE = """([name, hour]) => [...document.querySelectorAll('#cal .ec-event')].some(
  node => node.innerText.includes(name) && !node.getAttribute('aria-label').includes(`, ${hour} a `))"""
SHOWN = """() => [
  new URL(location).searchParams.get('day'), dl.grid.data.first, document.getElementById('pick').value,
]"""


def test_from_the_turn_to_the_cash(open_as, site, free, open_today):
    desk, surname, (treatment, opening) = open_as("secretary"), name(), free(days=0)
    day, hour = at(opening)
    desk.goto(f"/agenda/?day={day}")
    desk.wait_for_selector("#cal .ec-day")
    desk.keyboard.press("n")
    desk.check("input[value=new]")
    for field, value in (("first_name", "Ana"), ("last_name", surname), ("phone", "341 555-0178")):
        desk.fill(f"[name={field}]", value)
    desk.select_option("[name=treatment]", str(treatment))
    desk.select_option("#booking [name=professional]", str(opening["professional"]))
    desk.fill("[name=day]", day)
    desk.fill("[name=hour]", hour)
    desk.click("text=Dar el turno")
    desk.wait_for_selector(f"#panel h2 >> text={surname}")
    event(desk, surname).wait_for()

    desk.click("[aria-label='Pasar a En sala']")
    desk.wait_for_selector("#panel .tag >> text=En sala")
    desk.click("#panel .go >> text=Pasar a sillón")
    desk.wait_for_selector("#panel .tag >> text=En sillón")

    chair = open_as("professional")
    chair.goto(f"/agenda/?day={day}")
    event(chair, surname).click()
    chair.click("#panel >> text=Ficha")
    chair.wait_for_url(re.compile(r"/patients/\d+/"))
    chair.click("text=Historia clínica")
    chair.fill("textarea", "Limpieza y control. Sin lesiones.")
    chair.click("button >> text=Firmar")
    chair.wait_for_selector("text=Firmada")
    chair.reload()
    chair.wait_for_selector("text=Limpieza y control. Sin lesiones.")

    desk.click("#panel .go >> text=Finalizar")
    desk.click("#panel .go >> text=Cobrar")
    desk.wait_for_url(re.compile("/cash/pay/"))
    desk.fill("[name=amount]", "25.000,00")
    desk.check("[name=method][value=cash]", force=True)
    desk.click("main form button[type=submit]")
    desk.wait_for_url(re.compile(r"/cash/\d{4}-\d\d-\d\d/"))
    row = desk.locator("tr", has_text=surname)
    row.wait_for()
    assert "25.000,00" in row.inner_text()


def test_dragging_saves_and_the_second_screen_moves(open_as, booked):
    _pk, surname, opening = booked()
    day, hour = at(opening)
    here, there = open_as("secretary"), open_as("ceo")
    for page in (here, there):
        page.goto(f"/agenda/?day={day}")
        event(page, surname).wait_for()
    drag_to_next_slot(here, surname, slots=2)
    here.wait_for_selector(".toast-d, #said .note")
    if here.locator("#said .note").count():  # somebody had that hour: it is back and says so
        assert hour_of(here, surname) == hour
        here.faults.clear()
        return
    for page in (here, there):
        page.wait_for_function(ELSEWHERE, arg=[surname, hour], timeout=5000)
    moved = hour_of(here, surname)
    assert hour_of(there, surname) == moved
    here.reload()
    event(here, surname).wait_for()
    assert hour_of(here, surname) == moved


def test_a_refusal_puts_it_back_and_says_why(open_as, booked):
    _pk, surname, opening = booked()
    day, hour = at(opening)
    page = open_as("secretary")
    page.goto(f"/agenda/?day={day}")
    event(page, surname).wait_for()
    page.route("**/move", lambda route: route.fulfill(
        status=409, content_type="application/json",
        body='{"code": "slot_taken", "detail": "Ese horario se ocupó recién. Quedan 11:30 y 15:00."}'))
    drag_to_next_slot(page, surname, slots=2)
    page.wait_for_selector("#said [role=alert] >> text=Quedan 11:30 y 15:00.")
    assert hour_of(page, surname) == hour
    page.faults.clear()  # the browser logs a 409 as an error


def test_the_grid_goes_to_what_is_found_and_to_what_is_held(open_as, free, site):
    treatment, opening = free()
    page = open_as("secretary")
    page.goto(f"/agenda/?day={site.today}&panel=finder")
    page.select_option("#f-t", str(treatment))
    day, _hour = at(opening)
    page.fill("#f-w", f"{day[8:]}/{day[5:7]}")
    page.press("#f-w", "Enter")
    page.wait_for_url(f"**day={day}**")
    page.wait_for_selector("#cal .st-open.sought")
    page.locator("#found-openings [data-opening]").first.click()
    page.wait_for_selector("#cal .st-held.sought")
    page.click("#booking [aria-label='Cerrar panel']")
    page.wait_for_selector("#cal .st-held", state="detached")


def test_an_opening_pressed_while_it_is_searched_again_is_held(open_as, free, site):
    """The search is answered before the press is: the list with what was pressed is not there any more."""
    treatment, opening = free()
    page = open_as("secretary")
    page.goto(f"/agenda/?day={at(opening)[0]}&panel=finder")
    page.select_option("#f-t", str(treatment))
    page.wait_for_selector("#cal .st-open.sought")
    page.evaluate(SLOW_ANSWERS)
    page.press("#f-w", "Enter")
    page.locator("#found-openings [data-opening]").first.click()
    page.wait_for_selector("#booking[data-held]")
    page.click("#booking [aria-label='Cerrar panel']")
    page.wait_for_selector("#cal .st-held", state="detached")


def test_free_and_busy_has_no_colours_and_nothing_to_press(open_as, booked):
    _pk, _surname, opening = booked()
    page = open_as("setter")
    page.goto(f"/agenda/?day={at(opening)[0]}")
    page.wait_for_selector("#cal .st-busy")
    assert page.locator("#cal .st-busy[tabindex], #cal .st-busy[role=button]").count() == 0
    assert page.locator(".ag-leg, .ag-wait").count() == 0


def test_answers_to_old_questions_are_dropped(open_as):
    page = open_as("secretary")
    page.goto("/agenda/")
    page.wait_for_selector("#cal .ec-day")
    page.evaluate(LATE)
    for _press in range(12):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(1500)
    shown = page.evaluate(SHOWN)
    today = date.fromisoformat(page.locator("#ag").get_attribute("data-today"))
    assert set(shown) == {(today + timedelta(days=12)).isoformat()}


def test_what_happened_while_the_line_was_down_is_there_when_it_is_back(open_as, booked, free):
    page = open_as("secretary")
    page.goto(f"/agenda/?day={at(free()[1])[0]}")
    page.wait_for_selector("#cal .ec-day")
    page.context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('offline'))")
    page.wait_for_selector(".live.off >> text=Reconectando")
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector("#state [role=alert]")
    _pk, surname, opening = booked()
    page.context.set_offline(False)
    page.goto(f"/agenda/?day={at(opening)[0]}")
    event(page, surname).wait_for()
    page.faults.clear()


def test_the_keyboards_way_to_move_what_the_mouse_drags(open_as, booked):
    pk, surname, opening = booked()
    page = open_as("secretary")
    page.goto(f"/agenda/?day={at(opening)[0]}")
    event(page, surname).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#panel h2 >> text={surname}")
    assert f"appointment={pk}" in page.url
    page.click("#panel >> text=Reprogramar")
    page.fill("#m-w", "la semana que viene")
    page.keyboard.press("Enter")
    page.wait_for_selector("#m-h >> text=huecos")
    page.locator("[data-opening]").first.click()
    page.wait_for_selector("#panel >> text=Turno reprogramado.")
    page.keyboard.press("Escape")
    page.wait_for_selector("#panel:not(.open)", state="attached")
    assert "appointment" not in page.url
    page.go_back()
    page.wait_for_selector(f"#panel h2 >> text={surname}")
