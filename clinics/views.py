"""Pages of the shell: log in, log out, wait to be activated, change clinic, and what went wrong."""
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clinics import limits
from clinics.access import ANYONE, SESSION, Role, page
from clinics.auth import cookies, identity, passwords, refused, second_factor, sessions
from clinics.auth.forms import RegisterForm
from dentalogic.lib.numerals import whole
from dentalogic.lib.refusals import Refusal


def _next(request):
    target = request.POST.get("next") or request.GET.get("next") or "/"
    return target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else "/"


@page(ANYONE)
def login(request):
    """In two steps for who has a second factor: the second carries a ticket in place of the password."""
    if request.method == "GET" and request.member is not None:
        return redirect(_next(request))
    if request.method != "POST":
        return _login_form(request)
    try:
        refresh = _logged_in(request)[3]
    except second_factor.CodeNeeded as needed:
        # the one that was brought, again: a younger one for each empty code would never end
        return _code_form(request, ticket=request.POST.get("ticket") or identity.ticket_for(needed.user))
    except Refusal as refusal:
        return _refused_login(request, refusal)
    response = redirect(_next(request))
    cookies.put(response, refresh)
    return response


def _logged_in(request):
    if ticket := request.POST.get("ticket"):
        limits.check("login-address", limits.address(request))
        return identity.log_in_with_code(ticket=ticket, code=request.POST.get("code", ""), request=request)
    email, password = request.POST.get("email", ""), request.POST.get("password", "")
    limits.login(request, email)
    if "\0" in email or len(password) > passwords.LONGEST:
        raise identity.WrongLogin
    return identity.log_in(email=email, password=password, request=request)


def _refused_login(request, refusal):
    ticket = request.POST.get("ticket")
    if ticket and isinstance(refusal, second_factor.WrongCode | limits.TooMany):
        response = _code_form(request, ticket=ticket, refusal=refusal)
    else:
        response = _login_form(request, refusal=refusal)
    for name, value in refusal.headers.items():
        response.headers[name] = value
    if isinstance(refusal, identity.WrongLogin | second_factor.WrongCode):
        refused.note(response, request, refusal, typed=request.POST.get("email", ""))
    return response


def _login_form(request, refusal=None):
    context = {"next": _next(request), "email": request.POST.get("email", ""),
               "wrong": isinstance(refusal, identity.WrongLogin)}
    return _form(request, "clinics/login.html", context, refusal)


def _code_form(request, *, ticket, refusal=None):
    return _form(request, "clinics/code.html", {"next": _next(request), "ticket": ticket}, refusal)


def _form(request, template, context, refusal):
    fault = {"form_error": refusal.detail} if refusal else {}
    return render(request, template, context | fault, status=refusal.status if refusal else 200)


@require_POST
@page(ANYONE)
def logout(request):
    sessions.leave(request)
    response = redirect("/login")
    cookies.drop(response)
    return response


@require_POST
@page(SESSION)
def switch(request):
    """The clinic menu of the bar."""
    try:
        refresh = identity.switch(
            user=request.member.user, tenant_id=whole(request.POST.get("tenant_id")) or 0,
            session=request.session, request=request)[3]
    except Refusal as refusal:
        return _plain(request, refusal.status, refusal.code, refusal.detail)
    response = redirect("/")
    cookies.put(response, refresh)
    return response


@page(ANYONE)
def register(request):
    form = RegisterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            if form.is_valid():
                limits.check("register", limits.address(request))
                identity.register(request=request, **form.cleaned_data)
                return render(request, "clinics/register.html", {"done": True}, status=201)
        except Refusal as refusal:
            form.refuse(refusal)
            return _register_form(request, form, refusal)
    return _register_form(request, form)


def _register_form(request, form, refusal=None):
    fault = refusal.detail if refusal else _("Hay datos para corregir.") if form.errors else ""
    response = render(request, "clinics/register.html", {
        "data": form.data or {"clinic": request.GET.get("clinic", "")},  # from the link that the clinic hands out
        "roles": Role.choices, "errors": form.errors, "form_error": fault,
    }, status=refusal.status if refusal else 400 if form.errors else 200)
    for name, value in (refusal.headers if refusal else {}).items():
        response.headers[name] = value
    return response


@require_GET
@page(SESSION)
def pending(request):
    return redirect("/") if request.member.is_active else render(request, "clinics/pending.html")


@require_GET
@page(SESSION)
def home(request):
    return redirect("/agenda/")


def _plain(request, status, code, detail):
    if request.path.startswith(("/api/", "/auth/")):
        return JsonResponse({"code": code, "detail": detail, "fields": {}}, status=status)
    return render(request, "clinics/error.html", {"status": status, "detail": detail}, status=status)


def not_found(request, exception=None):
    return _plain(request, 404, "not_found", _("No encontramos esa página."))


def forbidden(request, exception=None):
    return _plain(request, 403, "permission_denied", _("Tu rol no permite ver esto."))


def bad_request(request, exception=None):
    return _plain(request, 400, "invalid", _("No entendimos el pedido."))


def csrf_failure(request, reason=""):
    return _plain(request, 403, "csrf", _("La página quedó vieja. Recargala y probá de nuevo."))


def fault(request):
    """A 500: nothing of the database may be asked here."""
    if request.path.startswith(("/api/", "/auth/")):
        return JsonResponse(
            {"code": "fault", "detail": _("Algo falló de nuestro lado. Ya quedó anotado."), "fields": {}}, status=500)
    try:
        detail = _("Algo falló de nuestro lado. Ya quedó anotado. Probá de nuevo en un rato.")
        return render(request, "clinics/error.html", {"status": 500, "detail": detail}, status=500)
    except Exception:  # noqa: BLE001  (the error page itself must not fail)
        return HttpResponse("Error 500", status=500)


