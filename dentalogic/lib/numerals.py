"""Whole numbers as an address or a form says them."""

LONGEST = 18  # digits: what every row's number has room for, and what Python reads at once


def whole(text) -> int | None:
    """None of what is no number, or is longer than any that we keep."""
    text = text or ""
    return int(text) if text.isdecimal() and len(text) <= LONGEST else None
