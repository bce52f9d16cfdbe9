"""The day's cash: one movement is one row, and the day's row moves with it in the same transaction.

Every verb that moves money locks the row of its day first, so movements and the closing of a day stand in line.

Nobody at the desk waits for the cash to be opened: the first movement opens the day with a float of zero and no
`opened_by`, and the page asks for the count until somebody gives it (a float is the same coins at 8 and at 10; a
patient with money in hand does not wait). What is taken after the day was closed goes to the next day's cash.
"""
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from accounting import charging
from accounting.models import DailyCash, Transaction
from accounting.models.transaction import ZERO, Kind, Method
from clinics import live, tenancy
from clinics.audit import log_security_event
from dentalogic.lib import money
from dentalogic.lib.refusals import Refusal


class AmountNotPositive(Refusal):
    code = "amount_not_positive"
    detail = _("El importe tiene que ser mayor que cero.")


class UnknownMethod(Refusal):
    code = "unknown_method"
    detail = _("Elegí el medio de pago.")


class ReasonMissing(Refusal):
    code = "reason_missing"
    detail = _("Falta el motivo.")


class AlreadyOpen(Refusal):
    code = "already_open"
    status = 409
    detail = _("El fondo de esta caja ya está contado.")


class NotOpen(Refusal):
    code = "not_open"
    status = 409
    detail = _("Ese día no tuvo movimientos: no hay caja para cerrar.")


class DayClosed(Refusal):
    code = "day_closed"
    status = 409
    detail = _("La caja de ese día está cerrada. Lo que falte se corrige en la del día siguiente.")


class DayNotStarted(Refusal):
    code = "day_not_started"
    status = 409
    detail = _("Ese día todavía no empezó: su caja se cierra cuando llegue.")


class DifferenceNeedsReason(Refusal):
    code = "difference_needs_reason"
    detail = _("Falta el motivo de la diferencia.")


class NotReversible(Refusal):
    code = "not_reversible"
    status = 409
    detail = _("Ese movimiento ya se corrigió o no se puede anular.")


class MoreThanPaid(Refusal):
    code = "more_than_paid"
    detail = _("No se puede devolver más de lo que queda de ese cobro.")


class KeyReused(Refusal):
    code = "key_reused"
    status = 409
    detail = _("Ese envío ya se registró con otros datos.")


def day_for(now) -> date:
    """The day whose cash takes what is paid now: today, or the next day that is not closed."""
    day = now.astimezone(tenancy.here().zone).date()
    closed = set(DailyCash.objects.filter(day__gte=day, closed_at__isnull=False).values_list("day", flat=True))
    while day in closed:
        day += timedelta(days=1)
    return day


def last_count() -> Decimal | None:
    """What the drawer held when a cash was last closed: the float to suggest."""
    last = DailyCash.objects.filter(closed_at__isnull=False).order_by("-day").first()
    return last and last.counted


def _locked_day(now) -> DailyCash:
    """The row of the day that takes a movement now, locked; made if it is not there."""
    day = day_for(now)
    DailyCash.objects.get_or_create(day=day, defaults={"opened_at": now})
    row = DailyCash.objects.select_for_update().get(day=day)
    return row if not row.is_closed else _locked_day(now)


def _valid(amount, method):
    try:
        amount = money.exact(amount)
    except money.BadAmount as fault:
        raise money.BadAmount(fields={"amount": [str(fault)]}) from fault
    if amount <= 0:
        raise AmountNotPositive(fields={"amount": [str(AmountNotPositive.detail)]})
    if method not in Method.values:
        raise UnknownMethod(fields={"method": [str(UnknownMethod.detail)]})
    return amount


def _repeated(key, **same) -> Transaction | None:
    """The movement that this key already made; the same key for another movement is refused."""
    already = Transaction.objects.filter(key=key).first() if key else None
    if already and any(getattr(already, field) != value for field, value in same.items()):
        raise KeyReused
    return already


