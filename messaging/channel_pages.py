"""Ajustes > WhatsApp: connect a number, what to paste where, how it is, its secrets (in, never out), a test."""
from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clinics import vault
from clinics.access import page
from clinics.audit import audit_access
from dentalogic.lib import clock
from dentalogic.lib.numerals import whole
from dentalogic.lib.refusals import Refusal
from messaging import channels, health, webhooks_meta
from messaging.channel_forms import CONNECT, MetaForm, NameForm, RotateForm, TestForm
from messaging.models import Channel, ChatMessage, InboundMessage

NOTICES = {
    "ycloud": (
        "whatsapp.inbound_message.received", "whatsapp.message.updated", "whatsapp.smb.message.created",
        "whatsapp.smb.message.echoes", "whatsapp.template.reviewed", "whatsapp.template.category_updated",
        "whatsapp.template.quality_updated", "whatsapp.phone_number.quality_updated",
        "whatsapp.business_account.updated", "whatsapp.user.preferences"),
    "meta": (
        "messages", "smb_message_echoes", "message_template_status_update", "message_template_quality_update",
        "template_category_update", "phone_number_quality_update", "account_update", "account_alerts",
        "user_preferences", "user_id_update"),
}


@audit_access("integrations.manage")
@page("integrations.manage")
def whatsapp(request):
    provider = request.GET.get("provider", "ycloud")
    if provider not in CONNECT:
        raise Http404
    form = CONNECT[provider](request.POST if request.method == "POST" else None, initial={"name": _("Recepción")})
    if request.method == "POST" and form.is_valid():
        try:
            made = channels.connect(by=request.actor, provider=provider, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(f"/settings/whatsapp/{made.pk}/?saved")
    return render(request, "messaging/settings_whatsapp.html", {
        "rows": Channel.objects.order_by("-active", "pk"), "form": form, "provider": provider,
        "providers": Channel.Provider.choices, "shared_app": bool(settings.META_APP_SECRET),
    }, status=422 if form.errors else 200)


@audit_access("integrations.manage")
@page("integrations.manage")
@require_GET
def channel(request, pk):
    return _shown(request, get_object_or_404(Channel, pk=pk))


@audit_access("integrations.manage")
@page("integrations.manage")
@require_GET
def health_of(request, pk):
    """How the number is; the piece that changes by itself."""
    row, asked = get_object_or_404(Channel, pk=pk), whole(request.GET.get("asked"))
    waits = asked is not None and (row.looked_at is None or row.looked_at.timestamp() < asked)
    return render(request, "messaging/_health.html", {"one": row, "asked": asked if waits else ""} | _state(row))


@audit_access("integrations.manage")
@page("integrations.manage")
@require_POST
def look(request, pk):
    channels.look(channel=get_object_or_404(Channel, pk=pk), by=request.actor)
    return redirect(f"/settings/whatsapp/{pk}/?asked={int(clock.now().timestamp())}")


@audit_access("integrations.manage")
@page("integrations.manage")
@require_POST
def rename(request, pk):
    return _acted(request, pk, "name_form", NameForm, channels.change)


@audit_access("integrations.manage")
@page("integrations.manage")
@require_POST
def at_meta(request, pk):
    return _acted(request, pk, "meta_form", MetaForm, channels.name_at_meta)


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


@audit_access("credentials.manage")
@page("credentials.manage")
@require_POST
def new_secret(request, pk):
    """YCloud is asked for another secret."""
    row = get_object_or_404(Channel, pk=pk)
    try:
        channels.ask_new_secret(channel=row, by=request.actor)
    except Refusal as refusal:
        return _shown(request, row, rotate_form=RotateForm({}).refuse(refusal))
    return redirect(f"/settings/whatsapp/{pk}/?secret")


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
    asked = whole(request.GET.get("asked"))
    return render(request, "messaging/settings_channel.html", {
        "one": row, "notices": NOTICES[row.provider], "asked": "" if asked is None else asked,
        "heard": InboundMessage.objects.filter(channel=row).order_by("-received_at").first(),
        "test": whole(request.GET.get("test")), "name_form": NameForm(initial={"name": row.name}),
        "meta_form": MetaForm(initial={"phone_number_id": row.phone_number_id, "waba_id": row.waba_id}),
        "rotate_form": RotateForm(), "test_form": TestForm(),
    } | _state(row) | _address(request, row) | forms, status=422 if forms else 200)


def _state(row):
    known, now = vault.known(row.secret_name, row.api_key_name), clock.now()
    return {
        "secret_at": known.get(row.secret_name), "key_at": known.get(row.api_key_name), "words": health.words(row),
        "held": row.held_until if row.held_until and row.held_until > now else None,
        "former": row.former_secret_until if row.former_secret_until and row.former_secret_until > now else None,
        "hears_by_us": row.provider == Channel.Provider.META and bool(settings.META_APP_SECRET)}


def _address(request, row):
    """Where its provider is to deliver. The token proves to Meta that the address is ours: it is no secret of hers."""
    return {
        "address": request.build_absolute_uri(row.webhook_path),
        "verify_token": webhooks_meta.verify_token(row) if row.provider == Channel.Provider.META else ""}
