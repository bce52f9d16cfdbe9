"""Ajustes > Respuestas rápidas: the texts that the desk writes often."""
from django import forms
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from clinics.access import page
from clinics.audit import audit_access
from dentalogic.lib.forms import MISSING, RefusableForm
from dentalogic.lib.refusals import Refusal
from messaging import canned
from messaging.models import CannedReply


class ReplyForm(RefusableForm):
    shortcut = forms.CharField(label=_("Atajo"), max_length=31, error_messages={"required": MISSING})
    text = forms.CharField(
        label=_("Texto"), max_length=canned.LIMIT, widget=forms.Textarea, error_messages={"required": MISSING})


@audit_access("conversations.replies")
@page("conversations.replies")
def replies(request, pk=None):
    """All of them, and the form of one, or of a new one."""
    row = get_object_or_404(CannedReply, pk=pk) if pk is not None else None
    posted = request.POST if request.method == "POST" else None
    form = ReplyForm(posted, initial={"shortcut": row.shortcut, "text": row.text} if row else None)
    if posted is not None and form.is_valid():
        try:
            canned.keep(reply=row, by=request.actor, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("/settings/replies/?saved")
    return render(request, "messaging/settings_replies.html", {
        "rows": CannedReply.objects.order_by("shortcut"), "one": row, "form": form,
        "variables": canned.VARIABLES.items()}, status=422 if form.errors else 200)


@audit_access("conversations.replies")
@page("conversations.replies")
@require_POST
def remove(request, pk):
    canned.remove(reply=get_object_or_404(CannedReply, pk=pk), by=request.actor)
    return redirect("/settings/replies/?saved")