def _move(day, *, kind, amount, method, by, now, **said) -> Transaction:
    """Write a movement and move its day with it. The one place where both happen."""
    shares = {"paid_by_patient": amount} if said.get("patient") else {}
    moved = Transaction.objects.create(
        kind=kind, amount=amount, method=method, on_day=day.day, currency=tenancy.here().currency,
        recorded_at=now, recorded_by_id=by.user_id, **shares, **said)
    flow = _flow(kind, amount, said.get("reverses"))
    changes = {method: F(method) + flow} if kind != Kind.OPENING else {"opening_balance": F("opening_balance") + flow}
    if method == Method.CASH:
        changes["expected"] = F("expected") + flow
    if Kind.EXPENSE in (kind, getattr(said.get("reverses"), "kind", None)):
        changes["expenses"] = F("expenses") - flow
    if kind == Kind.OPENING:
        changes["opened_by_id"] = by.user_id
    DailyCash.objects.filter(pk=day.pk).update(**changes)
    return moved


def _flow(kind, amount, reverses):
    if kind == Kind.ADJUSTMENT:
        return -_flow(reverses.kind, amount, None)
    return amount if kind in (Kind.PAYMENT, Kind.OPENING) else -amount


@tenancy.atomic
def open_day(*, float_amount, by, now) -> DailyCash:
    """Count the float of the day; a day that opened itself takes it too. AlreadyOpen when it was counted."""
    amount = money.exact(float_amount)
    if amount < 0:
        raise AmountNotPositive(fields={"amount": [str(AmountNotPositive.detail)]})
    day = _locked_day(now)
    if day.opened_by_id is not None:
        raise AlreadyOpen
    if amount:
        _move(
            day, kind=Kind.OPENING, amount=amount, method=Method.CASH, by=by, now=now, detail=str(_("Fondo contado")))
    else:
        DailyCash.objects.filter(pk=day.pk).update(opened_by_id=by.user_id)
    log_security_event("cash.opened", by=by, day=day.day.isoformat(), amount=str(amount))
    live.say("BILLING_UPDATED", day=day.day.isoformat())
    day.refresh_from_db()
    return day


@tenancy.atomic
def pay(*, patient, amount, method, by, now, appointment=None, worth=None, detail="", key=None) -> Transaction:
    """A patient pays. One `key`, one payment. AmountNotPositive, UnknownMethod, BadAmount or KeyReused.

    A visit whose treatment has no price is charged here what it is `worth`, or what is paid for it.
    """
    amount = _valid(amount, method)
    day = _locked_day(now)
    if already := _repeated(key, kind=Kind.PAYMENT, amount=amount, method=method, patient_id=patient.pk):
        return already
    paid = _move(
        day, kind=Kind.PAYMENT, amount=amount, method=method, by=by, now=now, patient=patient,
        appointment=appointment, detail=detail.strip(), key=key or None)
    if appointment is not None and charging.wants_a_price(appointment):
        charging.charge(
            patient=patient, amount=worth or amount, appointment=appointment, detail=appointment.treatment.name,
            by=by, now=now)
    live.say("PAYMENT_CONFIRMED", payment=paid.pk, patient=patient.pk, day=day.day.isoformat())
    return paid


@tenancy.atomic
def spend(*, amount, method, detail, by, now, key=None) -> Transaction:
    """Money that leaves the cash for the clinic's own needs; says what for."""
    amount = _valid(amount, method)
    if not detail.strip():
        raise ReasonMissing(fields={"detail": [str(ReasonMissing.detail)]})
    day = _locked_day(now)
    if already := _repeated(key, kind=Kind.EXPENSE, amount=amount, method=method):
        return already
    spent = _move(
        day, kind=Kind.EXPENSE, amount=amount, method=method, by=by, now=now, detail=detail.strip(), key=key or None)
    live.say("BILLING_UPDATED", movement=spent.pk, day=day.day.isoformat())
    return spent


def left_of(payment) -> Decimal:
    """How much of a payment has not been given back or reversed."""
    back = Transaction.objects.filter(reverses=payment).aggregate(total=Sum("amount"))["total"]
    return payment.amount - (back or ZERO)


