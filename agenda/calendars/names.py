"""Which of an account's calendars looks like a professional's: a suggestion, which a person confirms. Pure."""
import re

from dentalogic.lib.text import fold

TITLES = {"dr", "dra", "od", "odont", "odontologo", "odontologa", "prof", "lic", "doctor", "doctora", "mg", "esp"}
NOISE = {"agenda", "calendario", "calendar", "turnos", "consultorio", "de", "del", "la", "el", "los", "las", "y"}


def words(text: str) -> set[str]:
    """Without accents, case, titles, and what every calendar is called."""
    plain = re.split(r"[^a-z0-9]+", fold(text))
    return {word for word in plain if word and word not in TITLES and word not in NOISE}


def suggested(professional, choices: list[dict]) -> str:
    """The id of the one calendar that bears the professional's name best; "" where none does, or two do."""
    last, first = words(professional.last_name), words(professional.first_name)
    scores = [(_score(last, first, words(one["name"]) | words(one["id"].partition("@")[0])), one["id"])
              for one in choices]
    best = max(scores, default=(0, ""))
    ties = [one for one in scores if one[0] == best[0]]
    return best[1] if best[0] > 0 and len(ties) == 1 else ""


def _score(last, first, named) -> int:
    """The whole last name is needed: two Lauras are not one person."""
    if not last or not last <= named:
        return 0
    return 2 + len(first & named)
