"""What the stories of the agenda share: names, where a visit is on the grid, and how it is dragged."""
import re
from contextlib import suppress
from random import choices
from string import ascii_lowercase

from playwright.sync_api import Error

SLOT = 37  # pixels of half an hour


def name():
    """A surname nobody has: stories may be told twice on one installation."""
    return "".join(choices(ascii_lowercase, k=9)).title()


def at(opening):
    """The day and the hour of an opening, as it comes: with the clinic's offset."""
    return opening["start_at"][:10], opening["start_at"][11:16]


def event(page, surname):
    return page.locator("#cal .ec-event", has_text=surname)


def drag_to_next_slot(page, surname, slots=1):
    event(page, surname).scroll_into_view_if_needed()
    box, height = event(page, surname).bounding_box(), SLOT
    page.mouse.move(box["x"] + 40, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + 20, steps=4)
    page.mouse.move(box["x"] + 40, box["y"] + 8 + height * slots, steps=8)
    page.wait_for_timeout(120)
    page.mouse.up()


def hour_of(page, surname):
    return re.search(r"\d\d:\d\d", event(page, surname).get_attribute("aria-label")).group()


def stretch(page, surname, slots=1):
    """Take the lower edge of a visit and pull."""
    box = None
    while not box:  # it is being drawn again
        with suppress(Error):
            event(page, surname).scroll_into_view_if_needed()
        box = event(page, surname).bounding_box()
    x, y = box["x"] + 60, box["y"] + box["height"] - 3
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 6, steps=3)
    page.mouse.move(x, y + SLOT * slots, steps=8)
    page.wait_for_timeout(120)
    page.mouse.up()


def hours_of(page, surname):
    """`("10:00", "10:30")` as the accessible name says them."""
    return tuple(re.findall(r"\d\d:\d\d", event(page, surname).get_attribute("aria-label"))[:2])
