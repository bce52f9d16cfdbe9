"""The session's two cookies: HttpOnly, SameSite, Secure outside development."""
from django.conf import settings


def put(response, refresh) -> None:
    lifetimes = settings.SIMPLE_JWT
    _set(response, settings.ACCESS_COOKIE, str(refresh.access_token), lifetimes["ACCESS_TOKEN_LIFETIME"])
    _set(response, settings.REFRESH_COOKIE, str(refresh), lifetimes["REFRESH_TOKEN_LIFETIME"])


def drop(response) -> None:
    for name in (settings.ACCESS_COOKIE, settings.REFRESH_COOKIE):
        response.delete_cookie(name, path="/", samesite="Lax")


def _set(response, name, value, lifetime):
    response.set_cookie(
        name, value, max_age=int(lifetime.total_seconds()), path="/", httponly=True, samesite="Lax",
        secure=settings.PRODUCTION)
