"""Every address of administration and of people's data is audited: found from the URL resolver, so that one written
tomorrow is found too."""
import pytest
from django.urls import URLPattern, URLResolver, get_resolver, path

from clinics.access import page

OF_PEOPLE = (
    "patients.", "record.", "alerts.", "conversations.", "cash.", "revenue.", "results.", "plans.", "leads.")
OF_ADMINISTRATION = ("staff.", "clinic.", "credentials.", "integrations.", "automations.", "exports.", "audit.")
# Nothing is shown there that the page around it has not shown, and they come by themselves.
BY_THEMSELVES = {
    "patients/<int:pk>/draft", "inbox/notices", "inbox/<int:pk>/seen", "inbox/<int:pk>/colleagues",
    "inbox/<int:pk>/replies", "inbox/<int:pk>/hour", "inbox/<int:pk>/types", "inbox/<int:pk>/typing/<int:user_pk>",
    "inbox/media/<int:pk>/<str:token>",  # a link of two minutes: the row is written where it is asked for
}


def addresses(patterns, prefix=""):
    for entry in patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver) and entry.namespace != "admin":
            yield from addresses(entry.url_patterns, route)
        elif isinstance(entry, URLPattern):
            yield route, entry.callback


def named(view):
    """The capabilities that an address asks for."""
    cls = getattr(view, "cls", None)
    found = getattr(cls, "capabilities", {}).values() if cls else [getattr(view, "capability", "")]
    return [one for one in found if one]


def unaudited(patterns):
    faults = []
    for route, view in addresses(patterns):
        holder = getattr(view, "cls", None) or view
        wants = any(one.startswith(OF_PEOPLE + OF_ADMINISTRATION) for one in named(view))
        if wants and route not in BY_THEMSELVES and not getattr(holder, "audited", None):
            faults.append(route)
    return faults


def test_every_address_of_administration_and_of_peoples_data_is_audited():
    assert unaudited(get_resolver().url_patterns) == []


def test_one_that_is_not_is_found():
    @page("patients.see")
    def bare(request):
        return None

    assert unaudited([path("somewhere/", bare)]) == ["somewhere/"]


@pytest.mark.django_db
def test_the_admin_is_audited(client_as, arrayan, within):
    from clinics.models import SystemEvent  # noqa: PLC0415

    assert client_as("ceo").get("/admin/").status_code == 200
    with within(arrayan):
        row = SystemEvent.objects.get(event="access")
        assert (row.path, row.payload["status"]) == ("/admin/", 200)
