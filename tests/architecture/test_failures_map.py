"""docs/failures.md names tests: they exist, and each of the 89 failures says its test or what is missing."""
import re

import pytest

from tests.architecture.test_security_map import ROOT, missing

NOT_YET = "**not yet**"


def rows(text):
    """(number, named tests, what is missing) of each failure."""
    found = re.findall(r"^\| (\d+) \| .+? \|(.*?)\|$", text, re.MULTILINE)
    return [(int(number), *(part.strip() for part in told.partition(NOT_YET)[::2])) for number, told in found]


@pytest.fixture(scope="module")
def page():
    return (ROOT / "docs" / "failures.md").read_text()


def test_every_test_that_is_named_exists(page):
    assert [reference for _number, named, _gap in rows(page) for reference in missing(named)] == []


def test_no_failure_is_left_out_and_each_says_its_test_or_what_is_missing(page):
    told = rows(page)
    assert [number for number, _named, _gap in told] == list(range(1, 90))
    assert [number for number, named, gap in told if not named and len(gap) < 10] == []