@tenancy.atomic
def refund(*, payment, amount, method, detail, by, now, key=None) -> Transaction:
    """Give a patient back all or part of a payment, in today's cash, whatever day it was paid on."""
    amount = _valid(amount, method)
    if not detail.strip():
        raise ReasonMissing(fields={"detail": [str(ReasonMissing.detail)]})
    day = _locked_day(now)
    if already := _repeated(key, kind=Kind.REFUND, amount=amount, method=method, reverses_id=payment.pk):
        return already
    if payment.kind != Kind.PAYMENT:
        raise NotReversible
    if amount > left_of(payment):
        raise MoreThanPaid(fields={"amount": [str(MoreThanPaid.detail)]})
    back = _move(
        day, kind=Kind.REFUND, amount=amount, method=method, by=by, now=now, patient=payment.patient,
        appointment=payment.appointment, detail=detail.strip(), reverses=payment, key=key or None)
    live.say("BILLING_UPDATED", movement=back.pk, patient=payment.patient_id, day=day.day.isoformat())
    return back


@tenancy.atomic
def reverse(*, movement, detail, by, now, key=None) -> Transaction:
    """Undo a payment or an expense that was registered wrong: its opposite, whole, in today's cash."""
    if not detail.strip():
        raise ReasonMissing(fields={"detail": [str(ReasonMissing.detail)]})
    day = _locked_day(now)
    if already := _repeated(key, kind=Kind.ADJUSTMENT, reverses_id=movement.pk):
        return already
    if movement.kind not in (Kind.PAYMENT, Kind.EXPENSE) or left_of(movement) != movement.amount:
        raise NotReversible
    undone = _move(
        day, kind=Kind.ADJUSTMENT, amount=movement.amount, method=movement.method, by=by, now=now,
        patient=movement.patient, appointment=movement.appointment, detail=detail.strip(), reverses=movement,
        key=key or None)
    live.say("BILLING_UPDATED", movement=undone.pk, day=day.day.isoformat())
    return undone


@tenancy.atomic
def close_day(*, day, counted, reason, by, now) -> DailyCash:
    """Close the cash of `day` (a date) with what was counted; a difference needs a reason. Nothing moves it again."""
    counted = money.exact(counted)
    if counted < 0:
        raise money.BadAmount(fields={"counted": [str(money.BadAmount.detail)]})
    if day > now.astimezone(tenancy.here().zone).date():
        raise DayNotStarted
    row = DailyCash.objects.select_for_update().filter(day=day).first()
    if row is None:
        raise NotOpen
    if row.is_closed:
        raise DayClosed
    row.counted, row.difference, row.difference_reason = counted, counted - row.expected, reason.strip()
    if row.difference and not row.difference_reason:
        raise DifferenceNeedsReason(
            fields={"reason": [str(DifferenceNeedsReason.detail)]}, extra={"difference": str(row.difference)})
    row.closed_by_id, row.closed_at = by.user_id, now
    row.save(update_fields=["counted", "difference", "difference_reason", "closed_by", "closed_at"])
    log_security_event(
        "cash.closed", by=by, day=day.isoformat(), counted=str(counted), difference=str(row.difference))
    live.say("BILLING_UPDATED", day=day.isoformat())
    return row


def recompute(day: date) -> dict[str, Decimal]:
    """The figures of a day from its transactions alone: what `daily_cash_flow` must say."""
    moved = Transaction.objects.of_day(day).with_flow().order_by()
    figures = moved.aggregate(
        opening_balance=Sum("flow", filter=Q(kind=Kind.OPENING)),
        expenses=Sum("flow", filter=Q(kind=Kind.EXPENSE) | Q(kind=Kind.ADJUSTMENT, reverses__kind=Kind.EXPENSE)),
        **{method: Sum("flow", filter=Q(method=method) & ~Q(kind=Kind.OPENING)) for method in Method.values})
    figures = {name: value or ZERO for name, value in figures.items()}
    figures["expenses"] = -figures["expenses"]
    figures["expected"] = figures["opening_balance"] + figures["cash"]
    return figures


def balance(patient) -> Decimal:
    """What the patient owes; negative is money in their favour."""
    return Transaction.objects.of(patient).owed()
