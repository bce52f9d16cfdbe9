"""The desk's forms: give a turn, find an opening. An opening that is chosen is held while its data is typed."""
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agenda import board, booking, walls
from agenda.forms import BookingForm
from agenda.models import Appointment, TreatmentType
from agenda.pages import panel, search
from clinics import access, tenancy
from clinics.access import page
from clinics.models import Professional
from clinics.patients import intake
from clinics.patients.models import Patient
from dentalogic.lib import clock
from dentalogic.lib.numerals import whole
from dentalogic.lib.refusals import Refusal

MATCHES = 8


@page("agenda.book")
def new(request):
    """The form of a new turn, as the grid or the finder filled it in; then the turn."""
    if not search.may_search(request.actor):
        raise PermissionDenied
    if request.method != "POST":
        return form_shown(request, BookingForm(actor=request.actor, initial=_initial(request.GET)))
    form = BookingForm(request.POST, actor=request.actor)
    if not form.is_valid():
        return form_shown(request, form, status=422)
    try:
        row = booked(form.cleaned_data, form.is_new, request.actor)
    except Refusal as refusal:
        for name, texts in refusal.fields.items():
            if name in form.fields:
                form.add_error(name, texts)
        return form_shown(request, form, refusal, status=refusal.status)
    return panel.shown(request, panel.found(request, row.pk), fresh=True)


@tenancy.atomic
def booked(data, is_new, actor):
    """The patient, where it is a new one, and the turn: both or neither."""
    if data["overbook_reason"] and not access.can(actor, "agenda.overbook"):
        raise PermissionDenied
    patient, key = data["patient"], f"{actor.holder}:{data['key']}" if data["key"] else None
    if is_new:
        patient = intake.register(
            first_name=data["first_name"], last_name=data["last_name"], dni=data["dni"] or None, phone=data["phone"],
            insurance=data["insurance"], key=key, by=actor)
    return booking.book(
        patient=patient, professional=data["professional"], treatment=data["treatment"], start_at=data["start_at"],
        urgency=data["urgency"], reason=data["reason"], overbook_reason=data["overbook_reason"], holder=actor.holder,
        key=key, by=actor)


def form_shown(request, form, refusal=None, status=200, **more):
    data = form.data if form.is_bound else form.initial
    zone = tenancy.here().zone
    held = form.is_bound and Appointment.objects.held_by(request.actor.holder).standing(clock.now()).first()
    return render(request, "agenda/_new.html", {
        "form": form, "data": data, "errors": {name: texts[0] for name, texts in form.errors.items()},
        "treatments": TreatmentType.objects.active(), "professionals": search.choosable(request.actor),
        "refusal": refusal, "said": panel.said(refusal, zone) if refusal else "",
        "key": data.get("key") or uuid4().hex, "chosen": _patient(request.actor, data.get("patient")),
        "registers": access.can(request.actor, "patients.edit"),
        "urgencies": form.fields["urgency"].choices,
        "overbooks": getattr(refusal, "code", "") == "slot_taken" and access.can(request.actor, "agenda.overbook"),
        "holds": held, "held_until": held.held_until if held and _asks_for(data, held, zone) else None,
    } | more, status=status)


def _asks_for(data, held, zone) -> bool:
    """Whether the form still asks for the time that is held."""
    return f"{data.get('day')} {data.get('hour', ''):0>5}" == f"{held.start_at.astimezone(zone):%Y-%m-%d %H:%M}"


def _initial(asked):
    """What the address says of the turn: a click on the grid names the professional and the time."""
    day, _t, hour = asked.get("start", "").partition("T")
    return {
        "day": day, "hour": hour[:5], "professional": asked.get("professional", ""),
        "treatment": asked.get("treatment", ""), "patient": asked.get("patient", ""),
    }


def _patient(actor, pk):
    return access.visible(actor, "patients.see", Patient.objects.live()).filter(pk=whole(str(pk or ""))).first()


@page("agenda.book")
@require_GET
def patients(request):
    """The patients that match, to choose one from."""
    text = request.GET.get("who", "").strip()
    rows = access.visible(request.actor, "patients.see", Patient.objects.live())
    found = list(rows.search(text).order_by("folded", "pk")[:MATCHES]) if len(text) > 1 else []
    return render(request, "agenda/_patients.html", {"found": found, "text": text})


@page("agenda.book")
@require_GET
def finder(request):
    if not search.may_search(request.actor):
        raise PermissionDenied
    template = "agenda/_finder.html#found" if request.htmx.target == "found-openings" else "agenda/_finder.html"
    return render(request, template, search.for_finder(request.actor, request.GET, request.calendars))


@page("agenda.book")
@require_POST
def hold(request):
    """Keep the chosen opening while the desk asks the patient's data; answers with the form."""
    professional = Professional.objects.active().filter(pk=whole(request.POST.get("professional"))).first()
    treatment = TreatmentType.objects.active().filter(pk=whole(request.POST.get("treatment"))).first()
    if professional is None or treatment is None:
        raise Http404
    if not board.may_write(request.actor, professional.pk):
        raise PermissionDenied
    try:
        start_at = walls.instant(request.POST.get("start", ""), tenancy.here().zone)
        row = booking.hold(professional=professional, treatment=treatment, start_at=start_at,
                           holder=request.actor.holder, by=request.actor, source="desk")
    except (ValueError, Refusal) as fault:
        refusal = fault if isinstance(fault, Refusal) else Refusal(_("Ese horario no existe."))
        return render(request, "agenda/_finder.html", search.for_finder(request.actor, request.POST) | {
            "refusal": refusal}, status=refusal.status)
    initial = _initial({"start": request.POST["start"], "professional": str(professional.pk),
                        "treatment": str(treatment.pk)})
    form = BookingForm(actor=request.actor, initial=initial)
    return form_shown(request, form, holds=True, held_until=row.held_until)


@page("agenda.book")
@require_POST
def release(request):
    """The form was closed without a turn: what it held is let go."""
    booking.release(holder=request.actor.holder)
    return HttpResponse(status=204)
