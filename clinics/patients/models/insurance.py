from django.db import models
from django.utils.translation import gettext_lazy as _

from clinics.tenancy import TenantForeignKey, TenantModel


class Policy(models.TextChoices):
    ACCEPTED = "accepted", _("Se atiende")
    RESTRICTED = "restricted", _("Con restricciones")
    DERIVED = "derived", _("Se deriva")
    REJECTED = "rejected", _("No se atiende")


class Insurer(TenantModel):
    """An obra social or prepaga and what the clinic does with it; `coverages` says it treatment by treatment."""

    Policy = Policy

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


class Coverage(TenantModel):
    """What an insurer covers of one treatment, or ("") of all; where a treatment has its own, that one counts."""

    insurer = TenantForeignKey(Insurer, models.CASCADE, related_name="coverages", verbose_name=_("obra social"))
    treatment_code = models.CharField(_("tratamiento"), max_length=40, blank=True)
    policy = models.CharField(_("atención"), max_length=12, choices=Policy, default=Policy.ACCEPTED)
    copay = models.DecimalField(_("copago"), max_digits=12, decimal_places=2, null=True, blank=True)
    needs_authorisation = models.BooleanField(_("pide autorización"), default=False)
    delay_days = models.PositiveSmallIntegerField(_("demora en días"), default=0)
    note = models.TextField(_("aclaración"), blank=True)

    class Meta(TenantModel.Meta):
        db_table = "coverages"
        ordering = ["treatment_code"]
        verbose_name = _("cobertura")
        verbose_name_plural = _("coberturas")
        constraints = [models.UniqueConstraint(
            fields=["tenant", "insurer", "treatment_code"], name="coverages_treatment_key")]

    def __str__(self):
        return f"{self.insurer_id} {self.treatment_code or '*'}"
