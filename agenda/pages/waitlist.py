"""The waitlist's page: what is offered now, who waits, and who joins. Every verb answers with the rows."""
from datetime import timedelta

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from agenda import matching, waitlist, walls
from agenda.models import TreatmentType, Urgency, WaitlistEntry, WaitlistOffer
from agenda.pages import search
from clinics import access, tenancy
from clinics.access import page
from clinics.audit import audit_access
from clinics.models import Professional
from clinics.patients.forms import DATES
from clinics.patients.models import Patient
from dentalogic.lib import clock
from dentalogic.lib.numerals import whole
from dentalogic.lib.refusals import Refusal

SHOWN, OPENINGS, AHEAD = 200, 12, timedelta(days=30)
DAYS = ((0, _("lun")), (1, _("mar")), (2, _("mié")), (3, _("jue")), (4, _("vie")), (5, _("sáb")), (6, _("dom")))
PARTS = (("morning", _("A la mañana")), ("afternoon", _("A la tarde")), ("evening", _("A última hora")))
MISSING = _("Falta este dato.")


class JoinForm(forms.Form):
    patient = forms.ModelChoiceField(
        Patient.objects.none(), error_messages={"required": _("Elegí quién espera."), "invalid_choice": MISSING})
    treatment = forms.ModelChoiceField(TreatmentType.objects.none(), error_messages={"required": MISSING})
    professional = forms.ModelChoiceField(Professional.objects.none(), required=False)
    urgency = forms.ChoiceField(choices=[("", ""), *Urgency.choices], required=False)
    weekdays = forms.TypedMultipleChoiceField(choices=DAYS, coerce=int, required=False)
    parts = forms.MultipleChoiceField(choices=PARTS, required=False)
    until_on = forms.DateField(
        required=False, input_formats=DATES, error_messages={"invalid": _("La fecha no se entiende.")})
    note = forms.CharField(max_length=300, required=False)

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["patient"].queryset = access.visible(actor, "patients.see", Patient.objects.live())
        self.fields["treatment"].queryset = TreatmentType.objects.active()
        self.people = search.choosable(actor)
        self.fields["professional"].queryset = Professional.objects.active().filter(
            pk__in=[one.pk for one in self.people])
        if access.scope(actor, "agenda.attend") == access.OWN:  # whoever waits for a professional's own time
            self.fields["professional"].required = True


def _entries(actor):
    return access.visible(actor, "agenda.attend", WaitlistEntry.objects.all())


def _offers(actor):
    """The offers to the entries that the person may see."""
    return WaitlistOffer.objects.filter(entry__in=_entries(actor).values("pk"))


def _context(actor, refusal=None, patient=None):
    offers = WaitlistOffer.objects.open().select_related("professional")
    entries = _entries(actor).waiting()
    if patient is not None:
        entries = entries.filter(patient=patient)
    rows = list(entries.with_names().best_first().prefetch_related(
        Prefetch("offers", queryset=offers, to_attr="offered"))[:SHOWN])
    matching.know_visits(rows, clock.now())
    days, parts = dict(DAYS), dict(PARTS)
    for row in rows:
        row.offer = row.offered[0] if row.offered else None
        row.when = ", ".join(str(word) for word in [
            *(days[day] for day in row.weekdays), *(parts[part].lower() for part in row.parts)])
    return {"rows": [one for one in rows if not one.offer], "offered": [one for one in rows if one.offer],
            "refusal": refusal, "now": clock.now()}


@audit_access("agenda.attend")
@page("agenda.attend")
@require_GET
def listed(request):
    form = JoinForm(actor=request.actor, initial={"patient": request.GET.get("patient", "")})
    return _page(request, form)


