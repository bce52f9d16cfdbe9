"""A reminder goes out by itself, its button confirms the visit without anybody's word, and the agenda shows it."""
import json
from datetime import date, datetime, timedelta

import pytest

from tests.e2e import audit
from tests.e2e.agenda import event
from tests.e2e.simulated import Phone

AHEAD = 12  # days in which the demo has somebody to remind
RULE = "/settings/automations/reminder/"
OF_STORIES = ("5550177", "5550178")  # whom other stories gave a visit to just now: who knows of it is not reminded


@pytest.fixture
def reminders(open_as):
    """`reminders(days)`: the ceo turns them on for visits of the next days; off again when the story is told."""
    page, on = open_as("ceo"), []

    def turn_on(days):
        page.goto("/settings/templates/")
        page.click("text=Actualizar")
        page.wait_for_selector("text=Actualizadas.", timeout=20_000)
        page.goto(RULE)
        page.select_option("#f-template", label="recordatorio_turno (es_AR)")
        page.wait_for_selector("#variables .tpl-r >> text=Confirmar")
        for name, value in (("distance", str(days)), ("sends_from", "00:00"), ("sends_until", "23:59")):
            page.fill(f"[name={name}]", value)
        page.click(".set-acts .btn-primary")
        page.wait_for_url("**saved**")
        switch("Encender")
        on.append(page)
        return page

    def switch(word):
        page.goto("/settings/automations/")
        page.locator("section.auto", has=page.get_by_role("heading", name="Recordatorio")).get_by_role(
            "button", name=word).click()
        page.wait_for_url("**saved**")

    yield turn_on
    if on:
        switch("Apagar")


def whom(site):
    """A visit ahead that waits for a yes, of a patient who has no other: the visit, how many days away it is, their
    phone. It is given another hour first, so that nobody was reminded of that one, however often the story is told."""
    today = date.fromisoformat(site.api("secretary", "/agenda/feed")[1]["first"])
    for away in range(1, AHEAD):
        day = today + timedelta(days=away)
        rows = site.api("secretary", f"/api/v1/appointments?from={today}&to={day}")[1]["results"]
        for row in rows:
            patient = site.api("secretary", f"/api/v1/patients/{row['patient']}")[1]
            alone = [one for one in rows if one["patient"] == row["patient"]] == [row]
            waits = row["start_at"][:10] == str(day) and row["status"] == "scheduled"
            phone = patient["phone"]
            told = phone and not phone.endswith(OF_STORIES)
            if waits and alone and told and (moved := elsewhere(site, row, day)):
                return moved, away, phone
    return pytest.fail("the demo has nobody to remind")


def elsewhere(site, row, day):
    """The visit at another hour of its day; None where there is none."""
    found = site.api("secretary", f"/api/v1/availability?treatment={row['treatment']}"
                     f"&professional={row['professional']}&from={day}&to={day}")[1]["results"]
    for opening in found[-1:]:
        status, moved = site.api("secretary", f"/api/v1/appointments/{row['id']}/reschedule", {
            "start_at": opening["start_at"], "version": row["version"]})
        if status == 200:
            return moved
    return None


def phone_of(page, number):
    """The telephone of that number on the simulator's page, which is another one than is open now."""
    page.evaluate("mine => sessionStorage.setItem('dl-phone', mine)", json.dumps(
        {"at": 999, "extra": [{"name": "Persona", "phone": number, "user_id": "", "label": "Historia"}]}))
    phone = Phone(page)
    phone.become(1)
    return phone


def test_a_reminder_is_confirmed_by_its_button_and_the_agenda_changes_colour(open_as, site, reminders, picture):
    visit, days, number = whom(site)
    desk = open_as("secretary")
    desk.goto(f"/agenda/?day={visit['start_at'][:10]}")
    surname = visit["patient_name"].split(" ", 1)[1]
    hour = datetime.fromisoformat(visit["start_at"]).strftime("%H:%M")
    waits = event(desk, surname).and_(desk.locator(".st-booked"))
    waits.first.wait_for(state="attached")

    page = reminders(days)
    phone = phone_of(page, number)
    page.wait_for_selector("#chat .bub.in >> text=Te recordamos el turno", timeout=90_000)
    assert hour in phone.replies()[-1]
    before = len(phone.replies())
    button = page.locator("#chat .opt >> text=Confirmar").last  # the story may have been told before
    button.click()
    phone.gets("quedó confirmado")
    shown = event(desk, surname).and_(desk.locator(".st-confirmed"))
    shown.first.wait_for(state="attached", timeout=10_000)
    assert "Confirmado" in shown.first.get_attribute("aria-label")
    shown.first.scroll_into_view_if_needed()
    picture(desk, "agenda-confirmed")

    button.click()
    page.wait_for_timeout(2500)
    assert len(phone.replies()) == before + 1  # one effect, one answer, and none of the receptionist's
    page.goto("/settings/automations/log/")
    page.wait_for_selector(f".au-r >> text={surname}")
    assert audit.at_both_widths(page) == []
    picture(page, "settings-automations-log")
    status, row = site.api("secretary", f"/api/v1/appointments/{visit['id']}")
    assert (status, row["status"]) == (200, "confirmed")
