from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinics.tenancy import TenantForeignKey, TenantModel, TenantQuerySet


class ClinicalRecordQuerySet(TenantQuerySet):
    def of(self, patient):
        return self.filter(patient=patient)

    def newest_first(self):
        return self.select_related("author", "corrects").order_by("-position")


class ClinicalRecord(TenantModel):
    """One signed entry. Never changed and never deleted: the application's role may only insert and read."""

    class Kind(models.TextChoices):
        EVOLUTION = "evolution", _("Evolución")
        CORRECTION = "correction", _("Corrección")

    patient = TenantForeignKey("patients.Patient")
    position = models.PositiveIntegerField()
    author = TenantForeignKey("clinics.Professional")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    written_at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.EVOLUTION)
    text = models.TextField()
    corrects = TenantForeignKey("self", null=True, blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001  (one per submission)

    objects = ClinicalRecordQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        db_table = "clinical_records"
        verbose_name = _("entrada de la historia clínica")
        verbose_name_plural = _("historia clínica")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "patient", "position"], name="clinical_records_position_key"),
            models.UniqueConstraint(fields=["tenant", "patient", "key"], name="clinical_records_key_key"),
        ]

    def __str__(self):
        return f"{self.position}. {self.get_kind_display()}"

    @property
    def short_hash(self):
        return f"{self.hash[:4]}…{self.hash[-4:]}"


class RecordDraft(TenantModel):
    """What somebody is writing and has not signed yet; one per patient and person, thrown away on signing."""

    patient = TenantForeignKey("patients.Patient")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    text = models.TextField(blank=True)
    corrects = TenantForeignKey(ClinicalRecord, null=True, blank=True)
    saved_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "record_drafts"
        constraints = [models.UniqueConstraint(fields=["tenant", "patient", "user"], name="record_drafts_user_key")]

    def __str__(self):
        return self.text[:40]