def _page(request, form, refusal=None, status=200):
    asked = form.data.get("patient") if form.is_bound else form.initial.get("patient")
    chosen = form.fields["patient"].queryset.filter(pk=whole(str(asked or ""))).first()
    return render(request, "agenda/waitlist.html", _context(request.actor) | {
        "form": form, "chosen": chosen, "treatments": form.fields["treatment"].queryset, "people": form.people,
        "urgencies": Urgency.choices,
        "treatment": form.data.get("treatment") or request.GET.get("treatment"),
        "professional": form.data.get("professional") or request.GET.get("professional"),
        "days": DAYS, "parts": PARTS, "fault": refusal,
        "picked": {name: form.data.getlist(name) if form.is_bound else [] for name in ("weekdays", "parts")},
        "any_professional": access.scope(request.actor, "agenda.attend") == access.ALL}, status=status)


@page("agenda.attend")
@require_GET
def rows(request):
    return _rows(request)


def _rows(request, refusal=None):
    return render(request, "agenda/_waitlist.html", _context(request.actor, refusal),
                  status=refusal.status if refusal else 200)


@page("agenda.attend")
@require_POST
def join(request):
    form = JoinForm(request.POST, actor=request.actor)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        waitlist.join(by=request.actor, **form.cleaned_data)
    except Refusal as refusal:
        return _page(request, form, refusal, status=refusal.status)
    return redirect("/agenda/waitlist/")


@page("agenda.attend")
@require_POST
def leave(request, pk):
    return _done(request, waitlist.leave, entry=get_object_or_404(_entries(request.actor), pk=pk))


@page("agenda.attend")
@require_GET
def openings(request, pk):
    """What is free now and suits who waits, without waiting for time to be freed."""
    return _openings(request, get_object_or_404(_entries(request.actor).with_names(), pk=pk))


def _openings(request, entry, refusal=None):
    zone, now = tenancy.here().zone, clock.now()
    first = now.astimezone(zone).date()
    people = {one.pk: one for one in search.choosable(request.actor)}
    found = waitlist.openings_for(entry, first=first, last=first + AHEAD, professionals=list(people.values()))
    free = [
        {"who": people[one.professional_id], "at": one.start_at,
         "start": f"{one.start_at.astimezone(zone):%Y-%m-%dT%H:%M}"}
        for one in found if one.professional_id in people][:OPENINGS]
    return render(request, "agenda/_waitlist_openings.html", {"one": entry, "free": free, "refusal": refusal})


@page("agenda.attend")
@require_POST
def offer(request, pk):
    entry = get_object_or_404(_entries(request.actor).with_names(), pk=pk)
    people = {one.pk: one for one in search.choosable(request.actor)}
    professional = people.get(whole(request.POST.get("professional")))
    if professional is None:
        raise PermissionDenied
    try:
        start_at = walls.instant(request.POST.get("start", ""), tenancy.here().zone)
    except ValueError:
        return _rows(request, Refusal(_("Ese horario no existe en el reloj de la clínica.")))
    return _done(request, waitlist.offer, entry=entry, professional=professional, start_at=start_at)


@page("agenda.attend")
@require_POST
def answer(request, pk, verb):
    """What the patient said when they were called: yes, no; or only that they were."""
    one = _offers(request.actor).filter(pk=pk).first()
    if one is None:
        raise Http404
    if verb == "called":
        waitlist.told(offer=one, how=WaitlistOffer.Told.CALLED)
        return _rows(request)
    return _done(request, {"accept": waitlist.accept, "pass": waitlist.pass_on}[verb], offer=one)


def _done(request, verb, **what):
    try:
        verb(by=request.actor, **what)
    except Refusal as refusal:
        return _rows(request, refusal)
    return _rows(request)


@page("agenda.attend")
@require_GET
def of_patient(request, pk):
    """On the patient's page: what they wait for."""
    patient = get_object_or_404(access.visible(request.actor, "patients.see", Patient.objects.all()), pk=pk)
    found = _context(request.actor, patient=patient)
    waiting = found["offered"] + found["rows"]
    return render(request, "agenda/_waitlist_of.html", {"patient": patient, "waiting": waiting})
