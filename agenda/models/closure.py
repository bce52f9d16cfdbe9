from django.db import models
from django.utils.translation import gettext_lazy as _

from clinics.models import Professional
from clinics.tenancy import TenantForeignKey, TenantModel, TenantQuerySet

from .chair import Chair


class ClosureQuerySet(TenantQuerySet):
    def overlapping(self, start_at, end_at):
        return self.filter(end_at__gt=start_at, start_at__lt=end_at)


class Closure(TenantModel):
    """A span in which nobody is booked: of the clinic, or of one professional or chair where one is named."""

    class Kind(models.TextChoices):
        CLOSED = "closed", _("Cerrado")
        HOLIDAY = "holiday", _("Feriado")
        LEAVE = "leave", _("Licencia")
        BLOCK = "block", _("Bloqueo")

    start_at = models.DateTimeField(_("desde"))
    end_at = models.DateTimeField(_("hasta"))
    professional = TenantForeignKey(Professional, null=True, blank=True, verbose_name=_("profesional"))
    chair = TenantForeignKey(Chair, null=True, blank=True, verbose_name=_("sillón"))
    kind = models.CharField(_("tipo"), max_length=20, choices=Kind, default=Kind.CLOSED)
    reason = models.CharField(_("motivo"), max_length=200, blank=True, default="")

    objects = ClosureQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        db_table = "closures"
        ordering = ["start_at"]
        verbose_name = _("cierre")
        verbose_name_plural = _("cierres")
        constraints = [
            models.CheckConstraint(condition=models.Q(end_at__gt=models.F("start_at")), name="closures_span"),
        ]

    def __str__(self):
        return self.reason or str(self.get_kind_display())
