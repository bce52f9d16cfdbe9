"""Nothing of a person is lost to what comes meanwhile: a press, what is typed, where they are, what was asked last."""
import pytest

from tests.e2e.agenda import name
from tests.e2e.simulated import Phone, open_thread
from tests.e2e.windows import settled

NEWS = "names => names.forEach(one => document.dispatchEvent(new CustomEvent(`dl:${one}`, { detail: { ids: {} } })))"
SLOW = """([verb, path, wait]) => {
  const { open, send } = XMLHttpRequest.prototype, ask = window.fetch;
  const is = (how, url) => how.toUpperCase() === verb && String(url).includes(path);
  XMLHttpRequest.prototype.open = function (how, url, ...more) {
    this.wait = is(how, url) ? wait : 0;
    return open.call(this, how, url, ...more);
  };
  XMLHttpRequest.prototype.send = function (body) { setTimeout(() => send.call(this, body), this.wait); };
  window.fetch = async (url, how = {}) => {
    const answer = await ask(url, how);
    if (is(how.method ?? 'get', url)) await new Promise(done => setTimeout(done, wait));
    return answer;
  };
}"""


def slowly(page, verb, path, wait):
    page.evaluate(SLOW, [verb, path, wait])


def news(page, *names):
    page.evaluate(NEWS, names)


@pytest.fixture
def waits(site, free):
    """Somebody on the waitlist, as its page knows them."""
    status, patient = site.api("secretary", "/api/v1/patients", {
        "first_name": "Ana", "last_name": name(), "phone": "341 555-0179", "insurance": "particular"})
    assert status == 201, patient
    status, entry = site.api("secretary", "/api/v1/waitlist", {
        "patient": patient["id"], "treatment": free()[0], "professional": site.own_professional})
    assert status == 201, entry
    return entry["id"]


def test_a_press_and_the_focus_outlive_a_list_that_comes_anew(open_as, waits):
    desk = open_as("secretary")
    settled(desk, "/agenda/waitlist/")
    button = desk.locator(f"[hx-get='/agenda/waitlist/{waits}/openings']")
    button.focus()
    with desk.expect_response("**/waitlist/rows"):
        news(desk, "WAITLIST_UPDATED")
    desk.wait_for_function("url => document.activeElement.getAttribute('hx-get') === url",
                           arg=f"/agenda/waitlist/{waits}/openings")
    box = button.bounding_box()
    desk.mouse.move(box["x"] + 10, box["y"] + 10)
    desk.mouse.down()
    with desk.expect_response("**/waitlist/rows"):
        news(desk, "WAITLIST_UPDATED")
    desk.wait_for_timeout(100)
    desk.mouse.up()
    desk.wait_for_selector(f"#wl-o{waits} > *")
    desk.click("[popovertarget=menu-bell]")
    with desk.expect_response("**/waitlist/rows"), desk.expect_response("**/inbox/notices"):
        news(desk, "WAITLIST_UPDATED", "HUMAN_HANDOFF")
    desk.wait_for_timeout(100)
    assert desk.locator("#menu-bell:popover-open").count() == 1
    assert desk.locator(f"#wl-o{waits} > *").count(), "what was looked for is still there"
    desk.keyboard.press("Escape")
    desk.click(f"[hx-post='/agenda/waitlist/{waits}/leave']")
    desk.wait_for_selector(f"#wl-o{waits}", state="detached")


def test_news_that_come_while_it_is_asked_are_asked_for(open_as):
    """The element that would have asked is not there any more: its answer has put another in its place."""
    desk, held = open_as("secretary"), []
    settled(desk, "/cash/")
    desk.route("**/cash/2*/", lambda asked: held.append(asked))
    news(desk, "PAYMENT_CONFIRMED")
    while not held:
        desk.wait_for_timeout(50)
    answer = held[0].fetch()
    news(desk, "PAYMENT_CONFIRMED")
    with desk.expect_request("**/cash/2*/", timeout=5000):
        held[0].fulfill(response=answer)
    desk.unroute_all(behavior="ignoreErrors")


def test_a_late_answer_does_not_take_the_place_of_a_newer_question(open_as, booked):
    (first, _who, opening), (second, _other, _opening) = booked(), booked(1)
    desk = open_as("secretary")
    settled(desk, f"/agenda/?day={opening['start_at'][:10]}&appointment={first}")
    slowly(desk, "POST", "/confirm", 700)
    desk.click("#panel .go")
    desk.click(f"[data-visit='{second}']")
    desk.wait_for_selector(f"[data-appointment-panel='{second}']")
    desk.wait_for_timeout(900)
    assert desk.locator(f"[data-appointment-panel='{second}']").count(), "the answer about the first came over it"
    desk.focus(f"[data-visit='{second}']")
    with desk.expect_response("**/agenda/feed**"):
        news(desk, "APPOINTMENT_UPDATED")
    desk.wait_for_function("pk => document.activeElement.dataset.visit === String(pk)", arg=second)
    desk.click("#panel [data-close]")
    desk.keyboard.press("n")
    slowly(desk, "GET", "/agenda/patients", 500)
    desk.fill("#b-who", _who[:6])
    desk.wait_for_selector("#b-found [type=radio]")
    desk.type("#b-who", _who[6])
    desk.check("#b-found [type=radio]")
    desk.wait_for_timeout(900)
    assert desk.is_checked("#b-found [type=radio]"), "who was chosen is not chosen any more"


def test_what_is_typed_while_a_message_leaves_stays(open_as, site):
    phone = Phone(open_as("ceo"))
    phone.writes("hola")
    desk = open_as("secretary")
    here = open_thread(desk, phone)
    desk.click("[data-act=take].btn-primary")
    desk.wait_for_selector("#m")
    slowly(desk, "POST", "/write", 600)
    desk.fill("#m", "Buen día.")
    desk.press("#m", "Control+Enter")
    desk.type("#m", " ¿Cómo estás?")
    desk.wait_for_function("() => document.getElementById('m').value === '¿Cómo estás?'")
    slowly(desk, "GET", "/thread", 400)
    desk.fill("#ib-q", "")
    other = desk.locator("#rows [data-row]:not([aria-current])").first
    row = other.get_attribute("data-row")
    other.click()
    news(desk, "CHAT_UPDATED")
    desk.wait_for_selector(f".th[data-thread='{row}']")
    desk.click(f"[data-row='{here}']")
    desk.wait_for_selector("#m")
    assert desk.input_value("#m") == "¿Cómo estás?"
    desk.fill("#m", "")
    desk.keyboard.press("Escape")
    desk.click("[data-show=unread]")
    desk.wait_for_function("() => document.activeElement.dataset.show === 'unread'")
