"""Who may what. One table; pages, API, tools, sockets and admin ask it, and what it does not name is refused."""
from dataclasses import dataclass
from functools import wraps

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission

from clinics.auth import cookies


class Role(models.TextChoices):
    CEO = "ceo", _("Dirección")
    PROFESSIONAL = "professional", _("Profesional")
    SECRETARY = "secretary", _("Recepción")
    SETTER = "setter", _("Captación")
    CLOSER = "closer", _("Cierre")


ALL = "all"
OWN = "own"  # rows that are the person's: appointments as professional, patients they treat
FREE_BUSY = "free_busy"  # when somebody is busy, not with whom
OWN_LEADS = "own_leads"

CEO, PROFESSIONAL, SECRETARY, SETTER, CLOSER = Role.values
EVERYONE = dict.fromkeys(Role.values, ALL)
TABLE = {
    "account.own": EVERYONE,  # one's own data, password, second factor, sessions
    "staff.manage": {CEO: ALL},
    "clinic.configure": {CEO: ALL},
    "credentials.manage": {CEO: ALL},
    "integrations.manage": {CEO: ALL},
    "automations.manage": {CEO: ALL},
    "exports.make": {CEO: ALL},
    "audit.read": {CEO: ALL},
    "agenda.see": {CEO: ALL, PROFESSIONAL: ALL, SECRETARY: ALL, SETTER: FREE_BUSY, CLOSER: FREE_BUSY},
    "agenda.book": {CEO: ALL, PROFESSIONAL: OWN, SECRETARY: ALL, SETTER: OWN_LEADS, CLOSER: OWN_LEADS},
    "agenda.attend": {CEO: ALL, PROFESSIONAL: OWN, SECRETARY: ALL},
    "agenda.overbook": {CEO: ALL, PROFESSIONAL: OWN},
    "agenda.subscribe": {CEO: ALL, PROFESSIONAL: OWN},
    "patients.see": {CEO: ALL, PROFESSIONAL: ALL, SECRETARY: ALL, SETTER: OWN_LEADS, CLOSER: OWN_LEADS},
    "patients.edit": {CEO: ALL, PROFESSIONAL: ALL, SECRETARY: ALL},
    "alerts.see": {CEO: ALL, PROFESSIONAL: ALL, SECRETARY: ALL},
    "record.read": {CEO: ALL, PROFESSIONAL: ALL},
    "record.write": {CEO: ALL, PROFESSIONAL: OWN},  # a ceo too only as a professional: charting asks for the author
    "conversations.see": {CEO: ALL, PROFESSIONAL: OWN, SECRETARY: ALL, SETTER: OWN_LEADS, CLOSER: OWN_LEADS},
    "conversations.attend": {CEO: ALL, PROFESSIONAL: OWN, SECRETARY: ALL, SETTER: OWN_LEADS, CLOSER: OWN_LEADS},
    "conversations.assign": {CEO: ALL, PROFESSIONAL: OWN, SECRETARY: ALL},
    "conversations.link": {CEO: ALL, SECRETARY: ALL},
    "conversations.replies": {CEO: ALL, SECRETARY: ALL},
    "files.see": {CEO: ALL, PROFESSIONAL: ALL, SECRETARY: ALL},
    "cash.see": {CEO: ALL, SECRETARY: ALL},
    "cash.register": {CEO: ALL, SECRETARY: ALL},
    "cash.close": {CEO: ALL, SECRETARY: ALL},
    "revenue.see": {CEO: ALL},
    "results.see": {CEO: ALL, PROFESSIONAL: OWN, SETTER: OWN, CLOSER: OWN},  # settlements, commissions
    "plans.see": {CEO: ALL, PROFESSIONAL: OWN, SECRETARY: ALL, CLOSER: OWN_LEADS},
    "plans.write": {CEO: ALL, PROFESSIONAL: OWN},
    "leads.see": {CEO: ALL, SECRETARY: ALL, SETTER: OWN_LEADS, CLOSER: OWN_LEADS},
    "leads.work": {CEO: ALL, SETTER: OWN_LEADS},
    "leads.close": {CEO: ALL, CLOSER: OWN_LEADS},
    "simulator.use": {CEO: ALL},
}
MEANS = {
    "account.own": "one's own data, password, second factor and sessions",
    "staff.manage": "activate, suspend, change the role of staff; end their sessions",
    "clinic.configure": "the clinic's facts and rules, professionals, chairs, closures, treatments, insurers",
    "credentials.manage": "put in the keys of integrations; nobody reads them back",
    "integrations.manage": "connect WhatsApp and other services",
    "automations.manage": "turn automations on and off",
    "exports.make": "take lists out of the clinic",
    "audit.read": "the audit log",
    "agenda.see": "visits: with names, or only free and busy and one's own bookings",
    "agenda.book": "book, move, confirm, cancel; setters and closers the first visit of their leads",
    "agenda.attend": "the day of a visit: arrived, seated, done, missed; what is done is charged",
    "agenda.overbook": "book a time that is taken, with a reason",
    "agenda.subscribe": "give a calendar program a secret address of a professional's visits, and end it",
    "patients.see": "demographic data",
    "patients.edit": "register patients and change their data",
    "alerts.see": "clinical alerts; triage; urgency, reason and notes of a visit",
    "record.read": "clinical record, odontogram, medical history",
    "record.write": "write and sign the record, edit the medical history; whoever writes is a professional",
    "conversations.see": "read conversations",
    "conversations.attend": "take a conversation, answer in it, leave notes, give it back",
    "conversations.assign": "pass a conversation to a colleague who may attend it",
    "conversations.link": "say whose a conversation is; make two one, and undo it",
    "conversations.replies": "write the texts that the desk uses often",
    "files.see": "photos, recordings and documents filed to a patient",
    "cash.see": "charges and payments, a patient's account, the day's cash",
    "cash.register": "register payments, expenses, refunds; open the day",
    "cash.close": "count and close the day",
    "revenue.see": "figures of the clinic's revenue",
    "results.see": "settlements and commissions; own: one's own",
    "plans.see": "treatment plans and estimates, to present them",
    "plans.write": "make and change treatment plans",
    "leads.see": "leads and their history",
    "leads.work": "qualify leads, hand them to a closer",
    "leads.close": "win or lose leads",
    "simulator.use": "the WhatsApp simulator of development",
}
# The receptionist attends one conversation: what is its own is what that conversation and its patient hold.
RECEPTIONIST = {
    "agenda.see": FREE_BUSY, "agenda.book": OWN, "patients.edit": OWN, "alerts.see": OWN, "conversations.attend": OWN,
}

