from django.db import models
from django.utils.translation import gettext_lazy as _

from clinics.models import Professional
from clinics.tenancy import TenantForeignKey, TenantModel, TenantQuerySet


class ChairQuerySet(TenantQuerySet):
    def active(self):
        return self.filter(active=True)


class Chair(TenantModel):
    """The room or operatory that a visit takes."""

    name = models.CharField(_("nombre"), max_length=60)
    active = models.BooleanField(_("en uso"), default=True, db_default=True)

    objects = ChairQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        db_table = "chairs"
        ordering = ["name"]
        verbose_name = _("sillón")
        verbose_name_plural = _("sillones")
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="chairs_name_key")]

    def __str__(self):
        return self.name


class UsualChair(TenantModel):
    """Where a professional works: a visit with them takes this chair too."""

    professional = TenantForeignKey(Professional, on_delete=models.CASCADE, verbose_name=_("profesional"))
    chair = TenantForeignKey(Chair, on_delete=models.CASCADE, verbose_name=_("sillón"))

    class Meta(TenantModel.Meta):
        db_table = "usual_chairs"
        verbose_name = _("sillón habitual")
        verbose_name_plural = _("sillones habituales")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "professional"], name="usual_chairs_professional_key"),
        ]

    def __str__(self):
        return f"{self.professional} · {self.chair}"
