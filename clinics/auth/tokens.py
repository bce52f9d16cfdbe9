"""The session: a short access token and a longer refresh token, HS256, for one person in one clinic."""
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

TENANT_CLAIM = "tenant_id"


def issue(*, user_id: int, tenant_id: int) -> RefreshToken:
    """A refresh token; its `.access_token` carries the same clinic."""
    refresh = RefreshToken()
    refresh["user_id"] = user_id
    refresh[TENANT_CLAIM] = tenant_id
    return refresh


def read(text: str, kind=AccessToken) -> tuple[int, int] | None:
    """`(user_id, tenant_id)` of a valid token, else None."""
    try:
        token = kind(text)
        return int(token["user_id"]), int(token[TENANT_CLAIM])
    except (TokenError, KeyError, TypeError, ValueError):
        return None


def renew(text: str) -> RefreshToken | None:
    """A new pair for a valid refresh token, else None."""
    found = read(text, RefreshToken)
    return issue(user_id=found[0], tenant_id=found[1]) if found else None
