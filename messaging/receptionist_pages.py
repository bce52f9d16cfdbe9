"""Ajustes > Recepcionista: which model thinks for her, what it used and may use this month, and why it failed."""
from urllib.parse import urlsplit

from django.conf import settings
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from clinics import limits, vault
from clinics.access import page
from clinics.audit import audit_access
from dentalogic.lib import clock
from dentalogic.lib.numerals import whole
from dentalogic.lib.refusals import Refusal
from messaging import budget, language_model, model_trying, rounds_told
from messaging.receptionist_forms import KeyForm, ModelForm, written

URL = "/settings/receptionist/"


@audit_access("integrations.manage")
@page("integrations.manage")
def receptionist(request):
    row = language_model.row_here()
    form = ModelForm(request.POST if request.method == "POST" else None, row=row)
    if request.method == "POST" and form.is_valid():
        try:
            language_model.change(by=request.actor, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(f"{URL}?saved")
    return _shown(request, form=form)


@audit_access("credentials.manage")
@page("credentials.manage")
@require_POST
def key(request):
    form = KeyForm(request.POST)
    if form.is_valid():
        try:
            language_model.put_key(key=form.cleaned_data["key"], by=request.actor)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(f"{URL}?saved")
    return _shown(request, key_form=form)


@audit_access("credentials.manage")
@page("credentials.manage")
@require_POST
def forget_key(request):
    language_model.forget_key(by=request.actor)
    return redirect(f"{URL}?saved")


@audit_access("integrations.manage")
@page("integrations.manage")
@require_POST
def attempt(request):
    """A job asks the model once."""
    try:
        limits.check("model", request.actor.user_id, request=request)
        model_trying.ask(by=request.actor)
    except Refusal as refusal:
        return _shown(request, refused=refusal)
    return redirect(f"{URL}?asked={int(clock.now().timestamp())}#r-try")


@audit_access("integrations.manage")
@page("integrations.manage")
@require_GET
def tried(request):
    """What came of it; the piece that changes by itself."""
    return render(request, "messaging/_model_tried.html", _tried(request, language_model.row_here()))


def _tried(request, row):
    """Until somebody answered, or nobody has for so long that nobody will."""
    asked, now = whole(request.GET.get("asked")), int(clock.now().timestamp())
    waits = asked is not None and (row.tried_at is None or row.tried_at.timestamp() < asked)
    key_at = vault.known(language_model.KEY_IN_VAULT).get(language_model.KEY_IN_VAULT)
    stands = model_trying.stands(row, key_at)
    return {
        "asked": asked if waits and now - asked < model_trying.GIVEN_UP else "", "nobody": waits, "row": row,
        "stands": stands, "why": rounds_told.advice(row.tried_error, row.tried_model) if stands else "",
        "host": urlsplit(settings.OPENAI_BASE_URL).hostname, "seconds": f"{row.tried_milliseconds / 1000:.1f}"}


def _shown(request, *, form=None, key_form=None, refused=None):
    row = language_model.row_here()
    now, used = language_model.chosen(), budget.usage()
    wrong = bool((form and form.errors) or (key_form and key_form.errors))
    response = render(request, "messaging/settings_receptionist.html", {
        "form": form or ModelForm(row=row), "key_form": key_form or KeyForm(), "chosen": now, "used": used,
        "key_at": vault.known(language_model.KEY_IN_VAULT).get(language_model.KEY_IN_VAULT),
        "has_key": language_model.has_key(), "thinks": language_model.thinks(), "failures": rounds_told.failures(),
        "part": max(now.most.used(used), now.most.heard(used)) if now.most != budget.Most() else None,
        "minutes": rounds_told.grouped(-(-used.audio_seconds // 60)), "most_minutes": written(now.most.minutes),
        "unpriced_minutes": rounds_told.grouped(-(-used.unpriced_seconds // 60)),
        "minute": written(now.minute), "own_minute": row.price_minute is not None,
        "words": budget.words(now.most, now.price, used, now.minute), "tokens": rounds_told.grouped(used.tokens),
        "most_tokens": written(now.most.tokens), "unpriced": rounds_told.grouped(used.unpriced_tokens),
        "host": urlsplit(settings.OPENAI_BASE_URL).hostname, "known_model": settings.OPENAI_MODEL,
        "own_price": row.price_in is not None, "price": now.price and (
            written(now.price.given), written(now.price.answered)), "refused": refused,
    } | _tried(request, row), status=refused.status if refused else 422 if wrong else 200)
    for name, value in getattr(refused, "headers", {}).items():
        response[name] = value
    return response
