"""The panel of one visit: what it is, its next step, moving it. Every verb answers with the panel, refusals in it."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from agenda import board, booking, rights, series, walls
from agenda.models import AHEAD, Appointment, Status, Urgency
from agenda.pages import search
from clinics import access, tenancy
from clinics.access import page
from clinics.models import Professional
from clinics.templatetags import dentalogic as formats
from clinics.templatetags.front import look
from dentalogic.lib import clock
from dentalogic.lib.numerals import whole
from dentalogic.lib.refusals import Refusal

STEPS = {
    "confirm": booking.confirm, "arrive": booking.arrive, "seat": booking.seat, "complete": booking.complete,
    "miss": booking.miss,
}
NEXT = {  # status: (verb, button, icon)
    Status.SCHEDULED: ("confirm", gettext_lazy("Confirmar"), "check"),
    Status.CONFIRMED: ("arrive", gettext_lazy("Llegó"), "door"),
    Status.ARRIVED: ("seat", gettext_lazy("Pasar a sillón"), "chair"),
    Status.SEATED: ("complete", gettext_lazy("Finalizar"), "check"),
}
LADDER = (  # status, its stamp, the verb that leads there
    (Status.SCHEDULED, "created_at", None), (Status.CONFIRMED, "confirmed_at", "confirm"),
    (Status.ARRIVED, "arrived_at", "arrive"), (Status.SEATED, "seated_at", "seat"),
    (Status.COMPLETED, "completed_at", "complete"),
)
BACK = (Status.CONFIRMED, Status.ARRIVED, Status.SEATED, Status.COMPLETED, Status.NO_SHOW)
LEADS = {  # status: verbs that may be taken from it
    Status.SCHEDULED: ("confirm", "arrive", "seat"), Status.CONFIRMED: ("arrive", "seat"),
    Status.ARRIVED: ("seat", "complete"), Status.SEATED: ("complete",),
}


def found(request, pk) -> Appointment:
    """The visit, if the person may open it."""
    rows = Appointment.objects.with_names().select_related("chair", "created_by").filter(pk=pk)
    row = access.visible(request.actor, "agenda.see", rows).exclude(status=Status.HELD).first()
    if row is None or not board.may_name(request.actor, row):
        raise Http404
    return row


def writable(request, pk) -> Appointment:
    row = found(request, pk)
    if not board.may_write(request.actor, row.professional_id):
        raise PermissionDenied
    return row


@page("agenda.see")
@require_GET
def panel(request, pk):
    return shown(request, found(request, pk))


def shown(request, row, refusal=None, **more):
    today, writes = clock.today(tenancy.here().zone), board.may_write(request.actor, row.professional_id)
    context = {
        "one": row, "look": look(row.status), "icon": board.ICON[row.source], "ladder": ladder(row, writes),
        "next": NEXT.get(row.status) if writes else None, "writes": writes, "ahead": row.status in AHEAD,
        "back": writes and row.status in BACK and access.can(request.actor, "agenda.attend"),
        "edits": writes and row.status != Status.CANCELLED and access.can(request.actor, "agenda.attend"),
        "resizes": writes and row.status in booking.CHANGEABLE, "urgencies": Urgency.choices,
        "minutes": int((row.end_at - row.start_at).total_seconds() // 60),
        "cancellable": writes and row.status in (*AHEAD, Status.ARRIVED), "refusal": refusal,
        "alerts": row.patient.alerts if access.can(request.actor, "alerts.see") else [], "today": today,
        "who": _who(row.patient, today), "waits": _waits(row),
    }
    if row.treatment.sessions > 1:
        context |= _sessions(request.actor, row, writes)
    return render(request, "agenda/_panel.html", context | more, status=refusal.status if refusal else 200)


def _who(patient, today) -> str:
    """What is known of them: "34 años · DNI 30.111.222 · OSDE"."""
    age = patient.age_on(today)
    return " · ".join(filter(None, [
        None if age is None else ngettext("%(n)d año", "%(n)d años", age) % {"n": age},
        patient.dni and f"{patient.document_type} {formats.dni(patient.dni)}", patient.insurance]))


def ladder(row, writes):
    order = [status for status, _stamp, _verb in LADDER]
    at = order.index(row.status) if row.status in order else -1
    for place, (status, stamp, verb) in enumerate(LADDER):
        reached = getattr(row, stamp)
        yield {
            "label": status.label, "at": reached if place <= at else None, "now": place == at,
            "done": place < at and reached is not None, "passed": place < at,
            "verb": verb if writes and verb in LEADS.get(row.status, ()) else None,
        }


def _sessions(actor, row, writes):
    """Which visit is which session, and whether some are still to be given."""
    given = list(series.visits(row.series_id)) if row.series_id else []
    total = row.series.sessions if row.series_id else row.treatment.sessions
    later = [one for one in given if one.session > row.session and one.status in AHEAD]
    gives = writes and access.scope(actor, "agenda.book") in (access.ALL, access.OWN)
    return {"sessions": given, "session_total": total, "later": later if gives else [],
            "sessions_missing": gives and row.status not in (Status.CANCELLED, Status.NO_SHOW)
            and {one.session for one in given} != set(range(1, total + 1))}


def _waits(row):
    return max(0, int((clock.now() - row.arrived_at).total_seconds() // 60)) if row.status == Status.ARRIVED else None


@page("agenda.attend")
@require_POST
def step(request, pk, verb):
    pk = whole(pk) or 0
    row = writable(request, pk)
    try:
        row = STEPS[verb](appointment=row, by=request.actor)
    except Refusal as refusal:
        return shown(request, found(request, pk), refusal)
    return shown(request, found(request, pk))


@page("agenda.attend")
@require_POST
def back(request, pk):
    """The last step was a mistake."""
    row = writable(request, pk)
    try:
        booking.step_back(appointment=row, version=whole(request.POST.get("version")), by=request.actor)
    except Refusal as refusal:
        return shown(request, found(request, pk), refusal)
    return shown(request, found(request, pk))


@page("agenda.attend")
@require_POST
def edit(request, pk):
    """Reason, note, urgency. Where somebody was faster, what they wrote is shown beside what was typed here."""
    row, said = writable(request, pk), request.POST
    details = {"reason": said.get("reason", "").strip()[:300], "note": said.get("note", "").strip()[:4000]}
    if said.get("urgency", "") in ("", *Urgency.values):
        details["urgency"] = said.get("urgency", "")
    try:
        booking.edit(appointment=row, version=whole(said.get("version")) or 0, by=request.actor, **details)
    except Refusal as refusal:
        return shown(request, found(request, pk), refusal, typed=details)
    return shown(request, found(request, pk))


@page("agenda.book")
@require_POST
def resize(request, pk):
    """Another end, by dragging its edge (JSON) or from the panel: `end` or `minutes`."""
    row, zone = writable(request, pk), tenancy.here().zone
    try:
        minutes = whole(request.POST.get("minutes", "")[:4])
        end_at = row.start_at + timedelta(minutes=minutes) if minutes else walls.instant(
            request.POST.get("end", ""), zone)
        booking.resize(appointment=row, end_at=end_at, version=whole(request.POST.get("version")), by=request.actor)
    except ValueError:
        refusal = Refusal(_("Ese horario no existe en el reloj de la clínica."))
        return shown(request, row, refusal) if request.htmx else _refused(request, pk, refusal)
    except Refusal as refusal:
        return shown(request, found(request, pk), refusal) if request.htmx else _refused(request, pk, refusal)
    if request.htmx:
        return shown(request, found(request, pk))
    return JsonResponse({"detail": _("Turno cambiado.")})


@page("agenda.book")
@require_POST
def sessions(request, pk, verb):
    """The other sessions of the treatment: give them, or cancel them with this one."""
    row = writable(request, pk)
    rights.require_reach(request.actor, series.later(row))
    try:
        if verb == "book":
            series.book_rest(appointment=row, by=request.actor)
        else:
            series.cancel_rest(appointment=row, by=request.actor, reason=request.POST.get("reason", "").strip()[:300])
    except Refusal as refusal:
        return shown(request, found(request, pk), refusal)
    return shown(request, found(request, pk))


@page("agenda.book")
@require_POST
def cancel(request, pk):
    row = writable(request, pk)
    try:
        booking.cancel(appointment=row, by=request.actor, reason=request.POST.get("reason", "").strip()[:300])
    except Refusal as refusal:
        return shown(request, found(request, pk), refusal)
    return shown(request, found(request, pk))


@page("agenda.book")
@require_POST
def move(request, pk):
    """Another time, by dragging (JSON) or from the list of openings (the panel)."""
    row, zone = writable(request, pk), tenancy.here().zone
    professional = Professional.objects.active().filter(pk=whole(request.POST.get("professional"))).first()
    if professional is not None and not board.may_write(request.actor, professional.pk):
        raise PermissionDenied
    if request.POST.get("rest"):
        rights.require_reach(request.actor, series.later(row))
    try:
        start_at = walls.instant(request.POST.get("start", ""), zone)
        verb = series.move_rest if request.POST.get("rest") else booking.move
        verb(appointment=row, start_at=start_at, professional=professional or row.professional,
             version=whole(request.POST.get("version")), by=request.actor)
    except ValueError:
        return _refused(request, pk, Refusal(_("Ese horario no existe en el reloj de la clínica.")))
    except Refusal as refusal:
        return _refused(request, pk, refusal)
    if request.htmx:
        return shown(request, found(request, pk), moved=True)
    return JsonResponse({"detail": _("Turno reprogramado.")})


def _refused(request, pk, refusal):
    row = found(request, pk)
    if request.htmx:
        return render(request, "agenda/_move.html", {
            "one": row, "refusal": refusal, "later": series.later(row), "rest": request.POST.get("rest"),
        } | search.for_move(request.actor, row, request.POST.get("when", "")), status=refusal.status)
    return JsonResponse(refusal.as_dict() | {"detail": said(refusal, tenancy.here().zone, row)}, status=refusal.status)


def said(refusal, zone, row=None) -> str:
    """The refusal and the next best thing: "Ese horario se ocupó recién. Quedan 11:30 y 15:00."""
    openings = getattr(refusal, "openings", ())
    if not openings:
        return str(refusal)
    day = openings[0].start_at.astimezone(zone).date()
    shown_hours = [
        f"{one.start_at.astimezone(zone):%H:%M}" if one.start_at.astimezone(zone).date() == day
        else f"{one.start_at.astimezone(zone):%d/%m %H:%M}" for one in openings]
    if row is not None and row.start_at.astimezone(zone).date() != day:
        shown_hours[0] = f"{day:%d/%m} {shown_hours[0]}"
    text = shown_hours[0] if len(shown_hours) == 1 else _("%(first)s y %(last)s") % {
        "first": ", ".join(shown_hours[:-1]), "last": shown_hours[-1]}
    named = (_("Queda %s.") if len(shown_hours) == 1 else _("Quedan %s.")) % text
    copied = [_("Es lo que dice la última copia de Google Calendar.")] if refusal.mirrored else []
    return " ".join([str(refusal), named, *copied])


@page("agenda.book")
@require_GET
def reschedule(request, pk):
    row = writable(request, pk)
    if row.status not in AHEAD:
        return shown(request, row, booking.WrongState())
    return render(request, "agenda/_move.html", {
        "one": row, "later": series.later(row), "rest": request.GET.get("rest"),
    } | search.for_move(request.actor, row, request.GET.get("when", ""), request.calendars))


