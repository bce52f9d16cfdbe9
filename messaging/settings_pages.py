"""Ajustes > WhatsApp and Automatizaciones, and the steps that lead an empty clinic to its first opening."""
from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agenda.models import TreatmentType
from clinics import tenancy, vault
from clinics.access import page
from clinics.audit import audit_access
from clinics.models import Professional
from dentalogic.lib.refusals import Refusal
from messaging import automations, channels
from messaging.models import Automation, Channel, ChatMessage, InboundMessage
from messaging.settings_forms import ConnectForm, NameForm, RotateForm, TestForm

NOTICES = ("whatsapp.inbound_message.received", "whatsapp.message.updated", "whatsapp.smb.message.echoes")


@audit_access("clinic.configure")
@page("clinic.configure")
@require_GET
def steps(request):
    """What is still missing to give the first turn, and to answer by WhatsApp; nothing once it is all there."""
    clinic = tenancy.here()
    hours = any(day["enabled"] and day["slots"] for day in clinic.working_hours.values())
    people = Professional.objects.active()
    found = [
        (_("Horario de atención"), "/settings/#s-week",
         hours or any(one.working_hours for one in people)),
        (_("Un profesional"), "/settings/professionals/new/", bool(people)),
        (_("Un tratamiento"), "/settings/treatments/new/", TreatmentType.objects.active().exists()),
        (_("El número de WhatsApp"), "/settings/whatsapp/", Channel.objects.filter(active=True).exists()),
    ]
    return render(request, "messaging/_steps.html", {
        "steps": found if not all(done for _title, _url, done in found) else [],
        "books": all(done for _title, _url, done in found[:3])})


@audit_access("integrations.manage")
@page("integrations.manage")
def whatsapp(request):
    form = ConnectForm(request.POST if request.method == "POST" else None, initial={"name": _("Recepción")})
    if request.method == "POST" and form.is_valid():
        try:
            made = channels.connect(by=request.actor, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(f"/settings/whatsapp/{made.pk}/?saved")
    return render(request, "messaging/settings_whatsapp.html", {
        "rows": Channel.objects.order_by("-active", "pk"), "form": form}, status=422 if form.errors else 200)


@audit_access("integrations.manage")
@page("integrations.manage")
@require_GET
def channel(request, pk):
    return _shown(request, get_object_or_404(Channel, pk=pk))


@audit_access("integrations.manage")
@page("integrations.manage")
@require_POST
def rename(request, pk):
    return _acted(request, pk, "name_form", NameForm, channels.change)


@audit_access("integrations.manage")
@page("integrations.manage")
@require_POST
def switch(request, pk):
    row = get_object_or_404(Channel, pk=pk)
    channels.change(channel=row, active=not row.active, by=request.actor)
    return redirect(f"/settings/whatsapp/{pk}/?saved")


@audit_access("credentials.manage")
@page("credentials.manage")
@require_POST
def rotate(request, pk):
    return _acted(request, pk, "rotate_form", RotateForm, channels.rotate)


@audit_access("integrations.manage")
@page("integrations.manage")
@require_POST
def test(request, pk):
    row, form = get_object_or_404(Channel, pk=pk), TestForm(request.POST)
    if form.is_valid():
        try:
            sent = channels.send_test(channel=row, by=request.actor, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(f"/settings/whatsapp/{pk}/?test={sent.pk}")
    return _shown(request, row, test_form=form)


@audit_access("integrations.manage")
@page("integrations.manage")
@require_GET
def tested(request, pk, message_pk):
    """How the test message fares."""
    message = ChatMessage.objects.outbound().filter(
        author=ChatMessage.Author.SYSTEM, conversation__channel=pk, pk=message_pk).first()
    if message is None:
        raise Http404
    return render(request, "messaging/_tested.html", {"message": message, "pk": pk})


def _acted(request, pk, name, form_class, verb):
    row, form = get_object_or_404(Channel, pk=pk), form_class(request.POST)
    if form.is_valid():
        try:
            verb(channel=row, by=request.actor, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(f"/settings/whatsapp/{pk}/?saved")
    return _shown(request, row, **{name: form})


def _shown(request, row, **forms):
    known = vault.known(row.secret_name, row.api_key_name)
    sent = request.GET.get("test", "")
    return render(request, "messaging/settings_channel.html", {
        "one": row, "address": request.build_absolute_uri(row.webhook_path), "notices": NOTICES,
        "secret_at": known.get(row.secret_name), "key_at": known.get(row.api_key_name),
        "heard": InboundMessage.objects.filter(channel=row).order_by("-received_at").first(),
        "reachable": not settings.DEVELOPMENT or row.sandbox, "test": int(sent) if sent.isdecimal() else None,
        "name_form": NameForm(initial={"name": row.name}), "rotate_form": RotateForm(), "test_form": TestForm(),
    } | forms, status=422 if forms else 200)


@audit_access("automations.manage")
@page("automations.manage")
def automated(request):
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        if kind not in Automation.Kind.values:
            raise Http404
        automations.switch(kind=kind, enabled=request.POST.get("enabled") == "on", by=request.actor)
        return redirect("/settings/automations/?saved")
    return render(request, "messaging/settings_automations.html", {
        "receptionist": automations.is_on(automations.RECEPTIONIST), "clinic": tenancy.here()})
