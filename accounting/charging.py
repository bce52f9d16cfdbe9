"""What a patient owes for what was done. A charge moves no cash; a payment settles it."""
from django.utils.translation import gettext_lazy as _

from accounting.models import Transaction
from accounting.models.transaction import Kind
from agenda.models import Appointment
from clinics import live, tenancy
from dentalogic.lib import money
from dentalogic.lib.refusals import Refusal
from dentalogic.lib.sql import lock


class AlreadyCharged(Refusal):
    code = "already_charged"
    status = 409
    detail = _("Ese turno ya tiene su cargo.")


class NothingToCharge(Refusal):
    code = "nothing_to_charge"
    detail = _("El importe del cargo tiene que ser mayor que cero.")


@tenancy.atomic
def charge(*, patient, amount, by, now, appointment=None, detail="", covered=0) -> Transaction:
    """Put `amount` on the patient's account, of which the insurance pays `covered`. A visit is charged once."""
    amount, covered = money.exact(amount), money.exact(covered)
    if amount <= 0 or not 0 <= covered <= amount:
        raise NothingToCharge(fields={"amount": [str(NothingToCharge.detail)]})
    lock("patient", patient.pk)
    number = 1 + Transaction.objects.filter(appointment=appointment, kind=Kind.CHARGE).count() if appointment else 1
    if number > 1 and charge_of(appointment):
        raise AlreadyCharged
    charged = Transaction.objects.create(
        kind=Kind.CHARGE, amount=amount, method="", detail=detail, patient=patient, appointment=appointment,
        charge_number=number,
        currency=tenancy.here().currency, on_day=now.astimezone(tenancy.here().zone).date(), recorded_at=now,
        recorded_by_id=by.user_id, covered_by_insurance=covered, paid_by_patient=amount - covered)
    live.say("BILLING_UPDATED", patient=patient.pk)
    return charged


def charge_of(appointment) -> Transaction | None:
    return Transaction.objects.charges().filter(appointment=appointment).first()


def wants_a_price(appointment) -> bool:
    """Nobody said what this visit costs: its treatment has no price and it is not charged yet."""
    return not appointment.treatment.price and charge_of(appointment) is None


@tenancy.atomic
def charge_visit(*, appointment, by, now) -> Transaction | None:
    """Charge a completed visit its treatment's price, once. A treatment of several sessions is charged with its last.

    None when the treatment has no price, the course is not over, or the visit was charged before.
    """
    treatment = appointment.treatment
    if appointment.patient_id is None or not treatment.price:
        return None
    lock("patient", appointment.patient_id)
    if charge_of(appointment) or not _course_is_over(appointment):
        return None
    return charge(
        patient=appointment.patient, amount=treatment.price, appointment=appointment, detail=treatment.name, by=by,
        now=now)


@tenancy.atomic
def uncharge_visit(*, appointment, by, now) -> Transaction | None:
    """The visit was not done after all: its charge is reversed, and made anew when it is. What was paid for it stays
    in the patient's favour. None where nothing was charged."""
    if appointment.patient_id is None:
        return None
    lock("patient", appointment.patient_id)
    wrong = charge_of(appointment)
    if wrong is None:
        return None
    undone = Transaction.objects.create(
        kind=Kind.ADJUSTMENT, amount=wrong.amount, method="", detail=wrong.detail, patient=appointment.patient,
        appointment=appointment, currency=wrong.currency, on_day=now.astimezone(tenancy.here().zone).date(),
        recorded_at=now, recorded_by_id=by.user_id, covered_by_insurance=wrong.covered_by_insurance,
        paid_by_patient=wrong.paid_by_patient, reverses=wrong)
    live.say("BILLING_UPDATED", patient=appointment.patient_id)
    return undone


def _course_is_over(appointment) -> bool:
    """The sessions done pay for one more whole course than was charged."""
    sessions = appointment.treatment.sessions
    if sessions <= 1:
        return True
    same = {"patient_id": appointment.patient_id, "treatment_id": appointment.treatment_id}
    done = Appointment.objects.filter(**same, status="completed").exclude(pk=appointment.pk).count() + 1
    charged = Transaction.objects.charges().filter(
        **{f"appointment__{field}": value for field, value in same.items()}).count()
    return done >= (charged + 1) * sessions
