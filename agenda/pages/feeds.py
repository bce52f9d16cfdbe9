"""The calendar feeds: the panel that makes and ends their addresses, and the feed itself, which asks for no login."""
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from agenda import feeds
from clinics import limits, routes, tenancy
from clinics.access import SIGNED, page
from clinics.audit import audit_access


@audit_access("agenda.subscribe")
@page("agenda.subscribe")
@require_GET
def listed(request):
    return _shown(request)


@audit_access("agenda.subscribe")
@page("agenda.subscribe")
@require_POST
def make(request, pk):
    row = get_object_or_404(feeds.managed(request.actor), pk=pk)
    address = feeds.make(professional=row, by=request.actor)
    return _shown(request, of=row.pk, address=request.build_absolute_uri(f"/calendar/{address}.ics"))


@audit_access("agenda.subscribe")
@page("agenda.subscribe")
@require_POST
def revoke(request, pk):
    row = get_object_or_404(feeds.managed(request.actor), pk=pk)
    feeds.revoke(professional=row, by=request.actor)
    return _shown(request)


def _shown(request, **more):
    made = feeds.made()
    rows = list(feeds.managed(request.actor))
    for row in rows:
        row.has_feed = row.pk in made
    response = render(request, "agenda/_feeds.html", {"rows": rows} | more)
    response["Cache-Control"] = "no-store"  # the answer to making one holds a secret
    return response


@page(SIGNED)
@require_safe
def calendar(request, address):
    """A door of its own: the address names the clinic. One that leads nowhere, or to somebody who left, is 404."""
    if seconds := limits.over("feed", limits.address(request)):
        return HttpResponse(status=429, headers={"Retry-After": str(seconds)})
    found = routes.find(feeds.KIND, address)
    if found is None:
        raise Http404
    tenant_id, professional_id = found
    with tenancy.tenant_context(tenant_id), tenancy.atomic():
        professional = feeds.reader(professional_id)
        if professional is None:
            raise Http404
        body = feeds.calendar(professional, base=request.build_absolute_uri("/").rstrip("/"))
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers={
        "Cache-Control": "private, no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer",
        "Content-Disposition": 'inline; filename="agenda.ics"'})
