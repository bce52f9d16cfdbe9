from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from clinics.models import Professional
from clinics.tenancy import TenantForeignKey, TenantModel, TenantQuerySet


class TreatmentQuerySet(TenantQuerySet):
    def active(self):
        return self.filter(active=True)

    def bookable(self):
        """What a patient may ask for without the desk."""
        return self.filter(active=True, bookable=True)


class TreatmentType(TenantModel):
    code = models.CharField(_("código"), max_length=40)
    name = models.CharField(_("nombre"), max_length=120)
    folded = models.CharField(max_length=120, editable=False)
    aliases = models.JSONField(_("otros nombres"), default=list, blank=True)
    category = models.CharField(_("categoría"), max_length=60, blank=True, default="")
    minutes = models.IntegerField(_("minutos"))
    minutes_min = models.IntegerField(_("minutos como mínimo"), null=True, blank=True)
    minutes_max = models.IntegerField(_("minutos como máximo"), null=True, blank=True)
    price = models.DecimalField(_("precio"), max_digits=12, decimal_places=2, null=True, blank=True)
    tell_price = models.BooleanField(_("se informa el precio"), default=False)
    bookable = models.BooleanField(_("lo puede pedir un paciente"), default=True)
    active = models.BooleanField(_("activo"), default=True)
    sessions = models.IntegerField(_("sesiones"), default=1)
    gap_days = models.IntegerField(_("días entre sesiones"), default=0)
    before_visit = models.TextField(_("indicaciones previas"), blank=True, default="")
    after_visit = models.TextField(_("indicaciones posteriores"), blank=True, default="")

    objects = TreatmentQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        db_table = "treatment_types"
        ordering = ["folded", "id"]
        verbose_name = _("tratamiento")
        verbose_name_plural = _("tratamientos")
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="treatment_types_code_key")]

    def __str__(self):
        return self.name

    def minutes_for(self, urgency: str) -> int:
        """An emergency takes the least the treatment can take: it is squeezed in, and the rest comes another day."""
        return (urgency == "emergency" and self.minutes_min) or self.minutes


class TreatmentProfessional(TenantModel):
    """Who does a treatment. A treatment with nobody listed is done by all."""

    treatment = TenantForeignKey(TreatmentType, on_delete=models.CASCADE, verbose_name=_("tratamiento"))
    professional = TenantForeignKey(Professional, on_delete=models.CASCADE, verbose_name=_("profesional"))

    class Meta(TenantModel.Meta):
        db_table = "treatment_professionals"
        verbose_name = _("profesional del tratamiento")
        verbose_name_plural = _("profesionales del tratamiento")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "treatment", "professional"], name="treatment_professionals_pair_key"),
        ]

    def __str__(self):
        return f"{self.treatment} · {self.professional}"


def who_do(treatment):
    """The active professionals who do `treatment`."""
    listed = TreatmentProfessional.objects.filter(treatment=treatment)
    return Professional.objects.filter(
        ~Exists(listed) | Q(Exists(listed.filter(professional=OuterRef("pk")))), active=True)