# Doors that ask for no role. Everything else names a capability of the table.
ANYONE = "anyone"  # before there is a session
SESSION = "session"  # whoever has one, pending members too
SIGNED = "signed"  # a program that proves itself: a provider's signature
DOORS = (ANYONE, SESSION, SIGNED)
OF_LIBRARIES = {"language": ANYONE, "api/schema/": ANYONE, "api/docs/": ANYONE}  # views that cannot say it themselves


@dataclass(frozen=True)
class Actor:
    """Who does a thing: every verb takes one as `by=`. `holder` names them in rows below their floor."""

    kind: str  # staff, receptionist or system
    role: str = ""
    user_id: int | None = None
    membership_id: int | None = None
    professional_id: int | None = None
    name: str = ""
    holder: str = ""


SYSTEM = Actor(kind="system", holder="system")


def receptionist(conversation_id: int) -> Actor:
    return Actor(kind="receptionist", name=str(_("Recepcionista")), holder=f"conversation:{conversation_id}")


def scope(actor: Actor | None, capability: str) -> str | None:
    """How far the actor's right reaches: ALL, OWN, FREE_BUSY, OWN_LEADS, or None. Unknown capabilities are a fault."""
    table = TABLE[capability]
    if actor is None:
        return None
    return {"staff": table.get(actor.role), "receptionist": RECEPTIONIST.get(capability)}.get(actor.kind)


def can(actor: Actor | None, capability: str) -> bool:
    return scope(actor, capability) is not None


_filled = {}


def fill(name: str, narrow) -> None:
    """The floor that knows a scope says how it narrows: `narrow(actor, queryset) -> queryset`, by model and scope.

    `name` is `<model label>.<scope>`, as in `patients.patient.own`.
    """
    _filled[name] = narrow


def visible(actor: Actor | None, capability: str, queryset):
    """The rows of the queryset that the actor's right reaches. A scope that nobody filled is empty."""
    reach = scope(actor, capability)
    if reach in (ALL, FREE_BUSY):
        return queryset
    narrow = _filled.get(f"{queryset.model._meta.label_lower}.{reach}") if reach else None
    return narrow(actor, queryset) if narrow else queryset.none()


def lets(request, named: str) -> bool:
    """Whether a capability, or a door, lets this request in."""
    if named in DOORS:
        return named != SESSION or request.member is not None
    return can(request.actor, named)


def page(named: str):
    """A server-rendered page for those with the capability; others log in, wait to be activated, or are refused."""

    def guard(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if lets(request, named):
                return _with_words(request, view(request, *args, **kwargs))
            if request.member is None:
                return log_in_first(request)
            raise PermissionDenied

        guarded.capability = named
        return guarded

    return guard


def _with_words(request, response):
    """A form's own address, opened as a page (after another language, from the history), is not an empty window."""
    if response.status_code != 405 or response.content or not navigates(request):
        return response
    context = {"status": 405, "detail": _("Esto no es una página: lo abre un botón.")}
    said = render(request, "clinics/error.html", context, status=405)
    said["Allow"] = response["Allow"]
    return said


def log_in_first(request):
    """A piece of a page that asks for itself gets 401; who navigates goes to the form, and hears 401 if a session that
    they had has ended."""
    target = request.get_full_path() if request.method == "GET" else "/"
    if not navigates(request):
        body = {"code": "not_authenticated", "detail": _("La sesión terminó. Ingresá de nuevo."), "fields": {}}
        return JsonResponse(body, status=401)
    if not {settings.ACCESS_COOKIE, settings.REFRESH_COOKIE} & set(request.COOKIES):
        return redirect(f"/login?{urlencode({'next': target})}")
    response = render(request, "clinics/login.html", {"next": target, "email": "", "ended": True}, status=401)
    cookies.drop(response)  # not on a piece's answer, which may come after another tab has logged in
    return response


def navigates(request) -> bool:
    """Whether the answer is to be the window's page. An old browser that does not say, and is not htmx, navigates."""
    htmx = "HX-Request" in request.headers
    return not htmx and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


class NamedCapability(BasePermission):
    """The default of every API view: the view names a capability or a door for each method, or is refused."""

    def has_permission(self, request, view):
        method = "GET" if request.method == "HEAD" else request.method
        named = getattr(view, "capabilities", {}).get(method)
        return named is not None and lets(request._request, named)


class Guarded:
    """For API views: `capabilities = {"GET": "agenda.see"}`, and the actor at hand."""

    capabilities: dict = {}

    @property
    def actor(self) -> Actor:
        return self.request._request.actor

    def visible(self, capability, queryset):
        return visible(self.actor, capability, queryset)
