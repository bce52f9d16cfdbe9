"""Deny by default: every address names its capability, or is on one of these short lists."""
import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from clinics.access import TABLE, Guarded, Role

# Asked before there is a session, or by whoever has one.
OPEN = {
    "", "login", "logout", "register", "pending", "switch", "auth/login", "auth/logout", "auth/refresh", "auth/me",
    "auth/register", "auth/token", "auth/switch", "api/schema/", "api/docs/", "healthz", "language",
}
# Doors of their own: a signature, or the simulator's own key.
OTHER_DOORS = ("webhooks/", "simulator/ycloud/")


def addresses(patterns=None, prefix=""):
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin":
                yield from addresses(entry.url_patterns, route)
        elif isinstance(entry, URLPattern):
            yield route, entry.callback


ALL = sorted(addresses(), key=lambda pair: pair[0])
GUARDED = [pair for pair in ALL if pair[0] not in OPEN and not pair[0].startswith(OTHER_DOORS)]


@pytest.mark.parametrize(("route", "view"), GUARDED, ids=[route for route, _view in GUARDED])
def test_an_address_names_its_capability(route, view):
    cls = getattr(view, "view_class", None) or getattr(view, "cls", None)
    if cls is not None and issubclass(cls, Guarded):
        methods = {name.upper() for name in ("get", "post", "put", "patch", "delete") if hasattr(cls, name)}
        assert methods == set(cls.capabilities)
        assert set(cls.capabilities.values()) <= set(TABLE)
    else:
        assert getattr(view, "capability", None) in TABLE


@pytest.mark.django_db
@pytest.mark.parametrize(("route", "view"), [pair for pair in GUARDED if "<" not in pair[0]],
                         ids=[route for route, _view in GUARDED if "<" not in route])
def test_nobody_gets_in_without_a_session(route, view, client):
    response = client.get(f"/{route}")
    assert response.status_code in (302, 401, 405)
    if response.status_code == 302:
        assert response.headers["Location"].startswith("/login")


def test_roles_are_those_of_the_table():
    assert {role for reach in TABLE.values() for role in reach} <= set(Role.values)
