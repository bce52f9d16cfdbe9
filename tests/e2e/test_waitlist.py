"""Somebody cancels; who waits is told by WhatsApp and takes the time; the desk sees each step as it happens."""
import pytest

from tests.e2e import audit
from tests.e2e.agenda import at, event, hour_of, name
from tests.e2e.simulated import Phone
from tests.e2e.windows import DESK, PHONE


@pytest.fixture
def ring(open_as, site):
    """`ring()`: the phone of somebody new. A number made at random may be a patient's."""
    def make():
        page = open_as("ceo")
        for _try in range(5):
            phone = Phone(page)
            if not site.api("secretary", f"/api/v1/patients?search={phone.number()[-8:]}")[1]["results"]:
                return phone
            page.evaluate("sessionStorage.clear()")
        return pytest.fail("every number is somebody's")

    return make


@pytest.fixture
def waits(site):
    """`waits(phone, visit, name)`: whoever has that phone waits for what the visit is, with its professional. Nobody
    waits longer than the story: the next one is told on the same installation."""
    joined = []

    def make(phone, visit, first_name):
        surname = name()
        status, patient = site.api("secretary", "/api/v1/patients", {
            "first_name": first_name, "last_name": surname, "phone": phone.number(), "insurance": "particular"})
        assert status == 201, patient
        phone.say("hola")  # WhatsApp lets the clinic write to whoever wrote within the day
        status, entry = site.api("secretary", "/api/v1/waitlist", {
            "patient": patient["id"], "treatment": visit["treatment"], "professional": visit["professional"],
            "urgency": "urgent"})
        assert status == 201, entry
        joined.append(entry["id"])
        return surname

    yield make
    for pk in joined:
        site.api("secretary", f"/api/v1/waitlist/{pk}/leave", {})


def cancel(page, pk, surname, day):
    page.goto(f"/agenda/?day={day}&appointment={pk}")
    page.wait_for_selector(f"#panel h2 >> text={surname}")
    page.click("#panel [data-open=ask-cancel]")
    page.fill("#cancel-reason", "No puede venir")
    page.click("#ask-cancel [type=submit]")
    page.wait_for_selector("#panel .tag >> text=Cancelado")


def row_of(page, surname):
    return page.locator("#wl-rows li", has_text=surname)


@pytest.mark.parametrize(("size", "yes"), [(DESK, None), (PHONE, "sí, dale")], ids=["desk-button", "phone-text"])
def test_somebody_cancels_and_who_waits_takes_it(open_as, site, booked, ring, waits, picture, size, yes):
    pk, gone, opening = booked()
    _status, visit = site.api("secretary", f"/api/v1/appointments/{pk}")
    phone = ring()
    surname = waits(phone, visit, "Inés")
    day, hour = at(opening)
    staff, other = open_as("secretary", size=size), open_as("professional", size=size)
    staff.goto("/agenda/waitlist/")
    row_of(staff, surname).wait_for()
    assert "Con un horario reservado" not in row_of(staff, surname).locator("xpath=ancestor::section").inner_text()

    cancel(other, pk, gone, day)
    offered = staff.locator("section", has_text="Con un horario reservado").locator("li", has_text=surname)
    offered.wait_for(timeout=15_000)
    assert "Avisado por WhatsApp" in offered.inner_text()
    assert hour in offered.inner_text()
    assert audit.faults(staff) == []
    if size is PHONE:
        assert audit.small_targets(staff) == []
    picture(staff, "waitlist-offered" if size is DESK else "waitlist-390")

    told = phone.page.locator("#chat .bub.in", has_text="Se liberó un turno antes")
    told.wait_for(timeout=15_000)
    assert hour in told.inner_text()
    if yes:
        assert hour in phone.say(yes)
    else:
        before = len(phone.replies())
        phone.page.click("#chat >> text=Sí, lo quiero")
        phone.page.wait_for_function(
            "n => document.querySelectorAll('#chat .bub.in').length > n", arg=before, timeout=30_000)
        assert hour in phone.replies()[-1]
    row_of(staff, surname).wait_for(state="detached", timeout=15_000)
    staff.goto(f"/agenda/?day={day}")
    staff.wait_for_selector("#cal .ec-day")
    if size is PHONE:
        staff.click(f"[data-pro='{opening['professional']}']")
    event(staff, surname).wait_for()
    assert hour_of(staff, surname) == hour
    assert event(staff, gone).count() == 0


def test_who_passes_leaves_it_to_the_next(open_as, site, booked, ring, waits):
    pk, gone, opening = booked(place=1)
    _status, visit = site.api("secretary", f"/api/v1/appointments/{pk}")
    one, two = ring(), ring()
    first, second = waits(one, visit, "Inés"), waits(two, visit, "Delia")
    desk = open_as("secretary")
    cancel(desk, pk, gone, at(opening)[0])
    desk.goto("/agenda/waitlist/")
    one.page.locator("#chat >> text=No, gracias").click(timeout=15_000)
    row_of(desk, second).locator("text=Avisado por WhatsApp").wait_for(timeout=20_000)
    assert row_of(desk, first).locator("text=Ver huecos").count() == 1  # still waits
    row_of(desk, second).get_by_role("button", name="Lo toma", exact=True).click()
    row_of(desk, second).wait_for(state="detached")
    assert row_of(desk, first).count() == 1


def test_from_nothing_free_to_the_list(open_as, site, free):
    treatment, _opening = free()
    page = open_as("secretary")
    page.goto(f"/agenda/?day={site.today}&panel=finder")
    page.select_option("#f-t", str(treatment))
    page.fill("#f-w", "domingo")
    page.press("#f-w", "Enter")
    page.wait_for_selector("#found-openings >> text=No hay huecos con eso")
    page.click("#found-openings >> text=Anotar en lista de espera")
    page.wait_for_url("**/agenda/waitlist/**")
    assert page.input_value("#wl-t") == str(treatment)
    assert audit.faults(page) == []
    page.click("text=Anotar en la lista")
    page.wait_for_selector("#wl-who-e")  # for whom is still to be said, and nothing that was chosen is lost
    assert page.input_value("#wl-t") == str(treatment)
    page.faults.clear()  # the browser logs a 422 as an error
