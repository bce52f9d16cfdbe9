"""Each page as docs/img shows it. `STORIES_PICTURES=1` keeps the pictures; that it can be drawn is told always."""
import re

from tests.e2e import audit
from tests.e2e.conftest import PHONE
from tests.e2e.test_every_page import settled

PAGES = {
    "inbox": "/inbox/", "patients": "/patients/", "cash": "/cash/", "account": "/account/", "settings": "/settings/",
    "settings-people": "/settings/people/", "settings-professionals": "/settings/professionals/",
    "settings-closures": "/settings/closures/", "settings-treatments": "/settings/treatments/",
    "settings-insurers": "/settings/insurers/", "settings-whatsapp": "/settings/whatsapp/",
    "settings-calendars": "/settings/calendars/", "settings-audit": "/settings/audit/",
    "waitlist": "/agenda/waitlist/",
}
ON_A_PHONE = ("inbox", "patients")


def test_pages_of_the_clinic(open_as, picture):
    page, phone = open_as("ceo"), open_as("ceo", size=PHONE)
    for name, url in PAGES.items():
        settled(page, url)
        assert page.locator("h1").count() == 1, url
        picture(page, name)
    for name in ON_A_PHONE:
        settled(phone, PAGES[name])
        picture(phone, f"{name}-390")


def test_a_patients_page(open_as, picture):
    page = open_as("professional")
    settled(page, "/patients/")
    page.click("main a[href*='/patients/'] >> nth=1")
    page.wait_for_url(re.compile(r"/patients/\d+/"))
    page.wait_for_timeout(500)
    assert audit.faults(page) == []
    picture(page, "patient")


def test_before_a_session(open_as, picture):
    page = open_as()
    settled(page, "/login")
    picture(page, "login")
