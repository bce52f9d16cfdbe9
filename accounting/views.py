"""The day's cash: what moved, the count, and the forms that move it."""
from uuid import uuid4

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from accounting import cash, charging
from accounting.forms import CloseForm, ExpenseForm, OpenForm, PayForm, RefundForm, ReverseForm
from accounting.models import DailyCash, Transaction
from accounting.models.transaction import Kind, Method
from agenda.models import Appointment, Status
from clinics import access, tenancy
from clinics.access import page
from clinics.audit import audit_access
from clinics.idempotency import key_of
from clinics.patients.models import Patient
from dentalogic.lib import clock, money
from dentalogic.lib.numerals import whole
from dentalogic.lib.refusals import Refusal

VISITS = 4  # recent ones that a payment may be for
MATCHES = 8


def _today():
    return clock.today(tenancy.here().zone)


def _day(text):
    day = clock.day_of(text)
    if day is None:
        raise Http404
    return day


@audit_access("cash.see")
@page("cash.see")
@require_GET
def today(request):
    if request.GET.get("patient"):
        return redirect(f"/cash/pay/?{request.GET.urlencode()}")
    return shown(request, _today())


@audit_access("cash.see")
@page("cash.see")
@require_GET
def day(request, day):
    return shown(request, _day(day))


def shown(request, day, close_form=None, open_form=None):
    row, others = DailyCash.objects.select_related("opened_by", "closed_by").filter(day=day).first(), DailyCash.objects
    wrong = (close_form and close_form.errors) or (open_form and open_form.errors)
    context = {
        "place": "cash", "day": day, "row": row, "today": _today(), "takes": cash.day_for(clock.now()),
        "before": others.filter(day__lt=day).order_by("-day").first(),
        "after": others.filter(day__gt=day).order_by("day").first(),
        "left_open": others.filter(day__lt=_today(), closed_at=None).exclude(day=day).order_by("day").first(),
        "movements": Transaction.objects.of_day(day).with_flow().select_related(
            "patient", "appointment__treatment", "reverses"),
        "made": whole(request.GET.get("made")), "close_form": close_form or _close_form(),
        "open_form": open_form or OpenForm(initial={"float_amount": _written(cash.last_count())}),
    }
    template = "accounting/day.html#day" if request.htmx else "accounting/day.html"
    return render(request, template, context, status=422 if wrong else 200)


def _close_form(data=None):
    return CloseForm(data, currency=tenancy.here().currency)


def _written(amount):
    """An amount for a field: without the sign of the currency."""
    return money.show(amount).partition("\u00a0")[2] if amount is not None else ""


