"""What every page must have for those who do not see it, asked in the browser."""
from pathlib import Path

HERE = Path(__file__).parent
FAULTS, SMALL = ((HERE / name).read_text() for name in ("audit.js", "small_targets.js"))


def faults(page) -> list[str]:
    """Controls without a name, fields without a label, more than one heading, a page wider than the screen."""
    return page.evaluate(FAULTS)


def small_targets(page) -> list[str]:
    """Controls outside running text that a finger misses."""
    return page.evaluate(SMALL)
