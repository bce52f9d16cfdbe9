"""The tokens of a session: a short access token and a longer refresh token, HS256, for one person in one clinic.

They only name the session's row (`clinics/auth/sessions.py`): whether it still holds is asked of the row.
"""
from dataclasses import dataclass

from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken


@dataclass(frozen=True)
class Named:
    """What a valid token says."""

    user_id: int
    tenant_id: int
    session_id: int
    jti: str  # of the refresh token; the access tokens that come with it say the same
    renews: bool = False  # it is the refresh token


def issue(*, user_id: int, tenant_id: int, session_id: int, jti: str) -> RefreshToken:
    """A refresh token; its `.access_token` speaks for the same session."""
    refresh = RefreshToken()
    refresh["jti"], refresh["of"] = jti, jti  # an access token gets a jti of its own
    refresh["user_id"], refresh["tenant_id"], refresh["sid"] = user_id, tenant_id, session_id
    return refresh


def read(text: str, kind=AccessToken) -> Named | None:
    """What a valid token says, else None."""
    try:
        token = kind(text)
        return Named(
            int(token["user_id"]), int(token["tenant_id"]), int(token["sid"]), str(token["of"]), kind is RefreshToken)
    except (TokenError, KeyError, TypeError, ValueError):
        return None
