"""Pages of the shell: log in, log out, wait to be activated, change clinic, and what went wrong."""
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clinics import limits
from clinics.access import Role
from clinics.auth import cookies, identity, sessions
from dentalogic.lib.refusals import Refusal


def _next(request):
    target = request.POST.get("next") or request.GET.get("next") or "/"
    return target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else "/"


def login(request):
    if request.method == "GET" and request.member is not None:
        return redirect(_next(request))
    context = {"next": _next(request), "email": request.POST.get("email", "")}
    if request.method != "POST":
        return render(request, "clinics/login.html", context)
    try:
        limits.login(request, context["email"])
        refresh = identity.log_in(
            email=context["email"], password=request.POST.get("password", ""), request=request)[3]
    except Refusal as refusal:
        return render(request, "clinics/login.html", context | {"form_error": refusal.detail}, status=refusal.status)
    response = redirect(context["next"])
    cookies.put(response, refresh)
    return response


@require_POST
def logout(request):
    sessions.leave(request)
    response = redirect("/login")
    cookies.drop(response)
    return response


@require_POST
def switch(request):
    """The clinic menu of the bar."""
    if request.member is None:
        return redirect("/login")
    tenant_id = request.POST.get("tenant_id", "")
    try:
        refresh = identity.switch(
            user=request.member.user, tenant_id=int(tenant_id) if tenant_id.isdecimal() else 0, request=request)[3]
    except identity.NotAMember as refusal:
        return _plain(request, refusal.status, refusal.code, refusal.detail)
    response = redirect("/")
    cookies.put(response, refresh)
    return response


def register(request):
    fields = ("email", "password", "name", "clinic", "role")
    data = {field: request.POST.get(field, "") for field in fields}
    context = {"data": data, "roles": Role.choices}
    if request.method != "POST":
        return render(request, "clinics/register.html", context)
    missing = {field: [_("Falta este dato.")] for field in fields if not data[field]}
    try:
        if missing or data["role"] not in Role.values:
            raise Refusal(_("Hay datos para corregir."), fields=missing)
        limits.check("register", limits.address(request))
        identity.register(**data)
    except Refusal as refusal:
        return render(request, "clinics/register.html", context | {
            "form_error": refusal.detail, "errors": refusal.fields}, status=refusal.status)
    return render(request, "clinics/register.html", context | {"done": True}, status=201)


@require_GET
def pending(request):
    if request.member is None:
        return redirect("/login")
    return redirect("/") if request.member.is_active else render(request, "clinics/pending.html")


@require_GET
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


