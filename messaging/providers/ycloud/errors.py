from messaging.providers import errors
from messaging.providers.base import Then

TABLE = errors.WHATSAPP | errors.HTTP | errors.OURS | {
    "TOO_MANY_REQUESTS": Then.AGAIN, "ACCOUNT_RATE_LIMITED": Then.AGAIN,
    "CONTENT_PROHIBITED": Then.FINAL,
    "UNAUTHORIZED": Then.OUT, "ACCOUNT_LIMITED": Then.OUT, "ACCOUNT_UNAVAILABLE": Then.OUT,
    "BALANCE_INSUFFICIENT": Then.OUT,
}


def meaning(code) -> Then:
    return errors.meaning(str(code), TABLE)
