from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinics.patients.models import Patient
from clinics.tenancy import TenantForeignKey, TenantModel

from .treatment import TreatmentType


class Series(TenantModel):
    """A treatment of several sessions for one patient: how many, and how far apart. Its visits name it, each with its
    number; what is cancelled or missed leaves its number to another."""

    patient = TenantForeignKey(Patient, verbose_name=_("paciente"))
    treatment = TenantForeignKey(TreatmentType, verbose_name=_("tratamiento"))
    sessions = models.IntegerField(_("sesiones"))
    gap_days = models.IntegerField(_("días entre sesiones"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    created_at = models.DateTimeField(_("creada"))

    class Meta(TenantModel.Meta):
        db_table = "treatment_series"
        verbose_name = _("serie de sesiones")
        verbose_name_plural = _("series de sesiones")
        constraints = [
            models.CheckConstraint(condition=Q(sessions__gt=1, gap_days__gte=0), name="treatment_series_sessions")]

    def __str__(self):
        return f"{self.treatment}: {self.sessions}"
