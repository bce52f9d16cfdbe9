"""The patients' pages. What the floors above know of a patient comes by the addresses of their own panels."""
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from clinics import access, tenancy
from clinics.access import can, page
from clinics.audit import audit_access, log_security_event
from clinics.idempotency import key_of
from clinics.patients import anamnesis, charting, intake, rights
from clinics.patients.forms import HistoryForm, PatientForm
from clinics.patients.models import ClinicalRecord, Insurer, Patient, RecordDraft
from dentalogic.lib import clock
from dentalogic.lib.numerals import whole
from dentalogic.lib.refusals import Refusal

A_PAGE = 50
MATCHES = 8
LATEST = 3  # entries of the record on the summary
TABS = {  # tab: (label, the right to see it)
    "resumen": (gettext_lazy("Resumen"), "patients.see"),
    "historia": (gettext_lazy("Historia clínica"), "record.read"),
    "turnos": (gettext_lazy("Turnos"), "agenda.see"),
    "conversacion": (gettext_lazy("Conversación"), "conversations.see"),
    "archivos": (gettext_lazy("Archivos"), "files.see"),
    "pagos": (gettext_lazy("Pagos"), "cash.see"),
}


def _seen(request):
    return access.visible(request.actor, "patients.see", Patient.objects.all())


@audit_access("patients.see")
@page("patients.see")
@require_GET
def patients(request):
    """All of them in order of surname, or those that the words find."""
    asked = request.GET.get("q", "").strip()
    rows = _seen(request).live().order_by("folded", "pk").search(asked)
    shown = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    template = "patients/list.html#rows" if request.htmx else "patients/list.html"
    return render(request, template, {"place": "patients", "rows": shown, "asked": asked})


@audit_access("patients.see")
@page("patients.see")
@require_GET
def found(request):
    """What the bar's search finds."""
    asked = request.GET.get("q", "").strip()
    rows = _seen(request).live().order_by("folded", "pk").search(asked)[:MATCHES] if asked else ()
    return render(request, "patients/found.html", {"rows": rows, "asked": asked})


@audit_access("patients.see")
@page("patients.see")
@require_GET
def pick(request):
    """The same for a form that needs a patient: links back to it with `?patient=`."""
    asked = request.GET.get("q", "").strip()
    rows = _seen(request).live().order_by("folded", "pk").search(asked)[:MATCHES] if asked else ()
    return render(request, "patients/pick.html", {"rows": rows, "asked": asked})


@audit_access("patients.edit")
@page("patients.edit")
def new(request):
    form = PatientForm(request.POST or None, initial=_names(request.GET.get("q", "")))
    if request.method != "POST" or not form.is_valid():
        return _form(request, form)
    try:
        made = intake.register(by=request.actor, key=key_of(request, request.actor), **form.cleaned_data)
    except Refusal as refusal:
        return _form(request, form.refuse(refusal), refusal)
    return redirect(f"/patients/{made.pk}/")


@audit_access("patients.edit")
@page("patients.edit")
def edit(request, pk):
    row = get_object_or_404(_seen(request), pk=pk)
    known = {field: getattr(row, field) for field in PatientForm.base_fields}
    if row.birth_on:
        known["birth_on"] = f"{row.birth_on:%d/%m/%Y}"
    form = PatientForm(request.POST or None, initial=known)
    if request.method != "POST" or not form.is_valid():
        return _form(request, form, patient=row)
    try:
        intake.update(patient=row, by=request.actor, **form.cleaned_data)
    except Refusal as refusal:
        return _form(request, form.refuse(refusal), refusal, patient=row)
    return redirect(f"/patients/{row.pk}/")


def _names(asked):
    """What was searched in vain is the name of who is to be registered."""
    words = asked.split()
    if any(word[:1].isdecimal() for word in words):
        return {"dni": asked}
    return {"first_name": " ".join(words[:-1]) or asked, "last_name": " ".join(words[-1:]) if words[1:] else ""}


def _form(request, form, refusal=None, patient=None):
    return render(request, "patients/form.html", {
        "place": "patients", "form": form, "patient": patient, "insurers": Insurer.objects.all(),
        "key": request.POST.get("key") or uuid4(), "taken": refusal and refusal.extra.get("patient"),
    }, status=422 if form.errors else 200)


