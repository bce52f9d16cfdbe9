from django.db import models
from django.utils.translation import gettext_lazy as _

from clinics.tenancy import TenantModel


class Automation(TenantModel):
    """Something that works by itself, and whether it does. Without a row it does."""

    class Kind(models.TextChoices):
        RECEPTIONIST = "receptionist", _("Recepcionista")

    kind = models.CharField(_("qué"), max_length=40, choices=Kind)
    enabled = models.BooleanField(_("encendida"), default=True)
    changed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "automations"
        verbose_name = _("automatización")
        verbose_name_plural = _("automatizaciones")
        constraints = [models.UniqueConstraint(fields=["tenant", "kind"], name="automations_kind_key")]

    def __str__(self):
        return self.get_kind_display()
