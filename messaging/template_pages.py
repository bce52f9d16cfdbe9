"""Ajustes > Plantillas: what WhatsApp approved, what each may be used for, and what to ask it to approve."""
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from clinics.access import page
from clinics.audit import audit_access
from dentalogic.lib import clock
from messaging import templates
from messaging.automation_pages import proposal
from messaging.automations import kinds, rules
from messaging.models import Channel, Template

PATIENCE = 30  # seconds that the page waits for a provider
TONES = {"approved": "ok", "pending": "info", "in_appeal": "info", "paused": "warn"}


@audit_access("automations.manage")
@page("automations.manage")
@require_GET
def listed(request):
    return _listed(request)


@audit_access("automations.manage")
@page("automations.manage")
@require_POST
def refresh(request):
    """Jobs ask the providers; the page waits for them without a transaction."""
    templates.refresh(by=request.actor)
    return redirect(f"/settings/templates/?asked={int(clock.now().timestamp())}")


@audit_access("automations.manage")
@page("automations.manage")
@require_GET
def standing(request):
    """When they were brought and how that ended: the piece that changes by itself."""
    return render(request, "messaging/_templates_asked.html", _standing(request))


def _standing(request):
    asked, channels = request.GET.get("asked", ""), list(Channel.objects.filter(active=True).order_by("pk"))
    since = int(asked) if asked.isdecimal() and len(asked) < 12 else 0
    waits = since and [one for one in channels if not _brought(one, since)]
    given_up = waits and clock.now().timestamp() - since > PATIENCE
    return {
        "channels": channels, "asked": asked if waits and not given_up else "", "given_up": given_up,
        "done": bool(since and not waits),
        "faulty": [one for one in channels if one.templates_fault],
        "synced_at": min((one.templates_synced_at for one in channels if one.templates_synced_at), default=None)}


def _brought(channel, since):
    return channel.templates_synced_at is not None and channel.templates_synced_at.timestamp() >= since


@audit_access("automations.manage")
@page("automations.manage")
@require_GET
def one(request, pk):
    row = get_object_or_404(Template.objects.select_related("channel"), pk=pk)
    shape = templates.shape(row)
    values = [f"{{{{{number}}}}}" for number in range(1, shape.count + 1)]
    return render(request, "messaging/settings_template.html", {
        "one": row, "tone": TONES.get(row.status, "danger"), "shape": shape,
        "preview": templates.preview(row, values), "used": [
            known for known in rules.everyone() if known.row.template_id == row.pk]})


def _listed(request):
    rows = list(Template.objects.select_related("channel").filter(channel__active=True).order_by(
        "channel__pk", "name", "language"))
    used = {}
    for known in rules.everyone():
        used.setdefault(known.row.template_id, []).append(known.title)
    names = {row.name for row in rows if row.status not in ("deleted", "rejected")}
    return render(request, "messaging/settings_templates.html", {
        "rows": [{
            "row": row, "why_not": templates.why_not(row), "tone": TONES.get(row.status, "danger"),
            "shape": templates.shape(row), "used": used.get(row.pk, ())} for row in rows],
        "proposals": [proposal(rule) for rule in kinds.RULES.values() if rule.name not in names],
    } | _standing(request))
