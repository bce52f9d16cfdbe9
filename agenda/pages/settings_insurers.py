"""Ajustes > Obras sociales: what is done with each, and what each covers of which treatment.

Insurers are of a lower floor, which knows treatments by their code alone: their names are here.
"""
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agenda.models import TreatmentType
from clinics.access import page
from clinics.audit import audit_access
from clinics.patients import insurers
from clinics.patients.models import Coverage, Insurer
from clinics.patients.settings_forms import CoverageForm, InsurerForm, known
from dentalogic.lib.refusals import Refusal


@audit_access("clinic.configure")
@page("clinic.configure")
def listed(request):
    own = Coverage.objects.exclude(treatment_code=insurers.EVERYTHING).order_by().values_list("insurer")
    counts, rows = dict(own.annotate(Count("pk"))), list(Insurer.objects.all())
    for one in rows:
        one.own = counts.get(one.pk, 0)
    return render(request, "patients/settings_insurers.html", {"rows": rows})


@audit_access("clinic.configure")
@page("clinic.configure")
def new(request):
    form = InsurerForm(request.POST if request.method == "POST" else None, initial={
        "policy": Insurer.Policy.ACCEPTED, "delay_days": 0})
    return _form(request, "patients/settings_insurer.html", form, lambda said: insurers.add(by=request.actor, **said))


@audit_access("clinic.configure")
@page("clinic.configure")
def edit(request, pk):
    row = get_object_or_404(Insurer, pk=pk)
    initial = known(insurers.general(row), name=row.name, aliases=row.aliases)
    form = InsurerForm(request.POST if request.method == "POST" else None, initial=initial)
    coverages, names = list(_own(row)), dict(TreatmentType.objects.values_list("code", "name"))
    for one in coverages:
        one.treatment = names.get(one.treatment_code, one.treatment_code)
    return _form(
        request, "patients/settings_insurer.html", form,
        lambda said: insurers.change(insurer=row, by=request.actor, **said), one=row, coverages=coverages)


@audit_access("clinic.configure")
@page("clinic.configure")
@require_POST
def remove(request, pk):
    insurers.remove(insurer=get_object_or_404(Insurer, pk=pk), by=request.actor)
    return redirect("/settings/insurers/?saved")


@audit_access("clinic.configure")
@page("clinic.configure")
def cover(request, pk):
    """What it covers of one more treatment."""
    return _coverage(request, get_object_or_404(Insurer, pk=pk), None)


@audit_access("clinic.configure")
@page("clinic.configure")
def coverage(request, pk, coverage_pk):
    row = get_object_or_404(Insurer, pk=pk)
    return _coverage(request, row, get_object_or_404(_own(row), pk=coverage_pk))


@audit_access("clinic.configure")
@page("clinic.configure")
@require_POST
def uncover(request, pk, coverage_pk):
    row = get_object_or_404(_own(get_object_or_404(Insurer, pk=pk)), pk=coverage_pk)
    insurers.uncover(coverage=row, by=request.actor)
    return redirect(f"/settings/insurers/{pk}/?saved")


def _own(insurer):
    """What it covers treatment by treatment."""
    return Coverage.objects.filter(insurer=insurer).exclude(treatment_code=insurers.EVERYTHING)


def _coverage(request, insurer, row):
    initial = known(row or insurers.general(insurer), treatment_code=row.treatment_code if row else "")
    form = CoverageForm(
        request.POST if request.method == "POST" else None, initial=initial, treatments=_choices(row))
    return _form(
        request, "patients/settings_coverage.html", form,
        lambda said: insurers.cover(insurer=insurer, coverage=row, by=request.actor, **said), one=insurer, row=row)


def _choices(row):
    rows = dict(TreatmentType.objects.filter(Q(active=True) | Q(code=row and row.treatment_code)).values_list(
        "code", "name"))
    return rows if row is None else {row.treatment_code: row.treatment_code} | rows  # its treatment may be gone


def _form(request, template, form, verb, one=None, **more):
    """The form, or the verb with what it says and on to the insurer's page."""
    if request.method == "POST" and form.is_valid():
        try:
            made = verb(form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(f"/settings/insurers/{getattr(made, 'insurer_id', made.pk)}/?saved")
    return render(request, template, {"form": form, "one": one, **more}, status=422 if form.errors else 200)
