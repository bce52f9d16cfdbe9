"""Pages of mailed links, for whoever has no session: a forgotten password, a confirmed address.

A link only opens a page: programs that look into letters open links too. What it is for, a button does.
"""
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from clinics import limits
from clinics.access import ANYONE, page
from clinics.auth import mail, passwords
from clinics.auth.forms import CurrentPasswordForm, EmailForm, NewPasswordForm
from dentalogic.lib.refusals import Refusal


def answer(request, template, form=None, *, refusal=None, status=200, **more):
    """The page, or the page again with what was refused."""
    context = {"form": form, "fault": refusal, "link": request.POST.get("t") or request.GET.get("t", "")} | more
    response = render(request, template, context, status=refusal.status if refusal else status)
    for name, value in (refusal.headers if refusal else {}).items():
        response.headers[name] = value
    return response


@never_cache
@page(ANYONE)
def forgot(request):
    """The same answer whoever has the address."""
    form = EmailForm(request.POST or None)
    if request.method != "POST" or not mail.offered():
        return answer(request, "clinics/forgot.html", EmailForm())
    if not form.is_valid():
        return answer(request, "clinics/forgot.html", form, status=400)
    try:
        limits.check("mail", limits.address(request))
        limits.letter(form.cleaned_data["email"])
    except limits.TooMany as refusal:
        return answer(request, "clinics/forgot.html", form, refusal=refusal)
    passwords.ask_for_link(email=form.cleaned_data["email"])
    return answer(request, "clinics/forgot.html", form, sent=True)


@never_cache
@page(ANYONE)
def new_password(request):
    if request.method != "POST":
        return answer(request, "clinics/new_password.html", NewPasswordForm())
    form = NewPasswordForm(request.POST)
    if not form.is_valid():
        return answer(request, "clinics/new_password.html", form, status=400)
    try:
        limits.check("login-address", limits.address(request))
        passwords.reset(link=request.POST.get("t", ""), new=form.cleaned_data["password"], request=request)
    except passwords.WeakPassword as refusal:
        return answer(request, "clinics/new_password.html", form.refuse(refusal), status=refusal.status)
    except Refusal as refusal:
        return answer(request, "clinics/new_password.html", form, refusal=refusal)
    return answer(request, "clinics/new_password.html", done=True)


@never_cache
@page(ANYONE)
def confirm_email(request):
    if request.method != "POST":
        return answer(request, "clinics/confirm_email.html", CurrentPasswordForm())
    form = CurrentPasswordForm(request.POST)
    if not form.is_valid():
        return answer(request, "clinics/confirm_email.html", form, status=400)
    try:
        passwords.confirm_email(
            link=request.POST.get("t", ""), current=form.cleaned_data["current"], request=request)
    except passwords.WrongPassword as refusal:
        return answer(request, "clinics/confirm_email.html", form.refuse(refusal), status=refusal.status)
    except Refusal as refusal:
        return answer(request, "clinics/confirm_email.html", form, refusal=refusal)
    return answer(request, "clinics/confirm_email.html", done=True)
