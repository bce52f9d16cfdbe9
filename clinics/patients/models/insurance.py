from django.db import models
from django.utils.translation import gettext_lazy as _

from clinics.tenancy import TenantModel


class Insurer(TenantModel):
    class Policy(models.TextChoices):
        ACCEPTED = "accepted", _("Se atiende")
        RESTRICTED = "restricted", _("Con restricciones")
        DERIVED = "derived", _("Se deriva")
        REJECTED = "rejected", _("No se atiende")

    name = models.CharField(_("nombre"), max_length=80)
    folded = models.CharField(max_length=80, editable=False)
    aliases = models.JSONField(_("otros nombres"), default=list, blank=True)
    policy = models.CharField(_("atención"), max_length=12, choices=Policy, default=Policy.ACCEPTED)
    note = models.TextField(_("aclaración"), blank=True)
    delay_days = models.PositiveSmallIntegerField(_("demora en días"), default=0)

    class Meta(TenantModel.Meta):
        db_table = "insurers"
        ordering = ["folded"]
        verbose_name = _("obra social")
        verbose_name_plural = _("obras sociales")
        constraints = [models.UniqueConstraint(fields=["tenant", "folded"], name="insurers_folded_key")]

    def __str__(self):
        return self.name
