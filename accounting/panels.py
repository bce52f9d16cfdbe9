"""What other floors' pages show of a patient's money; each is asked by its address."""
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounting import cash
from accounting.models import Transaction
from accounting.models.transaction import Kind
from clinics import access
from clinics.access import page
from clinics.audit import audit_access
from clinics.patients.models import Patient


def _patient(request, pk):
    return get_object_or_404(access.visible(request.actor, "patients.see", Patient.objects.all()), pk=pk)


def _standing(patient):
    owed = cash.balance(patient)
    return {"balance": owed, "favour": -owed}


@audit_access("cash.see")
@page("cash.see")
@require_GET
def account(request, pk):
    """The patient's account; `?brief` is the card of the summary."""
    patient = _patient(request, pk)
    rows = Transaction.objects.of(patient).with_owed().select_related("appointment__treatment").order_by(
        "-recorded_at", "-pk")
    context = {"patient": patient, **_standing(patient)}
    if "brief" in request.GET:
        return render(request, "accounting/_account_brief.html", context | {
            "last": rows.filter(kind=Kind.PAYMENT).first()})
    return render(request, "accounting/_account.html", context | {"rows": rows})


@audit_access("cash.see")
@page("cash.see")
@require_GET
def balance(request, pk):
    return render(request, "accounting/_balance.html", _standing(_patient(request, pk)))
