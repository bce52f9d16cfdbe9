"""Phones as data: E.164 by libphonenumber, with the two ways of writing a mobile folded into one.

An Argentine mobile is written 0341 15 555-0139 at home, +54 9 341 555-0139 from abroad and by WhatsApp; a Mexican one
was +52 1 55 … until 2019 and still is for WhatsApp. Kept: +549… and +52….
"""
import re
from functools import lru_cache

import phonenumbers


@lru_cache(maxsize=2048)  # of a message alone it is asked four times
def e164(text: str, country: str = "AR") -> str:
    """`0341 15 555-0139` -> `+5493415550139`; "" when it is no possible phone."""
    try:
        number = phonenumbers.parse(text, country)
        # folded first: the library holds the old Mexican form for impossible
        folded = fold(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
        return folded if phonenumbers.is_possible_number(phonenumbers.parse(folded)) else ""
    except phonenumbers.NumberParseException:
        return ""


def fold(number: str) -> str:
    """One form for one mobile: `+5215512345678` -> `+525512345678`, `+54341155550139` -> `+5493415550139`."""
    if match := re.fullmatch(r"\+521(\d{10})", number):
        return f"+52{match[1]}"
    match = re.fullmatch(r"\+54(\d{2,4})15(\d{6,8})", number)
    return f"+549{match[1]}{match[2]}" if match and len(match[1] + match[2]) == 10 else number


def both_ways(number: str) -> list[str]:
    """A phone as it may be written: at the desk an Argentine mobile is often given without the 9 of WhatsApp."""
    bare = re.sub(r"^\+549?", "", number)
    return [f"+54{bare}", f"+549{bare}"] if number.startswith("+54") else [number]


def show(number: str) -> str:
    """`+5493415550139` -> `+54 9 341 555-0139`, as people of that country read it."""
    try:
        return phonenumbers.format_number(
            phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return number
