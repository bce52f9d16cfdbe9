"""What somebody might write and forget to wall. No application's: the registry does not list them."""
from django.db import models

from clinics.models import Professional
from clinics.tenancy import TenantModel, TenantQuerySet


class Unscoped(models.Model):
    """A table of patients' data without the kernel's model, nor a policy."""

    tenant_id = models.IntegerField()
    name = models.TextField()

    class Meta:
        app_label = "specimens"
        db_table = "specimen_unscoped"

    def __str__(self):
        return self.name


class Unwalled(TenantModel):
    """The kernel's model, on a table without a policy."""

    name = models.TextField()

    class Meta(TenantModel.Meta):
        app_label = "specimens"
        db_table = "specimen_unwalled"

    def __str__(self):
        return self.name


class OtherManager(TenantModel):
    everything = models.Manager()

    class Meta(TenantModel.Meta):
        app_label = "specimens"

    def __str__(self):
        return ""


class PlainLink(TenantModel):
    professional = models.ForeignKey(Professional, models.PROTECT, related_name="+")
    objects = TenantQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        app_label = "specimens"

    def __str__(self):
        return ""


class ManyToMany(TenantModel):
    professionals = models.ManyToManyField(Professional, related_name="+")

    class Meta(TenantModel.Meta):
        app_label = "specimens"

    def __str__(self):
        return ""


class SharedFolder(TenantModel):
    scan = models.FileField(upload_to="scans/")

    class Meta(TenantModel.Meta):
        app_label = "specimens"

    def __str__(self):
        return ""