@audit_access("patients.see")
@page("patients.see")
@require_GET
def patient(request, pk):
    asked = request.GET.get("tab")
    tab = asked if asked in TABS else next(iter(TABS))  # all who see patients see the first; what was mistyped is it
    if not can(request.actor, TABS[tab][1]):
        raise PermissionDenied
    row = get_object_or_404(_seen(request).select_related("guardian"), pk=pk)
    return _page(request, row, tab)


def _page(request, row, tab, status=200, **more):
    context = {
        "place": "patients", "patient": row, "tab": tab,
        "tabs": [(name, label) for name, (label, right) in TABS.items() if can(request.actor, right)],
        "age": row.age_on(clock.today(tenancy.here().zone)),
        "alerts": row.alerts if can(request.actor, "alerts.see") else [],
    }
    if can(request.actor, "record.read") and tab in ("resumen", "historia"):
        log_security_event("record.read", seen=True, by=request.actor, request=request, patient=row.pk)
        context |= _record(request, row) if tab == "historia" else _summary(request, row)
    return render(request, f"patients/{tab}.html", context | more, status=status)


def _summary(request, row):
    return {
        "latest": ClinicalRecord.objects.of(row).newest_first()[:LATEST], "history": anamnesis.table(row),
        "reviewed": anamnesis.reviewed(row), "writes": rights.writes_record(request.actor, row),
    }


def _record(request, row):
    """The timeline, the state of its chain, and what this person was writing."""
    writes = rights.writes_record(request.actor, row)
    kept = RecordDraft.objects.filter(patient=row, user_id=request.actor.user_id).select_related("corrects").first()
    asked = whole(request.GET.get("corrects"))
    corrects = ClinicalRecord.objects.of(row).filter(pk=asked).first() if asked else kept and kept.corrects
    entries = Paginator(ClinicalRecord.objects.of(row).newest_first(), A_PAGE).get_page(request.GET.get("page"))
    return {
        "writes": writes, "entries": entries, "chain": charting.verify_chain(row), "text": kept.text if kept else "",
        "corrects": corrects, "key": uuid4(), "kept": kept,
    }


@audit_access("alerts.see")
@page("alerts.see")
@require_GET
def alerts(request, pk):
    row = get_object_or_404(_seen(request), pk=pk)
    return render(request, "patients/_head.html#alerts", {"patient": row, "alerts": row.alerts})


def _writable(request, pk):
    row = get_object_or_404(_seen(request), pk=pk)
    if not rights.writes_record(request.actor, row):
        raise PermissionDenied(rights.NotTreating.detail)
    return row


@audit_access("record.write")
@page("record.write")
def history(request, pk):
    row = _writable(request, pk)
    form = HistoryForm(request.POST or None, initial=row.medical_history)
    if request.method == "POST" and form.is_valid():
        try:
            anamnesis.merge(
                patient=row, answers=form.cleaned_data, by=request.actor, through="chair", now=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(f"/patients/{row.pk}/")
    return render(request, "patients/history.html", {
        "place": "patients", "patient": row, "form": form, "alerts": row.alerts,
        "age": row.age_on(clock.today(tenancy.here().zone))}, status=422 if form.errors else 200)


def _writing(request, pk):
    """The patient, and the entry that is being corrected, for one who may write."""
    row, corrects = _writable(request, pk), whole(request.POST.get("corrects"))
    entry = get_object_or_404(ClinicalRecord.objects.of(row), pk=corrects) if corrects else None
    return row, entry


@page("record.write")
@require_POST
def draft(request, pk):
    row, corrects = _writing(request, pk)
    try:
        key = key_of(request, request.actor)
    except Refusal as refusal:
        return HttpResponse(str(refusal), status=refusal.status)
    kept = charting.keep_draft(
        patient=row, text=request.POST.get("text", ""), corrects=corrects, by=request.actor,
        key=key)
    return HttpResponse(_("Borrador, guardado %s") % f"{clock.now().astimezone(tenancy.here().zone):%H:%M}"
                        if kept else _("Borrador, se guarda solo"))


@audit_access("record.write")
@page("record.write")
@require_POST
def sign(request, pk):
    row, corrects = _writing(request, pk)
    text = request.POST.get("text", "")
    try:
        charting.sign(
            patient=row, author=request.member.professional, text=text, corrects=corrects, by=request.actor,
            key=key_of(request, request.actor))
    except Refusal as refusal:
        return _page(request, row, "historia", refusal.status, refusal=refusal, text=text, corrects=corrects)
    return redirect(f"/patients/{row.pk}/?tab=historia")
