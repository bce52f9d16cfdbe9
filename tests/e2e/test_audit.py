"""The ceo looks into the audit: what the desk opened is there, filtered, compared with its seals and taken along."""
import csv
import io
from pathlib import Path


def test_what_the_desk_opened_is_found_compared_and_exported(open_as):
    desk = open_as("secretary")
    desk.goto("/cash/")
    ceo = open_as("ceo")
    ceo.goto("/settings/audit/")
    ceo.select_option("#f-type", "access")
    ceo.select_option("#f-actor", label="Sofía Rey")
    ceo.click(".au-b button")
    ceo.wait_for_url("**type=access**")
    assert ceo.locator(".au-what b").first.inner_text() == "Abrió la caja"
    with ceo.expect_download() as kept:
        ceo.click(".set-h a[download]")
    text = Path(kept.value.path()).read_text("utf-8-sig")
    assert {row["Código"] for row in csv.DictReader(io.StringIO(text), delimiter=";")} == {"access"}
    assert ceo.faults == [] and desk.faults == []
