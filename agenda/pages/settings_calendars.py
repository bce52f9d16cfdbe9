"""Ajustes > Google Calendar: who has a calendar connected, which one it is and how it is doing."""
from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from agenda.calendars import busy, connecting, names
from agenda.models import Calendar, CalendarChannel, CalendarPush
from clinics.access import can, page
from clinics.audit import audit_access
from clinics.models import Professional
from dentalogic.lib import clock
from dentalogic.lib.forms import MISSING, RefusableForm
from dentalogic.lib.refusals import Refusal

CAPABILITY = connecting.CAPABILITY
UNDER_WAY = (Calendar.State.CHECKING, Calendar.State.LEAVING)
FAULTS = {
    "revoked": _("Google dice que el permiso ya no vale: lo retiraron, o venció."),
    "missing": _("Google no encuentra el calendario: lo borraron, o ya no está compartido."),
    "forbidden": _("Google no deja leer el calendario con este permiso."),
    "slow": _("Google no contestó a tiempo."), "unreachable": _("No se pudo llegar a Google."),
    "unavailable": _("Google está fallando."), "too_fast": _("Google pide ir más despacio."),
    "refused": _("Google no aceptó el pedido."),
}
TAGS = {
    Calendar.State.ACTIVE: "ok", Calendar.State.CHECKING: "info", Calendar.State.CHOOSING: "warn",
    Calendar.State.REVOKED: "danger", Calendar.State.REFUSED: "danger",
}


class KeyForm(RefusableForm):
    calendar = forms.CharField(
        label=_("Identificador del calendario"), max_length=200, error_messages={"required": MISSING})
    key = forms.CharField(
        label=_("JSON de la cuenta de servicio"), max_length=10_000, widget=forms.Textarea,
        error_messages={"required": MISSING})


@audit_access(CAPABILITY)
@page(CAPABILITY)
@require_GET
def listed(request):
    calendars = {one.professional_id: one for one in Calendar.objects.all()}
    rows = list(Professional.objects.active().in_order())
    for row in rows:
        row.calendar = _told(calendars.get(row.pk))
    return render(request, "agenda/settings_calendars.html", {"rows": rows})


@audit_access(CAPABILITY)
@page(CAPABILITY)
@require_GET
def one(request, pk):
    return _shown(request, _professional(pk))


@audit_access(CAPABILITY)
@page(CAPABILITY)
@require_GET
def consent(request, pk):
    """To Google's own page. A link, for a form may lead nowhere else; what it asks for does nothing by itself."""
    professional = _professional(pk)
    if not settings.GOOGLE_OAUTH_CLIENT_ID:
        return redirect(f"/settings/calendars/{pk}/")
    return redirect(connecting.consent_address(professional=professional, session_id=request.session.pk))


@audit_access(CAPABILITY)
@page(CAPABILITY)
@require_GET
def returned(request):
    """Where Google sends the browser back: with a code, or without one when the person said no."""
    try:
        row = connecting.take_code(
            state=request.GET.get("state", ""), code=request.GET.get("code", ""), session_id=request.session.pk,
            by=request.actor)
    except Refusal as refusal:
        rows = list(Professional.objects.active().in_order())
        return render(request, "agenda/settings_calendars.html", {"rows": rows, "refusal": refusal},
                      status=refusal.status)
    return redirect(f"/settings/calendars/{row.professional_id}/")


@audit_access(CAPABILITY)
@page(CAPABILITY)
@require_POST
def key(request, pk):
    professional, form = _professional(pk), KeyForm(request.POST)
    if form.is_valid():
        try:
            connecting.take_service_account(professional=professional, by=request.actor, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(f"/settings/calendars/{pk}/")
    return _shown(request, professional, form)


@audit_access(CAPABILITY)
@page(CAPABILITY)
@require_GET
def state(request, pk):
    """Asked by the page while something is under way: nothing yet, or look again."""
    row = _told(Calendar.objects.filter(professional=_professional(pk)).first())
    if row is not None and (row.under_way or row.reading):
        return HttpResponse(status=204)
    return HttpResponse(headers={"HX-Refresh": "true"})


@page("agenda.see")
@require_GET
def note(request):
    """For the agenda's page: whose calendar does not answer. Nothing, where all do."""
    return render(request, "agenda/_calendars.html", {
        "said": busy.freshness().note, "configures": can(request.actor, CAPABILITY)})


@audit_access(CAPABILITY)
@page(CAPABILITY)
@require_POST
def choose(request, pk):
    row = get_object_or_404(Calendar, professional=pk)
    try:
        connecting.choose(calendar=row, google_id=request.POST.get("calendar", ""), by=request.actor)
    except Refusal as refusal:
        return _shown(request, _professional(pk), refusal=refusal)
    return redirect(f"/settings/calendars/{pk}/?saved")


@audit_access(CAPABILITY)
@page(CAPABILITY)
@require_POST
def again(request, pk):
    connecting.again(calendar=get_object_or_404(Calendar, professional=pk), by=request.actor)
    return redirect(f"/settings/calendars/{pk}/")


@audit_access(CAPABILITY)
@page(CAPABILITY)
@require_POST
def disconnect(request, pk):
    connecting.disconnect(calendar=get_object_or_404(Calendar, professional=pk), by=request.actor)
    return redirect(f"/settings/calendars/{pk}/")


def _professional(pk):
    return get_object_or_404(Professional, pk=pk)


def _shown(request, professional, form=None, refusal=None):
    row = _told(Calendar.objects.filter(professional=professional).first())
    status = refusal.status if refusal else 422 if form and form.errors else 200
    return render(request, "agenda/settings_calendar.html", {
        "professional": professional, "one": row, "form": form or KeyForm(), "refusal": refusal,
        "oauth": bool(settings.GOOGLE_OAUTH_CLIENT_ID), "choices": row and _choices(row, professional),
        "health": row and row.is_active and _health(row)}, status=status)


def _told(row):
    if row is not None:
        row.tag, row.trouble = TAGS.get(row.state, ""), FAULTS.get(row.fault, "")
        now = clock.now()
        row.under_way, row.rests = row.state in UNDER_WAY, row.is_paused(now)
        due = row.pulling_since is not None or (row.pull_at is not None and row.pull_at <= now)
        row.reading = row.is_active and due and not row.rests
    return row


def _choices(row, professional):
    suggested = row.google_id or names.suggested(professional, row.choices)
    return [one | {"suggested": one["id"] == suggested} for one in row.choices]


def _health(row):
    now = clock.now()
    pushes = CalendarPush.objects.filter(calendar=row)
    return {
        "waiting": pushes.filter(next_try_at__isnull=False).count(),
        "failed": pushes.filter(next_try_at=None).exclude(fault="").count(),
        "watched": CalendarChannel.objects.filter(calendar=row, expires_at__gt=now).exclude(resource_id="").exists(),
    }
