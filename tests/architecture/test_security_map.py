"""docs/security.md names tests: they exist, and no item of the standard that it answers for is left out."""
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ITEMS = {  # of ASVS 5.0, levels 1 and 2
    "2.3": (3, 4), "6.1": (1, 2, 3), "6.2": range(1, 13), "6.3": range(1, 5), "6.4": range(1, 5), "6.5": range(1, 6),
    "6.6": range(1, 4), "6.8": range(1, 5), "7.1": range(1, 4), "7.2": range(1, 5), "7.3": (1, 2), "7.4": range(1, 6),
    "7.5": (1, 2), "7.6": (1, 2), "8.2": range(1, 4), "8.4": (1,), "14.1": (1, 2), "14.2": range(1, 5),
    "14.3": range(1, 4), "16.1": (1,), "16.2": range(1, 6), "16.3": range(1, 5), "16.4": range(1, 4),
    "16.5": range(1, 4),
}


def rows(text):
    return re.findall(r"^\| (\d+\.\d+\.\d+) \| (.+?) \| .*? \|(.*?)\|$", text, re.MULTILINE)


def missing(named):
    """The named tests that are not there."""
    found = []
    for reference in filter(None, (one.strip() for one in named.split(";"))):
        place, _colon, name = reference.partition(": ")
        folder, _slash, file = place.rpartition("/")
        path = ROOT / "tests" / folder / f"test_{file}.py"
        if not (name and path.exists() and re.search(rf"def test_{re.escape(name)}\b", path.read_text())):
            found.append(reference)
    return found


@pytest.fixture(scope="module")
def page():
    return (ROOT / "docs" / "security.md").read_text()


def test_every_test_that_is_named_exists(page):
    assert [reference for _item, _state, named in rows(page) for reference in missing(named)] == []


def test_one_that_does_not_is_found():
    assert missing("clinics/limits: nobody_wrote_this; clinics/nowhere: x; clinics/limits") == [
        "clinics/limits: nobody_wrote_this", "clinics/nowhere: x", "clinics/limits"]


def test_no_item_is_left_out_and_what_is_met_names_a_test(page):
    told = rows(page)
    assert [item for item, _state, _named in told] == [
        f"{section}.{number}" for section, numbers in ITEMS.items() for number in numbers]
    assert {state for _item, state, _named in told} <= {"met", "partly", "not met", "–"}
    assert [item for item, state, named in told if state in ("met", "partly") and not named.strip()] == []
