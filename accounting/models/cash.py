from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounting.models.transaction import MONEY, ZERO
from clinics.tenancy import TenantModel


class DailyCash(TenantModel):
    """The cash of one day. Each method holds what came in less what went out; `expected` is what the drawer holds.

    Nobody in `opened_by`: the day opened itself with its first movement and its float is not counted yet.
    """

    day = models.DateField()
    opening_balance = models.DecimalField(default=ZERO, **MONEY)
    cash = models.DecimalField(default=ZERO, **MONEY)
    card = models.DecimalField(default=ZERO, **MONEY)
    transfer = models.DecimalField(default=ZERO, **MONEY)
    qr = models.DecimalField(default=ZERO, **MONEY)
    expenses = models.DecimalField(default=ZERO, **MONEY)
    expected = models.DecimalField(default=ZERO, **MONEY)
    counted = models.DecimalField(null=True, blank=True, **MONEY)
    difference = models.DecimalField(null=True, blank=True, **MONEY)
    difference_reason = models.CharField(max_length=200, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        db_table = "daily_cash_flow"
        verbose_name = _("caja del día")
        verbose_name_plural = _("cajas")
        constraints = [models.UniqueConstraint(fields=["tenant", "day"], name="daily_cash_flow_day_key")]

    def __str__(self):
        return f"{self.day:%d/%m/%Y}"

    @property
    def is_closed(self):
        return self.closed_at is not None

    @property
    def net(self) -> Decimal:
        return self.cash + self.card + self.transfer + self.qr
