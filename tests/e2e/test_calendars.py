"""A professional's Google calendar in the browser, against the peer on loopback: connected, confirmed by a person, in
step both ways, slow, revoked, connected anew, let go; and what the desk reads meanwhile."""
from datetime import datetime, timedelta
from itertools import count

import pytest

from tests.e2e import audit
from tests.e2e.agenda import at
from tests.e2e.windows import settled, still

SLOW = "Google Calendar no contestó"
numbers = count()


@pytest.fixture
def google(site):
    if site.google is None:
        pytest.skip("the installation that STORIES_SITE names does not speak to our peer")
    yield site.google
    site.google.sick.clear()
    assert site.google.faults == []


@pytest.fixture
def account(google, open_as, site, free):
    """A Google account with three calendars; the professional's page, before anything is connected."""
    free()
    _status, found = site.api("ceo", "/api/v1/professionals")
    who = next(one for one in found["results"] if one["id"] == site.own_professional)
    owner = f"consultorio{next(numbers)}@gmail.example"
    google.calendar(owner, title="Personal")
    google.calendar(f"turnos-{owner}", account=owner, title=f"Agenda {who['last_name'].upper()}")
    google.calendar(f"feriados-{owner}", account=owner, title="Feriados en Argentina", role="reader")
    page = open_as("ceo")
    settled(page, f"/settings/calendars/{who['id']}/")
    yield page, owner, f"turnos-{owner}"
    google.sick.clear()
    settled(page, f"/settings/calendars/{who['id']}/")
    if page.locator("[data-open=off]").count():
        disconnect(page)


def connect(page, owner):
    """Through Google's own page, and back; then the person says which calendar it is."""
    page.click("text=Conectar con Google")
    page.click(f"text={owner}")
    page.wait_for_selector("#g-choose", timeout=30_000)


def confirm(page):
    page.click("text=Es este")
    page.wait_for_selector("text=/Al día/", timeout=30_000)


def disconnect(page):
    page.click("[data-open=off]")
    page.click("dialog[open] .btn-danger-q")
    page.wait_for_selector(".set-h .tag >> text=Sin conectar", timeout=30_000)


def looked(page, name, picture):
    """Nothing is wrong with the page at the desk nor on a telephone, and its picture."""
    assert audit.at_both_widths(page, lambda where: picture(page, name) if where == "desk" else None) == []


def test_from_the_first_click_to_the_last(account, google, open_as, site, free, booked, picture):
    page, owner, calendar = account
    visit, surname, opening = booked(place=6)
    connect(page, owner)
    assert page.locator("input[name=calendar]:checked").get_attribute("value") == calendar
    assert "Sugerido" in page.locator("label:has(input[name=calendar]:checked)").inner_text()
    looked(page, "settings-calendar-choose", picture)
    confirm(page)
    told = until(page, lambda: [one for one in google.events(calendar) if one["summary"].startswith("Ana")])
    assert surname not in told[0]["summary"]  # an initial: whoever sees the calendar is not to know more
    looked(page, "settings-calendar", picture)

    treatment, free_now = free(days=3)
    start = datetime.fromisoformat(free_now["start_at"])
    google.put(calendar, start=start, end=start + timedelta(hours=2))
    desk = open_as("secretary")
    finder(desk, treatment, free_now)
    assert desk.locator("#found-openings li").count()
    assert not offered(desk, free_now)
    assert SLOW not in desk.inner_text("#found-openings")
    desk.goto(f"/agenda/?day={at(free_now)[0]}")  # what was found may be of another day, and the grid goes to it
    desk.wait_for_selector("#cal >> text=Ocupado en Google")

    google.sick[calendar] = "hang"
    finder(desk, treatment, free_now)
    desk.wait_for_selector(f"#found-openings >> text={SLOW}")
    assert not offered(desk, free_now)  # by the copy
    picture(desk, "agenda-google-slow")
    for _again in range(2):
        finder(desk, treatment, free_now)
    desk.reload()
    desk.wait_for_selector(f"#google >> text={SLOW}")
    settled(page, page.url.partition("?")[0])
    page.wait_for_selector("text=Google no contestó a tiempo")
    looked(page, "settings-calendar-slow", picture)
    google.sick.clear()

    google.revokes(owner)
    page.click("text=Actualizar ahora")
    page.wait_for_selector("text=el permiso ya no vale", timeout=30_000)
    looked(page, "settings-calendar-revoked", picture)
    desk.wait_for_selector(f"#google >> text={SLOW}")
    page.click("text=Conectar con Google")
    page.click(f"text={owner}")
    page.wait_for_selector(".set-h .tag.ok", timeout=30_000)  # it is the same calendar: nobody is asked again
    desk.reload()
    desk.wait_for_selector("#cal .ec-event")
    assert desk.locator("#google .note").count() == 0

    disconnect(page)
    assert "refresh-" not in str(google.refresh_tokens)
    desk.reload()
    desk.wait_for_selector("#cal .ec-event")
    assert desk.locator("#cal >> text=Ocupado en Google").count() == 0


def test_who_says_no_in_google_is_back_where_they_were(account, google, open_as):
    page, _owner, _calendar = account
    page.goto("/settings/calendars/return?error=access_denied")
    page.wait_for_selector("[role=alert] >> text=Empezá de nuevo")
    assert page.locator("h1").inner_text() == "Google Calendar"
    page.faults.clear()  # the browser logs a 409 as an error


def finder(page, treatment, opening):
    page.goto(f"/agenda/?day={at(opening)[0]}&panel=finder")
    page.wait_for_selector("#f-w")
    asked = f"treatment={treatment}&professional={opening['professional']}"
    with page.expect_response(lambda answer: asked in answer.url):
        page.select_option("#f-p", str(opening["professional"]))
        page.select_option("#f-t", str(treatment))
    still(page)


def offered(page, opening):
    return page.locator(f"#found-openings [data-start='{'T'.join(at(opening))}']").count()


def until(page, found, seconds=20):
    for _time in range(seconds * 5):
        if answer := found():
            return answer
        page.wait_for_timeout(200)
    return pytest.fail("it did not come")
