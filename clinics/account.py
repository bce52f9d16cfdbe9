"""One's own account: data, password, second factor and the sessions in this clinic."""
from functools import wraps

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from clinics import audit, limits
from clinics.access import page
from clinics.auth import agents, cookies, identity, mail, passwords, second_factor, sessions
from clinics.auth.forms import ChangePasswordForm, CodeForm, CurrentPasswordForm, NameForm
from clinics.models import SecondFactor, Session
from dentalogic.lib import clock
from dentalogic.lib.refusals import Refusal

PAGE = "/account/"
DONE = {
    "name": _("Guardamos tu nombre."),
    "password": _("Tu contraseña cambió. Cerramos tus otras sesiones."),
    "off": _("Desactivaste el segundo factor. Cerramos tus otras sesiones."),
    "mail": _("Te mandamos un correo con un enlace para confirmarlo."),
    "ended": _("La sesión quedó cerrada."),
}


def posted(view):
    """What a form is sent to; who comes without one (a reload, another language) goes to the form's page."""

    @wraps(view)
    def checked(request, **kwargs):
        if request.method == "POST":
            return view(request, **kwargs)
        return redirect(second_factor.PAGE if request.path.startswith(second_factor.PAGE) else PAGE)

    return checked


@require_GET
@never_cache
@page("account.own")
def account(request):
    return _account(request)


def _account(request, *, form=None, refusal=None):
    user = request.member.user
    context = {
        "form": form or NameForm({"name": user.name}), "fault": refusal, "user": user, "mails": mail.offered(),
        "done": DONE.get(request.GET.get("done")), "sessions": _sessions(request),
        "factor": second_factor.of(user), "codes": second_factor.codes_left(user),
    }
    return render(request, "clinics/account.html", context, status=400 if refusal or form else 200)


def _sessions(request):
    mine = Session.objects.open(clock.now()).of(request.member).order_by("-renewed_at", "-pk")
    return [
        {"row": row, "device": agents.device(row), "present": row.pk == request.session.pk} for row in mine]


@page("account.own")
@posted
def name(request):
    form = NameForm(request.POST)
    if not form.is_valid():
        return _account(request, form=form)
    passwords.rename(user=request.member.user, name=form.cleaned_data["name"], by=request.actor)
    return redirect(f"{PAGE}?done=name")


@page("account.own")
@posted
def confirm_email(request):
    """Another letter with the link."""
    try:
        limits.letter(request.member.user.email)
    except limits.TooMany as refusal:
        return _account(request, refusal=refusal)
    mail.later("confirm", request.member.user)
    return redirect(f"{PAGE}?done=mail")


@never_cache
@page("account.own")
def password(request):
    if request.method != "POST":
        return render(request, "clinics/account_password.html", {"form": ChangePasswordForm()})
    form = ChangePasswordForm(request.POST)
    if form.is_valid():
        try:
            passwords.change(user=request.member.user, current=form.cleaned_data["current"],
                             new=form.cleaned_data["password"], by=request.actor)
            return _only_here(request, f"{PAGE}?done=password", why="password",
                              second_factor=request.session.second_factor)
        except Refusal as refusal:
            _refused(form, refusal)
    return render(request, "clinics/account_password.html", {"form": form}, status=400)


@require_GET
@never_cache
@page("account.own")
def factor(request):
    return _factor(request)


def _factor(request, *, form=None, codes=None):
    user = request.member.user
    row = SecondFactor.objects.filter(pk=user.pk).first()
    begun = row is not None and row.confirmed_at is None
    context = {
        "form": form, "asks": form if isinstance(form, CurrentPasswordForm) else CurrentPasswordForm(),
        "factor": row, "begun": begun, "codes": codes, "left": second_factor.codes_left(user),
        "frame": "clinics/door.html" if second_factor.missing(request.session) else "base.html",
        "required": request.member.tenant.second_factor_required, "shown": request.session.second_factor,
    }
    if begun:
        context |= {"drawing": second_factor.drawing(row, user), "secret": second_factor.secret_of(row)}
    return render(request, "clinics/account_second_factor.html", context, status=400 if form else 200)


@never_cache
@page("account.own")
@posted
def factor_begin(request):
    form = CurrentPasswordForm(request.POST)
    if form.is_valid():
        try:
            passwords.ask(request.member.user, form.cleaned_data["current"])
            second_factor.begin(user=request.member.user, by=request.actor)
            return redirect(second_factor.PAGE)
        except Refusal as refusal:
            _refused(form, refusal)
    return _factor(request, form=form)


@page("account.own")
@posted
def factor_cancel(request):
    second_factor.cancel(user=request.member.user, by=request.actor)
    return redirect(second_factor.PAGE)


@never_cache
@page("account.own")
@posted
def factor_confirm(request):
    """The recovery codes are in this answer and nowhere else."""
    return _with_code(request, second_factor.confirm, on=True)


@never_cache
@page("account.own")
@posted
def factor_codes(request):
    return _with_code(request, second_factor.new_codes)


def _with_code(request, verb, *, on=False):
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _factor(request, form=form)
    try:
        codes = verb(user=request.member.user, code=form.cleaned_data["code"], by=request.actor)
    except Refusal as refusal:
        return _factor(request, form=_refused(form, refusal))
    if not on:
        return _factor(request, codes=codes)
    mail.later("second_factor_on", request.member.user)
    refresh = passwords.only_here(
        member=request.member, session=request.session, request=request, why="second_factor", second_factor=True)
    request.session.second_factor = True
    response = _factor(request, codes=codes)
    cookies.put(response, refresh)
    return response


@page("account.own")
@posted
def factor_show(request):
    """A session begun without the code shows it now: the clinic has begun to ask for one."""
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            second_factor.show(session=request.session, code=form.cleaned_data["code"], by=request.actor)
            return redirect("/")
        except Refusal as refusal:
            _refused(form, refusal)
    return _factor(request, form=form)


@page("account.own")
@posted
def factor_off(request):
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            second_factor.turn_off(user=request.member.user, code=form.cleaned_data["code"], by=request.actor)
            mail.later("second_factor_off", request.member.user)
            return _only_here(request, f"{PAGE}?done=off", why="second_factor", second_factor=False)
        except Refusal as refusal:
            _refused(form, refusal)
    return _factor(request, form=form)


@page("account.own")
@posted
def end_session(request, session_id):
    row = get_object_or_404(Session.objects.open(clock.now()).of(request.member), pk=session_id)
    if row.pk == request.session.pk:
        sessions.leave(request)
        response = redirect("/login")
        cookies.drop(response)
        return response
    identity.end_own(rows=Session.objects.filter(pk=row.pk), by=request.actor)
    return redirect(f"{PAGE}?done=ended")


@page("account.own")
@posted
def end_others(request):
    identity.end_own(rows=Session.objects.exclude(pk=request.session.pk), by=request.actor)
    return redirect(f"{PAGE}?done=ended")


def _refused(form, refusal):
    """The form with what is wrong. A wrong password or code may be a guess of who found the screen: it is noted."""
    if isinstance(refusal, passwords.WrongPassword | second_factor.WrongCode):
        audit.survives("refused", severity="warning", code=refusal.code)
    return form.refuse(refusal)


def _only_here(request, target, *, why, second_factor):
    refresh = passwords.only_here(
        member=request.member, session=request.session, request=request, why=why, second_factor=second_factor)
    response = redirect(target)
    cookies.put(response, refresh)
    return response
