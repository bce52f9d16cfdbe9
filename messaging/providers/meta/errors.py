from messaging.providers import errors
from messaging.providers.base import Then

TABLE = errors.WHATSAPP | errors.HTTP | errors.OURS | {
    "1": Then.PASSING, "2": Then.PASSING,  # Meta's "try again later"
    "10": Then.OUT, "200": Then.OUT,  # the token lacks the right
    "33": Then.OUT,  # the number was deleted
}


def meaning(code) -> Then:
    return errors.meaning(str(code), TABLE)
