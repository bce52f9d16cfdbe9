"""What a page's template must say, for the browser does not complain when it is missing."""
import re
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
OPENED = re.compile(r"<\w+(?:[^<>\"]|\"[^\"]*\")*>")


def test_a_button_in_what_renews_itself_does_not_wait_behind_the_renewal():
    """It would wait (htmx hands `hx-sync` down), be thrown away with what is renewed, and the press be lost."""
    renewed = [tag for path in TEMPLATES.rglob("*.html") for tag in OPENED.findall(path.read_text())
               if "from:document" in tag and "hx-sync" in tag]
    assert renewed
    assert [tag for tag in renewed if 'hx-disinherit="hx-sync"' not in tag] == []


def test_what_takes_its_own_place_does_not_wait_before_it_asks():
    """Its clock is stopped when the answer to the news before takes its place: those that it waited with were lost."""
    renewed = [tag for path in TEMPLATES.rglob("*.html") for tag in OPENED.findall(path.read_text())
               if "from:document" in tag and 'hx-swap="outerHTML"' in tag]
    assert renewed
    assert [tag for tag in renewed if "delay:" in tag] == []
