"""The words by which a patient is found, and the spans that look for them. Pure."""
import re

from dentalogic.lib.text import fold

PHONE_ENDS = (4, 6, 7, 8, 10, 11)  # how much of a phone people remember: its end, the local number, with area code
MOST_WORDS = 6  # of a search


def pieces(text: str) -> list[str]:
    """`O'Higgins` -> `ohiggins`, `o`, `higgins`; `30.555.014` -> `30555014`."""
    found = []
    for token in fold(text).split():
        plain = re.sub(r"[\W_]+", "", token)
        found.append(plain)
        if not plain.isdigit():
            found.extend(re.split(r"[\W_]+", token))
    return [piece for piece in dict.fromkeys(found) if piece]


def of_patient(*, first_name, last_name, dni, phone) -> set[str]:
    digits = re.sub(r"\D", "", phone)
    ends = {digits[-length:] for length in PHONE_ENDS if length < len(digits)} | {digits}
    return {word[:80] for word in {*pieces(f"{first_name} {last_name}"), *pieces(dni or ""), *ends} if word}


def _asked(text: str) -> list[str]:
    asked = []
    for token in fold(text).split():
        plain = re.sub(r"[\W_]+", "", token)
        asked += [plain] if plain.isdigit() else re.split(r"[\W_]+", token)
    return [word for word in dict.fromkeys(asked) if word][:MOST_WORDS]


def spans(text: str) -> list[tuple[str, str]]:
    """For each word asked, the half-open span of the words that begin with it, in collation C."""
    return [(word, word[:-1] + chr(ord(word[-1]) + 1)) for word in _asked(text)]
