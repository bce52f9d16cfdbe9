"""Ajustes, people: who asks to enter, who works here and as what, who is suspended, and where they are logged in."""
from django.db.models import Count, Max
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from clinics import staff, tenancy
from clinics.access import Role, page
from clinics.audit import audit_access
from clinics.models import Membership, SecondFactor, Session
from dentalogic.lib import clock
from dentalogic.lib.refusals import Refusal

DONE = {
    "activated": _("La cuenta está activa."),
    "suspended": _("La cuenta está suspendida y sus sesiones se cerraron."),
    "refused": _("El pedido está rechazado: con esa cuenta no se entra."),
    "role": _("Tiene otro rol. Sus sesiones se cerraron: entra de nuevo con el rol nuevo."),
    "ended": _("Se cerró en el acto."),
}


@audit_access("staff.manage")
@page("staff.manage")
@require_GET
def people(request):
    template = "clinics/people.html#people" if request.htmx else "clinics/people.html"
    return render(request, template, _list() | {
        "done": DONE.get(request.GET.get("done")),
        "door": request.build_absolute_uri(f"/register?clinic={tenancy.here().slug}")})


@audit_access("staff.manage")
@page("staff.manage")
@require_GET
def person(request, member_id):
    return _shown(request, _found(member_id))


@audit_access("staff.manage")
@page("staff.manage")
@require_POST
def activate(request, member_id):
    return _change(request, member_id, staff.activate, "activated", role=request.POST.get("role"))


@audit_access("staff.manage")
@page("staff.manage")
@require_POST
def suspend(request, member_id):
    """Also turns a request away: said as what it is."""
    member = _found(member_id)
    asked = member.status == Membership.Status.PENDING
    return _answered(request, member, "refused" if asked else "suspended",
                     lambda: staff.suspend(membership=member, by=request.actor))


@audit_access("staff.manage")
@page("staff.manage")
@require_POST
def give_role(request, member_id):
    return _change(request, member_id, staff.give_role, "role", role=request.POST.get("role"))


@audit_access("staff.manage")
@page("staff.manage")
@require_POST
def end_sessions(request, member_id):
    return _change(request, member_id, staff.end_sessions, "ended")


@audit_access("staff.manage")
@page("staff.manage")
@require_POST
def end_session(request, member_id, session_id):
    member = _found(member_id)
    session = Session.objects.of(member).filter(pk=session_id).first()
    if session is None:
        raise Http404
    return _answered(request, member, "ended", lambda: staff.end_session(session=session, by=request.actor))


def _found(member_id):
    member = Membership.objects.select_related("user", "activated_by").filter(pk=member_id).first()
    if member is None:
        raise Http404
    return member


def _change(request, member_id, verb, done, **more):
    member = _found(member_id)
    return _answered(request, member, done, lambda: verb(membership=member, by=request.actor, **more))


def _answered(request, member, done, act):
    """The page it was asked on, with what was done; what is refused is said on the person's."""
    try:
        act()
    except Refusal as refusal:
        return _shown(request, _found(member.pk), refusal=refusal)
    page = "/settings/people/" if "listed" in request.POST else f"/settings/people/{member.pk}/"
    return redirect(f"{page}?done={done}")


def _list():
    """Everybody of the clinic, in as many queries whoever many they are."""
    members = list(Membership.objects.select_related("user").order_by("user__name", "pk"))
    open_now = {
        row["membership_id"]: row for row in
        Session.objects.open(clock.now()).values("membership_id").annotate(count=Count("pk"), last=Max("renewed_at"))}
    with_factor = _with_factor(member.user_id for member in members)
    for member in members:
        member.sessions = open_now.get(member.pk, {"count": 0, "last": None})
        member.second_factor = member.user_id in with_factor
    by_status = {status: [m for m in members if m.status == status] for status in Membership.Status.values}
    return {"place": "settings", "roles": Role.choices, **by_status}


def _with_factor(user_ids):
    return set(
        SecondFactor.objects.filter(user_id__in=list(user_ids)).exclude(confirmed_at=None)
        .values_list("user_id", flat=True))


def _shown(request, member, refusal=None):
    found = Session.objects.open(clock.now()).of(member).order_by("-renewed_at", "-pk")
    context = {
        "place": "settings", "one": member, "sessions": found, "roles": Role.choices,
        "second_factor": member.user_id in _with_factor([member.user_id]),
        "own": member.user_id == request.actor.user_id, "done": DONE.get(request.GET.get("done")), "refusal": refusal,
    }
    return render(request, "clinics/people_one.html", context, status=refusal.status if refusal else 200)
