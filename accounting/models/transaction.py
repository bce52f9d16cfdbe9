from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Sum, Value, When
from django.utils.translation import gettext_lazy as _

from clinics.tenancy import TenantForeignKey, TenantModel, TenantQuerySet

ZERO = Decimal("0.00")
MONEY = {"max_digits": 12, "decimal_places": 2}


class Kind(models.TextChoices):
    CHARGE = "charge", _("Cargo")
    PAYMENT = "payment", _("Cobro")
    REFUND = "refund", _("Devolución")
    EXPENSE = "expense", _("Egreso")
    ADJUSTMENT = "adjustment", _("Anulación")  # the opposite of the movement it reverses
    OPENING = "opening", _("Apertura")


class Method(models.TextChoices):
    CASH = "cash", _("Efectivo")
    CARD = "card", _("Tarjeta")
    TRANSFER = "transfer", _("Transferencia")
    QR = "qr", _("QR")


IN, OUT = (Kind.PAYMENT, Kind.OPENING), (Kind.REFUND, Kind.EXPENSE)
OWED, SETTLED = (Kind.CHARGE, Kind.REFUND), (Kind.PAYMENT,)


def signed(amount, plus, minus):
    """`amount` with the sign that its kind gives it; an adjustment has the opposite of what it reverses."""
    return Case(
        When(Q(kind__in=plus) | Q(kind=Kind.ADJUSTMENT, reverses__kind__in=minus), then=F(amount)),
        When(Q(kind__in=minus) | Q(kind=Kind.ADJUSTMENT, reverses__kind__in=plus), then=-F(amount)),
        default=Value(ZERO), output_field=models.DecimalField(**MONEY))


class TransactionQuerySet(TenantQuerySet):
    def of(self, patient):
        return self.filter(patient=patient)

    def charges(self):
        """Those that stand: what was charged by mistake is reversed."""
        undone = self.model.objects.filter(kind=Kind.ADJUSTMENT, reverses=OuterRef("pk"))
        return self.filter(~Exists(undone), kind=Kind.CHARGE)

    def of_day(self, day):
        """What moved the cash of that day, newest first."""
        return self.filter(on_day=day).exclude(method="").order_by("-recorded_at", "-pk")

    def with_flow(self):
        """Each with `flow`: what it put into the cash, negative where it took out."""
        return self.annotate(flow=signed("amount", IN, OUT))

    def with_owed(self):
        """Each with `owes`: what it added to the patient's debt, negative where it settled it."""
        return self.annotate(owes=signed("paid_by_patient", OWED, SETTLED))

    def owed(self) -> Decimal:
        """What these leave owed; negative is money in the patient's favour."""
        return self.aggregate(total=Sum(signed("paid_by_patient", OWED, SETTLED)))["total"] or ZERO


class Transaction(TenantModel):
    """One movement of money. Never edited and never deleted: another one reverses it."""

    kind = models.CharField(_("tipo"), max_length=12, choices=Kind)
    amount = models.DecimalField(_("importe"), **MONEY)
    currency = models.CharField(max_length=3)
    method = models.CharField(_("medio"), max_length=10, choices=Method, blank=True)  # none: it moves no cash
    detail = models.CharField(_("detalle"), max_length=200, blank=True)
    patient = TenantForeignKey("patients.Patient", null=True, blank=True)
    appointment = TenantForeignKey("agenda.Appointment", null=True, blank=True)
    on_day = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    covered_by_insurance = models.DecimalField(default=ZERO, **MONEY)
    paid_by_patient = models.DecimalField(default=ZERO, **MONEY)
    reverses = TenantForeignKey("self", null=True, blank=True)
    key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001  (one per submission)
    charge_number = models.PositiveSmallIntegerField(default=1, db_default=1, editable=False)  # of its visit's charges

    objects = TransactionQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        db_table = "accounting_transactions"
        verbose_name = _("movimiento")
        verbose_name_plural = _("movimientos")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "key"], name="accounting_transactions_key_key"),
            models.UniqueConstraint(
                fields=["tenant", "appointment", "charge_number"], name="accounting_transactions_one_charge_each",
                condition=Q(kind="charge")),
            models.UniqueConstraint(
                fields=["tenant", "reverses"], name="accounting_transactions_one_reversal",
                condition=Q(kind="adjustment")),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount}"

    @property
    def settles(self):
        """Of a row read `with_owed`: what it took off the debt."""
        return -self.owes

    @property
    def subject(self):
        return self.detail or (self.appointment.treatment.name if self.appointment else "")
