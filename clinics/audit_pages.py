"""Ajustes, Auditoría: what happened, by whom, and whether its seals hold; as a page and as a file."""
from django.core.paginator import Paginator
from django.http import QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clinics import audit_log, audit_words, seals, tenancy
from clinics.access import Role, page
from clinics.audit import audit_access, log_security_event
from clinics.models import Membership, SystemEvent
from dentalogic.lib import clock, sheets
from dentalogic.lib.refusals import Refusal

A_PAGE = 50
A_CHECK = 20_000  # rows that a page compares while somebody waits; `verify_audit` compares all
NAMED = {"patient": "/patients/{}/", "conversation": "/inbox/{}/"}  # details that lead somewhere
PERSONS = ("member", "user", "ceo", "actor")  # ids of which the page says the name; a row never holds one
ROLES = ("role", "from_role", "asked_role")


@audit_access("audit.read")
@page("audit.read")
@require_GET
def log(request):
    return _shown(request, audit_log.Filters(request.GET))


def _shown(request, filters, *, status=200, **more):
    rows = filters.rows() if filters.is_valid() else SystemEvent.objects.none()
    shown = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    newest, waiting = seals.standing()
    persons = _persons()
    asked = QueryDict(mutable=True)
    asked.update({name: value for name, value in request.GET.items() if name in filters.fields and value})
    return render(request, "clinics/settings_audit.html", {
        "filters": filters, "span": [filters["from"], filters["to"]], "asked": asked,
        "rows": shown, "newest": newest, "waiting": waiting,
        "lines": [_line(row, newest.last_id if newest else 0, persons) for row in shown],
        "events": _events(filters["type"].value()),
        "severities": audit_words.SEVERITIES.items(), "people": audit_log.people(),
    } | more, status=status if filters.is_valid() else 422)


def _events(chosen):
    found = {code: str(label) for code, label in audit_words.EVENTS.items()}
    if chosen and audit_words.word(chosen):
        found.setdefault(chosen, chosen)
    return sorted(found.items(), key=lambda one: one[1])


def _persons():
    """`{("member", 12): (12, "Sofía Rey"), ("user", 3): …}` of everybody whom this clinic has known."""
    found = {}
    for pk, user_id, name in Membership.objects.values_list("pk", "user_id", "user__name"):
        found |= {(key, pk if key == "member" else user_id): (pk, name) for key in PERSONS}
    return found


def _detail(key, label, value, raw, persons):
    """`(label, value, address)` as the page shows them."""
    if key in PERSONS and (person := persons.get((key, raw))):
        return label, person[1], f"/settings/people/{person[0]}/"
    if key in ROLES and raw in Role.values:
        return label, Role(raw).label, ""
    return label, value, NAMED[key].format(value) if key in NAMED else ""


def _line(row, sealed, persons):
    payload = {key: value for key, value in row.payload.items() if not _goes_without_saying(row, key, value)}
    details = [
        _detail(key, label, value, payload[key], persons)
        for key, (label, value) in zip(payload, audit_words.details(payload), strict=True)]
    return {
        "row": row, "said": audit_words.said_of(row), "details": details, "sealed": row.pk <= sealed,
        "severity": audit_words.SEVERITIES.get(row.severity, row.severity),
        "role": Role(row.role).label if row.role in Role.values else row.role,
    }


def _goes_without_saying(row, key, value):
    """The address says what was asked for; an answer is worth a word when it was none."""
    return key == "capability" or (row.event == "access" and key == "status" and value < 400)


@audit_access("exports.make")
@page("exports.make")
@require_GET
def export(request):
    """What the filters show, as a file. It leaves a row of its own."""
    filters = audit_log.Filters(request.GET)
    if not filters.is_valid():
        return _shown(request, filters)
    try:
        rows = audit_log.all_of(filters.rows())
    except Refusal as refusal:
        return _shown(request, filters, status=refusal.status, refusal=refusal)
    log_security_event(
        "audit.exported", by=request.actor, request=request, severity="warning", seen=True, rows=len(rows))
    sealed, roles, here = audit_log.sealed_upto(), dict(Role.choices), tenancy.here()
    name = f"{_('auditoria')}-{here.slug}-{clock.today(here.zone):%Y-%m-%d}.csv"
    return sheets.answer(name, audit_log.HEAD, [audit_log.line(row, sealed, roles) for row in rows])


@audit_access("audit.read")
@page("audit.read")
@require_POST
def verify(request):
    """Compare everything with its seals, now."""
    return _shown(request, audit_log.Filters({}), verdict=seals.told(seals.verify(newest=A_CHECK)))