@audit_access("cash.register")
@page("cash.register")
@require_POST
def open_day(request):
    form, day = OpenForm(request.POST), cash.day_for(clock.now())
    if form.is_valid():
        try:
            cash.open_day(by=request.actor, now=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(f"/cash/{day.isoformat()}/")
    return shown(request, day, open_form=form)


@audit_access("cash.close")
@page("cash.close")
@require_POST
def close(request, day):
    form, day = _close_form(request.POST), _day(day)
    if form.is_valid():
        try:
            cash.close_day(
                day=day, counted=form.counted(), reason=form.cleaned_data["reason"], by=request.actor,
                now=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(f"/cash/{day.isoformat()}/")
    return shown(request, day, close_form=form)


def _asked_for(request):
    """The patient and the visit that the address or the form names, of those the member may see."""
    asked = request.POST if request.method == "POST" else request.GET
    visits = Appointment.objects.with_names().exclude(status=Status.HELD)
    appointment, patient = None, None
    if (number := whole(asked.get("appointment"))) is not None:
        appointment = get_object_or_404(access.visible(request.actor, "agenda.see", visits), pk=number)
        patient = appointment.patient
    if (number := whole(asked.get("patient"))) is not None:
        patient = get_object_or_404(access.visible(request.actor, "patients.see", Patient.objects.all()), pk=number)
        if appointment is not None and appointment.patient_id != patient.pk:
            raise Http404
    return patient, appointment


@audit_access("cash.register")
@page("cash.register")
def pay(request):
    patient, appointment = _asked_for(request)
    if patient is None and request.method == "GET":
        return _who_pays(request)
    if request.method != "POST":
        return _pay_form(request, PayForm(initial=_due(patient, appointment)), patient, appointment)
    form = PayForm(request.POST)
    if patient is None or not form.is_valid():
        return _pay_form(request, form, patient, appointment)
    try:
        paid = cash.pay(
            patient=patient, appointment=appointment, by=request.actor, now=clock.now(),
            key=key_of(request, request.actor), **form.cleaned_data)
    except Refusal as refusal:
        return _pay_form(request, form.refuse(refusal), patient, appointment)
    return _made(paid)


def _who_pays(request):
    """Whoever the words find, when it is one person; else those to choose from."""
    asked = request.GET.get("q", "").strip()
    people = access.visible(request.actor, "patients.see", Patient.objects.live())
    rows = list(people.order_by("folded", "pk").search(asked)[:MATCHES]) if asked else []
    if len(rows) == 1:
        return redirect(f"/cash/pay/?patient={rows[0].pk}")
    return render(request, "accounting/pay.html", {
        "place": "cash", "rows": rows, "asked": asked, "today": _today(), "takes": cash.day_for(clock.now())})


def _due(patient, appointment):
    """What is probably paid now: what is owed, else the visit's price."""
    owed = cash.balance(patient) if patient is not None else 0
    price = appointment.treatment.price if appointment and charging.charge_of(appointment) is None else None
    return {"amount": _written(owed if owed > 0 else price), "method": Method.CASH}


def _pay_form(request, form, patient, appointment):
    context = _form_context(request, form) | {
        "patient": patient, "appointment": appointment, "nobody": request.method == "POST" and patient is None}
    if patient is not None:
        seen = Appointment.objects.with_names().filter(patient=patient, start_at__lte=clock.now())
        gone = (Status.HELD, Status.CANCELLED, Status.NO_SHOW)
        visits = list(seen.exclude(status__in=gone).order_by("-start_at")[:VISITS])
        if appointment is not None and appointment not in visits:
            visits.insert(0, appointment)
        context |= {
            "balance": (owed := cash.balance(patient)), "favour": -owed, "visits": visits,
            "unpriced": appointment is not None and charging.wants_a_price(appointment)}
    return render(request, "accounting/pay.html", context, status=422 if form.errors or context["nobody"] else 200)


def _form_context(request, form):
    return {
        "place": "cash", "form": form, "key": request.POST.get("key") or uuid4(), "methods": Method.choices,
        "today": _today(), "takes": cash.day_for(clock.now()),
    }


def _made(movement):
    return redirect(f"/cash/{movement.on_day.isoformat()}/?{urlencode({'made': movement.pk})}")


@audit_access("cash.register")
@page("cash.register")
def expense(request):
    form = ExpenseForm(request.POST or None, initial={"method": Method.CASH})
    if request.method == "POST" and form.is_valid():
        try:
            return _made(cash.spend(
                by=request.actor, now=clock.now(), key=key_of(request, request.actor), **form.cleaned_data))
        except Refusal as refusal:
            form.refuse(refusal)
    return render(
        request, "accounting/expense.html", _form_context(request, form), status=422 if form.errors else 200)


@audit_access("cash.register")
@page("cash.register")
def movement(request, pk):
    """One movement, and how it is corrected: money given back, or registered wrong."""
    row = get_object_or_404(Transaction.objects.with_flow().select_related(
        "patient", "appointment__treatment", "recorded_by", "reverses").exclude(method=""), pk=pk)
    left = cash.left_of(row)
    refunds, verb = request.POST.get("do") == "refund", request.method == "POST"
    refund = RefundForm(request.POST if verb and refunds else None, initial={
        "amount": _written(left), "method": row.method})
    reverse = ReverseForm(request.POST if verb and not refunds else None)
    form = refund if refunds else reverse
    if verb and form.is_valid():
        try:
            said = {"by": request.actor, "now": clock.now(), "key": key_of(request, request.actor)} | form.cleaned_data
            return _made(cash.refund(payment=row, **said) if refunds else cash.reverse(movement=row, **said))
        except Refusal as refusal:
            form.refuse(refusal)
    return render(request, "accounting/movement.html", _form_context(request, refund) | {
        "one": row, "left": left, "reverse": reverse, "refundable": row.kind == Kind.PAYMENT and left > 0,
        "reversible": row.kind in (Kind.PAYMENT, Kind.EXPENSE) and left == row.amount,
    }, status=422 if form.errors else 200)
