"""What every page must have for those who do not see it, asked in the browser."""
from pathlib import Path

from tests.e2e.windows import DESK, PHONE, still

HERE = Path(__file__).parent
FAULTS, SMALL = ((HERE / name).read_text() for name in ("audit.js", "small_targets.js"))


def faults(page) -> list[str]:
    """Controls without a name, fields without a label, more than one heading, a page wider than the screen."""
    return page.evaluate(FAULTS)


def small_targets(page) -> list[str]:
    """Controls outside running text that a finger misses."""
    return page.evaluate(SMALL)


def at_both_widths(page, drawn=lambda _where: None) -> list[str]:
    """The faults at the desk and on a telephone, of the same page; `drawn(where)` sees it at each, and it is left at
    the desk's."""
    found = faults(page)
    drawn("desk")
    page.set_viewport_size(PHONE)
    still(page)
    found += faults(page) + small_targets(page)
    drawn("phone")
    page.set_viewport_size(DESK)
    return found
