"""What names which capability, walked from the code itself: addresses, admin classes, live events, tools.

`tests/architecture/test_rights.py` refuses what names nothing; `manage.py write_access` writes docs/access.md from it.
"""
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

from clinics import access, live

VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ANY = "*"  # a page names one capability for whatever verbs it takes


@dataclass(frozen=True)
class Address:
    """One pattern of the URL resolver and what answers there."""

    route: str
    view: Any
    of_admin: bool = False  # the site's own: its classes name what they need

    @property
    def view_class(self):
        return getattr(self.view, "view_class", None) or getattr(self.view, "cls", None)

    @property
    def shown(self) -> str:
        """The route without a regular expression's signs."""
        return re.sub(r"\(\?P(<\w+>)((?:[^()]|\([^()]*\))*)\)", r"\1", self.route).rstrip("$")

    @property
    def of_benches(self) -> bool:
        return self.view.__module__ == "dentalogic.floor"

    def names(self) -> dict[str, str | None]:
        """The capability or door of each verb that is answered; None where it says nothing."""
        if self.route in access.OF_LIBRARIES:
            return {ANY: access.OF_LIBRARIES[self.route]}
        cls = self.view_class
        if cls is None:
            return {ANY: getattr(self.view, "capability", None)}
        said = getattr(cls, "capabilities", {})
        answered = [verb for verb in VERBS if hasattr(cls, verb.lower())]
        return {verb: said.get(verb) for verb in [*answered, *(verb for verb in said if verb not in answered)]}

    def named_for(self, verb: str) -> str | None:
        names = self.names()
        return names.get(verb, names.get(ANY))


def addresses(patterns: Iterable | None = None, prefix: str = "", of_admin: bool = False) -> Iterator[Address]:
    """Every address of the resolver; `patterns` for a test's own."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(entry.pattern).removeprefix("^")
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, route, of_admin or entry.namespace == admin.site.name)
        elif isinstance(entry, URLPattern):
            yield Address(route, entry.callback, of_admin)


def faults(found: Iterable[Address]) -> list[str]:
    """Addresses that name nothing, or what the table does not know. The admin's name it by class: `admin_faults`."""
    known = {*access.TABLE, *access.DOORS}
    return [
        f"/{one.route} {verb}: {named}" for one in found if not one.of_admin
        for verb, named in one.names().items() if named not in known]


def admin_classes() -> list:
    return list(admin.site._registry.values())


def admin_faults(classes: Iterable) -> list[str]:
    from clinics.admin import TenantAdmin  # noqa: PLC0415  (the admin is loaded last)

    return [
        f"{type(one).__name__}: {getattr(one, 'capability', None)}" for one in classes
        if not isinstance(one, TenantAdmin) or one.capability not in access.TABLE]


def event_faults(events: dict) -> list[str]:
    return [f"{event}: {named}" for event, named in events.items() if named not in access.TABLE]


def tool_faults(tools: Iterable) -> list[str]:
    """Tools that the receptionist's own list does not let her use."""
    return [
        f"{tool.name}: {tool.capability}" for tool in tools
        if tool.capability not in access.TABLE or tool.capability not in access.RECEPTIONIST]


def users(tools: Iterable) -> dict[str, list[str]]:
    """By capability or door: who names it."""
    found: dict[str, list[str]] = {}
    for one in addresses():
        for verb, named in one.names().items():
            if named and not one.of_admin and not one.of_benches:
                found.setdefault(named, []).append(f"`{'' if verb == ANY else verb + ' '}/{one.shown}`")
    for one in admin_classes():
        found.setdefault(one.capability, []).append(f"admin `{one.model._meta.label}`")
    for event, named in live.EVENTS.items():
        found.setdefault(named, []).append(f"event `{event}`")
    for tool in tools:
        found.setdefault(tool.capability, []).append(f"tool `{tool.name}`")
    return found
